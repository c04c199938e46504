"""What each report column says of one row. A column that the world knows nothing of is null."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from simulator.world.ads.entities import AdGroup, Campaign, known
from simulator.world.events import ZERO


@dataclass(frozen=True, slots=True)
class Sale:
    """One order item credited to an ad."""

    after: timedelta
    """From click or view to the order."""
    amount: Decimal
    units: int
    is_click: bool
    is_promoted: bool
    """The product bought is one that the ad shows."""
    is_new_to_brand: bool


@dataclass
class Row:
    """What a report adds up under one key."""

    campaign: Campaign
    ad_group: AdGroup
    placement: str
    matched_asin: str
    start: date
    """The row's day, or with SUMMARY the first one of the report."""
    end: date
    today: date
    """The profile's day of generation: names, states and budgets are those of then."""
    impressions: int = 0
    viewable: int = 0
    top_of_search: int = 0
    clicks: int = 0
    cost: Decimal = ZERO
    detail_page_views: int = 0
    branded_searches: int = 0
    sales: list[Sale] = field(default_factory=list)

    @property
    def has_activity(self) -> bool:
        """Reports leave out rows that would be all zero."""
        return bool(self.impressions or self.clicks or self.cost or self.sales)


Column = Callable[[Row], Any]


def _sold(measure: str, days: int = 14, **only: bool) -> Column:
    """Sales amount, purchases or units within a window, of the sales with the given marks."""

    def of(row: Row) -> Any:
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


def _windows() -> dict[str, Column]:
    same = {"is_promoted": True}
    named = {
        "purchases": ("purchases", {}),
        "purchasesSameSku": ("purchases", same),
        "unitsSoldClicks": ("units", {}),
        "unitsSoldSameSku": ("units", same),
        "sales": ("amount", {}),
        "attributedSalesSameSku": ("amount", same),
    }
    return {
        f"{name}{days}d": _sold(measure, days, **only)
        for name, (measure, only) in named.items()
        for days in (1, 7, 14, 30)
    }


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
    return columns


def _impressions(row: Row) -> int:
    return row.impressions


def _clicks(row: Row) -> int:
    return row.clicks


def _cost(row: Row) -> float:
    return float(row.cost)


COLUMNS: dict[str, Column] = {
    "date": lambda row: row.start.isoformat(),
    "startDate": lambda row: row.start.isoformat(),
    "endDate": lambda row: row.end.isoformat(),
    "campaignId": lambda row: int(row.campaign.campaign_id),
    "campaignName": lambda row: known(row.campaign.names, row.today),
    "campaignStatus": lambda row: known(row.campaign.states, row.today).value,
    "campaignBudgetAmount": lambda row: float(known(row.campaign.budgets, row.today)),
    "campaignBudgetType": lambda row: "DAILY_BUDGET",
    "campaignBudgetCurrencyCode": lambda row: row.campaign.profile.market.currency_code,
    "campaignBiddingStrategy": lambda row: "legacy",
    "costType": lambda row: row.campaign.cost_type,
    "adGroupId": lambda row: int(row.ad_group.ad_group_id),
    "adGroupName": lambda row: row.ad_group.name,
    "adStatus": lambda row: row.ad_group.state.value,
    "placementClassification": lambda row: row.placement,
    "matchedTargetAsin": lambda row: row.matched_asin,
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
    "detailPageViews": lambda row: row.detail_page_views,
    "detailPageViewsClicks": lambda row: min(row.detail_page_views, row.clicks),
    "brandedSearches": lambda row: row.branded_searches,
    "brandedSearchesClicks": lambda row: min(row.branded_searches, row.clicks),
    "newToBrandPurchasesRate": _ratio(_sold("purchases", is_new_to_brand=True), _impressions),
    **_windows(),
    **_fortnight(),
}


def value(column: str, row: Row) -> Any:
    """A column's value in a row, ready for JSON."""
    told = COLUMNS.get(column)
    return told(row) if told else None
