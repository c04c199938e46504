"""Sponsored Products v3: ids are strings, times ISO, states upper-case, budgets nested."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from simulator.amazon_ads.entities import (
    iso,
    known_ad_groups,
    known_campaigns,
    present,
    serving_status,
    status_inside,
)
from simulator.amazon_ads.expressions import negative, upper_case
from simulator.amazon_ads.listing import EntityList
from simulator.amazon_ads.pages import Row
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.entities import AdGroup, Campaign, Negative, Profile, State, Target, known
from simulator.world.events import AdProduct

SP = AdProduct.SPONSORED_PRODUCTS
STATES = ("ENABLED", "PAUSED", "PROPOSED", "ARCHIVED", "ENABLING", "USER_DELETED", "OTHER")
_CLAUSE = ("TARGETING_CLAUSE_STATUS_LIVE", "TARGETING_CLAUSE")


def campaigns(world: World, profile: Profile) -> list[Row]:
    """All campaigns as the list shows them."""
    return [_campaign(world, campaign) for campaign in known_campaigns(world, profile, SP)]


def _campaign(world: World, campaign: Campaign) -> Row:
    today = campaign.profile.day_of(world.now)
    budget = float(known(campaign.budgets, today))
    # Optional fields are absent, not null (endDate may be either).
    return present(
        {
            "campaignId": campaign.campaign_id,
            "name": known(campaign.names, today),
            "state": known(campaign.states, today).value,
            "targetingType": campaign.targeting,
            "startDate": campaign.start.isoformat(),
            "endDate": campaign.end and campaign.end.isoformat(),
            "portfolioId": campaign.portfolio and campaign.portfolio.portfolio_id,
            "budget": {"budget": budget, "budgetType": "DAILY", "effectiveBudget": budget},
            "dynamicBidding": {
                "strategy": "AUTO_FOR_SALES"
                if campaign.targeting == "AUTO"
                else "LEGACY_FOR_SALES",
                "placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 20}],
            },
            "tags": {},
            "extendedData": _extended(world, campaign, serving_status(campaign, today)),
        }
    )


def _extended(world: World, campaign: Campaign, status: str) -> Row:
    """What is inside a campaign was made with it, and changes with it."""
    changed = campaign.changed_on(campaign.profile.day_of(world.now))
    return {
        "creationDateTime": iso(campaign.profile.midnight(campaign.start)),
        "lastUpdateDateTime": iso(campaign.profile.midnight(changed)),
        "servingStatus": status,
        "servingStatusDetails": [{"name": f"{status}_DETAIL"}],
    }


def _inside(
    world: World, campaign: Campaign, own: State, status: tuple[str, str], row: dict[str, Any]
) -> Row:
    """A row of something inside a campaign, with its state and extended data."""
    today = campaign.profile.day_of(world.now)
    state = campaign.state_inside(own, today)
    told = status_inside(campaign, own, today, *status)
    extended = _extended(world, campaign, told)
    return present({**row, "state": state.value, "extendedData": extended})


def ad_groups(world: World, profile: Profile) -> Iterator[Row]:
    """All ad groups as the list shows them."""
    for campaign, group in known_ad_groups(world, profile, SP):
        row = {
            "adGroupId": group.ad_group_id,
            "campaignId": campaign.campaign_id,
            "name": group.name,
            "defaultBid": float(group.default_bid),
        }
        yield _inside(world, campaign, group.state, ("AD_GROUP_STATUS_ENABLED", "AD_GROUP"), row)


def product_ads(world: World, profile: Profile) -> Iterator[Row]:
    """All ads as the list shows them."""
    for campaign, group in known_ad_groups(world, profile, SP):
        for ad in group.all_ads:
            row = {
                "adId": ad.ad_id,
                **_parents(campaign, group),
                "asin": ad.asins[0],
                "sku": ad.sku,
            }
            yield _inside(world, campaign, ad.state, ("AD_STATUS_LIVE", "AD"), row)


def _parents(campaign: Campaign, group: AdGroup | None) -> Row:
    ids = {"campaignId": campaign.campaign_id}
    return {**ids, "adGroupId": group.ad_group_id} if group else ids


def keywords(world: World, profile: Profile) -> Iterator[Row]:
    """All keywords as the list shows them."""
    for campaign, group, target in _targets(world, profile):
        if target.is_keyword:
            row = {
                "keywordId": target.target_id,
                **_parents(campaign, group),
                "keywordText": target.text,
                "matchType": target.match_type,
                "bid": float(target.bid),
            }
            yield _inside(world, campaign, target.state, _CLAUSE, row)


def targets(world: World, profile: Profile) -> Iterator[Row]:
    """All product and automatic targets; the automatic ones follow the ad group's default bid."""
    for campaign, group, target in _targets(world, profile):
        if not target.is_keyword:
            is_automatic = campaign.targeting == "AUTO"
            row = {
                "targetId": target.target_id,
                **_parents(campaign, group),
                "expression": upper_case(target),
                "resolvedExpression": upper_case(target),
                "expressionType": "AUTO" if is_automatic else "MANUAL",
                "bid": None if is_automatic else float(target.bid),
            }
            yield _inside(world, campaign, target.state, _CLAUSE, row)


def _targets(world: World, profile: Profile) -> Iterator[tuple[Campaign, AdGroup, Target]]:
    for campaign, group in known_ad_groups(world, profile, SP):
        for target in group.all_targets:
            yield campaign, group, target


def _negatives(of_campaigns: bool, are_keywords: bool) -> Callable[[World, Profile], Iterator[Row]]:
    """Lists negatives of ad groups or of campaigns, and of words or of products."""

    def rows(world: World, profile: Profile) -> Iterator[Row]:
        for campaign, group, excluded in _excluded(world, profile, of_campaigns):
            if excluded.match.is_keyword is not are_keywords:
                continue
            told: dict[str, Any] = (
                {"keywordText": excluded.text, "matchType": excluded.match.value}
                if are_keywords
                else {
                    name: negative(excluded, True) for name in ("expression", "resolvedExpression")
                }
            )
            id_name = "keywordId" if are_keywords else "targetId"
            row = {id_name: excluded.target_id, **_parents(campaign, group), **told}
            yield _inside(world, campaign, excluded.state, _CLAUSE, row)

    return rows


def _excluded(
    world: World, profile: Profile, of_campaigns: bool
) -> Iterator[tuple[Campaign, AdGroup | None, Negative]]:
    if of_campaigns:
        for campaign in known_campaigns(world, profile, SP):
            for excluded in campaign.negatives:
                yield campaign, None, excluded
    else:
        for campaign, group in known_ad_groups(world, profile, SP):
            for excluded in group.negatives:
                yield campaign, group, excluded


def _list(
    name: str,
    path: str,
    media: str,
    rows: Callable[[World, Profile], Any],
    filters: dict[str, int],
    *,
    key: str | None = None,
    has_names: bool = False,
    other_filters: tuple[str, ...] = (),
    unsupported: tuple[str, ...] = (),
) -> EntityList:
    return EntityList(
        operation=Operation(f"ads.sp.{name}", "POST", f"/sp/{path}/list", rate=10, burst=30),
        product=SP,
        media_type=f"application/vnd.{media}.v3+json",
        key=key or path,
        page_limit=1000,
        id_filters=filters,
        states=STATES,
        rows=rows,
        has_names=has_names,
        other_filters=other_filters,
        unsupported=unsupported,
    )


_CAMPAIGN = {"campaignIdFilter": 100}
_GROUP = {**_CAMPAIGN, "adGroupIdFilter": 100}
LISTS = (
    _list(
        "campaigns", "campaigns", "spCampaign", campaigns,
        {"campaignIdFilter": 1000, "portfolioIdFilter": 100},
        has_names=True, other_filters=("marketplaceBudgetAllocationFilter",),
    ),
    _list(
        "ad_groups", "adGroups", "spAdGroup", ad_groups, {**_CAMPAIGN, "adGroupIdFilter": 1000},
        has_names=True, unsupported=("campaignTargetingTypeFilter",),
    ),
    _list("product_ads", "productAds", "spProductAd", product_ads, {**_GROUP, "adIdFilter": 1000}),
    _list(
        "keywords", "keywords", "spKeyword", keywords, {**_GROUP, "keywordIdFilter": 1000},
        unsupported=("keywordTextFilter", "matchTypeFilter", "locale"),
    ),
    _list(
        "targets", "targets", "spTargetingClause", targets, {**_GROUP, "targetIdFilter": 1000},
        key="targetingClauses", unsupported=("asinFilter", "expressionTypeFilter"),
    ),
    _list(
        "negative_keywords", "negativeKeywords", "spNegativeKeyword", _negatives(False, True),
        {**_GROUP, "negativeKeywordIdFilter": 1000},
        unsupported=("negativeKeywordTextFilter", "matchTypeFilter", "locale"),
    ),
    _list(
        "campaign_negative_keywords", "campaignNegativeKeywords", "spCampaignNegativeKeyword",
        _negatives(True, True), {**_CAMPAIGN, "campaignNegativeKeywordIdFilter": 1000},
        unsupported=("campaignNegativeKeywordTextFilter", "matchTypeFilter"),
    ),
    _list(
        "negative_targets", "negativeTargets", "spNegativeTargetingClause",
        _negatives(False, False), {**_GROUP, "negativeTargetIdFilter": 1000},
        key="negativeTargetingClauses", unsupported=("asinFilter",),
    ),
    _list(
        "campaign_negative_targets", "campaignNegativeTargets",
        "spCampaignNegativeTargetingClause", _negatives(True, False),
        {**_CAMPAIGN, "campaignNegativeTargetIdFilter": 1000},
        key="campaignNegativeTargetingClauses", unsupported=("asinFilter",),
    ),
)  # fmt: skip
