"""One row of a report while its events are added up."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from simulator.world.ads.entities import Campaign, State
from simulator.world.ads.traffic import Visits
from simulator.world.events import ZERO, Product


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

    visits: Visits
    """One of the bursts of visits (or the one behind a sale) of the key: it names the campaign,
    and as far as the key goes ad group, ad, target, search term and placement."""
    _: KW_ONLY
    start: date
    """The row's day, or with SUMMARY the first one of the report."""
    end: date
    today: date
    """The profile's day of generation: names, states and budgets are those of then."""
    is_allocated: bool = True
    """False for modelled sales whose target nobody knows."""
    is_by_ad: bool = False
    bought: Product | None = None
    is_other_product: bool = False
    """What was bought is no product of the ad."""
    impressions: int = 0
    viewable: int = 0
    top_of_search: int = 0
    clicks: int = 0
    gross_impressions: int = 0
    gross_clicks: int = 0
    """Gross: before Amazon strikes out what was invalid."""
    cost: Decimal = ZERO
    detail_page_views: int = 0
    branded_searches: int = 0
    sales: list[Sale] = field(default_factory=list)

    @property
    def campaign(self) -> Campaign:
        """The campaign, which every key has."""
        return self.visits.campaign

    @property
    def has_activity(self) -> bool:
        """Reports leave out rows that would be all zero."""
        return bool(self.impressions or self.clicks or self.cost or self.sales)

    def state_inside(self, own: State) -> str:
        """The state of something inside the campaign."""
        return self.campaign.state_inside(own, self.today).value
