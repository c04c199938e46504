"""The reports of Sponsored Products: clicks only, four windows."""

from __future__ import annotations

from simulator.amazon_ads.report_declarations import (
    BORROWS,
    BORROWS_FROM_CLICKS,
    KEYWORD_TYPES,
    KINDLE,
    STATUSES,
    GroupBy,
    ReportType,
    columns,
    gross_and_invalids,
)
from simulator.amazon_ads.report_grains import Grain
from simulator.world.events import AdProduct

SP = AdProduct.SPONSORED_PRODUCTS
_DATES = "date startDate endDate"
_WINDOWS = """purchases{W} purchasesSameSku{W} unitsSoldClicks{W} sales{W}
    attributedSalesSameSku{W} unitsSoldSameSku{W}"""
_MEASURES = f"""impressions clicks cost {_WINDOWS} costPerClick clickThroughRate
    addToList {BORROWS} {KINDLE}"""
_RATES = """salesOtherSku7d unitsSoldOtherSku7d acosClicks7d acosClicks14d roasClicks7d
    roasClicks14d"""
_BUDGET = "campaignStatus campaignBudgetAmount campaignBudgetType campaignBudgetCurrencyCode"
_CAMPAIGN = f"""campaignName campaignId {_BUDGET} campaignRuleBasedBudgetAmount
    campaignApplicableBudgetRuleId campaignApplicableBudgetRuleName topOfSearchImpressionShare"""
_NAMES = "portfolioId campaignName campaignId adGroupName adGroupId"
_TARGET = "keywordId keyword keywordBid keywordType matchType targeting"


def _report(name: str, allowed: str, group_by: dict[str, GroupBy]) -> ReportType:
    """A report of 95 days' retention, of which Amazon tells the last 65 only."""
    return ReportType(name, SP, columns(allowed), group_by, retention_days=95, told_days=65)


REPORTS = (
    _report(
        "spCampaigns",
        f"{_MEASURES} spend {_DATES} campaignBiddingStrategy",
        {
            "campaign": GroupBy(Grain.CAMPAIGN, columns(_CAMPAIGN), {"campaignStatus": STATUSES}),
            "adGroup": GroupBy(
                Grain.AD_GROUP, columns("adGroupName adGroupId adStatus"), {"adStatus": STATUSES}
            ),
            "campaignPlacement": GroupBy(
                Grain.PLACEMENT,
                columns(f"placementClassification {_CAMPAIGN}"),
                {"campaignSite": ("AmazonBusiness",)},
            ),
        },
    ),
    _report(
        "spTargeting",
        f"{_MEASURES} {_RATES} {_DATES} {_NAMES} {_BUDGET} {_TARGET} topOfSearchImpressionShare",
        {
            "targeting": GroupBy(
                Grain.TARGET,
                ("adKeywordStatus",),
                {"adKeywordStatus": STATUSES, "keywordType": KEYWORD_TYPES},
            )
        },
    ),
    _report(
        "spSearchTerm",
        f"{_MEASURES} {_RATES} {_DATES} {_NAMES} {_BUDGET} {_TARGET} searchTerm adKeywordStatus",
        {
            "searchTerm": GroupBy(
                Grain.SEARCH_TERM, ("adKeywordStatus",), {"keywordType": KEYWORD_TYPES}
            )
        },
    ),
    _report(
        "spAdvertisedProduct",
        f"""{_MEASURES} spend {_RATES} {_DATES} {_NAMES} {_BUDGET} adId advertisedAsin
        advertisedSku""",
        {"advertiser": GroupBy(Grain.AD, filters={"adCreativeStatus": STATUSES})},
    ),
    _report(
        "spPurchasedProduct",
        f"""{_DATES} {_NAMES} keywordId keyword keywordType matchType advertisedAsin purchasedAsin
        advertisedSku campaignBudgetCurrencyCode unitsSoldClicks{{W}} sales{{W}} purchases{{W}}
        unitsSoldOtherSku{{W}} salesOtherSku{{W}} purchasesOtherSku{{W}}
        addToList addToListFromClicks {BORROWS} {BORROWS_FROM_CLICKS} {KINDLE}""",
        {"asin": GroupBy(Grain.OTHER_PRODUCT_BY_TARGET)},
    ),
    gross_and_invalids("sp", SP),
)
