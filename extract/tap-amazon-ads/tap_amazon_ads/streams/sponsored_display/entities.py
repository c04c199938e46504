"""Sponsored Display 3.0: campaigns, ad groups, ads and targets; states in lower case."""

from __future__ import annotations

from amazon_client.singer.schema import (
    day,
    decimal,
    json_,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_ads.streams.base import EntityStream

EXTENDED = (
    timestamp("creationDate"),
    timestamp("lastUpdatedDate"),
    text("servingStatus"),
)
"""Filled when extended data are asked for."""

EXPRESSIONS = (
    text("expressionType"),
    json_("expression"),
    json_("resolvedExpression"),
)


class SdCampaigns(EntityStream):
    """Sponsored Display campaigns."""

    name = "sd_campaigns"
    keys = ("campaign_id",)
    columns = (
        texts("campaignId", "portfolioId", "name", "state", "tactic"),
        day("startDate"),
        day("endDate"),
        decimal("budget", "budget_amount"),
        text("budgetType"),
        decimal("ruleBasedBudget.value", "rule_based_budget_amount"),
        texts("costType", "deliveryProfile"),
        EXTENDED,
        leftovers(),
    )


class SdAdGroups(EntityStream):
    """Ad groups of Sponsored Display."""

    name = "sd_ad_groups"
    keys = ("ad_group_id",)
    columns = (
        texts("adGroupId", "campaignId", "name", "state", "tactic", "creativeType"),
        text("bidOptimization", description="reach, clicks or conversions"),
        decimal("defaultBid"),
        EXTENDED,
        leftovers(),
    )


class SdProductAds(EntityStream):
    """Advertised products of Sponsored Display."""

    name = "sd_product_ads"
    keys = ("ad_id",)
    columns = (
        texts("adId", "adGroupId", "campaignId", "adName", "state", "asin", "sku"),
        text("landingPageType"),
        text("landingPageURL", "landing_page_url"),
        EXTENDED,
        leftovers(),
    )


class SdTargets(EntityStream):
    """Product, category and audience targets of Sponsored Display."""

    name = "sd_targets"
    keys = ("target_id",)
    columns = (
        texts("targetId", "adGroupId", "campaignId", "state"),
        decimal("bid"),
        EXPRESSIONS,
        EXTENDED,
        leftovers(),
    )


class SdNegativeTargets(EntityStream):
    """Negative targets of Sponsored Display."""

    name = "sd_negative_targets"
    keys = ("target_id",)
    columns = (texts("targetId", "adGroupId", "state"), EXPRESSIONS, EXTENDED, leftovers())
