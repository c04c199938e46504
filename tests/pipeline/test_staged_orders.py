"""Orders and their lines in staging, merged from the report and the search, against the world's."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from simulator.world.events import Channel, Order, OrderItem, OrderStatus
from simulator.world.marketplaces import MARKETS

if TYPE_CHECKING:
    from pipeline import Pipeline, Row

Lines = dict[str, list["Row"]]


@pytest.fixture(scope="module")
def orders(loaded: Pipeline) -> dict[str, Row]:
    rows = loaded.rows("select * from staging.stg_amazon_sp__orders")
    found = {row["order_id"]: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture(scope="module")
def lines(loaded: Pipeline) -> Lines:
    """The staged lines of each order."""
    found: Lines = defaultdict(list)
    for row in loaded.rows("select * from staging.stg_amazon_sp__order_items"):
        found[row["order_id"]].append(row)
    return found


@pytest.fixture(scope="module")
def placed(loaded: Pipeline, orders: dict[str, Row]) -> dict[str, Order]:
    """The world's orders that were loaded, by id: all that changed in the 60 days of a region."""
    world = loaded.simulator.world
    first_days = {m.marketplace_id: m.day_of(world.now) - timedelta(59) for m in world.markets}
    begins = {
        region: min(
            MARKETS[marketplace_id].midnight(day)
            for marketplace_id, day in first_days.items()
            if MARKETS[marketplace_id].region == region
        )
        for region in world.sellers
    }
    everything = {order.order_id: order for order in world.orders}
    assert orders.keys() >= {
        order_id
        for order_id, order in everything.items()
        if order.last_updated_at(world.now) >= begins[order.region]
    }
    return {order_id: everything[order_id] for order_id in orders}


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def test_the_merged_orders_are_the_worlds(
    loaded: Pipeline, orders: dict[str, Row], placed: dict[str, Order]
) -> None:
    now = loaded.simulator.world.now
    for order_id, order in placed.items():
        row = orders[order_id]
        assert {
            "marketplace_id": row["marketplace_id"],
            "channel": row["channel_name"],
            "date": row["date"],
            "purchased_at": row["purchased_at"],
            "last_updated_at": row["last_updated_at"],
            "status": row["order_status"],
            "fulfilled_by": row["fulfilled_by"],
        } == {
            "marketplace_id": order.marketplace_id,
            "channel": order.channel.value,
            "date": MARKETS[order.marketplace_id].day_of(order.placed_at),
            "purchased_at": utc(order.placed_at),
            "last_updated_at": utc(order.last_updated_at(now)),
            "status": order.status(now).value,
            "fulfilled_by": order.fulfilled_by.value,
        }, order_id
    assert {row["source"] for row in orders.values()} == {"orders", "orders_bulk"}
    assert {order.status(now) for order in placed.values()} == set(OrderStatus)


def test_the_newer_of_both_sources_wins_and_equally_new_ones_are_the_searchs(
    loaded: Pipeline, orders: dict[str, Row]
) -> None:
    """The search reads the last 24 hours to the end less two minutes, the report everything."""
    now = loaded.simulator.world.now
    hot = {utc(now) - timedelta(hours=24), utc(now) - timedelta(minutes=2)}
    for row in orders.values():
        is_hot = min(hot) <= row["last_updated_at"] <= max(hot)
        assert row["source"] == ("orders" if is_hot else "orders_bulk"), row


def test_the_lines_of_every_order_are_the_worlds_to_the_cent(
    loaded: Pipeline, lines: Lines, placed: dict[str, Order]
) -> None:
    now = loaded.simulator.world.now
    for order_id, order in placed.items():
        status = order.status(now)
        staged = {row["order_item_id"]: told(row) for row in lines[order_id]}
        assert len(staged) == len(lines[order_id]) == len(order.items), order_id
        for ordinal, item in enumerate(order.items, start=1):
            # The report gives some lines of a pending order no code yet.
            key = item.order_item_id if item.order_item_id in staged else f"#{ordinal}"
            assert key == item.order_item_id or status is OrderStatus.PENDING, order_id
            # Amazon empties cancelled lines or leaves them as they were; nobody knows beforehand.
            emptied = [False, True] if status is OrderStatus.CANCELLED else [False]
            assert staged[key] in [expected(order, item, status, gone) for gone in emptied], key


def told(row: Row) -> Row:
    return {
        "sku": row["seller_sku"],
        "asin": row["asin"],
        "title": row["title"],
        "quantity": row["quantity_ordered"],
        "price": row["item_price_amount"],
        "shipping": row["shipping_price_amount"] or 0,
        "gift_wrap": row["gift_wrap_price_amount"] or 0,
        "discount": row["discount_amount"] or 0,
        "tax": row["tax_amount"] or 0,
        "is_cancelled": row["is_cancelled"],
        # Only the search tells the promotions of a line that has no price.
        "promotions": row["item_price_amount"] is not None and sorted(row["promotion_ids"] or []),
    }


def expected(order: Order, item: OrderItem, status: OrderStatus, is_emptied: bool) -> Row:
    """What Amazon can know of a line: no price of a pending or a multi-channel order."""
    is_priced = order.channel is Channel.AMAZON and status is not OrderStatus.PENDING
    is_priced = is_priced and not is_emptied
    tax = item.tax + item.shipping_tax + item.gift_wrap_tax
    excludes_tax = MARKETS[order.marketplace_id].vat is None
    return {
        "sku": item.seller_sku,
        "asin": item.asin,
        "title": item.title,
        "quantity": 0 if is_emptied else item.quantity,
        "price": Decimal(item.principal) if is_priced else None,
        "shipping": item.shipping if is_priced else 0,
        "gift_wrap": item.gift_wrap if is_priced else 0,
        "discount": item.promotion_discount + item.shipping_discount if is_priced else 0,
        "tax": tax if is_priced and excludes_tax else 0,
        "is_cancelled": status is OrderStatus.CANCELLED,
        "promotions": is_priced and sorted(item.promotion_ids),
    }


@pytest.mark.parametrize("source", ["order_items", "order_items_bulk"])
def test_two_lines_of_one_sku_stay_two(
    source: str, loaded: Pipeline, lines: Lines, placed: dict[str, Order]
) -> None:
    raw = loaded.rows(f"select order_id, order_item_id from amazon_sp.{source}")
    of_source = {row["order_id"] for row in raw}
    twins = {
        order_id: order
        for order_id, order in placed.items()
        if order_id in of_source
        and len({item.seller_sku for item in order.items}) < len(order.items)
    }
    assert twins, f"the world has no such order in {source}"
    for order_id, order in twins.items():
        in_raw = [row for row in raw if row["order_id"] == order_id]
        assert len(in_raw) == len(lines[order_id]) == len(order.items), order_id


def test_a_japanese_day_begins_at_15_hours_utc(
    orders: dict[str, Row], placed: dict[str, Order]
) -> None:
    """Orders of the evening in UTC are the next day's, today's (the 25th) included."""
    evening = [
        orders[order_id]
        for order_id, order in placed.items()
        if MARKETS[order.marketplace_id].country_code == "JP" and order.placed_at.hour >= 15
    ]
    assert len(evening) > 10
    for row in evening:
        assert row["date"] == row["purchased_at"].date() + timedelta(days=1), row
