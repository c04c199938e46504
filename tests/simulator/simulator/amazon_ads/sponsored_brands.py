"""Sponsored Brands v4: ids are strings, times epoch milliseconds, budgets plain numbers.

Ads of legacy campaigns have neither id nor name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.amazon_ads.entities import (
    epoch_millis,
    known_ad_groups,
    known_campaigns,
    present,
    serving_status,
    status_inside,
)
from simulator.amazon_ads.listing import EntityList
from simulator.amazon_ads.pages import Row
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.creatives import Asset, Creative
from simulator.world.ads.entities import Ad, Campaign, Profile, State, known
from simulator.world.events import AdProduct
from simulator.world.sellers import STORE_NAME

SB = AdProduct.SPONSORED_BRANDS
_CDN = "https://m.media-amazon.com/images/S/sponsored-ads-media"


def campaigns(world: World, profile: Profile) -> list[Row]:
    """All campaigns as the list shows them, legacy ones included."""
    return [_campaign(world, campaign) for campaign in known_campaigns(world, profile, SB)]


def _campaign(world: World, campaign: Campaign) -> Row:
    today = campaign.profile.day_of(world.now)
    return present(
        {
            "campaignId": campaign.campaign_id,
            "name": known(campaign.names, today),
            "state": known(campaign.states, today).value,
            "budget": float(known(campaign.budgets, today)),
            "budgetType": "DAILY",
            "startDate": campaign.start.isoformat(),
            "endDate": campaign.end and campaign.end.isoformat(),
            "portfolioId": campaign.portfolio and campaign.portfolio.portfolio_id,
            "brandEntityId": brand_entity_id(campaign.profile),
            "isMultiAdGroupsEnabled": not campaign.is_legacy,
            "costType": campaign.cost_type,
            "productLocation": "SOLD_ON_AMAZON",
            "bidding": {"bidOptimization": True},
            "extendedData": _extended(world, campaign, serving_status(campaign, today)),
        }
    )


def brand_entity_id(profile: Profile) -> str:
    """The merchant's one brand in a marketplace."""
    return f"ENTITY{profile.market.country_code}NORTHWIND"


def _extended(world: World, campaign: Campaign, status: str) -> Row:
    midnight = campaign.profile.midnight
    changed = campaign.changed_on(campaign.profile.day_of(world.now))
    return {
        "creationDate": epoch_millis(midnight(campaign.start)),
        "lastUpdateDate": epoch_millis(midnight(changed)),
        "servingStatus": status,
    }


def _inside(
    world: World, campaign: Campaign, own: State, status: tuple[str, str], row: dict[str, Any]
) -> Row:
    today = campaign.profile.day_of(world.now)
    state = campaign.state_inside(own, today)
    told = status_inside(campaign, own, today, *status)
    extended = _extended(world, campaign, told)
    return present({**row, "state": state.value, "extendedData": extended})


def ad_groups(world: World, profile: Profile) -> Iterator[Row]:
    """All ad groups as the list shows them; a legacy campaign's has a name of Amazon's making."""
    for campaign, group in known_ad_groups(world, profile, SB):
        row = {
            "adGroupId": group.ad_group_id,
            "campaignId": campaign.campaign_id,
            "name": f"Ad group - {group.ad_group_id}" if campaign.is_legacy else group.name,
        }
        yield _inside(world, campaign, group.state, ("AD_GROUP_STATUS_ENABLED", "AD_GROUP"), row)


def ads(world: World, profile: Profile) -> Iterator[Row]:
    """All ads as the list shows them, each with its latest creative."""
    for campaign, group in known_ad_groups(world, profile, SB):
        for ad in group.all_ads:
            latest = _known_creatives(world, campaign, world.ads.creatives(campaign, group, ad))[-1]
            properties = creative_properties(campaign, ad, latest)
            row = {
                "adId": ad.ad_id,
                "name": None if campaign.is_legacy else f"Ad {group.name}",
                "campaignId": campaign.campaign_id,
                "adGroupId": group.ad_group_id,
                "landingPage": None if campaign.is_legacy else _landing_page(campaign, ad, latest),
                "creative": {"type": latest.kind, **properties}
                | ({} if campaign.is_legacy else _version(latest)),
            }
            yield _inside(world, campaign, ad.state, ("AD_STATUS_LIVE", "AD"), row)


def _known_creatives(
    world: World, campaign: Campaign, versions: tuple[Creative, ...]
) -> list[Creative]:
    """The versions made by now; the first one is always there."""
    today = campaign.profile.day_of(world.now)
    return [version for version in versions if version.version == 1 or version.made <= today]


def _version(creative: Creative) -> Row:
    return {"creativeStatus": "PUBLISHED", "creativeVersion": str(creative.version)}


def creative_properties(campaign: Campaign, ad: Ad, creative: Creative) -> Row:
    """Words, products, pictures by asset id and URL; which ones depends on the creative's kind."""
    logo, images, video = creative.logo, creative.images, creative.video
    is_spotlight = creative.kind == "STORE_SPOTLIGHT"
    asins = list(ad.asins)
    return present(
        {
            "headline": None if creative.kind == "VIDEO" else creative.headline,
            "brandName": STORE_NAME[:30],
            "brandLogoAssetID": versioned(logo),
            "brandLogoUrl": _url(logo),
            "brandLogoCrop": {"top": 0, "left": 0, "width": logo.width, "height": logo.height},
            "customImageAssetId": versioned(images[0]) if images else None,
            "customImageUrl": _url(images[0]) if images else None,
            "customImages": [{"assetId": versioned(i), "url": _url(i)} for i in images] or None,
            "videoAssetIds": [versioned(video)] if video else None,
            "asins": asins,
            "subpages": [
                {"pageTitle": f"Page {n}", "asin": asins[n % len(asins)], "url": _store(campaign)}
                for n in range(3)
            ]
            if is_spotlight
            else None,
        }
    )


def versioned(asset: Asset) -> str:
    """An asset's id as ads name it, with the version appended."""
    return f"{asset.asset_id}:{asset.version}"


def _url(asset: Asset) -> str:
    return f"{_CDN}/{asset.asset_id.rpartition('.')[2]}.png"


def _store(campaign: Campaign) -> str:
    return f"https://{campaign.profile.market.domain}/stores/page/NORTHWIND"


def _landing_page(campaign: Campaign, ad: Ad, creative: Creative) -> Row:
    match creative.kind:
        case "VIDEO":
            return {"pageType": "DETAIL_PAGE", "asins": list(ad.asins[:1])}
        case "PRODUCT_COLLECTION":
            return {"pageType": "PRODUCT_LIST", "asins": list(ad.asins)}
        case _:
            return {"pageType": "STORE", "url": _store(campaign)}


def _renamed(campaign: Campaign, ad: Ad, creative: Creative) -> Row:
    """A creative as its own list words it: a logo's id and the landing page go by other names."""
    told = creative_properties(campaign, ad, creative)
    page = _landing_page(campaign, ad, creative)
    landing = {"type": page["pageType"], "asins": page.get("asins"), "value": page.get("url")}
    logo = {"brandLogoAssetId": told.pop("brandLogoAssetID")}
    return {**told, **logo, "landingPage": present(landing)}


def creatives(world: World, profile: Profile, ad_id: str) -> list[Row]:
    """Every version of one ad's creative, newest first."""
    return [
        {
            "adId": ad_id,
            "creativeType": version.kind,
            "creationTime": float(epoch_millis(profile.midnight(version.made))),
            "lastUpdateTime": float(epoch_millis(profile.midnight(version.made))),
            **_version(version),
            "creativeProperties": _renamed(campaign, ad, version),
        }
        for campaign, group in known_ad_groups(world, profile, SB)
        for ad in group.all_ads
        if ad.ad_id == ad_id
        for version in _known_creatives(world, campaign, world.ads.creatives(campaign, group, ad))[
            ::-1
        ]
    ]


def _list(
    name: str,
    path: str,
    resource: str,
    rows: Callable[[World, Profile], Any],
    filters: tuple[str, ...],
    *,
    total_key: str = "totalResults",
    always_extended: bool = False,
) -> EntityList:
    return EntityList(
        operation=Operation(f"ads.sb.{name}", "POST", f"/sb/v4/{path}/list", rate=10, burst=30),
        product=SB,
        media_type=f"application/vnd.{resource}.v4+json",
        key=path,
        total_key=total_key,
        page_limit=100,
        id_filters=dict.fromkeys(filters, 10),
        rows=rows,
        has_names=True,
        always_extended=always_extended,
    )


LISTS = (
    _list(
        "campaigns", "campaigns", "sbcampaignresource", campaigns,
        ("campaignIdFilter", "portfolioIdFilter"), total_key="totalCount",
    ),
    _list(
        "ad_groups", "adGroups", "sbadgroupresource", ad_groups,
        ("campaignIdFilter", "adGroupIdFilter"),
    ),
    _list(
        "ads", "ads", "sbadresource", ads, ("campaignIdFilter", "adGroupIdFilter", "adIdFilter"),
        always_extended=True,
    ),
)  # fmt: skip
