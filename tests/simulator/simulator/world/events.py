"""What happened, as immutable events: the vocabulary that every part of the simulator shares.

Instants are aware datetimes in UTC, dates are days of the marketplace (or profile) they belong to,
money is an exact ``Decimal`` in the marketplace's currency (JPY without minor unit). An event holds
every instant of its future, too: what is *known* at a moment is decided by comparing those instants
with the world's ``now``, so moving ``now`` never rewrites an event.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal(0)


class Channel(StrEnum):
    """Where an order was placed: on Amazon, or elsewhere and only shipped by Amazon (MCF)."""

    AMAZON = "AMAZON"
    NON_AMAZON = "NON_AMAZON"


class FulfilledBy(StrEnum):
    """Who ships: Amazon (FBA) or the merchant (MFN)."""

    AMAZON = "AMAZON"
    MERCHANT = "MERCHANT"


class OrderStatus(StrEnum):
    """The state of an order at an instant, in Orders 2026-01-01's words."""

    PENDING = "PENDING"
    UNSHIPPED = "UNSHIPPED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"


class AdProduct(StrEnum):
    """Amazon's names of the three ad products."""

    SPONSORED_PRODUCTS = "SPONSORED_PRODUCTS"
    SPONSORED_BRANDS = "SPONSORED_BRANDS"
    SPONSORED_DISPLAY = "SPONSORED_DISPLAY"


@dataclass(frozen=True, slots=True)
class Product:
    """One thing the merchant sells, whatever it is called on which shelf."""

    number: int
    asin: str
    parent_asin: str
    title: str
    brand: str
    category: str
    price_usd: Decimal
    cost_usd: Decimal
    ean: str
    popularity: float
    """Share of the account's orders, Σ = 1 over all products."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer: a seller SKU in one marketplace. Several SKUs can share an ASIN and an FNSKU."""

    marketplace_id: str
    seller_sku: str
    asin: str
    parent_asin: str
    title: str
    price: Decimal
    currency_code: str
    condition: str
    fulfilled_by: FulfilledBy
    fn_sku: str | None
    """NULL for merchant-fulfilled offers, which own no FBA stock."""
    weight: float
    """Relative chance of being the offer that an order of this marketplace takes."""


@dataclass(frozen=True, slots=True)
class AdTouch:
    """The ad interaction (click, or view for vCPM) that an order item is credited to."""

    profile_id: str
    marketplace_id: str
    ad_product: AdProduct
    campaign_id: str
    ad_group_id: str
    at: datetime
    kind: str = "click"
    """``click`` or ``view``."""
    advertised_asin: str | None = None
    """Equals the bought ASIN for a same-SKU sale."""
    ad_id: str | None = None
    target_id: str | None = None
    search_term: str | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """A customer gets money back for some units of one order item."""

    requested_at: datetime
    quantity: int
    amount: Decimal
    """Principal given back, positive."""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One order line. Amounts are of the whole line, not of a unit."""

    order_item_id: str
    seller_sku: str
    asin: str
    title: str
    fn_sku: str | None
    quantity: int
    unit_price: Decimal
    principal: Decimal
    """``quantity`` times ``unit_price``; includes VAT where the marketplace's prices do."""
    tax: Decimal
    """Sales tax on top (US, CA), or the VAT contained in principal (elsewhere)."""
    shipping: Decimal
    shipping_tax: Decimal
    gift_wrap: Decimal
    gift_wrap_tax: Decimal
    promotion_discount: Decimal
    """Positive: taken off the principal."""
    shipping_discount: Decimal
    promotion_ids: tuple[str, ...]
    reported_at: datetime
    """From when the Sales & Traffic data counts this line."""
    refund: Refund | None
    ad_touch: AdTouch | None


@dataclass(frozen=True, slots=True)
class Order:
    """One order with everything that will ever happen to it."""

    order_id: str
    merchant_order_id: str | None
    """The shop's own order name, for multi-channel fulfilment."""
    marketplace_id: str
    """Of a multi-channel order: the marketplace out of whose stock Amazon ships."""
    region: str
    channel: Channel
    day: date
    """The day it was placed in the marketplace's own zone."""
    placed_at: datetime
    approved_at: datetime
    """Until then the order is pending and has no price."""
    shipped_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str | None
    """BUYER, MERCHANT or AMAZON."""
    amended_at: datetime | None
    """A late touch (address, delivery) that only moves the last update."""
    fulfilled_by: FulfilledBy
    service_level: str
    is_business: bool
    is_prime: bool
    replaces_order_id: str | None
    ship_city: str
    ship_state: str
    ship_postal_code: str
    ship_country: str
    items: tuple[OrderItem, ...]

    def status(self, now: datetime) -> OrderStatus:
        """The order's state as known at ``now``."""
        if self.cancelled_at and self.cancelled_at <= now:
            return OrderStatus.CANCELLED
        if self.shipped_at and self.shipped_at <= now:
            return OrderStatus.SHIPPED
        return OrderStatus.UNSHIPPED if self.approved_at <= now else OrderStatus.PENDING

    def last_updated_at(self, now: datetime) -> datetime:
        """The last of the order's instants that lies at or before ``now`` (≥ ``placed_at``)."""
        return max(moment for moment in self.moments() if moment <= now)

    def moments(self) -> tuple[datetime, ...]:
        """Every instant at which something about the order changes."""
        instants = (
            self.placed_at,
            self.approved_at,
            self.shipped_at,
            self.cancelled_at,
            self.amended_at,
            *(item.refund.requested_at for item in self.items if item.refund),
        )
        return tuple(instant for instant in instants if instant)


@dataclass(frozen=True, slots=True)
class TrafficBatch:
    """A part of one day's visits that Amazon publishes at one instant; the day is their sum.

    A correction has negative numbers. ``asin`` is NULL for the account's own de-duplicated
    sessions (a visitor who looks at two products is one session of the account)."""

    marketplace_id: str
    day: date
    asin: str | None
    reported_at: datetime
    browser_sessions: int
    mobile_sessions: int
    browser_page_views: int
    mobile_page_views: int
    buy_box_page_views: int
    business_share: float
    """Part of each number that Amazon Business customers account for."""


@dataclass(frozen=True, slots=True)
class StockLevel:
    """Units of one FNSKU in one pool at an instant."""

    pool: str
    fn_sku: str
    asin: str
    condition: str
    fulfillable: int
    inbound_working: int
    inbound_shipped: int
    inbound_receiving: int
    reserved_customer_orders: int
    reserved_transshipment: int
    reserved_processing: int
    researching: int
    customer_damaged: int
    warehouse_damaged: int
    distributor_damaged: int
    carrier_damaged: int
    defective: int
    expired: int
    last_updated_at: datetime

    @property
    def reserved(self) -> int:
        """All reserved units."""
        return (
            self.reserved_customer_orders + self.reserved_transshipment + self.reserved_processing
        )

    @property
    def unfulfillable(self) -> int:
        """All units that cannot be sold."""
        return (
            self.customer_damaged
            + self.warehouse_damaged
            + self.distributor_damaged
            + self.carrier_damaged
            + self.defective
            + self.expired
        )

    @property
    def total(self) -> int:
        """Amazon's ``totalQuantity``: everything known of, inbound included."""
        inbound = self.inbound_working + self.inbound_shipped + self.inbound_receiving
        return self.fulfillable + inbound + self.reserved + self.researching + self.unfulfillable
