"""Visits to the merchant's product pages, published in batches that may correct earlier ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from simulator.world.events import TrafficBatch
from simulator.world.marketplaces import Market
from simulator.world.publication import SHARES, batches
from simulator.world.randomness import chance, whole

if TYPE_CHECKING:
    from simulator.world.story import Story

_SESSIONS_PER_UNIT = 11
_ACCOUNT_PERCENT = 86
"""Sessions of the account per 100 sessions of its products: visitors look at several."""
_CORRECTED = (0.85, 0.12, 0.04, 0.015, -0.025)
"""A day of which the last batch takes invalid visits away again."""
_LATE = (0.0, 0.94, 0.04, 0.015, 0.005)
"""A day of which the first batch brings sales without any visit."""


class Counts(NamedTuple):
    """Numbers of visits."""

    browser_sessions: int
    mobile_sessions: int
    browser_page_views: int
    mobile_page_views: int
    buy_box_page_views: int

    def part(self, share: float) -> Counts:
        """The numbers times a share, rounded; the Buy Box never has more views than there are."""
        rounded = Counts(*(int(number * share + 0.5) for number in self))
        views = rounded.browser_page_views + rounded.mobile_page_views
        return rounded._replace(buy_box_page_views=min(rounded.buy_box_page_views, views))

    def less(self, other: Counts) -> Counts:
        """The difference to other numbers."""
        return Counts(*(mine - theirs for mine, theirs in zip(self, other, strict=True)))


NOTHING = Counts(0, 0, 0, 0, 0)


def visits(story: Story, market: Market, day: date) -> tuple[TrafficBatch, ...]:
    """Every batch of a marketplace day: per product, and for the account as a whole."""
    random = chance(story.seed, story.size.name, "traffic", market.marketplace_id, day)
    shares = random.choices((SHARES, _CORRECTED, _LATE), (0.7, 0.2, 0.1))[0]
    business_share = round(random.uniform(0.03, 0.08), 3)
    of_asin = {
        asin: _known(counts, shares)
        for asin, counts in _of_products(random, story, market, day)
        if counts != NOTHING
    }
    levels = [(None, _of_account(of_asin.values())), *of_asin.items()]
    instants = batches(story.seed, market, day)
    return tuple(
        TrafficBatch(market.marketplace_id, day, asin, instant, *counts, business_share)
        for asin, known in levels
        for instant, counts in zip(instants, _steps(known), strict=True)
    )


def _of_products(
    random: Random, story: Story, market: Market, day: date
) -> Iterable[tuple[str, Counts]]:
    sold = Counter[str]()
    for order in story.amazon_orders(market, day):
        for item in order.items:
            sold[item.asin] += item.quantity
    for asin in story.shelves[market.marketplace_id].asins:
        sessions = whole(random, sold[asin] * _SESSIONS_PER_UNIT + random.random() * 3)
        yield asin, _counts(random, sessions)


def _counts(random: Random, sessions: int) -> Counts:
    mobile = round(sessions * random.uniform(0.45, 0.65))
    browser = sessions - mobile
    browser_views = browser + whole(random, browser * 0.35)
    mobile_views = mobile + whole(random, mobile * 0.25)
    buy_box = round((browser_views + mobile_views) * random.uniform(0.72, 1.0))
    return Counts(browser, mobile, browser_views, mobile_views, buy_box)


def _known(total: Counts, shares: Sequence[float]) -> list[Counts]:
    """What is known after each batch; after the last one: everything."""
    shown = [total.part(share) for share in accumulate(shares)]
    return [*shown[:-1], total]


def _of_account(of_products: Iterable[list[Counts]]) -> list[Counts]:
    """The account after each batch: page views add up, sessions are de-duplicated."""
    return [
        Counts(
            _deduplicated([counts.browser_sessions for counts in products]),
            _deduplicated([counts.mobile_sessions for counts in products]),
            sum(counts.browser_page_views for counts in products),
            sum(counts.mobile_page_views for counts in products),
            sum(counts.buy_box_page_views for counts in products),
        )
        for products in zip(*of_products, strict=True)
    ]


def _deduplicated(sessions: list[int]) -> int:
    return max(max(sessions), sum(sessions) * _ACCOUNT_PERCENT // 100)


def _steps(known: list[Counts]) -> list[Counts]:
    """What each batch adds to what was known before."""
    return [now.less(before) for before, now in zip([NOTHING, *known], known, strict=False)]
