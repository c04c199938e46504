"""The grains of reports: what one row of each stands for, and which events it may hold.

A grain only ever splits or leaves out what the campaign's row holds, hence campaign ≥ ad group ≥
targeting ≥ search term for every number.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from simulator.amazon_ads.report_row import Row
from simulator.world.ads.plan import Touch
from simulator.world.ads.traffic import Visits
from simulator.world.events import OrderItem

Key = tuple[object, ...]
HALO, PROMOTED = "Brand Halo", "Promoted"


@dataclass(frozen=True, slots=True)
class Event:
    """One burst of visits, or one sale that a visit led to (then with touch and item)."""

    visits: Visits
    touch: Touch | None = None
    item: OrderItem | None = None

    @property
    def target_id(self) -> str | None:
        """None for a sale that Amazon models without knowing its target."""
        return self.touch.target_id if self.touch else self.visits.target.target_id

    @property
    def is_other_product(self) -> bool:
        """Whether the shopper bought what the ad does not show."""
        return bool(self.touch and self.item and self.touch.advertised_asin != self.item.asin)


class Grain(Enum):
    """What a row stands for beside its day and campaign."""

    CAMPAIGN = "campaign"
    PLACEMENT = "placement"
    AD_GROUP = "ad group"
    MATCHED_TARGET = "matched target"
    TARGET = "target"
    SEARCH_TERM = "search term"
    AD = "ad"
    OTHER_PRODUCT_BY_TARGET = "other product bought, by target"
    OTHER_PRODUCT_BY_AD = "other product bought, by ad"
    PURCHASED_PRODUCT = "product bought"
    GROSS = "campaign with invalid traffic"

    def key(self, event: Event) -> Key:
        """Equal for events of one row (of a campaign and day)."""
        visits = event.visits
        group, asin = visits.ad_group.ad_group_id, event.item and event.item.asin
        match self:
            case Grain.CAMPAIGN | Grain.GROSS:
                return ()
            case Grain.PLACEMENT:
                return (visits.placement,)
            case Grain.AD_GROUP:
                return (group,)
            case Grain.MATCHED_TARGET:
                return (group, visits.ad.asins[0])
            case Grain.TARGET:
                return (group, event.target_id)
            case Grain.SEARCH_TERM:
                return (group, event.target_id, visits.search_term)
            case Grain.AD:
                return (group, visits.ad.ad_id)
            case Grain.OTHER_PRODUCT_BY_TARGET:
                return (group, event.target_id, visits.ad.ad_id, asin)
            case Grain.OTHER_PRODUCT_BY_AD:
                return (group, visits.ad.ad_id, asin)
            case Grain.PURCHASED_PRODUCT:
                return (group, asin, event.is_other_product)

    @property
    def is_of_sales(self) -> bool:
        """Whether rows are products bought, and know no impressions, clicks or cost."""
        return self in {
            Grain.OTHER_PRODUCT_BY_TARGET,
            Grain.OTHER_PRODUCT_BY_AD,
            Grain.PURCHASED_PRODUCT,
        }

    def holds(self, event: Event) -> bool:
        """Whether an event counts towards any row at all."""
        match self:
            case Grain.TARGET | Grain.SEARCH_TERM:
                return event.visits.is_told_by_target
            case Grain.OTHER_PRODUCT_BY_TARGET | Grain.OTHER_PRODUCT_BY_AD:
                return event.is_other_product
            case Grain.PURCHASED_PRODUCT:
                # Of campaigns paid by the click, only clicked sales.
                is_paid_by_view = event.visits.campaign.cost_type == "VCPM"
                return event.touch is not None and (is_paid_by_view or event.touch.kind == "click")
            case _:
                return True

    def shows(self, row: Row) -> bool:
        """Whether a row is told: never one that is all zero, a search term only with a click."""
        match self:
            case Grain.SEARCH_TERM:
                return row.clicks > 0
            case Grain.GROSS:
                return bool(row.gross_impressions or row.gross_clicks)
            case _:
                return row.has_activity
