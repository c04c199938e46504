"""The reports of Sponsored Brands: clicks and views, 14 days, no legacy campaigns."""

from __future__ import annotations

from simulator.amazon_ads.report_declarations import (
    BORROWS,
    BORROWS_FROM_CLICKS,
    KEYWORD_TYPES,
    KINDLE,
    STATUSES,
    VIDEO,
    GroupBy,
    ReportType,
    columns,
    gross_and_invalids,
)
from simulator.amazon_ads.report_grains import Grain
from simulator.world.events import AdProduct

SB = AdProduct.SPONSORED_BRANDS
_CAMPAIGN = """campaignBudgetAmount campaignBudgetCurrencyCode campaignBudgetType campaignId
    campaignName campaignStatus costType date startDate endDate"""
_LISTS = f"addToList addToListFromClicks {BORROWS} {BORROWS_FROM_CLICKS}"
_VIDEO = f"{VIDEO} video5SecondViewRate video5SecondViews"
_MEASURES = f"""addToCart addToCartClicks addToCartRate brandedSearches brandedSearchesClicks clicks
    cost detailPageViews detailPageViewsClicks eCPAddToCart impressions
    newToBrandDetailPageViewRate newToBrandDetailPageViews newToBrandDetailPageViewsClicks
    newToBrandECPDetailPageView newToBrandPurchases newToBrandPurchasesClicks
    newToBrandPurchasesPercentage newToBrandPurchasesRate newToBrandSales newToBrandSalesClicks
    newToBrandSalesPercentage newToBrandUnitsSold newToBrandUnitsSoldClicks
    newToBrandUnitsSoldPercentage purchases purchasesClicks purchasesPromoted sales salesClicks
    salesPromoted unitsSold {_LISTS}"""
_SEEN = f"unitsSoldClicks viewabilityRate {_VIDEO} {KINDLE}"
_VIEWABLE = "viewableImpressions viewClickThroughRate"


def _report(name: str, allowed: str, group_by: dict[str, GroupBy]) -> ReportType:
    return ReportType(name, SB, columns(allowed), group_by, retention_days=60, told_days=60)


REPORTS = (
    _report(
        "sbCampaigns",
        f"{_CAMPAIGN} {_MEASURES} {_SEEN} {_VIEWABLE} topOfSearchImpressionShare",
        {
            "campaign": GroupBy(
                Grain.CAMPAIGN,
                columns(
                    """campaignBudgetAmount campaignBudgetCurrencyCode campaignBudgetType
                    longTermSales longTermROAS topOfSearchImpressionShare"""
                ),
                {"campaignStatus": STATUSES},
            )
        },
    ),
    _report(
        "sbCampaignPlacement",
        f"{_CAMPAIGN} {_MEASURES} {_SEEN} {_VIEWABLE}",
        {
            # The guide names one, the contract's example the other.
            "campaignPlacement": GroupBy(Grain.PLACEMENT, ("placementClassification",)),
            "campaign": GroupBy(Grain.CAMPAIGN),
        },
    ),
    _report(
        "sbAdGroup",
        f"{_CAMPAIGN} adGroupId adGroupName adStatus {_MEASURES} {_SEEN}",
        {
            "adGroup": GroupBy(Grain.AD_GROUP, filters={"adStatus": STATUSES}),
            "campaign": GroupBy(Grain.AD_GROUP),
        },
    ),
    _report(
        "sbTargeting",
        f"""{_CAMPAIGN} adGroupId adGroupName {_MEASURES} keywordBid keywordId adKeywordStatus
        keywordText keywordType matchType targetingExpression targetingId targetingText
        targetingType topOfSearchImpressionShare""",
        {
            "targeting": GroupBy(
                Grain.TARGET,
                filters={"adKeywordStatus": STATUSES, "keywordType": (*KEYWORD_TYPES, "THEME")},
            )
        },
    ),
    _report(
        "sbAds",
        f"{_CAMPAIGN} adGroupId adGroupName adId {_MEASURES} {_SEEN} viewableImpressions",
        {"ads": GroupBy(Grain.AD, filters={"adStatus": STATUSES})},
    ),
    _report(
        "sbSearchTerm",
        f"""{_CAMPAIGN} adGroupId adGroupName clicks cost impressions keywordBid keywordId
        keywordText matchType purchases purchasesClicks sales salesClicks searchTerm unitsSold
        viewabilityRate {_VIDEO} {_VIEWABLE} {_LISTS} {KINDLE}""",
        {
            "searchTerm": GroupBy(
                Grain.SEARCH_TERM, ("adKeywordStatus",), {"keywordType": KEYWORD_TYPES}
            )
        },
    ),
    ReportType(
        "sbPurchasedProduct",
        SB,
        columns(
            f"""campaignId adGroupId date startDate endDate campaignBudgetCurrencyCode campaignName
            campaignPriceTypeCode adGroupName attributionType purchasedAsin ordersClicks14d
            productName productCategory sales14d salesClicks14d orders14d unitsSold14d
            newToBrandSales14d newToBrandPurchases14d newToBrandUnitsSold14d
            newToBrandSalesPercentage14d newToBrandPurchasesPercentage14d
            newToBrandUnitsSoldPercentage14d unitsSoldClicks14d {KINDLE}"""
        ),
        {"purchasedAsin": GroupBy(Grain.PURCHASED_PRODUCT)},
        retention_days=731,
        told_days=731,
        max_days=731,
    ),
    gross_and_invalids("sb", SB),
)
