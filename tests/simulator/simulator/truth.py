"""Ground truth: the world's totals by its own arithmetic, straight from the events.

Nothing here looks at how an API tells a fact; pipeline tests compare marts with these numbers.
Sections and the grain of their rows:

- ``orders``: marketplace and marketplace day; Amazon-channel orders as known now, by status.
- ``sales_traffic``: marketplace and marketplace day; what has been published of the day by now,
  and ``final_*``: what it will be when nothing is restated any more.
- ``inventory``: pool, FNSKU and condition, now.
- ``multi_channel``: marketplace and day; orders that Amazon only ships.
- ``shop``: shop day; the Shopify shop's own orders.
- ``shop_refunds``: shop day of the refund. ``shop_inventory``: variant and location, now.
- ``ads`` and ``ads_invoices``: see ``truth`` and ``invoice_truth`` of ``simulator.world.ads``; what
  lies below the campaign is its ``level_truth``, too many rows to be printed.
- ``settlements`` and ``finance_days``: see ``simulator.world.finance.truth``.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from simulator.world import World, ads, finance
from simulator.world.events import ZERO, Channel, Order, OrderStatus, TrafficBatch
from simulator.world.marketplaces import MARKETS
from simulator.world.publication import batches
from simulator.world.shop import SHOP_ZONE
from simulator.world.shop_details import ShopRefund
from simulator.world.shop_orders import ShopOrder

Row = dict[str, Any]


def truth(world: World) -> dict[str, list[Row]]:
    """Every section as a list of rows; money is ``Decimal``, days are dates."""
    return {
        "orders": orders(world),
        "sales_traffic": sales_traffic(world),
        "inventory": inventory(world),
        "multi_channel": multi_channel(world),
        "shop": shop(world),
        "shop_refunds": shop_refunds(world),
        "shop_inventory": shop_inventory(world),
        "ads": ads.truth(world),
        "ads_invoices": ads.invoice_truth(world),
        **finance.truth(world),
    }


def orders(world: World) -> list[Row]:
    """Orders, items, units, sales (before promotions) and discounts per marketplace day.

    Without prefix: everything placed, free replacements included. ``pending_*``, ``accepted_*``
    (paid, shipped or not) and ``cancelled_*`` add up to it; only accepted orders surely tell their
    price. ``replacement_*`` is part of them.
    """
    rows = []
    for (marketplace_id, day), placed in _by_day(world, Channel.AMAZON).items():
        by_status: dict[str, list[Order]] = {"pending": [], "accepted": [], "cancelled": []}
        for order in placed:
            by_status[_KINDS[order.status(world.now)]].append(order)
        row: Row = {
            "marketplace_id": marketplace_id,
            "day": day,
            "currency_code": MARKETS[marketplace_id].currency_code,
            **_totals("", placed),
        }
        for kind, some in by_status.items():
            row |= _totals(f"{kind}_", some)
        rows.append(row | _totals("replacement_", [o for o in placed if o.replaces_order_id]))
    return rows


_KINDS = {
    OrderStatus.PENDING: "pending",
    OrderStatus.UNSHIPPED: "accepted",
    OrderStatus.SHIPPED: "accepted",
    OrderStatus.CANCELLED: "cancelled",
}


def _by_day(world: World, channel: Channel) -> dict[tuple[str, date], list[Order]]:
    found: dict[tuple[str, date], list[Order]] = defaultdict(list)
    for order in world.orders:
        if order.channel is channel:
            found[order.marketplace_id, order.day].append(order)
    return dict(sorted(found.items()))


def _totals(prefix: str, placed: Iterable[Order]) -> Row:
    lines = [(order, item) for order in placed for item in order.items]
    return {
        f"{prefix}orders": len({order.order_id for order, _ in lines}),
        f"{prefix}order_items": len(lines),
        f"{prefix}units": sum(item.quantity for _, item in lines),
        f"{prefix}sales": sum((item.principal for _, item in lines), ZERO),
        f"{prefix}discounts": sum((item.promotion_discount for _, item in lines), ZERO),
    }


def sales_traffic(world: World) -> list[Row]:
    """Ordered product sales and traffic per marketplace day of which anything is published.

    Counts orders by the day they were placed, cancelled ones included, free replacements not.
    """
    return [
        _sales_traffic(world, marketplace_id, day)
        for market in world.markets
        for marketplace_id in (market.marketplace_id,)
        for day in world.days(market)
        if batches(world.seed, market, day)[0] <= world.now
    ]


def _sales_traffic(world: World, marketplace_id: str, day: date) -> Row:
    market = MARKETS[marketplace_id]
    items = [
        item
        for order in world.story.amazon_orders(market, day)
        if not order.replaces_order_id
        for item in order.items
    ]
    reported = [item for item in items if item.reported_at <= world.now]
    told = [b for b in world.story.traffic(market, day) if b.asin is None]
    return {
        "marketplace_id": marketplace_id,
        "day": day,
        "currency_code": market.currency_code,
        "ordered_product_sales": sum((item.principal for item in reported), ZERO),
        "units_ordered": sum(item.quantity for item in reported),
        "total_order_items": len(reported),
        **_visits("", [batch for batch in told if batch.reported_at <= world.now]),
        "final_ordered_product_sales": sum((item.principal for item in items), ZERO),
        "final_units_ordered": sum(item.quantity for item in items),
        "final_total_order_items": len(items),
        **_visits("final_", told),
        "is_final": (market.day_of(world.now) - day).days >= 14,
    }


def _visits(prefix: str, told: list[TrafficBatch]) -> Row:
    return {
        f"{prefix}sessions": sum(b.browser_sessions + b.mobile_sessions for b in told),
        f"{prefix}page_views": sum(b.browser_page_views + b.mobile_page_views for b in told),
        f"{prefix}buy_box_page_views": sum(b.buy_box_page_views for b in told),
    }


def inventory(world: World) -> list[Row]:
    """Stock per pool, FNSKU and condition, with the seller SKUs that share it."""
    shared: dict[tuple[str, str], set[str]] = defaultdict(set)
    for offer in world.listings:
        if offer.fn_sku:
            shared[MARKETS[offer.marketplace_id].pool, offer.fn_sku].add(offer.seller_sku)
    return [
        {
            "pool": level.pool,
            "fn_sku": level.fn_sku,
            "asin": level.asin,
            "condition": level.condition,
            "seller_skus": sorted(shared[level.pool, level.fn_sku]),
            "fulfillable": level.fulfillable,
            "inbound": level.inbound_working + level.inbound_shipped + level.inbound_receiving,
            "reserved": level.reserved,
            "researching": level.researching,
            "unfulfillable": level.unfulfillable,
            "total": level.total,
        }
        for level in world.stock.values()
    ]


def multi_channel(world: World) -> list[Row]:
    """Orders of other channels that Amazon ships, per marketplace whose stock they take."""
    return [
        {"marketplace_id": marketplace_id, "day": day, **_totals("", placed)}
        for (marketplace_id, day), placed in _by_day(world, Channel.NON_AMAZON).items()
    ]


def shop(world: World) -> list[Row]:
    """The shop's own orders per shop day, test orders and imported Amazon orders not in.

    Sales and discounts are of goods; a gift card is an order, but no sale.
    """
    found: dict[date, list[ShopOrder]] = defaultdict(list)
    for order in world.own_shop_orders:
        if not order.is_test:
            found[order.day].append(order)
    return [_shop_day(world, day, placed) for day, placed in sorted(found.items())]


def _shop_day(world: World, day: date, placed: list[ShopOrder]) -> Row:
    lines = [line for order in placed for line in order.lines]
    goods = [line for line in lines if not line.variant.is_gift_card]
    cards = [line for line in lines if line.variant.is_gift_card]
    return {
        "day": day,
        "orders": len(placed),
        "cancelled_orders": sum(
            1 for order in placed if order.cancelled_at and order.cancelled_at <= world.now
        ),
        "units": sum(line.quantity for line in goods),
        "gross_sales": sum((line.price * line.quantity for line in goods), ZERO),
        "discounts": sum((line.discount for line in goods), ZERO),
        "gift_cards": sum((line.price * line.quantity for line in cards), ZERO),
    }


def shop_refunds(world: World) -> list[Row]:
    """What went back to the shop's customers, per shop day of the refund; amounts are positive."""
    found: dict[date, list[ShopRefund]] = defaultdict(list)
    for order in world.shop_details:
        for refund in order.refunds(world.now):
            found[refund.at.astimezone(SHOP_ZONE).date()].append(refund)
    return [
        {
            "day": day,
            "refunds": len(refunds),
            "units": sum(line.quantity for refund in refunds for line in refund.lines),
            "products": sum((line.subtotal for r in refunds for line in r.lines), ZERO),
            "product_tax": sum((line.tax for r in refunds for line in r.lines), ZERO),
            "shipping": sum((refund.shipping for refund in refunds), ZERO),
            "shipping_tax": sum((refund.shipping_tax for refund in refunds), ZERO),
            "discrepancies": sum((refund.extra for refund in refunds), ZERO),
        }
        for day, refunds in sorted(found.items())
    ]


def shop_inventory(world: World) -> list[Row]:
    """The shop's stock per variant and location, now."""
    return [
        {
            "variant_id": level.variant.variant_id,
            "sku": level.variant.sku,
            "location": level.location.name,
            "on_hand": level.on_hand,
            "available": level.available,
            "committed": level.committed,
            "incoming": level.incoming,
        }
        for level in world.shop_levels
    ]


def as_json(world: World) -> str:
    """The truth as JSON: money as text, days as ISO dates."""
    return json.dumps(truth(world), default=_plain, indent=1, ensure_ascii=False)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
