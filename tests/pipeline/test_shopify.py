"""The shop's rows in Postgres: equal to the world, whatever happens on the way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pipeline import JOURNEYS, SHOP_SCHEMA, SHOPIFY, differences, wait_for

from simulator.world.events import ZERO
from simulator.world.shop_details import ShopDetails

if TYPE_CHECKING:
    from pipeline import Pipeline

Make = Callable[..., "Pipeline"]
START = datetime(2026, 9, 26, tzinfo=UTC)
"""The first of the 60 days that end with the tests' present."""


@pytest.fixture(scope="module")
def shop(new_pipeline: Make) -> Pipeline:
    """The shop after its first sync; tests only read from it."""
    pipeline = new_pipeline()
    pipeline.load(SHOPIFY, JOURNEYS)
    return pipeline


def orders_of(pipeline: Pipeline) -> dict[str, ShopDetails]:
    """The orders that changed within the days that are read, by id."""
    world = pipeline.simulator.world
    return {
        f"gid://shopify/Order/{order.order.order_id}": order
        for order in world.shop_details
        if order.updated_at(world.now) >= START
    }


def amount(value: dict[str, Any]) -> Decimal:
    return Decimal(value["shopMoney"]["amount"])


def assert_orders_are_the_worlds(pipeline: Pipeline) -> None:
    rows = {row["id"]: row for row in pipeline.rows("select * from shopify.orders")}
    expected, now = orders_of(pipeline), pipeline.simulator.world.now
    assert rows.keys() == expected.keys()
    for order_id, order in expected.items():
        row = rows[order_id]
        assert row["updated_at"] == order.updated_at(now).replace(tzinfo=None)
        assert amount(row["total_price_set"]) == order.total
        assert amount(row["total_tax_set"]) == order.tax
        assert row["test"] is order.order.is_test
        assert (row["cancelled_at"] is not None) is order.is_cancelled(now)
        lines = row["line_items"]
        assert [line["quantity"] for line in lines] == [ln.quantity for ln in order.order.lines]
        assert [amount(line["originalTotalSet"]) for line in lines] == [
            line.price * line.quantity for line in order.order.lines
        ]
        off = [a["allocatedAmountSet"] for line in lines for a in line["discountAllocations"]]
        assert sum(map(amount, off), ZERO) == order.discounts


def assert_refunds_are_the_worlds(pipeline: Pipeline) -> None:
    rows = {row["id"]: row for row in pipeline.rows("select * from shopify.order_refunds")}
    world = pipeline.simulator.world
    expected = {
        f"gid://shopify/Refund/{refund.refund_id}": refund
        for order in world.shop_details
        for refund in order.refunds(world.now)
        if refund.at >= START
    }
    assert rows.keys() == expected.keys() != set()
    moved = {
        (row["order"]["id"], row["created_at"]): amount(row["amount_set"])
        for row in pipeline.rows("select * from shopify.transactions where kind = 'REFUND'")
    }
    for refund_id, refund in expected.items():
        row = rows[refund_id]
        parts = [line[name] for line in row["refund_line_items"] for name in ("subtotalSet", "totalTaxSet")]  # fmt: skip  # noqa: E501
        told = sum(map(amount, parts), ZERO)
        for adjustment in row["order_adjustments"]:
            told -= amount(adjustment["amountSet"]) + amount(adjustment["taxAmountSet"])
        assert told == refund.total == moved[row["order"]["id"], row["created_at"]]


def assert_stock_is_the_worlds(pipeline: Pipeline) -> None:
    places = {row["id"]: row["name"] for row in pipeline.rows("select * from shopify.locations")}
    found = {
        (places[row["location"]["id"]], row["item"]["variant"]["id"]): {
            part["name"]: part["quantity"] for part in row["quantities"]
        }
        for row in pipeline.rows("select * from shopify.inventory_levels")
    }
    expected = {
        (level.location.name, f"gid://shopify/ProductVariant/{level.variant.variant_id}"): level
        for level in pipeline.simulator.world.shop_levels
    }
    assert found.keys() == expected.keys()
    for place, level in expected.items():
        for name in ("on_hand", "available", "committed", "incoming"):
            assert found[place][name] == getattr(level, name)


def assert_journeys_are_the_worlds(pipeline: Pipeline) -> None:
    now = pipeline.simulator.world.now
    rows = pipeline.rows(
        "select j.order_id, j.is_ready, count(m.order_id) as moments from shopify.order_journeys j "
        "left join shopify.order_journey_moments m using (store_id, order_id) group by 1, 2"
    )
    expected = orders_of(pipeline)
    assert {row["order_id"] for row in rows} == expected.keys()
    for row in rows:
        order = expected[row["order_id"]]
        assert row["is_ready"] is bool(order.journey_ready_at and order.journey_ready_at <= now)
        assert row["moments"] == (len(order.order.journey) if row["is_ready"] else 0)


def assert_all_is_the_worlds(pipeline: Pipeline) -> None:
    assert_orders_are_the_worlds(pipeline)
    assert_refunds_are_the_worlds(pipeline)
    assert_stock_is_the_worlds(pipeline)
    assert_journeys_are_the_worlds(pipeline)


def test_the_shops_rows_are_the_worlds(shop: Pipeline) -> None:
    assert_all_is_the_worlds(shop)


def test_the_shelf_is_read_from_its_beginning_and_locations_whole(shop: Pipeline) -> None:
    variants = shop.simulator.world.story.shop.variants
    prices = {row["id"]: row["price"] for row in shop.rows("select * from shopify.product_variants")}  # fmt: skip  # noqa: E501
    assert prices == {f"gid://shopify/ProductVariant/{v.variant_id}": v.price for v in variants}
    old = shop.rows(f"select id from shopify.products where updated_at < '{START:%F}'")
    assert old, "goods that nobody has touched since the start date"
    places = shop.rows("select name, is_active, is_fulfillment_service from shopify.locations")
    assert len(places) == 4
    assert [row["name"] for row in places if not row["is_active"]] == ["Old Warehouse"]
    assert sum(row["is_fulfillment_service"] for row in places) == 1


def test_nothing_lands_as_a_float_or_an_array_of_json(shop: Pipeline) -> None:
    columns = shop.rows(
        "select table_name, column_name, data_type from information_schema.columns "
        f"where table_schema = '{SHOP_SCHEMA}'"
    )
    kinds = {(row["table_name"], row["column_name"]): row["data_type"] for row in columns}
    assert {"double precision", "real", "ARRAY", "timestamp with time zone"} & {*kinds.values()} == set()  # fmt: skip  # noqa: E501
    assert kinds["product_variants", "price"] == "numeric"
    assert kinds["transactions", "settlement_currency_rate"] == "numeric"
    assert kinds["orders", "total_price_set"] == kinds["orders", "line_items"] == "jsonb"
    money = shop.rows(
        "select distinct jsonb_typeof(total_price_set #> '{shopMoney,amount}') as kind "
        "from shopify.orders"
    )
    assert money == [{"kind": "string"}], "text, which keeps every digit"


def test_every_key_begins_with_the_store(shop: Pipeline) -> None:
    keys = shop.rows(
        "select t.relname, a.attname from pg_index i join pg_class t on t.oid = i.indrelid "
        "join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0] "
        f"where i.indisprimary and t.relnamespace = '{SHOP_SCHEMA}'::regnamespace"
    )
    assert {row["attname"] for row in keys} == {"store_id"}
    assert len(keys) == 12


def test_a_second_run_changes_nothing(shop: Pipeline) -> None:
    before = shop.contents(SHOP_SCHEMA)
    shop.load(SHOPIFY, JOURNEYS)
    assert differences(shop.contents(SHOP_SCHEMA), before) == {}


@contextmanager
def held(pipeline: Pipeline, containing: str) -> Iterator[None]:
    """Keep the tap at a call that holds a text, until the block ends."""
    fault = pipeline.simulator.faults.add(
        "shopify.graphql", "slow", times=None, seconds=2, containing=containing
    )
    try:
        yield wait_for(lambda: fault.seen)
    finally:
        pipeline.simulator.faults.clear()


def test_a_kill_loses_nothing_and_a_throttled_answer_is_no_empty_one(
    new_pipeline: Make, shop: Pipeline
) -> None:
    pipeline = new_pipeline()
    for stage in ("query Look", "GetTransactions"):
        source, sink = pipeline.start(SHOPIFY)
        with held(pipeline, stage):
            os.kill(source.pid, signal.SIGKILL)
            out, _ = sink.communicate(timeout=60)
            assert source.wait(60) != 0
        pipeline.keep_state(SHOPIFY, out)
    for stage in ("query Look", "GetTransactions"):
        pipeline.simulator.faults.add("shopify.graphql", "throttled", times=2, containing=stage)
    pipeline.load(SHOPIFY, JOURNEYS)
    assert differences(pipeline.contents(SHOP_SCHEMA), shop.contents(SHOP_SCHEMA)) == {}


def test_orders_that_fail_stop_nothing_else_and_a_later_run_reads_all_that_changed(
    new_pipeline: Make,
) -> None:
    pipeline = new_pipeline()
    pipeline.load(JOURNEYS)
    faults = pipeline.simulator.faults
    for operation, fault, containing, said in (
        ("shopify.graphql", "report_fatal", "bulkOperationRunQuery", "ended FAILED"),
        ("download", "cut_gzip", "bulk-", "orders (global)"),
    ):
        faults.add(operation, fault, times=None, containing=containing)
        source, sink = pipeline.start(SHOPIFY)
        out, _ = sink.communicate(timeout=120)
        assert source.wait(60) == 1
        faults.clear()
        pipeline.keep_state(SHOPIFY, out)
        assert said in (pipeline.folder / f"{SHOPIFY}.log").read_text()
        assert "updatedAt" not in pipeline.states[SHOPIFY]["bookmarks"].get("orders", {})
        assert_stock_is_the_worlds(pipeline)
    pipeline.simulator.set_now(pipeline.simulator.world.now + timedelta(days=2, hours=3))
    pipeline.load(SHOPIFY, JOURNEYS)
    assert_all_is_the_worlds(pipeline)
