"""Sponsored Display: entities of API 3.0 and reports."""

from __future__ import annotations

from amazon_client.singer.schema import (
    day,
    decimal,
    decimals,
    integers,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_ads.reporting import Report
from tap_amazon_ads.streams.base import DATE, DailyReport, EntityStream

EXTENDED = (
    timestamp("creationDate"),
    timestamp("lastUpdatedDate"),
    text("servingStatus"),
)
"""Filled when extended data are asked for."""

METRICS = (
    integers("impressions", "impressionsViews", "clicks"),
    decimals("cost"),
    integers("purchases", "purchasesClicks", "purchasesPromotedClicks"),
    decimals("sales", "salesClicks", "salesPromotedClicks"),
    integers("unitsSold", "unitsSoldClicks"),
    integers("newToBrandPurchases", "newToBrandPurchasesClicks"),
    decimals("newToBrandSalesClicks"),
    integers("newToBrandUnitsSold", "newToBrandUnitsSoldClicks"),
)
"""What every Sponsored Display report counts; conversions within 14 days of a click or, without the
suffix, of a view."""

CAMPAIGN = (
    texts("campaignId", "campaignName", "campaignStatus", "costType"),
    decimals("campaignBudgetAmount"),
    texts("campaignBudgetCurrencyCode"),
    decimals("newToBrandSales", "newToBrandDetailPageViewRate", "newToBrandECPDetailPageView"),
    integers(
        "newToBrandDetailPageViews",
        "newToBrandDetailPageViewClicks",
        "newToBrandDetailPageViewViews",
    ),
)
"""What only a report by campaign knows."""


def report(report_type: str, *group_by: str, hourly: bool = False) -> Report:
    """Declare a Sponsored Display report."""
    return Report(
        ad_product="SPONSORED_DISPLAY",
        report_type=report_type,
        group_by=group_by,
        retention_days=65,
        hourly=hourly,
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


class SdCampaignsDaily(DailyReport):
    """Sponsored Display by campaign and day."""

    name = "sd_campaigns_daily"
    report = report("sdCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (DATE, CAMPAIGN, METRICS)
