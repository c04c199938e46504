"""Sponsored Products: entities of API v3 and reports."""

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
from tap_amazon_ads.streams.base import DATE, DailyReport, EntityStream, every_window

EXTENDED = (
    timestamp("extendedData.creationDateTime"),
    timestamp("extendedData.lastUpdateDateTime"),
    text("extendedData.servingStatus"),
    json_("extendedData.servingStatusDetails"),
)
"""Filled when extended data are asked for."""

METRICS = (
    integers("impressions", "clicks"),
    decimals("cost"),
    every_window(integer, "purchases", "purchasesSameSku"),
    every_window(integer, "unitsSoldClicks", "unitsSoldSameSku"),
    every_window(decimal, "sales", "attributedSalesSameSku"),
)
"""What every Sponsored Products report counts. Conversions are booked on the day of the click."""

CAMPAIGN = (
    texts("campaignId", "campaignName", "campaignStatus"),
    decimals("campaignBudgetAmount"),
    texts("campaignBudgetType", "campaignBudgetCurrencyCode"),
)


def report(report_type: str, *group_by: str, hourly: bool = False) -> Report:
    """Declare a Sponsored Products report."""
    return Report(
        ad_product="SPONSORED_PRODUCTS",
        report_type=report_type,
        group_by=group_by,
        retention_days=95,
        hourly=hourly,
    )


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


class SpCampaignsDaily(DailyReport):
    """Sponsored Products by campaign and day."""

    name = "sp_campaigns_daily"
    report = report("spCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (DATE, CAMPAIGN, METRICS)
