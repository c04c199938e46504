"""Amazon's token buckets, one per operation and account."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from simulator.clock import Clock

HAIR = 1e-3
"""Part of a token that a bucket forgives: the client's clock and ours round differently."""


@dataclass
class Bucket:
    """Tokens refill at ``rate`` per scaled second up to ``burst``."""

    rate: float
    burst: float
    tokens: float
    filled_at: float

    def take(self, elapsed: float) -> bool:
        """Take a token if there is one."""
        self.tokens = min(self.burst, self.tokens + (elapsed - self.filled_at) * self.rate)
        self.filled_at = elapsed
        if self.tokens < 1 - HAIR:
            return False
        self.tokens -= 1
        return True


class Limits:
    """All buckets of the server. Refills follow the clock, hence ``time_scale``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], Bucket] = {}
        self._lock = threading.Lock()

    def take(self, operation: str, account: str, rate: float, burst: float) -> bool:
        """Whether a call may go through; False means 429."""
        elapsed = self._clock.elapsed()
        with self._lock:
            bucket = self._buckets.setdefault(
                (operation, account), Bucket(rate, burst, burst, elapsed)
            )
            return bucket.take(elapsed)

    def header(self, rate: float) -> str:
        """A rate as the client, which lives in real time, has to obey it."""
        return f"{rate * self._clock.time_scale:.10g}"

    def refill(self) -> None:
        """Fill every bucket, as if nobody had called for a long time."""
        with self._lock:
            self._buckets.clear()
