"""Orders 2026-01-01's JSON of one order, dataset by dataset."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.amazon_sp.order_facts import ItemFacts, OrderFacts, deliver_by, ship_by
from simulator.amazon_sp.parameters import iso
from simulator.world.events import OrderStatus

DATASETS = frozenset(
    {"BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT",
     "PACKAGES", "TAX", "PAYMENT", "FULFILLMENT_ORDERS"}
)  # fmt: skip
_SERVICE_LEVELS = {"NextDay": "NEXT_DAY", "Standard": "STANDARD"}
_CONDITIONS = {"used": ("USED", "VERY_GOOD")}
_REASONS = {
    "BUYER": "BUYER_CANCELED",
    "MERCHANT": "NO_INVENTORY",
    "AMAZON": "PAYMENT_DECLINED",
}


def order(facts: OrderFacts, included: frozenset[str]) -> dict[str, Any]:
    """One order with the datasets asked for; absent facts are absent members."""
    event = facts.order
    body: dict[str, Any] = {
        "orderId": event.order_id,
        "createdTime": iso(event.placed_at),
        "lastUpdatedTime": iso(facts.last_updated_at),
        "salesChannel": {
            "channelName": event.channel.value,
            "marketplaceId": event.marketplace_id,
            "marketplaceName": facts.channel_name,
        },
    }
    if event.merchant_order_id:
        body["orderAliases"] = [
            {"aliasId": event.merchant_order_id, "aliasType": "SELLER_ORDER_ID"}
        ]
    programs = ["PRIME"] * event.is_prime + ["AMAZON_BUSINESS"] * event.is_business
    if programs:
        body["programs"] = programs
    if event.replaces_order_id:
        body["associatedOrders"] = [
            {"orderId": event.replaces_order_id, "associationType": "REPLACEMENT_ORIGINAL_ID"}
        ]
    if "RECIPIENT" in included:
        body["recipient"] = {"deliveryAddress": _address(facts)}
    if "PROCEEDS" in included and facts.items[0].is_priced:
        body["proceeds"] = _order_proceeds(facts)
    if "FULFILLMENT" in included:
        body["fulfillment"] = {
            "fulfillmentStatus": facts.status.value,
            "fulfilledBy": event.fulfilled_by.value,
            "fulfillmentServiceLevel": _SERVICE_LEVELS[event.service_level],
            "shipByWindow": _window(ship_by(event)),
            "deliverByWindow": _window(deliver_by(event)),
        }
    body["orderItems"] = [_item(facts, item, included) for item in facts.items]
    return body


def _item(facts: OrderFacts, told: ItemFacts, included: frozenset[str]) -> dict[str, Any]:
    item = told.item
    body: dict[str, Any] = {
        "orderItemId": item.order_item_id,
        "quantityOrdered": told.quantity,
        "product": _product(facts, told),
    }
    if "PROCEEDS" in included and told.is_priced:
        body["proceeds"] = _item_proceeds(facts, told)
    if "EXPENSE" in included and told.is_priced and facts.market.currency_code == "JPY":
        points = int(item.principal) // 100
        value = _money(facts, Decimal(points))
        body["expense"] = {
            "pointsCost": {"pointsGranted": {"pointsNumber": points, "pointsMonetaryValue": value}}
        }
    if "PROMOTION" in included and item.promotion_ids:
        body["promotion"] = {
            "breakdowns": [{"promotionId": promotion} for promotion in item.promotion_ids]
        }
    if "CANCELLATION" in included and facts.status is OrderStatus.CANCELLED:
        body["cancellation"] = _cancellation(facts)
    if "FULFILLMENT" in included:
        shipped = told.quantity if facts.status is OrderStatus.SHIPPED else 0
        body["fulfillment"] = {
            "quantityFulfilled": shipped,
            "quantityUnfulfilled": 0
            if facts.status is OrderStatus.CANCELLED
            else told.quantity - shipped,
        }
    return body


def _product(facts: OrderFacts, told: ItemFacts) -> dict[str, Any]:
    item = told.item
    kind, subtype = _CONDITIONS.get(item.seller_sku.rpartition(" ")[2], ("NEW", "NEW"))
    product: dict[str, Any] = {
        "asin": item.asin,
        "title": item.title,
        "sellerSku": item.seller_sku,
        "condition": {"conditionType": kind, "conditionSubtype": subtype},
    }
    if told.is_priced:
        product["price"] = {"unitPrice": _money(facts, item.unit_price)}
        if facts.order.is_business:
            product["price"]["priceDesignation"] = "BUSINESS_PRICE"
    return product


def _parts(told: ItemFacts) -> dict[str, dict[str, Decimal]]:
    """The amounts of a line by proceeds type and subtype; what is taken off is negative."""
    item = told.item
    return {
        "ITEM": {"ITEM": item.principal},
        "SHIPPING": {"SHIPPING": item.shipping},
        "GIFT_WRAP": {"GIFT_WRAP": item.gift_wrap},
        "TAX": {
            "ITEM": told.tax,
            "SHIPPING": told.shipping_tax,
            "GIFT_WRAP": told.gift_wrap_tax,
        },
        "DISCOUNT": {"ITEM": -item.promotion_discount, "SHIPPING": -item.shipping_discount},
    }


def _item_proceeds(facts: OrderFacts, told: ItemFacts) -> dict[str, Any]:
    parts = _parts(told)
    breakdowns = []
    for kind, details in parts.items():
        if kind != "ITEM" and not any(details.values()):
            continue
        breakdown: dict[str, Any] = {"type": kind, "subtotal": _money(facts, sum(details.values()))}
        if kind in ("TAX", "DISCOUNT"):
            breakdown["detailedBreakdowns"] = [
                {"subtype": subtype, "value": _money(facts, amount)}
                for subtype, amount in details.items()
                if amount
            ]
        breakdowns.append(breakdown)
    total = sum(amount for details in parts.values() for amount in details.values())
    return {"proceedsTotal": _money(facts, total), "breakdowns": breakdowns}


def _order_proceeds(facts: OrderFacts) -> dict[str, Any]:
    totals: dict[str, Decimal] = {}
    for told in facts.items:
        for kind, details in _parts(told).items():
            totals[kind] = totals.get(kind, Decimal(0)) + sum(details.values())
    return {
        "grandTotal": _money(facts, sum(totals.values())),
        "breakdowns": [
            {"type": kind, "subtotal": _money(facts, amount)}
            for kind, amount in totals.items()
            if amount or kind == "ITEM"
        ],
    }


def _cancellation(facts: OrderFacts) -> dict[str, Any]:
    by = facts.order.cancelled_by or "AMAZON"
    body = {"cancellationExecution": {"cancelledBy": by, "cancelReason": _REASONS[by]}}
    if by == "BUYER":
        body["cancellationRequest"] = {"requester": by, "cancelReason": "ORDERED_BY_MISTAKE"}
    return body


def _address(facts: OrderFacts) -> dict[str, str]:
    event = facts.order
    address = {
        "city": event.ship_city,
        "stateOrRegion": event.ship_state,
        "postalCode": event.ship_postal_code,
        "countryCode": event.ship_country,
    }
    return {name: value for name, value in address.items() if value}


def _money(facts: OrderFacts, amount: Decimal | int) -> dict[str, str]:
    return {
        "amount": str(Decimal(amount).quantize(facts.market.minor_unit)),
        "currencyCode": facts.market.currency_code,
    }


def _window(bounds: tuple[datetime, datetime]) -> dict[str, str]:
    return {"earliestDateTime": iso(bounds[0]), "latestDateTime": iso(bounds[1])}
