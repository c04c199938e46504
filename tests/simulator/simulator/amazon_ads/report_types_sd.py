"""The reports of Sponsored Display: clicks and views, 14 days."""

from __future__ import annotations

from simulator.amazon_ads.report_declarations import (
    BORROWS,
    BORROWS_FROM_CLICKS,
    BORROWS_FROM_VIEWS,
    VIDEO,
    GroupBy,
    ReportType,
    columns,
    gross_and_invalids,
)
from simulator.amazon_ads.report_grains import Grain
from simulator.world.events import AdProduct

SD = AdProduct.SPONSORED_DISPLAY
_CAMPAIGN = "campaignBudgetCurrencyCode campaignId campaignName date startDate endDate"
_LISTS = f"""addToList addToListFromClicks addToListFromViews {BORROWS} {BORROWS_FROM_CLICKS}
    {BORROWS_FROM_VIEWS}"""
_MEASURES = f"""addToCart addToCartClicks addToCartRate addToCartViews brandedSearches
    brandedSearchesClicks brandedSearchesViews brandedSearchRate clicks cost detailPageViews
    detailPageViewsClicks eCPAddToCart eCPBrandSearch impressions impressionsViews
    newToBrandPurchases newToBrandPurchasesClicks newToBrandSalesClicks newToBrandUnitsSold
    newToBrandUnitsSoldClicks purchases purchasesClicks purchasesPromotedClicks sales salesClicks
    salesPromotedClicks unitsSold unitsSoldClicks viewabilityRate viewClickThroughRate {VIDEO}
    {_LISTS}"""
_NEW_VIEWS = """newToBrandDetailPageViewClicks newToBrandDetailPageViewRate
    newToBrandDetailPageViews newToBrandDetailPageViewViews newToBrandECPDetailPageView"""
_REACH = "cumulativeReach impressionsFrequencyAverage"
_GROUP = f"{_CAMPAIGN} adGroupId adGroupName {_MEASURES} newToBrandSales"
_MATCHED = GroupBy(Grain.MATCHED_TARGET, ("matchedTargetAsin",))


def _report(name: str, allowed: str, group_by: dict[str, GroupBy]) -> ReportType:
    return ReportType(name, SD, columns(allowed), group_by, retention_days=65, told_days=65)


REPORTS = (
    _report(
        "sdCampaigns",
        f"{_CAMPAIGN} {_MEASURES}",
        {
            "campaign": GroupBy(
                Grain.CAMPAIGN,
                columns(
                    f"""campaignBudgetAmount campaignStatus costType {_REACH} longTermSales
                    longTermROAS {_NEW_VIEWS} newToBrandSales"""
                ),
            ),
            "matchedTarget": _MATCHED,
        },
    ),
    _report(
        "sdAdGroup",
        f"{_GROUP} bidOptimization cumulativeReach",
        {
            "adGroup": GroupBy(Grain.AD_GROUP, columns(f"{_REACH} {_NEW_VIEWS}")),
            "matchedTarget": _MATCHED,
        },
    ),
    _report(
        "sdTargeting",
        f"{_GROUP} targetingExpression targetingId targetingText",
        {
            "targeting": GroupBy(Grain.TARGET, columns(f"adKeywordStatus {_NEW_VIEWS}")),
            "matchedTarget": _MATCHED,
        },
    ),
    _report(
        "sdAdvertisedProduct",
        f"{_GROUP} adId bidOptimization {_REACH} {_NEW_VIEWS} promotedAsin promotedSku",
        {"advertiser": GroupBy(Grain.AD)},
    ),
    _report(
        "sdPurchasedProduct",
        f"""{_CAMPAIGN} adGroupId adGroupName asinBrandHalo conversionsBrandHalo
        conversionsBrandHaloClicks promotedAsin promotedSku salesBrandHalo salesBrandHaloClicks
        unitsSoldBrandHalo unitsSoldBrandHaloClicks {_LISTS}""",
        {"asin": GroupBy(Grain.OTHER_PRODUCT_BY_AD)},
    ),
    gross_and_invalids("sd", SD),
)
