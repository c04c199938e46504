"""What Reporting v3 offers: report types, their groupings, columns, filters, range and retention.

A column named ``…{W}`` stands for the four click windows of Sponsored Products.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.world.events import AdProduct

_STATUSES = ("ENABLED", "PAUSED", "ARCHIVED")


@dataclass(frozen=True)
class GroupBy:
    """What a grouping adds to a report: columns, and filters with the values they take."""

    columns: tuple[str, ...] = ()
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ReportType:
    """One ``reportTypeId``."""

    report_type_id: str
    ad_product: AdProduct
    columns: tuple[str, ...]
    """Allowed with every grouping."""
    group_by: dict[str, GroupBy]
    retention_days: int
    told_days: int
    """Older days may be asked for and have no rows (Amazon's known issue for SP: 65)."""
    max_days: int = 31
    """Days per request, both ends included."""


def _columns(text: str) -> tuple[str, ...]:
    windows = ("1d", "7d", "14d", "30d")
    return tuple(
        column
        for name in text.split()
        for column in ([name.format(W=w) for w in windows] if "{W}" in name else [name])
    )


_CAMPAIGN = """campaignName campaignId campaignStatus campaignBudgetAmount campaignBudgetType
    campaignRuleBasedBudgetAmount campaignApplicableBudgetRuleId campaignApplicableBudgetRuleName
    campaignBudgetCurrencyCode topOfSearchImpressionShare"""
_BORROWS = "qualifiedBorrows royaltyQualifiedBorrows"
_BORROWS_FROM_CLICKS = "qualifiedBorrowsFromClicks royaltyQualifiedBorrowsFromClicks"
_KINDLE = "kindleEditionNormalizedPagesRead14d kindleEditionNormalizedPagesRoyalties14d"
_QUARTILES = "videoFirstQuartileViews videoMidpointViews videoThirdQuartileViews"
_VIDEO = f"{_QUARTILES} videoCompleteViews videoUnmutes"

_SP_CAMPAIGNS = ReportType(
    "spCampaigns",
    AdProduct.SPONSORED_PRODUCTS,
    _columns(
        f"""impressions clicks cost purchases{{W}} purchasesSameSku{{W}} unitsSoldClicks{{W}}
        sales{{W}} attributedSalesSameSku{{W}} unitsSoldSameSku{{W}} date startDate endDate
        campaignBiddingStrategy costPerClick clickThroughRate spend
        addToList {_BORROWS} {_KINDLE}"""
    ),
    {
        "campaign": GroupBy(_columns(_CAMPAIGN), {"campaignStatus": _STATUSES}),
        "adGroup": GroupBy(_columns("adGroupName adGroupId adStatus"), {"adStatus": _STATUSES}),
        "campaignPlacement": GroupBy(
            _columns(f"placementClassification {_CAMPAIGN}"), {"campaignSite": ("AmazonBusiness",)}
        ),
    },
    retention_days=95,
    told_days=65,
)
_SB_CAMPAIGNS = ReportType(
    "sbCampaigns",
    AdProduct.SPONSORED_BRANDS,
    _columns(
        f"""addToCart addToCartClicks addToCartRate brandedSearches brandedSearchesClicks
        campaignBudgetAmount campaignBudgetCurrencyCode campaignBudgetType campaignId campaignName
        campaignStatus clicks cost costType date detailPageViews detailPageViewsClicks eCPAddToCart
        endDate impressions newToBrandDetailPageViewRate newToBrandDetailPageViews
        newToBrandDetailPageViewsClicks newToBrandECPDetailPageView newToBrandPurchases
        newToBrandPurchasesClicks newToBrandPurchasesPercentage newToBrandPurchasesRate
        newToBrandSales newToBrandSalesClicks newToBrandSalesPercentage newToBrandUnitsSold
        newToBrandUnitsSoldClicks newToBrandUnitsSoldPercentage purchases purchasesClicks
        purchasesPromoted sales salesClicks salesPromoted startDate topOfSearchImpressionShare
        unitsSold unitsSoldClicks viewabilityRate viewableImpressions viewClickThroughRate
        video5SecondViewRate video5SecondViews {_VIDEO}
        addToList addToListFromClicks {_BORROWS} {_BORROWS_FROM_CLICKS} {_KINDLE}"""
    ),
    {
        "campaign": GroupBy(
            _columns(
                """campaignBudgetAmount campaignBudgetCurrencyCode campaignBudgetType longTermSales
                longTermROAS topOfSearchImpressionShare"""
            ),
            {"campaignStatus": _STATUSES},
        ),
    },
    retention_days=60,
    told_days=60,
)
_SD_CAMPAIGNS = ReportType(
    "sdCampaigns",
    AdProduct.SPONSORED_DISPLAY,
    _columns(
        f"""addToCart addToCartClicks addToCartRate addToCartViews brandedSearches
        brandedSearchesClicks brandedSearchesViews brandedSearchRate campaignBudgetCurrencyCode
        campaignId campaignName clicks cost date detailPageViews detailPageViewsClicks eCPAddToCart
        eCPBrandSearch endDate impressions impressionsViews newToBrandPurchases
        newToBrandPurchasesClicks newToBrandSalesClicks newToBrandUnitsSold
        newToBrandUnitsSoldClicks purchases purchasesClicks purchasesPromotedClicks sales
        salesClicks salesPromotedClicks startDate unitsSold unitsSoldClicks viewabilityRate
        viewClickThroughRate {_VIDEO}
        addToList addToListFromClicks addToListFromViews {_BORROWS} {_BORROWS_FROM_CLICKS}
        qualifiedBorrowsFromViews royaltyQualifiedBorrowsFromViews"""
    ),
    {
        "campaign": GroupBy(
            _columns(
                """campaignBudgetAmount campaignStatus costType cumulativeReach
                impressionsFrequencyAverage longTermSales longTermROAS
                newToBrandDetailPageViewClicks newToBrandDetailPageViewRate
                newToBrandDetailPageViews newToBrandDetailPageViewViews
                newToBrandECPDetailPageView newToBrandSales"""
            )
        ),
        "matchedTarget": GroupBy(("matchedTargetAsin",)),
    },
    retention_days=65,
    told_days=65,
)
REPORT_TYPES: dict[str, ReportType] = {
    report_type.report_type_id: report_type
    for report_type in (_SP_CAMPAIGNS, _SB_CAMPAIGNS, _SD_CAMPAIGNS)
}
"""The report types served so far; the finer grains are declared here and nowhere else."""


def allowed_columns(report_type: ReportType, group_by: list[str], time_unit: str) -> list[str]:
    """The columns of a combination, in Amazon's order of base and groupings."""
    columns = dict.fromkeys(report_type.columns)
    for grouping in group_by:
        columns |= dict.fromkeys(report_type.group_by[grouping].columns)
    absent = {"date"} if time_unit == "SUMMARY" else {"startDate", "endDate"}
    return [column for column in columns if column not in absent]
