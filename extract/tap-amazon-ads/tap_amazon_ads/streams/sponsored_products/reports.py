"""Sponsored Products: the daily reports, at seven grains.

Grains do not add up to each other: spend is that of the campaigns.
"""

from __future__ import annotations

from amazon_client.singer.schema import decimal, decimals, integer, integers, text, texts
from tap_amazon_ads.reports import Report
from tap_amazon_ads.streams.base import DATE, DailyReport, every_window

METRICS = (
    integers("impressions", "clicks"),
    decimals("cost"),
    every_window(integer, "purchases", "purchasesSameSku"),
    every_window(integer, "unitsSoldClicks", "unitsSoldSameSku"),
    every_window(decimal, "sales", "attributedSalesSameSku"),
)
"""What every report but that of purchases counts; conversions on the day of the click."""

OTHER_SKU = (decimal("salesOtherSku7d"), integer("unitsSoldOtherSku7d"))
"""Sales of other products than the advertised one; there is no other window of it here."""

CAMPAIGN = texts("campaignId", "campaignName", "campaignBudgetCurrencyCode")
AD_GROUP = (CAMPAIGN, texts("adGroupId", "adGroupName"))
KEYWORD = texts("keywordId", "keyword", "keywordType", "matchType")
"""A keyword or, by the same names, a target."""


def report(
    report_type: str, *group_by: str, hourly: bool = False, retention_days: int = 95
) -> Report:
    """Declare a Sponsored Products report; only the last 65 of its days are reliably filled."""
    return Report(
        ad_product="SPONSORED_PRODUCTS",
        report_type=report_type,
        group_by=group_by,
        retention_days=retention_days,
        hourly=hourly,
    )


class SpCampaignsDaily(DailyReport):
    """Sponsored Products by campaign and day."""

    name = "sp_campaigns_daily"
    report = report("spCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (
        DATE,
        texts("campaignId", "campaignName", "campaignStatus"),
        decimals("campaignBudgetAmount"),
        texts("campaignBudgetType", "campaignBudgetCurrencyCode"),
        METRICS,
    )


class SpAdGroupsDaily(DailyReport):
    """Sponsored Products by ad group and day."""

    name = "sp_ad_groups_daily"
    # Grouped by ad group alone the rows would not know their campaign.
    report = report("spCampaigns", "campaign", "adGroup")
    keys = ("date", "campaign_id", "ad_group_id")
    columns = (DATE, AD_GROUP, METRICS)


class SpPlacementsDaily(DailyReport):
    """Sponsored Products by campaign, placement and day; orders may be missing in it."""

    name = "sp_placements_daily"
    report = report("spCampaigns", "campaign", "campaignPlacement")
    keys = ("date", "campaign_id", "placement_classification")
    lacks = ("placement_classification",)
    columns = (DATE, CAMPAIGN, text("placementClassification"), METRICS)


class SpTargetingDaily(DailyReport):
    """Sponsored Products by keyword or target and day."""

    name = "sp_targeting_daily"
    report = report("spTargeting", "targeting")
    keys = ("date", "campaign_id", "ad_group_id", "keyword_id")
    lacks = ("keyword_id",)
    columns = (DATE, AD_GROUP, KEYWORD, text("targeting"), METRICS, OTHER_SKU)


class SpSearchTermsDaily(DailyReport):
    """Sponsored Products by search term and day; only terms with a click."""

    name = "sp_search_terms_daily"
    # 95 days in the older documentation, 65 in the newer.
    report = report("spSearchTerm", "searchTerm", retention_days=65)
    keys = (
        "date",
        "campaign_id",
        "ad_group_id",
        "keyword_id",
        "search_term",
        "match_type",
        "targeting",
    )
    lacks = ("keyword_id", "search_term", "match_type", "targeting")
    columns = (
        DATE,
        AD_GROUP,
        KEYWORD,
        text("targeting"),
        text("searchTerm", description="`*` where there was no query"),
        METRICS,
        OTHER_SKU,
    )


class SpAdvertisedProductsDaily(DailyReport):
    """Sponsored Products by advertised product and day."""

    name = "sp_advertised_products_daily"
    report = report("spAdvertisedProduct", "advertiser")
    keys = ("date", "ad_id")
    columns = (
        DATE,
        AD_GROUP,
        texts("adId", "advertisedAsin", "advertisedSku"),
        METRICS,
        OTHER_SKU,
    )


class SpPurchasedProductsDaily(DailyReport):
    """Products that were bought after a click on the ad of another one; never to be added up."""

    name = "sp_purchased_products_daily"
    report = report("spPurchasedProduct", "asin")
    keys = (
        "date",
        "campaign_id",
        "ad_group_id",
        "keyword_id",
        "advertised_asin",
        "advertised_sku",
        "purchased_asin",
    )
    lacks = ("keyword_id", "advertised_asin", "advertised_sku", "purchased_asin")
    columns = (
        DATE,
        AD_GROUP,
        KEYWORD,
        texts("advertisedAsin", "advertisedSku", "purchasedAsin"),
        every_window(integer, "purchases", "purchasesOtherSku"),
        every_window(integer, "unitsSoldClicks", "unitsSoldOtherSku"),
        every_window(decimal, "sales", "salesOtherSku"),
    )
