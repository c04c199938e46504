"""How often and after which pauses a failed call is tried again."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential pauses with jitter, a limited number of times."""

    retries: int = 5
    """Tries after the first one."""
    base: float = 1.0
    """Seconds before the first retry; each further one doubles it."""
    cap: float = 60.0
    """Seconds that no pause exceeds, jitter aside."""
    throttle_retries: int = 10
    """How many 429 in a row one call sits out before it gives up."""

    def delay(self, failures: int, rng: random.Random) -> float:
        """Seconds to wait after so many failures (from 1), with a jitter of ±50 % from `rng`."""
        return min(self.cap, self.base * 2.0 ** (failures - 1)) * rng.uniform(0.5, 1.5)


DEFAULT_RETRIES = RetryPolicy()
