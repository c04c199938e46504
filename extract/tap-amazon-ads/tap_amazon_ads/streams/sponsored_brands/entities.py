"""Sponsored Brands v4: campaigns, ad groups and ads with their creatives."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from amazon_client.extraction import Delivery
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

logger = logging.getLogger(__name__)

NAMED = 20
"""How many legacy campaigns a warning names."""

EXTENDED = (
    timestamp("extendedData.creationDate"),
    timestamp("extendedData.lastUpdateDate"),
    text("extendedData.servingStatus"),
    json_("extendedData.servingStatusDetails"),
)
"""Filled when extended data are asked for."""


class SbCampaigns(EntityStream):
    """Sponsored Brands campaigns; those without multiple ad groups have no report rows."""

    name = "sb_campaigns"
    keys = ("campaign_id",)
    columns = (
        texts("campaignId", "portfolioId", "name", "state"),
        day("startDate"),
        day("endDate"),
        decimal("budget", "budget_amount"),
        text("budgetType"),
        decimal("ruleBasedBudget.value", "rule_based_budget_amount"),
        texts("costType", "brandEntityId", "goal", "productLocation"),
        boolean("isMultiAdGroupsEnabled", description="False: legacy, missing in reports"),
        boolean("bidding.bidOptimization"),
        json_("bidding.bidAdjustmentsByPlacement"),
        json_("bidding.shopperCohortBidAdjustments"),
        json_("smartDefault"),
        json_("siteRestrictions"),
        json_("tags"),
        EXTENDED,
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterable[Mapping[str, Any]]:
        """Yield the campaigns, and warn of those whose spend no report tells."""
        silent = []
        for row in super().rows(delivery):
            if row.get("isMultiAdGroupsEnabled") is False and row.get("state") != "ARCHIVED":
                silent.append(f"{row.get('name')} ({row.get('campaignId')})")
            yield row
        if silent:
            more = f" and {len(silent) - NAMED} more" if len(silent) > NAMED else ""
            logger.warning(
                "Profile %s has %d legacy Sponsored Brands campaigns, which Amazon leaves out of "
                "all reports but that of purchased products: %s%s",
                delivery.request.account.account_id,
                len(silent),
                ", ".join(silent[:NAMED]),
                more,
            )


class SbAdGroups(EntityStream):
    """Ad groups of Sponsored Brands."""

    name = "sb_ad_groups"
    keys = ("ad_group_id",)
    columns = (texts("adGroupId", "campaignId", "name", "state"), EXTENDED, leftovers())


class SbAds(EntityStream):
    """Ads of Sponsored Brands with their newest creative; those of legacy campaigns have no id."""

    name = "sb_ads"
    keys = ("campaign_id", "ad_group_id", "ad_id")
    lacks = ("ad_id",)
    columns = (
        texts("campaignId", "adGroupId", "adId", "name", "state"),
        text("landingPage.pageType", "landing_page_type"),
        text("landingPage.url", "landing_page_url"),
        json_("landingPage.asins", "landing_page_asins"),
        text("creative.type", "creative_type"),
        text("creative.creativeVersion"),
        text("creative.creativeStatus"),
        text("creative.headline"),
        text("creative.originalHeadline"),
        text("creative.brandName"),
        text("creative.brandLogoAssetID", "brand_logo_asset_id"),
        text("creative.brandLogoUrl"),
        json_("creative.brandLogoCrop"),
        text("creative.customImageAssetId"),
        text("creative.customImageUrl"),
        json_("creative.customImageCrop"),
        json_("creative.customImages"),
        json_("creative.videoAssetIds"),
        json_("creative.originalVideoAssetIds"),
        json_("creative.asins"),
        json_("creative.subpages"),
        json_("creative.creativePropertiesToOptimize"),
        boolean("creative.consentToTranslate"),
        EXTENDED,
        leftovers(),
    )
