"""An order as the Admin API tells it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.shopify import journeys, lines, refunds
from simulator.shopify.connections import connection
from simulator.shopify.values import Node, Purse, count, gid, instant
from simulator.world.events import ZERO
from simulator.world.shop import SHOP_CURRENCY
from simulator.world.shop_details import ShopDetails
from simulator.world.shop_stock import STORE

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

_APPS = {
    "web": ("580111", "Online Store"),
    "pos": ("129785", "Point of Sale"),
    "amazon-us": ("2329312", "Marketplace Connect"),
}


def order_node(view: ShopView, order: ShopDetails) -> Node:
    """Everything about an order as known now."""
    purse = Purse(SHOP_CURRENCY, order.presentment_currency, order.presentment_rate)
    told, now = order.order, view.world.now
    items = lines.line_items(view, order, purse)
    shipping_lines = lines.shipping_lines(order, purse)
    node: Node = {
        "id": gid("Order", told.order_id),
        "legacyResourceId": str(told.order_id),
        "name": told.name,
        "number": told.order_id - 5_600_000_000_000 if not told.amazon_order_id else 0,
        "createdAt": instant(told.placed_at),
        "processedAt": instant(told.placed_at),
        "updatedAt": instant(order.updated_at(now)),
        "test": told.is_test,
        "sourceName": told.source_name,
        "sourceIdentifier": told.amazon_order_id,
        "app": _app(told.source_name),
        "channelInformation": None,
        "merchantOfRecordApp": None,
        "registeredSourceUrl": None,
        "tags": ["Amazon"] if told.amazon_order_id else [],
        "currencyCode": SHOP_CURRENCY,
        "presentmentCurrencyCode": order.presentment_currency,
        "taxesIncluded": False,
        "_lines": items,
        "lineItems": connection(items),
        "taxLines": lines.tax_lines(order, purse),
        "shippingLine": shipping_lines[0] if shipping_lines else None,
        "shippingLines": connection(shipping_lines),
        "discountApplications": connection(lines.discount_applications(order)),
        "discountCodes": lines.discount_codes(order),
        "discountCode": next(iter(lines.discount_codes(order)), None),
        "paymentGatewayNames": [refunds.gateway_of(order)],
        "customerJourneySummary": lambda info: journeys.summary(view, order),
        "retailLocation": _retail_location(view, order),
    }
    node |= _state(view, order) | _amounts(view, order, purse) | _current(view, order, purse)
    node |= _NOBODY | {
        "statusPageUrl": f"https://northwind-home.example/orders/{told.order_id}",
        "refunds": lambda info, first=None: refunds.refunds(view, order, purse, node)[:first],
        "transactions": lambda info, first=None, **_: refunds.transactions(
            view, order, purse, node
        )[:first],
    }
    sent = bool(order.fulfilled_at and order.fulfilled_at <= now)
    node["transactionsCount"] = lambda info: count(
        len(refunds.transactions(view, order, purse, node))
    )
    node["fulfillmentsCount"] = count(int(sent))
    node["fulfillments"] = lambda info, first=None: []
    return node


def _app(source_name: str) -> Node:
    number, name = _APPS[source_name]
    icon = {"id": None, "url": f"https://cdn.shopify.com/app-icons/{number}.png"}
    return {"id": gid("App", number), "name": name, "icon": icon}


def _retail_location(view: ShopView, order: ShopDetails) -> Node | None:
    if order.order.source_name != "pos":
        return None
    return view.location_by_id[gid("Location", STORE.location_id)]


def _state(view: ShopView, order: ShopDetails) -> Node:
    now = view.world.now
    cancelled = order.is_cancelled(now)
    sent = bool(order.fulfilled_at and order.fulfilled_at <= now)
    back = sum((refund.total for refund in order.refunds(now)), ZERO)
    if order.order.amazon_order_id and cancelled:
        financial = "VOIDED"
    elif order.paid_at > now:
        financial = "PENDING"
    elif back >= order.total > 0:
        financial = "REFUNDED"
    else:
        financial = "PARTIALLY_REFUNDED" if back else "PAID"
    units = sum(line.quantity for line in order.order.lines)
    left = sum(line.quantity - order.refunded_quantity(line, now) for line in order.order.lines)
    returned = any(p.restock_type == "RETURN" for r in order.refunds(now) for p in r.lines)
    return {
        "cancelledAt": instant(order.order.cancelled_at) if cancelled else None,
        "cancelReason": "CUSTOMER" if cancelled else None,
        "cancellation": {"staffNote": None} if cancelled else None,
        "closed": sent,
        "closedAt": instant(order.fulfilled_at) if sent else None,
        "confirmed": True,
        "displayFinancialStatus": financial,
        "displayFulfillmentStatus": "FULFILLED" if sent else "UNFULFILLED",
        "returnStatus": "RETURNED" if returned else "NO_RETURN",
        "fullyPaid": financial not in ("PENDING", "VOIDED"),
        "unpaid": financial in ("PENDING", "VOIDED"),
        "fulfillable": not sent and not cancelled,
        "refundable": back < order.total,
        "restockable": left > 0,
        "subtotalLineItemsQuantity": units,
        "currentSubtotalLineItemsQuantity": left,
    }


def _amounts(view: ShopView, order: ShopDetails, purse: Purse) -> Node:
    """As ordered, and what was paid and given back since."""
    given = order.refunds(view.world.now)
    back = sum((refund.total for refund in given), ZERO)
    paid = ZERO
    if order.paid_at <= view.world.now and not (
        order.order.amazon_order_id and order.is_cancelled(view.world.now)
    ):
        paid = order.total
    amounts: dict[str, Decimal] = {
        "subtotalPriceSet": order.subtotal,
        "totalPriceSet": order.total,
        "originalTotalPriceSet": order.total,
        "totalTaxSet": order.tax,
        "totalDiscountsSet": order.discounts + order.shipping_discount,
        "totalShippingPriceSet": order.order.shipping,
        "totalRefundedSet": back,
        "totalRefundedShippingSet": sum((refund.shipping for refund in given), ZERO),
        "refundDiscrepancySet": -sum((refund.extra for refund in given), ZERO),
        "totalReceivedSet": paid,
        "netPaymentSet": paid - back,
        "totalOutstandingSet": order.total - paid,
        "totalCapturableSet": ZERO,
        "totalTipReceivedSet": ZERO,
    }
    spread = bool(order.discount and order.discount.is_spread)
    return {name: purse.bag(amount) for name, amount in amounts.items()} | {
        "cartDiscountAmountSet": purse.bag(order.discounts if spread else ZERO),
        "totalCashRoundingAdjustment": {
            "paymentSet": purse.bag(ZERO),
            "refundSet": purse.bag(ZERO),
        },
    }


def _current(view: ShopView, order: ShopDetails, purse: Purse) -> Node:
    """What is left of the order after removals and refunds of lines."""
    parts = [part for refund in order.refunds(view.world.now) for part in refund.lines]
    goods = sum((part.subtotal for part in parts), ZERO)
    tax = sum((part.tax for part in parts), ZERO)
    shipping = order.shipping - sum((r.shipping for r in order.refunds(view.world.now)), ZERO)
    shipping_tax = order.shipping_tax - sum(
        (refund.shipping_tax for refund in order.refunds(view.world.now)), ZERO
    )
    left = order.subtotal - goods
    spread = bool(order.discount and order.discount.is_spread)
    tax_left = order.order.tax - tax + shipping_tax
    return {
        "currentSubtotalPriceSet": purse.bag(left),
        "currentShippingPriceSet": purse.bag(shipping),
        "currentTotalTaxSet": purse.bag(tax_left),
        "currentTotalDiscountsSet": purse.bag(order.discounts + order.shipping_discount),
        "currentCartDiscountAmountSet": purse.bag(order.discounts if spread else ZERO),
        "currentTotalPriceSet": purse.bag(left + shipping + tax_left),
        "currentTotalDutiesSet": None,
        "currentTotalAdditionalFeesSet": None,
        "originalTotalDutiesSet": None,
        "originalTotalAdditionalFeesSet": None,
    }


_FALSE = (
    "canMarkAsPaid", "canNotifyCustomer", "capturable", "customerAcceptsMarketing",
    "dutiesIncluded", "edited", "estimatedTaxes", "hasTimelineComment", "taxExempt",
)  # fmt: skip
_NULL = (
    "billingAddress", "clientIp", "confirmationNumber", "currentTotalWeight", "customer",
    "customerLocale", "email", "note", "phone", "poNumber", "shippingAddress", "shopifyProtect",
    "totalWeight",
)  # fmt: skip
_EMPTY = ("additionalFees", "customAttributes", "disputes")
_NOBODY: Node = {
    **dict.fromkeys(_FALSE, False),
    **dict.fromkeys(_NULL),
    **{name: [] for name in _EMPTY},
    "billingAddressMatchesShippingAddress": True,
    "requiresShipping": True,
    "merchantBusinessEntity": {
        "id": gid("BusinessEntity", 1),
        "companyName": "Northwind Home LLC",
        "displayName": "United States",
        "primary": True,
        "address": {"countryCode": "US"},
    },
}
"""What no order of this shop tells: its customers are nobody's business."""
