"""Sponsored Brands: entities of API v4 and reports."""

from __future__ import annotations

from amazon_client.singer.schema import (
    boolean,
    day,
    decimal,
    decimals,
    integer,
    integers,
    json_,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_ads.reporting import Report
from tap_amazon_ads.streams.base import DATE, DailyReport, EntityStream

EXTENDED = (
    timestamp("extendedData.creationDate"),
    timestamp("extendedData.lastUpdateDate"),
    text("extendedData.servingStatus"),
    json_("extendedData.servingStatusDetails"),
)
"""Filled when extended data are asked for."""

TRAFFIC = (integers("impressions", "clicks"), decimals("cost"), texts("costType"))

CONVERSIONS = (
    integers("purchases", "purchasesClicks", "purchasesPromoted"),
    decimals("sales", "salesClicks", "salesPromoted"),
    integers("unitsSold", "unitsSoldClicks"),
)
"""Within 14 days of a click or, without the suffix, of a view; the only window there is."""

NEW_TO_BRAND = (
    integers("newToBrandPurchases", "newToBrandPurchasesClicks"),
    decimals("newToBrandPurchasesPercentage", "newToBrandPurchasesRate"),
    decimals("newToBrandSales", "newToBrandSalesClicks", "newToBrandSalesPercentage"),
    integers("newToBrandUnitsSold", "newToBrandUnitsSoldClicks"),
    decimals("newToBrandUnitsSoldPercentage"),
    integers("newToBrandDetailPageViews", "newToBrandDetailPageViewsClicks"),
    decimals("newToBrandDetailPageViewRate", "newToBrandECPDetailPageView"),
)

VIEWS_AND_SEARCHES = integers(
    "detailPageViews", "detailPageViewsClicks", "brandedSearches", "brandedSearchesClicks"
)

CAMPAIGN = (
    texts("campaignId", "campaignName", "campaignStatus"),
    decimals("campaignBudgetAmount"),
    texts("campaignBudgetType", "campaignBudgetCurrencyCode"),
)


def report(report_type: str, *group_by: str, hourly: bool = False) -> Report:
    """Declare a Sponsored Brands report."""
    return Report(
        ad_product="SPONSORED_BRANDS",
        report_type=report_type,
        group_by=group_by,
        retention_days=60,
        hourly=hourly,
    )


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


class SbCampaignsDaily(DailyReport):
    """Sponsored Brands by campaign and day."""

    name = "sb_campaigns_daily"
    report = report("sbCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (
        DATE,
        CAMPAIGN,
        TRAFFIC,
        integer("viewableImpressions", description="What vCPM campaigns pay for"),
        CONVERSIONS,
        NEW_TO_BRAND,
        VIEWS_AND_SEARCHES,
    )
