"""The numbers of Sales & Traffic: what was ordered, shipped, refunded and visited on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from simulator.amazon_sp.sales_traffic_schema import WITHOUT_TWIN
from simulator.world import World
from simulator.world.events import ZERO, Channel, TrafficBatch
from simulator.world.marketplaces import MARKETS, Market
from simulator.world.publication import batches
from simulator.world.randomness import chance


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened to one order line on a day of its marketplace."""

    kind: str
    """``ordered``, ``shipped`` or ``refunded``."""
    order_id: str
    asin: str
    seller_sku: str
    quantity: int
    amount: Decimal
    is_business: bool


Days = dict[tuple[str, date], list[Entry]]


@lru_cache(maxsize=4)
def entries(world: World) -> Days:
    """All entries that Amazon has published, by marketplace and day.

    Orders count by the day they were placed, cancelled ones included and free replacements
    excluded; shipments by the day of shipping, refunds by the day of the request.
    """
    found: Days = defaultdict(list)
    for order in world.orders:
        if order.channel is not Channel.AMAZON or order.replaces_order_id:
            continue
        market = MARKETS[order.marketplace_id]
        shipped_on = market.day_of(order.shipped_at) if order.shipped_at else None
        for item in order.items:
            line = (order.order_id, item.asin, item.seller_sku)
            if item.reported_at <= world.now:
                found[market.marketplace_id, order.day].append(
                    Entry("ordered", *line, item.quantity, item.principal, order.is_business)
                )
            if shipped_on and is_published(world, market, shipped_on):
                found[market.marketplace_id, shipped_on].append(
                    Entry("shipped", *line, item.quantity, item.principal, order.is_business)
                )
            if item.refund:
                back = market.day_of(item.refund.requested_at)
                if is_published(world, market, back):
                    found[market.marketplace_id, back].append(
                        Entry("refunded", *line, item.refund.quantity, item.refund.amount,
                              order.is_business)
                    )  # fmt: skip
    return found


def is_published(world: World, market: Market, day: date) -> bool:
    """Whether Amazon has published anything of a day yet."""
    return batches(world.seed, market, day)[0] <= world.now


def sales(of: Sequence[Entry], market: Market) -> dict[str, Any]:
    """The sales fields of some entries, with their B2B twins."""
    everyone = _sales(of, market)
    business = _sales([entry for entry in of if entry.is_business], market)
    return {**everyone, **_twins(business)}


def _sales(of: Sequence[Entry], market: Market) -> dict[str, Any]:
    ordered = [entry for entry in of if entry.kind == "ordered"]
    shipped = [entry for entry in of if entry.kind == "shipped"]
    refunded = [entry for entry in of if entry.kind == "refunded"]
    total = sum((entry.amount for entry in ordered), ZERO)
    units, items = _units(ordered), len(ordered)
    return {
        "orderedProductSales": _amount(total, market),
        "unitsOrdered": units,
        "totalOrderItems": items,
        "averageSalesPerOrderItem": _amount(total / items if items else ZERO, market),
        "averageUnitsPerOrderItem": _ratio(units, items, 1),
        "averageSellingPrice": _amount(total / units if units else ZERO, market),
        "unitsRefunded": _units(refunded),
        "refundRate": _ratio(_units(refunded), units),
        "shippedProductSales": _amount(sum((entry.amount for entry in shipped), ZERO), market),
        "unitsShipped": _units(shipped),
        "ordersShipped": len({entry.order_id for entry in shipped}),
    }


def claims(market: Market, days: Iterable[date]) -> dict[str, Any]:
    """A-to-z claims of some days: rare, and not tied to an order."""
    granted = sum(chance("claims", market.marketplace_id, day).random() < 0.03 for day in days)
    return {
        "claimsGranted": granted,
        "claimsAmount": _amount(market.money(Decimal("24.99")) * granted, market),
        "claimsGrantedB2B": 0,
        "claimsAmountB2B": _amount(ZERO, market),
    }


@dataclass(frozen=True)
class Visits:
    """Numbers of visits."""

    browser_sessions: int
    mobile_sessions: int
    browser_page_views: int
    mobile_page_views: int
    buy_box_page_views: int

    @property
    def sessions(self) -> int:
        """Browser and app sessions together."""
        return self.browser_sessions + self.mobile_sessions

    @property
    def page_views(self) -> int:
        """Browser and app page views together."""
        return self.browser_page_views + self.mobile_page_views


def visits(of: Iterable[TrafficBatch], business: bool = False) -> Visits:
    """The sum of some batches, or the part of it that business customers account for."""
    by_share: dict[float, list[int]] = defaultdict(lambda: [0] * 5)
    for batch in of:
        numbers = (
            batch.browser_sessions,
            batch.mobile_sessions,
            batch.browser_page_views,
            batch.mobile_page_views,
            batch.buy_box_page_views,
        )
        sums = by_share[batch.business_share if business else 1.0]
        for position, number in enumerate(numbers):
            sums[position] += number
    parts = [[int(n * share) for n in sums] for share, sums in by_share.items()]
    return Visits(*map(sum, zip(*parts, strict=True))) if parts else Visits(0, 0, 0, 0, 0)


def glance(batch: TrafficBatch, parent: str) -> TrafficBatch:
    """The part of a product's visits that saw its parent's page first: one in four browsers."""
    views = batch.browser_sessions // 4
    return replace(
        batch, asin=parent, browser_sessions=views, mobile_sessions=0, browser_page_views=views,
        mobile_page_views=0, buy_box_page_views=0,
    )  # fmt: skip


def traffic(of: Sequence[TrafficBatch], sold: dict[str, Any]) -> dict[str, Any]:
    """The traffic fields that every level has, with their B2B twins."""
    everyone = _traffic(visits(of), sold["unitsOrdered"], sold["totalOrderItems"])
    business = _traffic(
        visits(of, business=True), sold["unitsOrderedB2B"], sold["totalOrderItemsB2B"]
    )
    return {**everyone, **_twins(business)}


def _traffic(seen: Visits, units: int, items: int) -> dict[str, Any]:
    return {
        "browserPageViews": seen.browser_page_views,
        "mobileAppPageViews": seen.mobile_page_views,
        "pageViews": seen.page_views,
        "browserSessions": seen.browser_sessions,
        "mobileAppSessions": seen.mobile_sessions,
        "sessions": seen.sessions,
        "buyBoxPercentage": _ratio(seen.buy_box_page_views, seen.page_views),
        "orderItemSessionPercentage": _ratio(items, seen.sessions),
        "unitSessionPercentage": _ratio(units, seen.sessions),
    }


def shares(of: Visits, total: Visits) -> dict[str, float]:
    """A product's part in the visits of all products, for everyone and for business customers."""
    fields = {
        "browserPageViewsPercentage": _ratio(of.browser_page_views, total.browser_page_views),
        "mobileAppPageViewsPercentage": _ratio(of.mobile_page_views, total.mobile_page_views),
        "pageViewsPercentage": _ratio(of.page_views, total.page_views),
        "browserSessionPercentage": _ratio(of.browser_sessions, total.browser_sessions),
        "mobileAppSessionPercentage": _ratio(of.mobile_sessions, total.mobile_sessions),
        "sessionPercentage": _ratio(of.sessions, total.sessions),
    }
    return {**fields, **_twins(fields)}


def offers(world: World, market: Market) -> dict[str, int]:
    """How many offers and parent items the account has in a marketplace."""
    here = [offer for offer in world.listings if offer.marketplace_id == market.marketplace_id]
    return {
        "averageOfferCount": len(here),
        "averageParentItems": len({offer.parent_asin for offer in here}),
    }


def feedback(market: Market, days: Sequence[date]) -> dict[str, Any]:
    """Ratings of the seller on some days, which no other part of the world knows of."""
    received = negative = 0
    for day in days:
        random = chance("feedback", market.marketplace_id, day)
        here = random.choice((0, 0, 1, 1, 2))
        received += here
        negative += here > 0 and random.random() < 0.08
    fields = {
        "feedbackReceived": received,
        "negativeFeedbackReceived": int(negative),
        "receivedNegativeFeedbackRate": _ratio(negative, received),
    }
    return {**fields, **_twins(dict.fromkeys(fields, 0))}


def _twins(fields: dict[str, Any]) -> dict[str, Any]:
    return {f"{name}B2B": value for name, value in fields.items() if name not in WITHOUT_TWIN}


def _units(of: Iterable[Entry]) -> int:
    return sum(entry.quantity for entry in of)


def _ratio(part: int, whole: int, times: int = 100) -> float:
    return round(times * part / whole, 2) if whole else 0.0


def _amount(amount: Decimal, market: Market) -> dict[str, Any]:
    # Two decimals survive the way through a float's shortest text.
    return {
        "amount": float(amount.quantize(market.minor_unit)),
        "currencyCode": market.currency_code,
    }
