"""Two notions of time: the world's ``now``, which only a test moves, and scaled running time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta


class Clock:
    """Running time of the simulator, ``time_scale`` times as fast as real time.

    Lifetimes (tokens, URLs, rate limits, report latencies) are measured by ``elapsed``; the facts
    told are those of ``world_now``. ``now`` is both together and dates what the server creates.
    """

    def __init__(
        self,
        world_now: datetime,
        time_scale: float = 1.0,
        shortest_lifetime: float = 2.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.time_scale = time_scale
        self.shortest_lifetime = shortest_lifetime
        self._monotonic = monotonic
        self._started = monotonic()
        self.world_now = world_now
        self._moved_at = 0.0

    def elapsed(self) -> float:
        """Scaled seconds since the start; never jumps."""
        return (self._monotonic() - self._started) * self.time_scale

    def now(self) -> datetime:
        """The world's instant plus the scaled seconds since it was last moved."""
        return self.world_now + timedelta(seconds=self.elapsed() - self._moved_at)

    def move(self, world_now: datetime) -> None:
        """Let the world be known as of another instant."""
        self.world_now, self._moved_at = world_now, self.elapsed()

    def expiry(self, seconds: float) -> float:
        """When (in ``elapsed``) something expires that lives so many scaled seconds from now.

        Nothing lives less than ``shortest_lifetime`` real seconds: a client's own work between two
        calls is not scaled.
        """
        return self.elapsed() + max(seconds, self.shortest_lifetime * self.time_scale)

    def real_seconds(self, scaled: float) -> float:
        """What a scaled duration is on a client's own clock."""
        return scaled / self.time_scale
