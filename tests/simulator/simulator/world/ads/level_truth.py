"""Ground truth of advertising below the campaign, down to targets, search terms and products.

Added up from the events in one pass, beside the code that projects reports and never through it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.world.ads.entities import Profile
from simulator.world.ads.plan import Touch
from simulator.world.ads.profiles import advertisers
from simulator.world.ads.traffic import Visits
from simulator.world.ads.truth import PRELUDE, Totals, add, gained, reported_sales, seen, windows
from simulator.world.events import ZERO, AdProduct, OrderItem

if TYPE_CHECKING:
    from simulator.world import World

Place = tuple[str, str, str, date]
"""Profile, ad product, campaign and the profile's day."""
SP, SB, SD = AdProduct
UNALLOCATED = "-20"
LEVELS: dict[str, tuple[str, ...]] = {
    "ads_placements": ("placement",),
    "ads_ad_groups": ("ad_group_id",),
    "ads_ads": ("ad_group_id", "ad_id"),
    "ads_targets": ("ad_group_id", "target_id"),
    "ads_search_terms": ("ad_group_id", "target_id", "search_term"),
    "ads_purchased_products": (
        "ad_group_id", "target_id", "ad_id", "advertised_asin", "purchased_asin",
    ),
}  # fmt: skip
"""What tells the rows of a level apart, beside profile, campaign and day."""


def level_truth(
    world: World, profiles: Iterable[Profile] | None = None
) -> dict[str, list[dict[str, Any]]]:
    """Totals per level, profile (all by default), campaign and profile day as reports can know now.

    Measures are those of ``simulator.world.ads.truth``. Of a level:

    - ``ads_targets`` and ``ads_search_terms`` leave out what happened off Amazon (Display counts it
      all), so they add up to less than the campaign; sales modelled without a target have the
      target ``-20`` (Display only). Search terms need a click, and Display has none.
    - ``ads_purchased_products`` are sales alone, of products that the ad shows (``is_promoted``) or
      not. Brands sales count where clicked, or where the campaign is paid by the view.

    Legacy Sponsored Brands campaigns are left out.
    """
    found: dict[str, dict[tuple[Place, tuple[str | None, ...]], Totals]] = {
        level: defaultdict(lambda: defaultdict(int)) for level in LEVELS
    }
    wanted = advertisers() if profiles is None else list(profiles)
    for place, visits in _visits(world, wanted):
        told = seen(world, visits)
        for level, key in _keys(visits, None, None):
            add(found[level][place, key], told)
    for order, item, touch in reported_sales(world):
        profile = touch.visits.campaign.profile
        if profile not in wanted:
            continue
        day = profile.day_of(touch.at)
        place = (profile.profile_id, touch.ad_product.value, touch.campaign_id, day)
        told = gained(order, item, touch)
        for level, key in _keys(touch.visits, touch, item):
            add(found[level][place, key], told)
    return {level: list(_rows(level, totals)) for level, totals in found.items()}


def _visits(world: World, profiles: list[Profile]) -> Iterator[tuple[Place, Visits]]:
    for profile in profiles:
        for campaign in world.ads.campaigns(profile):
            day = world.opened - PRELUDE
            while day <= profile.day_of(world.now) and not campaign.is_legacy:
                place = (profile.profile_id, campaign.ad_product.value, campaign.campaign_id, day)
                for visits in world.ads.visits(campaign, day):
                    if visits.reported_at <= world.now:
                        yield place, visits
                day += timedelta(days=1)


def _keys(
    visits: Visits, touch: Touch | None, item: OrderItem | None
) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """The levels that an event belongs to, with its key in each."""
    product, group = visits.campaign.ad_product, visits.ad_group.ad_group_id
    target = touch.target_id or UNALLOCATED if touch else visits.target.target_id
    yield "ads_placements", (visits.placement,)
    yield "ads_ad_groups", (group,)
    yield "ads_ads", (group, visits.ad.ad_id)
    if product is SD or visits.placement != "Off Amazon":
        yield "ads_targets", (group, target)
        if product is not SD:
            yield "ads_search_terms", (group, target, visits.search_term)
    if touch and item and (product is not SB or _counts_as_purchase(visits, touch)):
        key = (group, target, visits.ad.ad_id, touch.advertised_asin, item.asin)
        yield "ads_purchased_products", key


def _counts_as_purchase(visits: Visits, touch: Touch) -> bool:
    return touch.kind == "click" or visits.campaign.cost_type == "VCPM"


def _rows(
    level: str, totals: dict[tuple[Place, tuple[str | None, ...]], Totals]
) -> Iterator[dict[str, Any]]:
    for (place, key), counted in totals.items():
        profile_id, ad_product, campaign_id, day = place
        if not any(counted.values()) or (level == "ads_search_terms" and not counted["clicks"]):
            continue
        row: dict[str, Any] = {
            "profile_id": profile_id,
            "ad_product": ad_product,
            "campaign_id": campaign_id,
            "day": day,
            **dict(zip(LEVELS[level], key, strict=True)),
        }
        if level == "ads_purchased_products":
            row["is_promoted"] = row["advertised_asin"] == row["purchased_asin"]
        else:
            spend: Decimal | int = counted["spend"] + ZERO
            row |= {
                "impressions": counted["impressions"], "clicks": counted["clicks"], "spend": spend,
            }  # fmt: skip
        yield row | windows(ad_product, counted)
