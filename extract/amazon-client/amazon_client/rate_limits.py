"""Token buckets: asking no faster than Amazon allows, so that it never has to refuse.

Amazon keeps a bucket per operation and account. Ours follows it from below: it never believes to
have a token that Amazon's might not have yet, so a run that has the account to itself draws no
429. Buckets are shared by all threads of a process.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from amazon_client.clock import Clock
from amazon_client.operations import Operation

logger = logging.getLogger(__name__)

_SLICE = 1.0
"""Seconds after which a waiting thread looks again: an answer to another thread may have brought
a faster rate meanwhile."""
_WORTH_TELLING = 10.0
"""Seconds of waiting from which on the log says so."""
_SLOWEST = 1 / 64
"""Part of its first rate below which an adaptive bucket does not fall."""


class TokenBucket:
    """One bucket: `burst` calls at once, then `rate` per second. Shared by threads.

    Amazon takes its token at some moment between our sending and its answer. Only a bucket that
    is full loses by a late taking, so ours fills at most up to `burst` minus the calls in flight.
    """

    def __init__(
        self, rate: float, burst: int, clock: Clock, *, adaptive: bool = False, name: str = ""
    ) -> None:
        """Start full.

        Args:
            rate: tokens per second.
            burst: tokens that a full bucket holds.
            clock: where time and waiting come from.
            adaptive: the rate is a guess: halve it with a 429, let it grow back with successes.
            name: what the log calls it.
        """
        self._clock = clock
        self._first_rate = rate
        self._burst = burst
        self._adaptive = adaptive
        self._name = name
        self._lock = threading.Lock()
        self._rate = rate
        self._level = float(burst)
        self._in_flight = 0
        self._at = clock.monotonic()
        self._closed_until = self._at

    @property
    def rate(self) -> float:
        """Tokens per second as known now."""
        with self._lock:
            return self._rate

    @contextmanager
    def call(self) -> Iterator[None]:
        """Wait for a token, then hold it while the call is in flight."""
        self._wait()
        try:
            yield
        finally:
            with self._lock:
                self._refill()
                self._in_flight -= 1

    def observe(self, rate: float) -> None:
        """Adopt the rate that the server says it applies (`x-amzn-RateLimit-Limit`)."""
        with self._lock:
            if rate > 0 and rate != self._rate:
                self._refill()
                self._rate = self._first_rate = rate

    def succeeded(self) -> None:
        """Note a call that was not refused: an adaptive bucket recovers by a twentieth."""
        with self._lock:
            if self._adaptive and self._rate < self._first_rate:
                self._refill()
                self._rate = min(self._first_rate, self._rate + self._first_rate / 20)

    def throttled(self, at_least: float = 0.0) -> float:
        """Note a 429: nobody gets a token for max(1/rate, `at_least`) seconds, then one does.

        Returns:
            The seconds for which the bucket is closed.
        """
        with self._lock:
            self._refill()
            # Refusals of calls that were under way when the first came are one and the same.
            if self._adaptive and self._at >= self._closed_until:
                self._rate = max(self._first_rate * _SLOWEST, self._rate / 2)
            closed = self._closed_until - self._at
            closed = max(closed, 1 / self._rate, at_least)
            self._closed_until = self._at + closed
            self._level = min(self._level, 1 - closed * self._rate)
            return closed

    def _refill(self) -> None:
        now = self._clock.monotonic()
        room = float(self._burst - self._in_flight)
        self._level = min(room, self._level + (now - self._at) * self._rate)
        self._at = now

    def _wait(self) -> None:
        told = False
        while True:
            with self._lock:
                self._refill()
                closed = self._closed_until - self._at
                # A hair less than one token is one: the rest is rounding, and the call's way
                # to the server takes longer.
                missing = (1 - self._level) / self._rate if self._level < 1 - 1e-9 else 0.0
                wait = max(closed, missing)
                if wait <= 0:
                    self._level -= 1
                    self._in_flight += 1
                    return
            if wait >= _WORTH_TELLING and not told:
                logger.info("%s waits %.0f s for its rate limit", self._name, wait)
                told = True
            self._clock.sleep(min(wait, _SLICE))


class RateLimits:
    """The buckets of a process, one per (operation, account). Shared by threads."""

    def __init__(self, clock: Clock, time_scale: float = 1) -> None:
        """Start without buckets; each begins full at its operation's rate.

        Args:
            clock: where time and waiting come from.
            time_scale: how many times faster than Amazon the other side is: what it allows is told
                by no answer where Amazon publishes no rates.
        """
        self._clock = clock
        self._time_scale = time_scale
        self._buckets: dict[tuple[str, str], TokenBucket] = {}
        self._lock = threading.Lock()

    def bucket(self, operation: Operation, account: str) -> TokenBucket:
        """The bucket that calls of `operation` for `account` share."""
        with self._lock:
            key = (operation.name, account)
            if key not in self._buckets:
                self._buckets[key] = TokenBucket(
                    operation.rate * (self._time_scale if operation.adaptive else 1),
                    operation.burst,
                    self._clock,
                    adaptive=operation.adaptive,
                    name=operation.name,
                )
            return self._buckets[key]
