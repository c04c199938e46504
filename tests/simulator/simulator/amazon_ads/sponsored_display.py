"""Sponsored Display 3.0: GET, root arrays, ids are 64-bit numbers, dates YYYYMMDD, lower case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.amazon_ads.entities import (
    epoch_millis,
    known_ad_groups,
    known_campaigns,
    serving_status,
    status_inside,
)
from simulator.amazon_ads.expressions import audience, negative
from simulator.amazon_ads.index_listing import IndexList
from simulator.amazon_ads.pages import Row
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.creatives import Asset, Creative
from simulator.world.ads.entities import AdGroup, Campaign, Profile, State, known
from simulator.world.events import AdProduct

SD = AdProduct.SPONSORED_DISPLAY
BID_OPTIMIZATION = {"CPC": "clicks", "VCPM": "reach"}


def campaigns(world: World, profile: Profile) -> list[Row]:
    """All campaigns with the fields of both lists."""
    return [_campaign(world, campaign) for campaign in known_campaigns(world, profile, SD)]


def _campaign(world: World, campaign: Campaign) -> Row:
    today = campaign.profile.day_of(world.now)
    return {
        "campaignId": int(campaign.campaign_id),
        "name": known(campaign.names, today),
        "tactic": campaign.targeting,
        "budgetType": "daily",
        "budget": float(known(campaign.budgets, today)),
        "startDate": f"{campaign.start:%Y%m%d}",
        "endDate": campaign.end and f"{campaign.end:%Y%m%d}",
        "costType": campaign.cost_type.lower(),
        "state": known(campaign.states, today).value.lower(),
        "portfolioId": campaign.portfolio and int(campaign.portfolio.portfolio_id),
        "deliveryProfile": "as_soon_as_possible",
        **_extended(
            world, campaign, serving_status(campaign, today, enabled="ADVERTISER_STATUS_ENABLED")
        ),
    }


def _extended(world: World, campaign: Campaign, status: str) -> Row:
    midnight = campaign.profile.midnight
    changed = campaign.changed_on(campaign.profile.day_of(world.now))
    return {
        "servingStatus": status,
        "creationDate": epoch_millis(midnight(campaign.start)),
        "lastUpdatedDate": epoch_millis(midnight(changed)),
    }


def _inside(
    world: World, campaign: Campaign, own: State, status: tuple[str, str], row: dict[str, Any]
) -> Row:
    today = campaign.profile.day_of(world.now)
    state = campaign.state_inside(own, today).value.lower()
    told = status_inside(campaign, own, today, *status)
    return {**row, "state": state, **_extended(world, campaign, told)}


def ad_groups(world: World, profile: Profile) -> Iterator[Row]:
    """All ad groups with the fields of both lists."""
    for campaign, group in known_ad_groups(world, profile, SD):
        creative = _creative_of(world, campaign, group)
        row = {
            "adGroupId": int(group.ad_group_id),
            "campaignId": int(campaign.campaign_id),
            "name": group.name,
            "defaultBid": float(group.default_bid),
            "bidOptimization": BID_OPTIMIZATION[campaign.cost_type],
            "tactic": campaign.targeting,
            "creativeType": creative.kind if creative else None,
        }
        yield _inside(world, campaign, group.state, ("AD_GROUP_STATUS_ENABLED", "AD_GROUP"), row)


def product_ads(world: World, profile: Profile) -> Iterator[Row]:
    """All ads with the fields of both lists."""
    for campaign, group in known_ad_groups(world, profile, SD):
        for ad in group.all_ads:
            row = {
                "adId": int(ad.ad_id or 0),
                "adGroupId": int(group.ad_group_id),
                "campaignId": int(campaign.campaign_id),
                "asin": ad.asins[0],
                "sku": ad.sku,
            }
            yield _inside(world, campaign, ad.state, ("AD_STATUS_LIVE", "AD_STATUS"), row)


def targets(world: World, profile: Profile) -> Iterator[Row]:
    """All targets with the fields of both lists."""
    for campaign, group in known_ad_groups(world, profile, SD):
        for target in group.all_targets:
            row = {
                "targetId": int(target.target_id),
                "adGroupId": int(group.ad_group_id),
                "campaignId": int(campaign.campaign_id),
                "expressionType": "manual",
                "expression": audience(target),
                "resolvedExpression": audience(target),
                "bid": float(target.bid),
            }
            yield _inside(
                world, campaign, target.state, ("TARGET_STATUS_LIVE", "TARGET_STATUS"), row
            )


def negative_targets(world: World, profile: Profile) -> Iterator[Row]:
    """All negative targets with the fields of both lists; they do not name their campaign."""
    for campaign, group in known_ad_groups(world, profile, SD):
        for excluded in group.negatives:
            row = {
                "targetId": int(excluded.target_id),
                "adGroupId": int(group.ad_group_id),
                "expressionType": "manual",
                "expression": negative(excluded),
                "resolvedExpression": negative(excluded),
            }
            yield _inside(
                world, campaign, excluded.state, ("TARGET_STATUS_LIVE", "TARGET_STATUS"), row
            )


def creatives(world: World, profile: Profile) -> Iterator[Row]:
    """The creative of each ad group that ever served."""
    for campaign, group in known_ad_groups(world, profile, SD):
        creative = _creative_of(world, campaign, group)
        if creative:
            yield {
                "creativeId": int(creative.creative_id),
                "adGroupId": int(group.ad_group_id),
                "creativeType": creative.kind,
                "properties": _properties(creative),
                "moderationStatus": "APPROVED",
            }


def _creative_of(world: World, campaign: Campaign, group: AdGroup) -> Creative | None:
    return world.ads.creatives(campaign, group, group.ads[0])[-1] if group.ads else None


def _properties(creative: Creative) -> Row:
    told: Row = {"headline": creative.headline, "brandLogo": _cropped(creative.logo)}
    if creative.video:
        return {**told, "video": _identified(creative.video)}
    wide, square = creative.images
    return {**told, "rectCustomImage": _cropped(wide), "squareCustomImage": _cropped(square)}


def _identified(asset: Asset) -> Row:
    return {"assetId": asset.asset_id, "assetVersion": asset.version}


def _cropped(asset: Asset) -> Row:
    crop = {"top": 0, "left": 0, "width": asset.width, "height": asset.height}
    return {**_identified(asset), "croppingCoordinates": crop}


def _list(
    name: str,
    path: str,
    rows: Callable[[World, Profile], Any],
    *filters: str,
    **details: Any,
) -> IndexList:
    return IndexList(
        operation=Operation(f"ads.sd.{name}", "GET", f"/sd/{path}", rate=10, burst=30),
        product=SD,
        rows=rows,
        filters=filters,
        has_extended=True,
        **details,
    )


_GROUP = ("campaignIdFilter", "adGroupIdFilter")
LISTS = (
    _list(
        "campaigns", "campaigns", campaigns, "campaignIdFilter", "portfolioIdFilter", "name",
        # The extended model does not know it.
        not_extended=("deliveryProfile",),
    ),
    _list("ad_groups", "adGroups", ad_groups, *_GROUP, "name"),
    _list("product_ads", "productAds", product_ads, *_GROUP, "adIdFilter"),
    _list("targets", "targets", targets, *_GROUP, "targetIdFilter"),
    _list("negative_targets", "negativeTargets", negative_targets, *_GROUP, "targetIdFilter"),
    IndexList(
        operation=Operation("ads.sd.creatives", "GET", "/sd/creatives", rate=10, burst=30),
        product=SD,
        rows=creatives,
        filters=("adGroupIdFilter", "creativeIdFilter"),
        states=(),
        page_limit=100,
    ),
)  # fmt: skip
