"""Sponsored Products v3: campaigns, ad groups and ads."""

from __future__ import annotations

from amazon_client.singer.schema import (
    boolean,
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
    timestamp("extendedData.creationDateTime"),
    timestamp("extendedData.lastUpdateDateTime"),
    text("extendedData.servingStatus"),
    json_("extendedData.servingStatusDetails"),
)
"""Filled when extended data are asked for."""


class SpCampaigns(EntityStream):
    """Sponsored Products campaigns."""

    name = "sp_campaigns"
    keys = ("campaign_id",)
    columns = (
        texts("campaignId", "portfolioId", "name", "state", "targetingType"),
        day("startDate"),
        day("endDate"),
        decimal("budget.budget", "budget_amount"),
        text("budget.budgetType"),
        decimal("budget.effectiveBudget"),
        text("dynamicBidding.strategy", "bidding_strategy"),
        json_("dynamicBidding.placementBidding"),
        json_("dynamicBidding.shopperCohortBidding"),
        text("offAmazonSettings.offAmazonBudgetControlStrategy"),
        json_("siteRestrictions"),
        json_("tags"),
        texts("globalCampaignId", "marketplaceBudgetAllocation"),
        boolean("autoManageCampaign"),
        EXTENDED,
        leftovers(),
    )


class SpAdGroups(EntityStream):
    """Ad groups of Sponsored Products."""

    name = "sp_ad_groups"
    keys = ("ad_group_id",)
    columns = (
        texts("adGroupId", "campaignId", "name", "state"),
        decimal("defaultBid"),
        text("globalAdGroupId"),
        EXTENDED,
        leftovers(),
    )


class SpProductAds(EntityStream):
    """Advertised products of Sponsored Products; a vendor's have no SKU."""

    name = "sp_product_ads"
    keys = ("ad_id",)
    columns = (
        texts("adId", "adGroupId", "campaignId", "state", "asin", "sku", "customText"),
        text("globalStoreSetting.catalogSourceCountryCode"),
        text("globalAdId"),
        EXTENDED,
        leftovers(),
    )
