"""Time as the client sees it: what day it is, how long something took, and waiting.

Everything that reads the time or waits takes a `Clock`, so that a run can happen "as of" another
instant and a test need not wait.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Where the client gets its time from. Shared by threads."""

    def now(self) -> datetime:
        """The instant this run believes in, timezone-aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds since some fixed moment; only differences mean something."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; zero or less returns at once."""
        ...


class SystemClock:
    """The machine's clock, shifted so that the run starts at `as_of` where one is given."""

    def __init__(self, as_of: datetime | None = None) -> None:
        """Start the clock.

        Args:
            as_of: the instant to begin at (timezone-aware); None for the real one.
        """
        if as_of is not None and as_of.tzinfo is None:
            raise ValueError(f"as_of needs a time zone: {as_of.isoformat()}")
        self._began = time.monotonic()
        self._as_of = as_of.astimezone(UTC) if as_of is not None else None

    def now(self) -> datetime:
        """`as_of` plus the time that has passed since construction, or the real time."""
        if self._as_of is None:
            return datetime.now(UTC)
        return self._as_of + timedelta(seconds=time.monotonic() - self._began)

    def monotonic(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait in real time."""
        if seconds > 0:
            time.sleep(seconds)
