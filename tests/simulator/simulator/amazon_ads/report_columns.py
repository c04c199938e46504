"""What each report column says of one row. A column that the world knows nothing of is null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from simulator.amazon_ads.report_grains import HALO, PROMOTED
from simulator.amazon_ads.report_row import Row
from simulator.amazon_ads.sponsored_display import BID_OPTIMIZATION
from simulator.world.ads.entities import Target, known
from simulator.world.events import ZERO, AdProduct

Column = Callable[[Row], Any]


def _impressions(row: Row) -> int:
    return row.impressions


def _clicks(row: Row) -> int:
    return row.clicks


def _cost(row: Row) -> float:
    return float(row.cost)


def _sold(measure: str, days: int = 14, **only: bool) -> Column:
    """Sales amount, purchases or units within a window, of the sales with the given marks."""

    nothing: int | float = 0.0 if measure == "amount" else 0

    def of(row: Row) -> Any:
        if not row.sales:
            return nothing
        sales = [
            sale
            for sale in row.sales
            if sale.after <= timedelta(days=days)
            and all(getattr(sale, mark) is value for mark, value in only.items())
        ]
        if measure == "purchases":
            return len(sales)
        if measure == "units":
            return sum(sale.units for sale in sales)
        return float(sum((sale.amount for sale in sales), ZERO))

    return of


def _ratio(numerator: Column, denominator: Column, percent: int = 1) -> Column:
    """A rate rounded to four digits, null where there is nothing to divide by."""

    def of(row: Row) -> float | None:
        whole = denominator(row)
        return round(float(numerator(row)) / float(whole) * percent, 4) if whole else None

    return of


def _named(names: str, days: int = 14, suffix: str = "", **only: bool) -> dict[str, Column]:
    """The three measures under their column names (purchases, units, amount in this order)."""
    measures = zip(names.split(), ("purchases", "units", "amount"), strict=True)
    return {f"{name}{suffix}": _sold(measure, days, **only) for name, measure in measures}


def _windows() -> dict[str, Column]:
    same = "purchasesSameSku unitsSoldSameSku attributedSalesSameSku"
    other = "purchasesOtherSku unitsSoldOtherSku salesOtherSku"
    columns: dict[str, Column] = {}
    for days in (1, 7, 14, 30):
        suffix = f"{days}d"
        columns |= _named("purchases unitsSold sales", days, suffix)
        columns |= _named(same, days, suffix, is_promoted=True)
        columns |= _named(other, days, suffix, is_promoted=False)
        # Sponsored Products has nothing but clicks, Brands tells them apart from views.
        columns |= _named("ordersClicks unitsSoldClicks salesClicks", days, suffix, is_click=True)
        columns |= {
            f"acosClicks{suffix}": _ratio(_cost, _sold("amount", days), 100),
            f"roasClicks{suffix}": _ratio(_sold("amount", days), _cost),
        }
    return columns


def _fortnight() -> dict[str, Column]:
    measures = {"purchases": "purchases", "sales": "amount", "unitsSold": "units"}
    new = {"is_new_to_brand": True}
    columns: dict[str, Column] = {}
    for name, measure in measures.items():
        novel = f"newToBrand{name[0].upper()}{name[1:]}"
        columns |= {
            name: _sold(measure),
            f"{name}Clicks": _sold(measure, is_click=True),
            f"{name}Promoted": _sold(measure, is_promoted=True),
            f"{name}PromotedClicks": _sold(measure, is_promoted=True, is_click=True),
            novel: _sold(measure, **new),
            f"{novel}Clicks": _sold(measure, is_click=True, **new),
            f"{novel}Percentage": _ratio(_sold(measure, **new), _sold(measure), 100),
        }
        columns |= {f"{name}14d": columns[name] for name in (novel, f"{novel}Percentage")}
    halo = {"is_promoted": False}
    columns |= _named("conversions unitsSold sales", suffix="BrandHalo", **halo)
    columns |= _named(
        "conversions unitsSold sales", suffix="BrandHaloClicks", **halo, is_click=True
    )
    return columns | {"orders14d": columns["purchases"]}


UNALLOCATED = -20
"""The id of the row of sales that Amazon models without knowing their target."""


def _of_target(told: Callable[[Target], Any], unallocated: Any = None) -> Column:
    return lambda row: told(row.visits.target) if row.is_allocated else unallocated


def _brands_keyword(told: Callable[[Target], Any], are_keywords: bool = True) -> Column:
    """Brands reports name a keyword or a target, and never both."""
    return _of_target(lambda target: told(target) if target.is_keyword is are_keywords else None)


def _number(target: Target) -> int:
    return int(target.target_id)


def _text(target: Target) -> str:
    return target.text


_PROFILE: dict[str, Column] = {
    "date": lambda row: row.start.isoformat(),
    "startDate": lambda row: row.start.isoformat(),
    "endDate": lambda row: row.end.isoformat(),
    "campaignBudgetCurrencyCode": lambda row: row.campaign.profile.market.currency_code,
}
_CAMPAIGN: dict[str, Column] = {
    "portfolioId": lambda row: row.campaign.portfolio and int(row.campaign.portfolio.portfolio_id),
    "campaignId": lambda row: int(row.campaign.campaign_id),
    "campaignName": lambda row: known(row.campaign.names, row.today),
    "campaignStatus": lambda row: known(row.campaign.states, row.today).value,
    "campaignBudgetAmount": lambda row: float(known(row.campaign.budgets, row.today)),
    "campaignBudgetType": lambda row: "DAILY_BUDGET",
    "campaignBiddingStrategy": lambda row: "legacy",
    "costType": lambda row: row.campaign.cost_type,
    "campaignPriceTypeCode": lambda row: row.campaign.cost_type,
}
_INSIDE: dict[str, Column] = {
    "adGroupId": lambda row: int(row.visits.ad_group.ad_group_id),
    "adGroupName": lambda row: row.visits.ad_group.name,
    "bidOptimization": lambda row: BID_OPTIMIZATION[row.campaign.cost_type],
    # A filter of the reports by ad, too, where it means the ad.
    "adStatus": lambda row: row.state_inside(
        row.visits.ad.state if row.is_by_ad else row.visits.ad_group.state
    ),
    "adCreativeStatus": lambda row: row.state_inside(row.visits.ad.state),
    "adId": lambda row: row.visits.ad.ad_id and int(row.visits.ad.ad_id),
    "advertisedAsin": lambda row: row.visits.ad.asins[0],
    "advertisedSku": lambda row: row.visits.ad.sku,
    "promotedAsin": lambda row: row.visits.ad.asins[0],
    "promotedSku": lambda row: row.visits.ad.sku,
    "placementClassification": lambda row: row.visits.placement,
    "matchedTargetAsin": lambda row: row.visits.ad.asins[0],
    "searchTerm": lambda row: row.visits.search_term,
    "adKeywordStatus": lambda row: row.state_inside(row.visits.target.state),
}
_BOUGHT: dict[str, Column] = {
    "purchasedAsin": lambda row: row.bought and row.bought.asin,
    "asinBrandHalo": lambda row: row.bought and row.bought.asin,
    "productName": lambda row: row.bought and row.bought.title,
    "productCategory": lambda row: row.bought and row.bought.category,
    "attributionType": lambda row: HALO if row.is_other_product else PROMOTED,
}
_TARGETS: dict[AdProduct, dict[str, Column]] = {
    AdProduct.SPONSORED_PRODUCTS: {
        "keywordId": _of_target(_number),
        "keyword": _of_target(_text),
        "targeting": _of_target(_text),
    },
    AdProduct.SPONSORED_BRANDS: {
        "keywordId": _brands_keyword(_number),
        "keywordText": _brands_keyword(_text),
        "targetingId": _brands_keyword(_number, are_keywords=False),
        "targetingText": _brands_keyword(_text, are_keywords=False),
        "targetingExpression": _brands_keyword(_text, are_keywords=False),
        "targetingType": _brands_keyword(lambda target: target.match_type, are_keywords=False),
    },
    AdProduct.SPONSORED_DISPLAY: {
        "targetingId": _of_target(_number, UNALLOCATED),
        "targetingText": _of_target(_text, "Unallocated"),
        "targetingExpression": _of_target(_text, "Unallocated"),
    },
}
_TARGET: dict[str, Column] = {
    "keywordBid": _of_target(lambda target: float(target.bid)),
    "keywordType": _of_target(lambda target: target.match_type),
    "matchType": _of_target(lambda target: target.match_type),
}
_MEASURES: dict[str, Column] = {
    "impressions": _impressions,
    "impressionsViews": lambda row: row.viewable,
    "viewableImpressions": lambda row: row.viewable,
    "viewabilityRate": _ratio(lambda row: row.viewable, _impressions),
    "topOfSearchImpressionShare": _ratio(lambda row: row.top_of_search, _impressions, 100),
    "clicks": _clicks,
    "cost": _cost,
    "spend": _cost,
    "costPerClick": _ratio(_cost, _clicks),
    "clickThroughRate": _ratio(_clicks, _impressions, 100),
    "viewClickThroughRate": _ratio(_clicks, lambda row: row.viewable, 100),
    "grossImpressions": lambda row: row.gross_impressions,
    "grossClickThroughs": lambda row: row.gross_clicks,
    "invalidImpressions": lambda row: row.gross_impressions - row.impressions,
    "invalidClickThroughs": lambda row: row.gross_clicks - row.clicks,
    "invalidImpressionRate": _ratio(
        lambda row: row.gross_impressions - row.impressions, lambda row: row.gross_impressions, 100
    ),
    "invalidClickThroughRate": _ratio(
        lambda row: row.gross_clicks - row.clicks, lambda row: row.gross_clicks, 100
    ),
    "detailPageViews": lambda row: row.detail_page_views,
    "detailPageViewsClicks": lambda row: min(row.detail_page_views, row.clicks),
    "brandedSearches": lambda row: row.branded_searches,
    "brandedSearchesClicks": lambda row: min(row.branded_searches, row.clicks),
    "newToBrandPurchasesRate": _ratio(_sold("purchases", is_new_to_brand=True), _impressions),
}
_COLUMNS = {
    **_PROFILE, **_CAMPAIGN, **_INSIDE, **_BOUGHT, **_TARGET, **_MEASURES, **_windows(),
    **_fortnight(),
}  # fmt: skip


def value(column: str, row: Row) -> Any:
    """A column's value in a row, ready for JSON."""
    told = _TARGETS[row.campaign.ad_product].get(column) or _COLUMNS.get(column)
    return told(row) if told else None
