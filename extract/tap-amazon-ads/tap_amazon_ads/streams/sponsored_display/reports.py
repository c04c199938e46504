"""Sponsored Display: the daily reports, at five grains.

Without a suffix a conversion counts within 14 days of a click or a view, with `Clicks` of a click
alone; there is no other window.
"""

from __future__ import annotations

from amazon_client.singer.schema import decimals, integers, text, texts
from tap_amazon_ads.reports import Report
from tap_amazon_ads.streams.base import DATE, DailyReport

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
"""What every report but that of purchases counts."""

NEW_TO_BRAND_SALES = decimals("newToBrandSales")
"""Not told by target."""

NEW_TO_BRAND_VIEWS = (
    integers(
        "newToBrandDetailPageViews",
        "newToBrandDetailPageViewClicks",
        "newToBrandDetailPageViewViews",
    ),
    decimals("newToBrandDetailPageViewRate", "newToBrandECPDetailPageView"),
)

CAMPAIGN = texts("campaignId", "campaignName", "campaignBudgetCurrencyCode")
AD_GROUP = (CAMPAIGN, texts("adGroupId", "adGroupName"))


def report(report_type: str, *group_by: str, hourly: bool = False) -> Report:
    """Declare a Sponsored Display report."""
    return Report(
        ad_product="SPONSORED_DISPLAY",
        report_type=report_type,
        group_by=group_by,
        retention_days=65,
        hourly=hourly,
    )


class SdCampaignsDaily(DailyReport):
    """Sponsored Display by campaign and day."""

    name = "sd_campaigns_daily"
    report = report("sdCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (
        DATE,
        texts("campaignId", "campaignName", "campaignStatus", "costType"),
        decimals("campaignBudgetAmount"),
        texts("campaignBudgetCurrencyCode"),
        NEW_TO_BRAND_SALES,
        NEW_TO_BRAND_VIEWS,
        METRICS,
    )


class SdAdGroupsDaily(DailyReport):
    """Sponsored Display by ad group and day."""

    name = "sd_ad_groups_daily"
    report = report("sdAdGroup", "adGroup")
    keys = ("date", "ad_group_id")
    columns = (
        DATE,
        AD_GROUP,
        text("bidOptimization"),
        METRICS,
        NEW_TO_BRAND_SALES,
        NEW_TO_BRAND_VIEWS,
    )


class SdTargetingDaily(DailyReport):
    """Sponsored Display by target and day; id -20 are conversions of no known target."""

    name = "sd_targeting_daily"
    report = report("sdTargeting", "targeting")
    keys = ("date", "ad_group_id", "targeting_id")
    lacks = ("ad_group_id", "targeting_id")
    columns = (
        DATE,
        AD_GROUP,
        text("targetingId", description="-20 is Amazon's `Unallocated`, which no list has"),
        texts("targetingExpression", "targetingText"),
        METRICS,
        NEW_TO_BRAND_VIEWS,
    )


class SdAdvertisedProductsDaily(DailyReport):
    """Sponsored Display by advertised product and day."""

    name = "sd_advertised_products_daily"
    report = report("sdAdvertisedProduct", "advertiser")
    keys = ("date", "ad_id")
    columns = (
        DATE,
        AD_GROUP,
        texts("adId", "promotedAsin", "promotedSku", "bidOptimization"),
        METRICS,
        NEW_TO_BRAND_SALES,
        NEW_TO_BRAND_VIEWS,
    )


class SdPurchasedProductsDaily(DailyReport):
    """Other products of the brand that were bought after an ad; never to be added to sales."""

    name = "sd_purchased_products_daily"
    report = report("sdPurchasedProduct", "asin")
    keys = ("date", "ad_group_id", "promoted_asin", "promoted_sku", "asin_brand_halo")
    lacks = ("promoted_asin", "promoted_sku", "asin_brand_halo")
    columns = (
        DATE,
        AD_GROUP,
        texts("promotedAsin", "promotedSku", "asinBrandHalo"),
        integers("conversionsBrandHalo", "conversionsBrandHaloClicks"),
        decimals("salesBrandHalo", "salesBrandHaloClicks"),
        integers("unitsSoldBrandHalo", "unitsSoldBrandHaloClicks"),
    )
