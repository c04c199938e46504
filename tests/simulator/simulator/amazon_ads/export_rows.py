"""The rows of exports: one model for the three ad products, all ids text, all times ISO.

The rows of ads, and those of Brands and Display targets, do not name their campaign.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.amazon_ads.entities import (
    iso,
    known_ad_groups,
    known_campaigns,
    present,
    serving_status,
)
from simulator.amazon_ads.pages import Row
from simulator.amazon_ads.sponsored_brands import brand_entity_id
from simulator.world import World
from simulator.world.ads.entities import (
    Ad,
    AdGroup,
    Campaign,
    Negative,
    NegativeMatch,
    Profile,
    State,
    Target,
    known,
)
from simulator.world.events import AdProduct

SP, SB, SD = AdProduct
_AUTOMATIC = {
    "close-match": "SEARCH_CLOSE_MATCH",
    "loose-match": "SEARCH_LOOSE_MATCH",
    "substitutes": "PRODUCT_SUBSTITUTES",
    "complements": "PRODUCT_COMPLEMENTS",
}
_AUDIENCES: dict[str, Row] = {
    "views=(exact-product)": {"event": "VIEW", "matchType": "PRODUCT_EXACT"},
    "views=(related-product)": {"event": "VIEW", "matchType": "PRODUCT_RELATED"},
    "views=(similar-product)": {"event": "VIEW", "matchType": "PRODUCT_SIMILAR"},
    "purchases=(lookback=30)": {"event": "PURCHASE", "matchType": "PRODUCT_EXACT", "lookback": 30},
}
_GOALS = {"CPC": "CONSIDERATION", "VCPM": "AWARENESS"}


def campaigns(world: World, profile: Profile, product: AdProduct) -> Iterator[Row]:
    """All campaigns of an ad product."""
    today = profile.day_of(world.now)
    for campaign in known_campaigns(world, profile, product):
        money = {
            "currencyCode": profile.market.currency_code,
            "amount": float(known(campaign.budgets, today)),
        }
        row = {
            "campaignId": campaign.campaign_id,
            "portfolioId": campaign.portfolio and campaign.portfolio.portfolio_id,
            "name": known(campaign.names, today),
            "startDate": campaign.start.isoformat(),
            "endDate": campaign.end and campaign.end.isoformat(),
            "brandEntityId": brand_entity_id(profile) if product is SB else None,
            "costType": campaign.cost_type,
            "targetingSettings": None if product is SB else campaign.targeting,
            "budgetCaps": {
                "recurrenceTimePeriod": "DAILY",
                "budgetType": "MONETARY",
                "budgetValue": {"monetaryBudget": money},
            },
            "optimization": _optimization(campaign) if product is SP else None,
        }
        yield _told(world, campaign, row, known(campaign.states, today))


def _optimization(campaign: Campaign) -> Row:
    return {
        "bidStrategy": "SALES" if campaign.targeting == "AUTO" else "SALES_DOWN_ONLY",
        "placementBidAdjustments": [{"placement": "TOP_OF_SEARCH", "percentage": 20}],
    }


def ad_groups(world: World, profile: Profile, product: AdProduct) -> Iterator[Row]:
    """All ad groups of an ad product."""
    for campaign, group in known_ad_groups(world, profile, product):
        row = {
            "adGroupId": group.ad_group_id,
            "campaignId": campaign.campaign_id,
            "name": group.name,
            "bid": {
                "defaultBid": float(group.default_bid),
                "currencyCode": profile.market.currency_code,
            },
            "optimization": {"goalSetting": {"goal": _GOALS[campaign.cost_type]}}
            if product is SD
            else None,
        }
        yield _told(world, campaign, row, group.state)


def ads(world: World, profile: Profile, product: AdProduct) -> Iterator[Row]:
    """All ads of an ad product that have an id, which legacy Brands ads lack."""
    for campaign, group in known_ad_groups(world, profile, product):
        for ad in group.all_ads:
            if ad.ad_id is not None:
                row = {
                    "adId": ad.ad_id,
                    "adGroupId": group.ad_group_id,
                    **_creative(world, campaign, group, ad),
                }
                yield _told(world, campaign, row, ad.state)


def _creative(world: World, campaign: Campaign, group: AdGroup, ad: Ad) -> Row:
    products = [{"productIdType": "ASIN", "productId": asin} for asin in ad.asins]
    if ad.sku is not None:
        products = [{"productIdType": "SKU", "productId": ad.sku}, *products]
    if campaign.ad_product is not SB:
        return {"adType": "PRODUCT_AD", "creative": {"products": products}}
    latest = world.ads.creatives(campaign, group, ad)[-1]
    pictures = [
        {"assetId": image.asset_id, "assetVersion": image.version} for image in latest.images
    ]
    return {
        "adType": "VIDEO" if "VIDEO" in latest.kind else latest.kind,
        "adVersionId": str(latest.version),
        "creative": present(
            {
                "products": products,
                "headline": latest.headline,
                "brandLogo": {
                    "assetId": latest.logo.asset_id,
                    "assetVersion": latest.logo.version,
                },
                "customImages": pictures or None,
                "videos": [{"assetId": latest.video.asset_id, "assetVersion": latest.video.version}]
                if latest.video
                else None,
            }
        ),
    }


def targets(world: World, profile: Profile, product: AdProduct) -> Iterator[Row]:
    """All targets and negatives of an ad product, those of whole campaigns included."""
    for campaign in known_campaigns(world, profile, product):
        for excluded in campaign.negatives:
            row = {"campaignId": campaign.campaign_id, **_negative(excluded)}
            yield _told(world, campaign, row | {"targetLevel": "CAMPAIGN"}, excluded.state)
    for campaign, group in known_ad_groups(world, profile, product):
        parents: Row = {"adGroupId": group.ad_group_id, "targetLevel": "AD_GROUP"}
        if product is SP:
            parents["campaignId"] = campaign.campaign_id
        for target in group.all_targets:
            yield _told(world, campaign, {**_target(campaign, target), **parents}, target.state)
        for excluded in group.negatives:
            yield _told(world, campaign, {**_negative(excluded), **parents}, excluded.state)


def _target(campaign: Campaign, target: Target) -> Row:
    bid = {"bid": float(target.bid), "currencyCode": campaign.profile.market.currency_code}
    row: Row = {"targetId": target.target_id, "negative": False, "bid": bid}
    if target.is_keyword:
        details: Row = {"keyword": target.text, "matchType": target.match_type}
        return {**row, "targetType": "KEYWORD", "targetDetails": details}
    if target.text in _AUTOMATIC:
        details = {"matchType": _AUTOMATIC[target.text]}
        return {**row, "targetType": "AUTO", "targetDetails": details, "bid": None}
    if campaign.ad_product is SD:
        return {**row, "targetType": "PRODUCT_AUDIENCE", "targetDetails": _AUDIENCES[target.text]}
    asin = target.text.removeprefix('asin="').removesuffix('"')
    details = {"asin": asin, "matchType": "PRODUCT_EXACT"}
    return {**row, "targetType": "PRODUCT", "targetDetails": details}


def _negative(excluded: Negative) -> Row:
    row: Row = {"targetId": excluded.target_id, "negative": True}
    match excluded.match:
        case NegativeMatch.PRODUCT:
            details = {"asin": excluded.text, "matchType": "PRODUCT_EXACT"}
            return {**row, "targetType": "PRODUCT", "targetDetails": details}
        case NegativeMatch.BRAND:
            details = {"productBrandId": excluded.text}
            return {**row, "targetType": "PRODUCT_CATEGORY", "targetDetails": details}
        case words:
            details = {"keyword": excluded.text, "matchType": words.removeprefix("NEGATIVE_")}
            return {**row, "targetType": "KEYWORD", "targetDetails": details}


def _told(world: World, campaign: Campaign, row: dict[str, Any], own: State) -> Row:
    """A row with what all exports share."""
    profile = campaign.profile
    today = profile.day_of(world.now)
    state = campaign.state_inside(own, today)
    status = serving_status(campaign, today)
    is_delivering = state is State.ENABLED and status == "CAMPAIGN_STATUS_ENABLED"
    return present(
        {
            **row,
            "adProduct": campaign.ad_product.value,
            "state": state.value,
            "deliveryStatus": "DELIVERING" if is_delivering else "NOT_DELIVERING",
            "deliveryReasons": None if is_delivering else [status],
            "creationDateTime": iso(profile.midnight(campaign.start)),
            "lastUpdatedDateTime": iso(profile.midnight(campaign.changed_on(today))),
        }
    )


Rows = Callable[[World, Profile, AdProduct], Iterator[Row]]
EXPORTS: dict[str, Rows] = {
    "campaigns": campaigns,
    "adGroups": ad_groups,
    "targets": targets,
    "ads": ads,
}
"""What can be exported, by the word in its path."""
