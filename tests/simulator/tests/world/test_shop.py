"""What holds of the shop's orders and stock."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from simulator.truth import shop, shop_inventory, shop_refunds
from simulator.world import World
from simulator.world.events import ZERO
from simulator.world.shop_details import split
from simulator.world.shop_stock import AMAZON, CLOSED


def test_the_kinds_of_orders_that_mislead_are_all_there(world: World) -> None:
    orders = world.shop_details
    assert any(order.order.is_test for order in orders)
    assert any(line.variant.is_gift_card for order in orders for line in order.order.lines)
    assert any(order.order.fulfilled_by_amazon for order in orders)
    assert {"web", "pos", "amazon-us"} == {order.order.source_name for order in orders}
    assert {"USD", "CAD", "EUR"} == {order.presentment_currency for order in orders}
    spread = Counter(order.discount.is_spread for order in orders if order.discount)
    assert spread[True]
    assert spread[False]
    assert any(order.shipping_discount for order in orders)


def test_nothing_is_given_back_twice(world: World) -> None:
    for order in world.shop_details:
        assert sum((refund.total for refund in order.every_refund), ZERO) <= order.total
        assert sum((r.shipping for r in order.every_refund), ZERO) <= order.shipping
        for line in order.order.lines:
            assert order.refunded_quantity(line, world.now + timedelta(days=60)) <= line.quantity


def test_a_cancelled_order_is_given_back_whole(world: World) -> None:
    cancelled = [
        order
        for order in world.shop_details
        if order.is_cancelled(world.now) and not order.order.amazon_order_id
    ]
    assert cancelled
    for order in cancelled:
        assert sum((refund.total for refund in order.refunds(world.now)), ZERO) == order.total


def test_a_tax_is_split_to_the_cent() -> None:
    parts = split(Decimal("1.00"), [Decimal(1), Decimal(1), Decimal(1)])
    assert sum(parts) == Decimal("1.00")
    assert parts == (Decimal("0.33"), Decimal("0.34"), Decimal("0.33"))


def test_stock_is_committed_to_the_orders_that_wait(world: World) -> None:
    waiting = Counter[int]()
    for order in world.shop_details:
        is_sent = order.fulfilled_at and order.fulfilled_at <= world.now
        if not is_sent and not order.is_cancelled(world.now):
            for line in order.order.lines:
                waiting[line.variant.variant_id] += line.quantity
    committed = Counter[int]()
    for level in world.shop_levels:
        assert level.on_hand >= level.available >= 0
        assert level.location is not CLOSED
        committed[level.variant.variant_id] += level.committed
    gift_cards = {v.variant_id for v in world.story.shop.variants if v.is_gift_card}
    kept = {variant: units for variant, units in waiting.items() if variant not in gift_cards}
    at_shop = +committed
    assert at_shop == Counter(kept)


def test_what_amazon_ships_for_the_shop_is_amazons_stock(world: World) -> None:
    there = [level for level in world.shop_levels if level.location is AMAZON]
    assert there
    for level in there:
        offer = world.story.shop.offers[level.variant.sku]
        assert level.available == world.stock["us", offer.fn_sku or ""].fulfillable


def test_truth_adds_up_refunds_and_stock(world: World) -> None:
    refunds = [refund for order in world.shop_details for refund in order.refunds(world.now)]
    assert sum(row["refunds"] for row in shop_refunds(world)) == len(refunds)
    parts = ("products", "product_tax", "shipping", "shipping_tax", "discrepancies")
    told = sum((row[part] for row in shop_refunds(world) for part in parts), ZERO)
    assert told == sum((refund.total for refund in refunds), ZERO)
    assert len(shop_inventory(world)) == len(world.shop_levels)
    assert sum((row["gift_cards"] for row in shop(world)), ZERO) > 0


def test_whatever_changes_in_the_stock_is_an_update_of_it(world: World) -> None:
    later = world.at(world.now + timedelta(days=3))
    before = {(lv.variant.variant_id, lv.location.name): lv for lv in world.shop_levels}
    changed = 0
    for level in later.shop_levels:
        old = before.get((level.variant.variant_id, level.location.name))
        if old is None or (old.on_hand, old.available, old.incoming) != (
            level.on_hand,
            level.available,
            level.incoming,
        ):
            changed += 1
            assert level.updated_at > world.now
    assert changed
