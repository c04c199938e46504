"""The vocabulary of money: charges, the transactions that hold them, and the accounts they move.

Signs are the seller's: + comes in, - goes out. Amounts are in the marketplace's currency.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from simulator.world.events import ZERO
from simulator.world.marketplaces import Market


class AccountType(StrEnum):
    """Amazon keeps the money of a marketplace in accounts that settle on days of their own."""

    STANDARD = "Standard Orders"
    INVOICED = "Invoiced Orders"
    """Business customers who pay a month later."""


class Kind(StrEnum):
    """What a charge is for, whichever API names it."""

    PRINCIPAL = "principal"
    TAX = "tax"
    SHIPPING = "shipping"
    SHIPPING_TAX = "shipping_tax"
    GIFT_WRAP = "gift_wrap"
    GIFT_WRAP_TAX = "gift_wrap_tax"
    PROMOTION = "promotion"
    SHIPPING_PROMOTION = "shipping_promotion"
    WITHHELD_TAX = "withheld_tax"
    WITHHELD_SHIPPING_TAX = "withheld_shipping_tax"
    WITHHELD_GIFT_WRAP_TAX = "withheld_gift_wrap_tax"
    COMMISSION = "commission"
    REFUND_COMMISSION = "refund_commission"
    FBA_FEE = "fba_fee"
    SHIPPING_CHARGEBACK = "shipping_chargeback"
    """Amazon keeps the shipping that it charged for a parcel of its own."""
    GIFT_WRAP_CHARGEBACK = "gift_wrap_chargeback"
    POINTS = "points"
    SUBSCRIPTION = "subscription"
    STORAGE = "storage"
    AGED_STORAGE = "aged_storage"
    INBOUND = "inbound"
    REMOVAL = "removal"
    DISPOSAL = "disposal"
    WAREHOUSE_DAMAGE = "warehouse_damage"
    WAREHOUSE_LOST = "warehouse_lost"
    CLAWBACK = "clawback"
    """A reimbursement that Amazon takes back."""
    SAFE_T = "safe_t"
    ADVERTISING = "advertising"
    UNFORESEEN = "unforeseen"
    """A description that no list of Amazon's vocabulary has."""
    PREVIOUS_RESERVE = "previous_reserve"
    CURRENT_RESERVE = "current_reserve"
    CARRIED = "carried"
    """The negative balance of the settlement before."""
    FAILED_TRANSFER = "failed_transfer"
    """A deposit that the bank sent back."""
    TRANSFER = "transfer"


class Sort(StrEnum):
    """What happened, in the transaction API's words."""

    SHIPMENT = "Shipment"
    REFUND = "Refund"
    SERVICE_FEE = "ServiceFee"
    ADVERTISING = "ProductAdsPayment"
    ADJUSTMENT = "Adjustment"
    SAFE_T = "SAFETReimbursement"
    TRANSFER = "Transfer"
    BALANCE = "Balance"
    """Moves between settlements, which only settlement reports tell."""


@dataclass(frozen=True, slots=True)
class Charge:
    """One amount. Equal charges of one item are as many charges, not one told twice."""

    kind: Kind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """The charges of one order line or SKU within a transaction."""

    charges: tuple[Charge, ...]
    sku: str
    asin: str
    title: str
    quantity: int
    is_fba: bool
    order_item_id: str | None = None
    adjustment_id: str | None = None
    promotion_id: str | None = None

    @property
    def total(self) -> Decimal:
        """Σ charges."""
        return sum((charge.amount for charge in self.charges), ZERO)


@dataclass(frozen=True, slots=True)
class Deferral:
    """Money held back, and the transaction that sets it free."""

    reason: str
    """DD7 (until a week after delivery) or B2B (until the customer pays)."""
    matures_at: datetime
    release_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """Something that moved money, told by the transaction API, by settlement reports or both."""

    transaction_id: str
    sort: Sort
    description: str
    market: Market
    account_type: AccountType
    posted_at: datetime
    known_at: datetime
    """From when the transaction API tells it: up to two days later."""
    parts: tuple[Part, ...] = ()
    charges: tuple[Charge, ...] = ()
    """Charges without SKU."""
    order_id: str | None = None
    merchant_order_id: str | None = None
    reference: str | None = None
    """What stands where an order id belongs: FBA shipment or removal order."""
    refund_id: str | None = None
    invoice_id: str | None = None
    covers: tuple[datetime, datetime] | None = None
    """The time that a fee or an invoice is for."""
    deferral: Deferral | None = None
    releases: Transaction | None = None
    """The deferred transaction of which this is the release."""
    is_multi_channel: bool = False
    names_marketplace: bool = True
    """Whether settlement reports say the marketplace in its lines."""
    in_settlement: bool = True
    in_api: bool = True

    @property
    def all_charges(self) -> tuple[Charge, ...]:
        """Every charge, with or without SKU."""
        return (*(c for part in self.parts for c in part.charges), *self.charges)

    @property
    def total(self) -> Decimal:
        """Σ charges."""
        return sum((charge.amount for charge in self.all_charges), ZERO)
