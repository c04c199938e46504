"""The truth's totals, worked out once more in another way."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal

from simulator.testing import NOW
from simulator.truth import as_json, inventory, multi_channel, orders, shop
from simulator.world import World
from simulator.world.events import Channel, OrderStatus
from simulator.world.marketplaces import MARKETS


def test_every_amazon_order_counts_once_on_its_own_day(world: World) -> None:
    placed = Counter(
        (
            order.marketplace_id,
            order.placed_at.astimezone(MARKETS[order.marketplace_id].zone).date(),
        )
        for order in world.orders
        if order.channel is Channel.AMAZON
    )
    assert {(row["marketplace_id"], row["day"]): row["orders"] for row in orders(world)} == placed


def test_pending_accepted_and_cancelled_add_up_to_all(world: World) -> None:
    for row in orders(world):
        for fact in ("orders", "order_items", "units", "sales", "discounts"):
            parts = [row[f"{kind}_{fact}"] for kind in ("pending", "accepted", "cancelled")]
            assert sum(parts) == row[fact]


def test_sales_are_what_the_lines_say(world: World) -> None:
    by_currency: dict[str, Decimal] = {}
    for order in world.orders:
        currency = MARKETS[order.marketplace_id].currency_code
        for item in order.items:
            amount = item.unit_price * item.quantity
            by_currency[currency] = by_currency.get(currency, Decimal(0)) + amount
    told: dict[str, Decimal] = {}
    for row in orders(world):
        told[row["currency_code"]] = told.get(row["currency_code"], Decimal(0)) + row["sales"]
    assert told == by_currency


def test_cancelled_orders_are_those_cancelled_by_now(world: World) -> None:
    cancelled = [o for o in world.orders if o.status(NOW) is OrderStatus.CANCELLED]
    assert sum(row["cancelled_orders"] for row in orders(world)) == len(cancelled) > 0


def test_multi_channel_orders_stand_apart(world: World) -> None:
    multi = [order for order in world.orders if order.channel is Channel.NON_AMAZON]
    assert sum(row["orders"] for row in multi_channel(world)) == len(multi) > 0
    total = sum(row["orders"] for row in (*orders(world), *multi_channel(world)))
    assert total == len(world.orders)


def test_stock_counts_each_pool_once(world: World) -> None:
    rows = inventory(world)
    keys = [(row["pool"], row["fn_sku"]) for row in rows]
    assert len(set(keys)) == len(keys) == len(world.stock)
    assert any(len(row["seller_skus"]) > 1 for row in rows)
    for row in rows:
        parts = ("fulfillable", "inbound", "reserved", "researching", "unfulfillable")
        assert sum(row[part] for part in parts) == row["total"]


def test_the_shop_counts_its_own_orders_only(world: World) -> None:
    own = [o for o in world.shop_orders if not o.amazon_order_id and not o.is_test]
    assert sum(row["orders"] for row in shop(world)) == len(own) < len(world.shop_orders)


def test_money_is_text_in_json(world: World) -> None:
    first = json.loads(as_json(world))["orders"][0]
    assert isinstance(first["sales"], str)
    assert first["day"] == orders(world)[0]["day"].isoformat()
