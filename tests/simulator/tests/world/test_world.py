"""The world is one story: deterministic, consistent, and never rewritten by a later look."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from simulator.testing import NOW
from simulator.world import World, build
from simulator.world.events import Channel, FulfilledBy, OrderStatus
from simulator.world.marketplaces import BY_COUNTRY, MARKETS

DAY = timedelta(days=1)


def test_the_same_seed_gives_the_same_world(world: World) -> None:
    again = build(7, "small", NOW)
    assert again.orders == world.orders
    assert again.stock == world.stock
    assert again.shop_orders == world.shop_orders


def test_another_seed_gives_another_world(world: World) -> None:
    other = build(8, "small", NOW)
    assert {o.order_id for o in other.orders}.isdisjoint(o.order_id for o in world.orders)


@pytest.mark.parametrize("later", [timedelta(hours=1), DAY, 20 * DAY])
def test_a_later_look_keeps_every_event_and_adds_newer_ones(world: World, later: timedelta) -> None:
    after = world.at(NOW + later)
    known = {order.order_id: order for order in after.orders}
    assert all(known[order.order_id] == order for order in world.orders)
    added = known.keys() - {order.order_id for order in world.orders}
    assert all(NOW < known[order_id].placed_at <= NOW + later for order_id in added)


def test_a_world_built_later_tells_the_same_of_the_days_they_share() -> None:
    early, late = build(7, "small", NOW), build(7, "small", NOW + 10 * DAY)
    since = NOW - 60 * DAY

    def told(world: World) -> set[object]:
        return {order for order in world.orders if since <= order.placed_at <= NOW}

    assert told(early) == told(late)
    assert early.stock == late.stock_at(NOW)


def test_nothing_of_the_future_is_known(world: World) -> None:
    assert all(order.placed_at <= NOW for order in world.orders)
    assert all(order.last_updated_at(NOW) <= NOW for order in world.orders)
    published = [
        batch
        for market in world.markets
        for day in world.days(market)
        for batch in world.traffic(market, day)
    ]
    assert published
    assert all(batch.reported_at <= NOW for batch in published)


def test_ids_are_unique(world: World) -> None:
    orders = Counter(order.order_id for order in world.orders)
    items = Counter(item.order_item_id for order in world.orders for item in order.items)
    shop = Counter(order.order_id for order in world.shop_orders)
    assert max(orders.values()) == max(items.values()) == max(shop.values()) == 1
    assert len({product.asin for product in world.products}) == len(world.products)


def test_an_order_is_of_the_day_that_its_marketplace_had(world: World) -> None:
    for order in world.orders:
        assert MARKETS[order.marketplace_id].day_of(order.placed_at) == order.day


def test_an_order_late_in_los_angeles_is_of_the_next_day_in_utc(world: World) -> None:
    us = BY_COUNTRY["US"].marketplace_id
    late = [o for o in world.orders if o.marketplace_id == us and o.day < o.placed_at.date()]
    assert late


def test_a_day_with_a_change_of_clocks_has_no_order_outside_it() -> None:
    # Clocks in California go back at 2 a.m. on 1 November 2026: the day has 25 hours.
    market = BY_COUNTRY["US"]
    day = date(2026, 11, 1)
    assert market.close(day) - market.midnight(day) == timedelta(hours=25)


def test_an_order_ships_or_is_cancelled_but_not_both(world: World) -> None:
    for order in world.orders:
        assert bool(order.shipped_at) != bool(order.cancelled_at)
        assert order.placed_at <= order.approved_at
        assert order.shipped_at is None or order.shipped_at > order.approved_at


def test_orders_pass_through_their_states(world: World) -> None:
    statuses = Counter(order.status(NOW) for order in world.orders)
    assert set(statuses) == set(OrderStatus)
    shipped = next(o for o in world.orders if o.status(NOW) is OrderStatus.SHIPPED)
    assert shipped.shipped_at
    assert shipped.status(shipped.placed_at) is OrderStatus.PENDING
    assert shipped.status(shipped.approved_at) is OrderStatus.UNSHIPPED


def test_the_awkward_orders_exist(world: World) -> None:
    amazon = [order for order in world.orders if order.channel is Channel.AMAZON]
    assert any(len({i.seller_sku for i in o.items}) < len(o.items) for o in amazon)
    assert any(order.replaces_order_id for order in amazon)
    assert any(order.channel is Channel.NON_AMAZON for order in world.orders)
    assert any(order.fulfilled_by is FulfilledBy.MERCHANT for order in amazon)
    assert any(item.promotion_ids for order in amazon for item in order.items)
    late = [o for o in amazon if o.last_updated_at(NOW) - o.placed_at > 15 * DAY]
    assert late


def test_a_replacement_is_free_and_follows_the_order_it_replaces(world: World) -> None:
    orders = {order.order_id: order for order in world.orders}
    for order in orders.values():
        if order.replaces_order_id in orders:
            original = orders[order.replaces_order_id]
            assert original.shipped_at is not None
            assert original.shipped_at <= order.placed_at
            assert sum(item.principal for item in order.items) == 0


def test_amounts_have_the_minor_unit_of_their_currency(world: World) -> None:
    for order in world.orders:
        unit = MARKETS[order.marketplace_id].minor_unit
        for item in order.items:
            assert item.principal == item.unit_price * item.quantity
            for amount in (item.principal, item.tax, item.shipping, item.promotion_discount):
                assert amount == amount.quantize(unit)
                assert amount >= 0


def test_a_multi_channel_order_is_an_order_of_the_shop(world: World) -> None:
    shop = {order.name: order for order in world.own_shop_orders}
    multi = [order for order in world.orders if order.channel is Channel.NON_AMAZON]
    assert multi
    for order in multi:
        own = shop[order.merchant_order_id or ""]
        assert [item.quantity for item in order.items] == [line.quantity for line in own.lines]
        assert [item.seller_sku for item in order.items] == [line.variant.sku for line in own.lines]


def test_an_imported_shop_order_is_one_of_amazon(world: World) -> None:
    amazon = {order.order_id: order for order in world.orders}
    imported = [order for order in world.shop_orders if order.amazon_order_id]
    assert imported
    for order in imported:
        sold = amazon[order.amazon_order_id or ""]
        assert sum(line.price * line.quantity for line in order.lines) == sum(
            item.principal for item in sold.items
        )


def test_every_attributed_item_was_touched_before_it_was_ordered(world: World) -> None:
    touched = [
        (order, item.ad_touch) for order in world.orders for item in order.items if item.ad_touch
    ]
    assert touched
    for order, touch in touched:
        assert touch.at < order.placed_at
        assert touch.marketplace_id == order.marketplace_id
        assert order.channel is Channel.AMAZON


def test_some_products_are_shared_with_the_shop_and_some_are_not(world: World) -> None:
    amazon = {listing.seller_sku for listing in world.listings}
    skus = Counter(variant.sku for variant in world.story.shop.variants)
    assert amazon & skus.keys()
    assert amazon - skus.keys()
    assert skus.keys() - amazon
    assert max(skus.values()) == 2


def test_the_large_world_has_the_volumes_of_the_benchmark() -> None:
    world = build(7, "large", NOW)
    recent = [o for o in world.orders if o.placed_at > NOW - 60 * DAY]
    assert 9_500 <= len(recent) <= 11_000
    assert 13_000 <= sum(len(order.items) for order in recent) <= 15_500
    assert len({product.asin for product in world.products}) == 300
    assert {MARKETS[order.marketplace_id].region for order in world.orders} == {"na"}
