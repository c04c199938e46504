"""Sponsored Brands: the daily reports, at seven grains.

Without a suffix a conversion counts within 14 days of a click or a view, with `Clicks` of a click
alone; there is no other window. Campaigns of the legacy kind are in the purchased products only.
"""

from __future__ import annotations

from amazon_client.singer.schema import decimals, integer, integers, text, texts
from tap_amazon_ads.reports import Report
from tap_amazon_ads.streams.base import DATE, DailyReport

TRAFFIC = (integers("impressions", "clicks"), decimals("cost"), texts("costType"))

VIEWABLE = integer("viewableImpressions", description="What vCPM campaigns pay for")

CONVERSIONS = (
    integers("purchases", "purchasesClicks", "purchasesPromoted"),
    decimals("sales", "salesClicks", "salesPromoted"),
    integers("unitsSold"),
)
FROM_CLICKS = integer("unitsSoldClicks")

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

METRICS = (TRAFFIC, CONVERSIONS, NEW_TO_BRAND, VIEWS_AND_SEARCHES)

CAMPAIGN = texts("campaignId", "campaignName", "campaignBudgetCurrencyCode")
AD_GROUP = (CAMPAIGN, texts("adGroupId", "adGroupName"))


def report(
    report_type: str,
    *group_by: str,
    hourly: bool = False,
    retention_days: int = 60,
    longest: int = 31,
) -> Report:
    """Declare a Sponsored Brands report."""
    return Report(
        ad_product="SPONSORED_BRANDS",
        report_type=report_type,
        group_by=group_by,
        retention_days=retention_days,
        longest=longest,
        hourly=hourly,
    )


class SbCampaignsDaily(DailyReport):
    """Sponsored Brands by campaign and day."""

    name = "sb_campaigns_daily"
    report = report("sbCampaigns", "campaign", hourly=True)
    keys = ("date", "campaign_id")
    columns = (
        DATE,
        texts("campaignId", "campaignName", "campaignStatus"),
        decimals("campaignBudgetAmount"),
        texts("campaignBudgetType", "campaignBudgetCurrencyCode"),
        METRICS,
        VIEWABLE,
        FROM_CLICKS,
    )


class SbPlacementsDaily(DailyReport):
    """Sponsored Brands by campaign, placement and day."""

    name = "sb_placements_daily"
    report = report("sbCampaignPlacement", "campaignPlacement")
    keys = ("date", "campaign_id", "placement_classification")
    lacks = ("placement_classification",)
    columns = (DATE, CAMPAIGN, text("placementClassification"), METRICS, VIEWABLE, FROM_CLICKS)


class SbAdGroupsDaily(DailyReport):
    """Sponsored Brands by ad group and day."""

    name = "sb_ad_groups_daily"
    report = report("sbAdGroup", "adGroup")
    keys = ("date", "ad_group_id")
    columns = (DATE, AD_GROUP, METRICS, FROM_CLICKS)


class SbTargetingDaily(DailyReport):
    """Sponsored Brands by keyword, target or theme and day: one of the two ids is ''."""

    name = "sb_targeting_daily"
    report = report("sbTargeting", "targeting")
    keys = ("date", "ad_group_id", "keyword_id", "targeting_id", "keyword_type")
    lacks = ("keyword_id", "targeting_id", "keyword_type")
    columns = (
        DATE,
        AD_GROUP,
        texts("keywordId", "keywordText", "keywordType", "matchType"),
        texts("targetingId", "targetingExpression", "targetingText", "targetingType"),
        METRICS,
    )


class SbAdsDaily(DailyReport):
    """Sponsored Brands by ad and day."""

    name = "sb_ads_daily"
    report = report("sbAds", "ads")
    keys = ("date", "ad_group_id", "ad_id")
    lacks = ("ad_id",)
    columns = (DATE, AD_GROUP, text("adId"), METRICS, VIEWABLE, FROM_CLICKS)


class SbSearchTermsDaily(DailyReport):
    """Sponsored Brands by search term and day; only terms with a click."""

    name = "sb_search_terms_daily"
    report = report("sbSearchTerm", "searchTerm")
    keys = ("date", "ad_group_id", "keyword_id", "search_term", "match_type")
    lacks = ("keyword_id", "search_term", "match_type")
    columns = (
        DATE,
        AD_GROUP,
        texts("keywordId", "keywordText", "matchType"),
        text("searchTerm", description="`*` where there was no query"),
        TRAFFIC,
        VIEWABLE,
        integers("purchases", "purchasesClicks"),
        decimals("sales", "salesClicks"),
        integers("unitsSold"),
    )


class SbPurchasedProductsDaily(DailyReport):
    """Products that were bought after an ad, legacy campaigns included; it knows no cost."""

    name = "sb_purchased_products_daily"
    report = report("sbPurchasedProduct", "purchasedAsin", retention_days=731, longest=731)
    keys = ("date", "campaign_id", "ad_group_id", "purchased_asin", "attribution_type")
    lacks = ("ad_group_id", "purchased_asin", "attribution_type")
    columns = (
        DATE,
        AD_GROUP,
        texts("purchasedAsin", "attributionType", "productName", "productCategory"),
        integers("orders14d", "ordersClicks14d"),
        decimals("sales14d", "salesClicks14d"),
        integers("unitsSold14d", "unitsSoldClicks14d"),
        integers("newToBrandPurchases14d"),
        decimals("newToBrandPurchasesPercentage14d"),
        decimals("newToBrandSales14d", "newToBrandSalesPercentage14d"),
        integers("newToBrandUnitsSold14d"),
        decimals("newToBrandUnitsSoldPercentage14d"),
    )
