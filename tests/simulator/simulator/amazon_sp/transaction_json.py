"""A transaction as Finances 2024-06-19 tells it: items, contexts and trees of breakdowns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from simulator.amazon_sp.parameters import iso
from simulator.world.events import ZERO
from simulator.world.finance import FinanceView
from simulator.world.finance.events import Charge, Deferral, Kind, Part, Sort, Transaction

Tree = dict[str, Any]
PATHS: dict[Kind, tuple[str, ...]] = {
    Kind.PRINCIPAL: ("ProductCharges", "OurPricePrincipal"),
    Kind.TAX: ("Tax", "OurPriceTax"),
    Kind.SHIPPING: ("Shipping", "ShippingPrincipal"),
    Kind.SHIPPING_TAX: ("Tax", "ShippingTax"),
    Kind.GIFT_WRAP: ("Giftwrap", "GiftwrapPrincipal"),
    Kind.GIFT_WRAP_TAX: ("Tax", "GiftwrapTax"),
    Kind.PROMOTION: ("PromoRebates", "OurPriceDiscount"),
    Kind.SHIPPING_PROMOTION: ("PromoRebates", "ShippingDiscount"),
    Kind.WITHHELD_TAX: ("MarketplaceFacilitatorTax", "MarketplaceFacilitatorTax-Principal"),
    Kind.WITHHELD_SHIPPING_TAX: ("MarketplaceFacilitatorTax", "MarketplaceFacilitatorTax-Shipping"),
    Kind.WITHHELD_GIFT_WRAP_TAX: ("MarketplaceFacilitatorTax", "MarketplaceFacilitatorTax-Other"),
    Kind.COMMISSION: ("AmazonFees", "Commission", "Base"),
    Kind.REFUND_COMMISSION: ("AmazonFees", "RefundCommission"),
    Kind.FBA_FEE: ("AmazonFees", "FBAPerUnitFulfillmentFee", "Base"),
    Kind.SHIPPING_CHARGEBACK: ("AmazonFees", "ShippingChargeback"),
    Kind.GIFT_WRAP_CHARGEBACK: ("AmazonFees", "GiftwrapChargeback"),
    Kind.POINTS: ("CostOfPoints", "CostOfPointsGranted"),
    Kind.SUBSCRIPTION: ("SubscriptionFee",),
    Kind.STORAGE: ("FBAFees", "FBAStorageFee", "Base"),
    Kind.AGED_STORAGE: ("FBAFees", "FBALongTermStorageFee"),
    Kind.INBOUND: ("FBAFees", "FBAInboundTransportationFee"),
    Kind.REMOVAL: ("FBAFees", "FBARemovalFee"),
    Kind.DISPOSAL: ("FBAFees", "FBADisposalFee"),
    Kind.WAREHOUSE_DAMAGE: ("FBAInventoryReimbursement",),
    Kind.WAREHOUSE_LOST: ("FBAInventoryReimbursement",),
    Kind.CLAWBACK: ("FBAReversedReimbursement",),
    Kind.SAFE_T: ("SAFETReimbursement",),
    Kind.ADVERTISING: ("AdvertisingFee",),
    Kind.UNFORESEEN: ("RegulatoryOperatingCostTrueUp",),
    Kind.FAILED_TRANSFER: ("FailedDisbursement",),
    Kind.TRANSFER: ("Disbursement",),
}
_SALES = frozenset({
    Kind.PRINCIPAL, Kind.TAX, Kind.SHIPPING, Kind.SHIPPING_TAX, Kind.GIFT_WRAP, Kind.GIFT_WRAP_TAX,
    Kind.PROMOTION, Kind.SHIPPING_PROMOTION,
})  # fmt: skip
_NO_ROOT = (Sort.ADJUSTMENT, Sort.SAFE_T, Sort.TRANSFER)


def transaction(view: FinanceView, told: Transaction) -> Tree:
    """One transaction as known at the view's instant."""
    market, currency = told.market, told.market.currency_code
    name = f"Non-Amazon {market.country_code}" if told.is_multi_channel else market.name
    body: Tree = {
        "sellingPartnerMetadata": {
            "sellingPartnerId": view.seller_id(market.region),
            "accountType": told.account_type.value,
            "marketplaceId": market.marketplace_id,
        },
        "relatedIdentifiers": [
            {"relatedIdentifierName": kind, "relatedIdentifierValue": value}
            for kind, value in identifiers(view, told)
        ],
        "transactionType": told.sort.value,
        "transactionId": told.transaction_id,
        "transactionStatus": view.status(told),
        "description": told.description,
        "postedDate": iso(told.posted_at),
        "totalAmount": money(told.total, currency),
        "marketplaceDetails": {"marketplaceId": market.marketplace_id, "marketplaceName": name},
        "items": [_item(told, part, currency) for part in told.parts],
        "contexts": list(_contexts(told)),
        "breakdowns": _whole(told, currency),
    }
    return body


def identifiers(view: FinanceView, told: Transaction) -> Iterator[tuple[str, str]]:
    """The related identifiers. Settlement ids are known outside the EU only, groups everywhere."""
    if told.order_id:
        yield "ORDER_ID", told.order_id
    if told.reference:
        yield "SHIPMENT_ID", told.reference
    if told.refund_id:
        yield "REFUND_ID", told.refund_id
    if told.invoice_id:
        yield "INVOICE_ID", told.invoice_id
    if told.releases:
        yield "DEFERRED_TRANSACTION_ID", told.releases.transaction_id
    if told.deferral and view.status(told) == "DEFERRED_RELEASED":
        yield "RELEASE_TRANSACTION_ID", told.deferral.release_id
    settlement = view.settlement_of(told)
    if settlement is None:
        return
    yield "FINANCIAL_EVENT_GROUP_ID", settlement.group_id
    if told.market.region != "eu":
        yield "SETTLEMENT_ID", settlement.settlement_id
    if told.sort is Sort.TRANSFER and not told.in_settlement:
        yield "TRANSFER_ID", f"T{settlement.settlement_id}"
        yield "DISBURSEMENT_ID", f"D{settlement.settlement_id}"


def money(amount: Decimal, currency: str) -> Tree:
    """An amount; its digits are exact, since a double tells 15 of them."""
    return {"currencyCode": currency, "currencyAmount": number(amount)}


def number(amount: Decimal) -> int | float:
    """A JSON number with the amount's own digits."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def tree(charges: Iterable[tuple[tuple[str, ...], Decimal]], currency: str) -> list[Tree]:
    """Charges as a tree: inner nodes of one name are one, leaves stay as many as there are."""
    nodes: list[Tree] = []
    below: dict[str, list[tuple[tuple[str, ...], Decimal]]] = {}
    for path, amount in charges:
        if len(path) == 1:
            nodes.append(_node(path[0], amount, [], currency))
        else:
            below.setdefault(path[0], []).append((path[1:], amount))
    for name, parts in below.items():
        total = sum((amount for _, amount in parts), ZERO)
        nodes.append(_node(name, total, tree(parts, currency), currency))
    return nodes


def _node(name: str, amount: Decimal, below: list[Tree], currency: str) -> Tree:
    return {
        "breakdownType": name,
        "breakdownAmount": money(amount, currency),
        "breakdowns": below,
    }


def _item(told: Transaction, part: Part, currency: str) -> Tree:
    body: Tree = {
        "description": part.title,
        "totalAmount": money(part.total, currency),
        "contexts": [
            {
                "contextType": "ProductContext",
                "asin": part.asin,
                "sku": part.sku,
                "quantityShipped": part.quantity,
                "fulfillmentNetwork": "AFN" if part.is_fba else "MFN",
            }
        ],
    }
    if part.adjustment_id:
        body["relatedIdentifiers"] = [
            {
                "itemRelatedIdentifierName": "ORDER_ADJUSTMENT_ITEM_ID",
                "itemRelatedIdentifierValue": part.adjustment_id,
            }
        ]
    if told.sort is not Sort.ADJUSTMENT:  # Of reimbursements Amazon explains the whole only.
        body["breakdowns"] = tree(
            ((PATHS[charge.kind], charge.amount) for charge in part.charges), currency
        )
    return body


def _whole(told: Transaction, currency: str) -> list[Tree]:
    """The transaction's own breakdowns: all items together, below sales and expenses."""
    sums: dict[tuple[str, ...], Decimal] = {}
    for charge in told.all_charges:
        path = (*root(told, charge), *PATHS[charge.kind])
        sums[path] = sums.get(path, ZERO) + charge.amount
    return tree(sums.items(), currency)


def root(told: Transaction, charge: Charge) -> tuple[str, ...]:
    """What a charge stands below in the transaction's own tree."""
    if told.sort in _NO_ROOT:
        return ()
    name = "Sales" if charge.kind in _SALES else "Expenses"
    return (f"Refunded {name}" if told.sort is Sort.REFUND else name,)


def _contexts(told: Transaction) -> Iterator[Tree]:
    deferral = _deferral(told)
    if deferral:
        yield {
            "contextType": "DeferredContext",
            "deferralReason": deferral.reason,
            "maturityDate": iso(deferral.matures_at),
        }
    if told.covers:
        yield {
            "contextType": "TimeRangeContext",
            "startTime": iso(told.covers[0]),
            "endTime": iso(told.covers[1]),
        }
    if told.sort is Sort.TRANSFER:
        yield {
            "contextType": "PaymentsContext",
            "paymentType": "Disbursement",
            "paymentMethod": "BANK",
            "paymentReference": told.transaction_id[:12].upper(),
            "paymentDate": iso(told.posted_at),
        }


def _deferral(told: Transaction) -> Deferral | None:
    return told.releases.deferral if told.releases else told.deferral
