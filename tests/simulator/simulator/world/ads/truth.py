"""Ground truth of advertising, added up straight from the events and by nothing else.

Kept apart from the code that projects reports, on purpose: a mistake there must not repeat here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.world.ads.plan import Touch
from simulator.world.ads.profiles import advertisers
from simulator.world.ads.traffic import Visits
from simulator.world.events import ZERO, AdProduct, Order, OrderItem

if TYPE_CHECKING:
    from simulator.world import World

Key = tuple[str, str, date]
Totals = dict[str, int | Decimal]
PRELUDE = timedelta(days=40)
"""Totals begin this long before the first order, whose ad may be as old."""
SP_WINDOWS = (1, 7, 14, 30)
_MEASURES = ("sales", "purchases", "units")


def truth(world: World) -> list[dict[str, Any]]:
    """Totals per profile, campaign and profile day of what reports can know at the world's ``now``.

    One row per campaign day with anything on it: profile_id, country_code, currency_code,
    ad_product, campaign_id, day (the profile's, of the click or view), impressions, clicks, spend,
    then for Sponsored Products ``{sales,purchases,units}_{1,7,14,30}d`` and the same with
    ``_same_sku``; for Brands and Display ``…_14d`` (clicks and views), ``…_14d_clicks``,
    ``…_14d_new_to_brand``. Windows that an ad product does not offer are None. Sales, purchases and
    units are of order items that are not cancelled. Legacy Sponsored Brands campaigns, of which
    Amazon reports nothing, are left out.
    """
    totals: dict[Key, Totals] = defaultdict(lambda: defaultdict(int))
    rows = {}
    for profile in advertisers():
        for campaign in world.ads.campaigns(profile):
            if campaign.is_legacy:
                continue
            rows[profile.profile_id, campaign.campaign_id] = {
                "profile_id": profile.profile_id,
                "country_code": profile.country_code,
                "currency_code": profile.market.currency_code,
                "ad_product": campaign.ad_product.value,
                "campaign_id": campaign.campaign_id,
            }
            day = world.opened - PRELUDE
            while day <= profile.day_of(world.now):
                for visits in world.ads.visits(campaign, day):
                    if visits.reported_at <= world.now:
                        add(
                            totals[profile.profile_id, campaign.campaign_id, day],
                            seen(world, visits),
                        )
                day += timedelta(days=1)
    _add_sales(world, totals)
    return [
        {
            **rows[profile_id, campaign_id],
            "day": day,
            "impressions": counted["impressions"],
            "clicks": counted["clicks"],
            "spend": counted["spend"] + ZERO,
            **windows(rows[profile_id, campaign_id]["ad_product"], counted),
        }
        for (profile_id, campaign_id, day), counted in sorted(totals.items())
        if any(counted.values())
    ]


def _add_sales(world: World, totals: dict[Key, Totals]) -> None:
    for order, item, touch in reported_sales(world):
        day = touch.visits.campaign.profile.day_of(touch.at)
        add(totals[touch.profile_id, touch.campaign_id, day], gained(order, item, touch))


def add(counted: Totals, more: Mapping[str, int | Decimal]) -> None:
    """Add some measures to others."""
    for measure, amount in more.items():
        counted[measure] += amount


def seen(world: World, visits: Visits) -> dict[str, int | Decimal]:
    """What one burst of visits counts for now: its invalid part until it is struck out."""
    struck = world.now >= visits.at + timedelta(days=3)
    clicks = visits.clicks - (visits.invalid_clicks if struck else 0)
    return {
        "impressions": visits.impressions - (visits.invalid_impressions if struck else 0),
        "clicks": clicks,
        "spend": clicks * visits.click_price + visits.view_cost,
    }


def reported_sales(world: World) -> Iterator[tuple[Order, OrderItem, Touch]]:
    """Order items that ads led to, known to reports by now and not cancelled."""
    for order in world.orders:
        if order.cancelled_at is None or order.cancelled_at > world.now:
            for item in order.items:
                touch = item.ad_touch
                if isinstance(touch, Touch) and touch.reported_at <= world.now:
                    yield order, item, touch


def gained(order: Order, item: OrderItem, touch: Touch) -> dict[str, int | Decimal]:
    """What one sale counts for, by measure, window and kind."""
    amounts: dict[str, int | Decimal] = {
        "sales": item.principal,
        "purchases": 1,
        "units": item.quantity,
    }
    is_sp = touch.ad_product is AdProduct.SPONSORED_PRODUCTS
    suffixes = [""]
    if is_sp and touch.advertised_asin == item.asin:
        suffixes.append("_same_sku")
    if not is_sp and touch.kind == "click":
        suffixes.append("_clicks")
    if not is_sp and touch.new_to_brand:
        suffixes.append("_new_to_brand")
    return {
        f"{measure}_{window}d{suffix}": amount
        for measure, amount in amounts.items()
        for window in (SP_WINDOWS if is_sp else (14,))
        if order.placed_at - touch.at <= timedelta(days=window)
        for suffix in suffixes
    }


def windows(ad_product: str, counted: Totals) -> dict[str, int | Decimal | None]:
    """Every window's measures, None where an ad product does not offer it."""
    is_sp = ad_product == AdProduct.SPONSORED_PRODUCTS
    columns: dict[str, int | Decimal | None] = {}
    for measure in _MEASURES:
        for window in SP_WINDOWS:
            for suffix in ("", "_same_sku", "_clicks", "_new_to_brand"):
                offered = suffix != "_same_sku" if not is_sp else suffix in {"", "_same_sku"}
                offered = offered and (is_sp or window == 14)
                name = f"{measure}_{window}d{suffix}"
                zero = ZERO if measure == "sales" else 0
                columns[name] = counted[name] + zero if offered else None
    return columns
