"""When Amazon's Sales & Traffic data learns of a day: in batches, final before the 14th day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

from simulator.world.marketplaces import Market
from simulator.world.randomness import between, chance

_AFTER_FIRST = (timedelta(), timedelta(days=1), timedelta(days=2, hours=12), timedelta(days=6),
                timedelta(days=12))  # fmt: skip
SHARES = (0.82, 0.12, 0.04, 0.015, 0.005)
"""Part of a day's facts that each batch brings, on average."""


def batches(seed: int, market: Market, day: date) -> tuple[datetime, ...]:
    """The instants of a day's five batches.

    The first follows the day's close by 4 to 12 hours, the second and third lie within 72 hours,
    the fourth within a week; the fifth comes before the marketplace's day + 14 begins.
    """
    random = chance(seed, "publication", market.marketplace_id, day)
    first = market.close(day) + between(random, timedelta(hours=4), timedelta(hours=12))
    return tuple(first + delay for delay in _AFTER_FIRST)


def pick(random: Random, instants: tuple[datetime, ...]) -> datetime:
    """The batch that brings one fact."""
    return random.choices(instants, SHARES)[0]
