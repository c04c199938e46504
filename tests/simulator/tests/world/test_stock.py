"""Stock moves with units."""

from __future__ import annotations

from datetime import timedelta

from simulator.testing import NOW
from simulator.world import World
from simulator.world.events import FulfilledBy, Order
from simulator.world.inventory import CYCLE, StockKeepingUnit, cycle_start
from simulator.world.marketplaces import BY_COUNTRY, MARKETS, PAN_EU

HOUR = timedelta(hours=1)


def of_pool(world: World, unit: StockKeepingUnit) -> list[tuple[Order, int]]:
    return [
        (order, item.quantity)
        for order in world.orders
        if order.fulfilled_by is FulfilledBy.AMAZON
        and MARKETS[order.marketplace_id].pool == unit.pool
        for item in order.items
        if item.fn_sku == unit.fn_sku
    ]


def test_no_quantity_is_negative(world: World) -> None:
    for hours in range(0, 24 * 30, 12):
        for level in world.stock_at(NOW - hours * HOUR).values():
            numbers = [value for value in vars_of(level) if isinstance(value, int)]
            assert min(numbers) >= 0


def vars_of(level: object) -> list[object]:
    return [getattr(level, name) for name in level.__slots__]  # type: ignore[attr-defined]


def test_sellable_and_promised_units_fall_by_what_ships_within_a_cycle(world: World) -> None:
    """On hand = fulfillable + reserved; it only falls by shipped units and rises by arrivals."""
    moved = 0
    for unit in world.story.stock_keeping_units:
        start = cycle_start(world.seed, unit, NOW)
        earlier = max(start, NOW - timedelta(days=10))
        before = world.stock_at(earlier)[unit.pool, unit.fn_sku]
        after = world.stock[unit.pool, unit.fn_sku]
        shipped = sum(
            quantity
            for order, quantity in of_pool(world, unit)
            if order.shipped_at and earlier < order.shipped_at <= NOW
        )
        arrived = (after.fulfillable + after.reserved) - (before.fulfillable + before.reserved)
        arrived += shipped
        returned = sum(
            item.refund.quantity
            for order in world.orders
            for item in order.items
            if item.fn_sku == unit.fn_sku
            and item.refund
            and MARKETS[order.marketplace_id].pool == unit.pool
            and earlier < item.refund.requested_at + timedelta(days=9) <= NOW
        )
        assert arrived >= 0
        if after.fulfillable > 0:
            assert arrived <= returned
        moved += shipped
    assert moved > 0


def test_reserved_units_are_those_of_open_orders(world: World) -> None:
    for unit in world.story.stock_keeping_units:
        open_units = sum(
            quantity
            for order, quantity in of_pool(world, unit)
            if (order.shipped_at or order.cancelled_at or NOW) > NOW
        )
        assert world.stock[unit.pool, unit.fn_sku].reserved_customer_orders == open_units


def test_multi_channel_orders_take_from_the_pool(world: World) -> None:
    us = BY_COUNTRY["US"].pool
    multi = [o for o in world.orders if o.merchant_order_id]
    assert {MARKETS[order.marketplace_id].pool for order in multi} == {us}
    skus = {unit.fn_sku for unit in world.story.stock_keeping_units if unit.pool == us}
    assert {item.fn_sku for order in multi for item in order.items} <= skus


def test_continental_europe_is_one_pool_and_the_united_kingdom_another(world: World) -> None:
    pools = {unit.pool for unit in world.story.stock_keeping_units}
    assert pools == {"us", "ca", "uk", "jp", PAN_EU}
    eu = [BY_COUNTRY[country] for country in ("DE", "FR", "IT", "ES")]
    offered = [
        {o.fn_sku for o in world.listings if o.marketplace_id == m.marketplace_id and o.fn_sku}
        for m in eu
    ]
    assert offered[0]
    assert all(skus == offered[0] for skus in offered)


def test_several_skus_share_one_fnsku_and_conditions_do_not(world: World) -> None:
    us = BY_COUNTRY["US"].marketplace_id
    here = [offer for offer in world.listings if offer.marketplace_id == us and offer.fn_sku]
    shared = {o.fn_sku for o in here if sum(p.fn_sku == o.fn_sku for p in here) > 1}
    assert shared
    conditions = {(o.fn_sku, o.condition) for o in here}
    assert len({fn_sku for fn_sku, _ in conditions}) == len(conditions)


def test_a_cycle_lasts_four_weeks(world: World) -> None:
    for unit in world.story.stock_keeping_units:
        start = cycle_start(world.seed, unit, NOW)
        assert start <= NOW < start + CYCLE
        assert cycle_start(world.seed, unit, start - HOUR) == start - CYCLE
