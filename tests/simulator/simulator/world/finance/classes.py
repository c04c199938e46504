"""The one class of every charge: how the truth groups money, in words of accounting."""

from __future__ import annotations

from simulator.world.finance.events import Charge, Kind, Sort, Transaction

_CLASSES = {
    Kind.PRINCIPAL: "product_sales",
    Kind.TAX: "tax_collected",
    Kind.SHIPPING: "shipping",
    Kind.SHIPPING_TAX: "tax_collected",
    Kind.GIFT_WRAP: "gift_wrap",
    Kind.GIFT_WRAP_TAX: "tax_collected",
    Kind.PROMOTION: "promotion",
    Kind.SHIPPING_PROMOTION: "shipping_promotion",
    Kind.WITHHELD_TAX: "tax_withheld",
    Kind.WITHHELD_SHIPPING_TAX: "tax_withheld",
    Kind.WITHHELD_GIFT_WRAP_TAX: "tax_withheld",
    Kind.COMMISSION: "referral_fee",
    Kind.REFUND_COMMISSION: "referral_fee",
    Kind.FBA_FEE: "fba_fulfilment",
    Kind.SHIPPING_CHARGEBACK: "other_fee",
    Kind.GIFT_WRAP_CHARGEBACK: "other_fee",
    Kind.POINTS: "points",
    Kind.SUBSCRIPTION: "other_fee",
    Kind.STORAGE: "storage",
    Kind.AGED_STORAGE: "storage",
    Kind.INBOUND: "inbound",
    Kind.REMOVAL: "removal",
    Kind.DISPOSAL: "removal",
    Kind.WAREHOUSE_DAMAGE: "reimbursement",
    Kind.WAREHOUSE_LOST: "reimbursement",
    Kind.CLAWBACK: "reimbursement",
    Kind.SAFE_T: "safe_t",
    Kind.ADVERTISING: "advertising",
    Kind.UNFORESEEN: "other_unmapped",
    Kind.PREVIOUS_RESERVE: "reserve",
    Kind.CURRENT_RESERVE: "reserve",
    Kind.CARRIED: "carried_balance",
    Kind.FAILED_TRANSFER: "transfer",
    Kind.TRANSFER: "transfer",
}
_REFUNDED = {"product_sales", "shipping", "gift_wrap", "promotion", "shipping_promotion"}


def class_of(transaction: Transaction, charge: Charge) -> str:
    """The class of a charge; what customers paid and get back are two classes."""
    name = _CLASSES[charge.kind]
    is_back = transaction.sort is Sort.REFUND and name in _REFUNDED
    return f"{name}_refund" if is_back else name
