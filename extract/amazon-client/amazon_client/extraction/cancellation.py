"""Ending a run at once: every wait of every thread goes through a clock that can be cancelled."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from amazon_client.clock import Clock

_SLICE = 0.25
"""Seconds after which a waiting thread notices that the run has been cancelled."""


class Cancelled(Exception):
    """The run is over; whoever was waiting stops without a result."""


class CancellableClock:
    """Another clock, on which sleeping ends with `Cancelled` once `cancel` was called."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ahead = timedelta()
        self._cancelled = threading.Event()

    def advance_to(self, moment: datetime) -> None:
        """Put the instant forward to `moment`, unless it is past that already."""
        self._ahead += max(moment - self.now(), timedelta())

    def cancel(self) -> None:
        """Let every present and future sleep end."""
        self._cancelled.set()

    def check(self) -> None:
        """Raise `Cancelled` if the run is over."""
        if self._cancelled.is_set():
            raise Cancelled

    def now(self) -> datetime:
        """The other clock's instant, and as much later as this one was put forward."""
        return self._clock.now() + self._ahead

    def monotonic(self) -> float:
        """The other clock's seconds."""
        return self._clock.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait on the other clock, in slices.

        Raises:
            Cancelled: the run ended meanwhile.
        """
        end = self.monotonic() + seconds
        self.check()
        while (left := end - self.monotonic()) > 0:
            self._clock.sleep(min(left, _SLICE))
            self.check()
