"""Refunds, and the money movements of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.shopify.connections import connection
from simulator.shopify.values import Node, Purse, gid, instant, money
from simulator.world.events import ZERO
from simulator.world.shop_details import RefundedLine, ShopDetails, ShopRefund
from simulator.world.shop_stock import location_of

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

_CENT = Decimal("0.01")
_FEE_RATE, _FLAT_FEE = Decimal("0.029"), Decimal("0.30")


def refunds(view: ShopView, order: ShopDetails, purse: Purse, order_node: Node) -> list[Node]:
    """Every refund by now, oldest first."""
    return [
        _refund(view, order, purse, refund, order_node) for refund in order.refunds(view.world.now)
    ]


def _refund(
    view: ShopView, order: ShopDetails, purse: Purse, refund: ShopRefund, order_node: Node
) -> Node:
    by_id = {item["id"]: item for item in order_node["_lines"]}
    items = [
        _item(view, order, purse, refund, part, by_id[gid("LineItem", part.line.line_id)])
        for part in refund.lines
    ]
    return {
        "id": gid("Refund", refund.refund_id),
        "legacyResourceId": str(refund.refund_id),
        "createdAt": instant(refund.at),
        "updatedAt": instant(refund.at),
        "note": None,
        "order": order_node,
        "refundLineItems": connection(items),
        "orderAdjustments": connection(_adjustments(purse, refund)),
        "totalRefundedSet": purse.bag(refund.total),
    }


def _item(
    view: ShopView,
    order: ShopDetails,
    purse: Purse,
    refund: ShopRefund,
    part: RefundedLine,
    line_item: Node,
) -> Node:
    is_back = part.restock_type in ("RETURN", "CANCEL")
    place = gid("Location", location_of(order).location_id)
    return {
        "id": gid("RefundLineItem", f"{refund.refund_id % 10**9}{part.line.line_id % 10**6}"),
        "quantity": part.quantity,
        "restockType": part.restock_type,
        "restocked": is_back,
        "location": (lambda info: view.location_by_id[place]) if is_back else None,
        "priceSet": purse.bag((part.subtotal / part.quantity).quantize(_CENT)),
        "subtotalSet": purse.bag(part.subtotal),
        "totalTaxSet": purse.bag(part.tax),
        "lineItem": line_item,
    }


def _adjustments(purse: Purse, refund: ShopRefund) -> list[Node]:
    """Shipping given back (no reason), and what differs from the calculated refund (a reason).

    Amounts are the order's: negative ones go to the customer.
    """
    found: list[tuple[Decimal, Decimal, str | None]] = []
    if refund.shipping or refund.shipping_tax:
        found.append((refund.shipping, refund.shipping_tax, None))
    if refund.extra:
        found.append((refund.extra, ZERO, refund.reason))
    return [
        {
            "id": gid("OrderAdjustment", refund.refund_id * 10 + at),
            "amountSet": purse.bag(-amount),
            "taxAmountSet": purse.bag(-tax),
            "reason": reason,
        }
        for at, (amount, tax, reason) in enumerate(found)
    ]


def gateway_of(order: ShopDetails) -> str:
    """Who took the money."""
    if order.order.is_test:
        return "bogus"
    if order.order.amazon_order_id:
        return "amazon_marketplace"
    return "cash" if order.order.source_name == "pos" else "shopify_payments"


def transactions(view: ShopView, order: ShopDetails, purse: Purse, order_node: Node) -> list[Node]:
    """The sale, and a refund for each time that money went back. Nothing for a voided import."""
    now = view.world.now
    if order.paid_at > now or (order.order.amazon_order_id and order.is_cancelled(now)):
        return []
    first = (order.order.order_id - 5_600_000_000_000) * 10 + 6_700_000_000_000
    sale = _transaction(order, purse, order_node, first, "SALE", order.total, order.paid_at, None)
    back = [
        _transaction(order, purse, order_node, first + at, "REFUND", refund.total, refund.at, sale)
        for at, refund in enumerate(order.refunds(now), start=1)
        if refund.total
    ]
    return [sale, *back]


def _transaction(
    order: ShopDetails,
    purse: Purse,
    order_node: Node,
    number: int,
    kind: str,
    amount: Decimal,
    at: object,
    parent: Node | None,
) -> Node:
    gateway = gateway_of(order)
    moment = instant(at)  # type: ignore[arg-type]
    charged = gateway == "shopify_payments" and kind == "SALE"
    return {
        "id": gid("OrderTransaction", number),
        "kind": kind,
        "status": "SUCCESS",
        "gateway": gateway,
        "formattedGateway": gateway.replace("_", " ").title(),
        "createdAt": moment,
        "processedAt": moment,
        "amountSet": purse.bag(amount),
        "amountRoundingSet": None,
        "totalUnsettledSet": None,
        "maximumRefundableV2": None,
        "order": order_node,
        "parentTransaction": parent,
        "test": order.order.is_test,
        "manualPaymentGateway": gateway in ("cash", "amazon_marketplace"),
        "manuallyCapturable": False,
        "multiCapturable": False,
        "paymentId": f"{order.order.name}.1",
        "settlementCurrency": "USD" if charged else None,
        "settlementCurrencyRate": None,
        "fees": [_fee(number, amount)] if charged and amount else [],
        "paymentDetails": None,
        "shopifyPaymentsSet": None,
        "accountNumber": "•••• •••• •••• 4242" if charged else None,
        "authorizationCode": None,
        "authorizationExpiresAt": None,
        "errorCode": None,
        "receiptJson": None,
    }


def _fee(number: int, amount: Decimal) -> Node:
    charged = (amount * _FEE_RATE).quantize(_CENT) + _FLAT_FEE
    return {
        "id": gid("TransactionFee", number),
        "type": "processing_fee",
        "rate": "0.029",
        "rateName": "online",
        "amount": money(charged, "USD"),
        "flatFee": money(_FLAT_FEE, "USD"),
        "flatFeeName": "online",
        "taxAmount": money(ZERO, "USD"),
    }
