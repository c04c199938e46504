"""Seeded chance: every draw has an address, so that no event depends on the order of generation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


def chance(*address: object) -> Random:
    """A random generator that depends on its address alone, such as (seed, "orders", day)."""
    return Random("/".join(map(str, address)))


def whole(random: Random, expected: float) -> int:
    """A count around an expectation (rounded normal approximation, never negative)."""
    return max(0, round(random.gauss(expected, expected**0.5 if expected > 0 else 0)))


def split_whole(random: Random, expected: float) -> int:
    """A count whose mean is exactly the expectation and which is at most one unit away."""
    floor = int(expected)
    return floor + (random.random() < expected - floor)


def between(random: Random, low: timedelta, high: timedelta) -> timedelta:
    """A uniformly drawn duration in whole seconds."""
    return timedelta(seconds=random.randint(int(low.total_seconds()), int(high.total_seconds())))


class Wheel(Sequence[T]):
    """A weighted choice that is drawn often: the weights are summed up once."""

    def __init__(self, values: Sequence[T], weights: Sequence[float]) -> None:
        self._values = values
        self._sums = list(accumulate(weights))

    def spin(self, random: Random) -> T:
        """Draw one value."""
        return random.choices(self._values, cum_weights=self._sums)[0]

    def __getitem__(self, index: Any) -> Any:
        return self._values[index]

    def __len__(self) -> int:
        return len(self._values)
