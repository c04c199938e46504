"""Parts of order lines, personal data, and orders of a region without the order report."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.testing import running
from tap_amazon_sp import streams
from tap_amazon_sp.streams import orders

PARTS = ("order_promotions", "order_item_proceeds", "order_item_taxes")
RECIPIENTS = {"order_recipients", "order_recipients_bulk"}
SINCE = "2026-11-01"


def lines(run: Any, name: str, *columns: str) -> set[tuple[Any, ...]]:
    return {tuple(row[column] for column in columns) for row in run.records[name]}


@pytest.fixture
def searched(sync: Any) -> Any:
    return sync(
        "orders", "order_items", *PARTS, orders_source="api", start_date=SINCE,
        regions=("na", "fe"),
    )  # fmt: skip


def test_the_subtotals_of_a_line_are_its_proceeds(searched: Any) -> None:
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in searched.records["order_item_proceeds"]:
        assert row["is_subtotal"] == (row["detail_ordinal"] == 0)
        if row["is_subtotal"]:
            told[row["order_id"], row["order_item_id"]] += Decimal(row["value_amount"])
    expected = {
        (row["order_id"], row["order_item_id"]): Decimal(row["proceeds_total_amount"])
        for row in searched.records["order_items"]
        if row["proceeds_total_amount"] is not None
    }
    assert dict(told) == expected


def test_details_add_up_to_their_subtotal(searched: Any) -> None:
    subtotals, details = {}, defaultdict(Decimal)
    for row in searched.records["order_item_proceeds"]:
        key = (row["order_id"], row["order_item_id"], row["proceeds_ordinal"])
        if row["is_subtotal"]:
            subtotals[key] = Decimal(row["value_amount"])
        else:
            details[key] += Decimal(row["value_amount"])
    assert details
    assert {key: subtotals[key] for key in details} == dict(details)


def test_taxes_are_the_details_of_the_tax(searched: Any) -> None:
    taxes = lines(searched, "order_item_taxes", "order_item_id", "subtype", "tax_amount")
    assert taxes
    assert taxes == {
        (row["order_item_id"], row["subtype"], row["value_amount"])
        for row in searched.records["order_item_proceeds"]
        if row["proceeds_type"] == "TAX" and not row["is_subtotal"]
    }


def test_promotions_are_those_of_the_lines_and_parts_carry_the_orders_version(
    searched: Any,
) -> None:
    versions = {row["order_id"]: row["last_updated_time"] for row in searched.records["orders"]}
    told: dict[str, list[str]] = defaultdict(list)
    for row in searched.records["order_promotions"]:
        assert row["last_updated_time"] == versions[row["order_id"]]
        told[row["order_item_id"]].append(row["promotion_id"])
    assert dict(told) == {
        row["order_item_id"]: row["promotion_ids"]
        for row in searched.records["order_items"]
        if row["promotion_ids"]
    }


def test_the_reports_parts_are_those_of_its_lines(sync: Any) -> None:
    run = sync(
        "order_items_bulk", *(f"{name}_bulk" for name in PARTS), start_date=SINCE
    )  # fmt: skip
    items = {(r["order_id"], r["order_item_id"]): r for r in run.records["order_items_bulk"]}
    columns = {
        "Principal": "item_price_amount",
        "Tax": "item_tax_amount",
        "Shipping": "shipping_price_amount",
        "ShippingTax": "shipping_tax_amount",
        "GiftWrap": "gift_wrap_price_amount",
        "GiftWrapTax": "gift_wrap_tax_amount",
    }
    for row in run.records["order_item_proceeds_bulk"]:
        item = items[row["order_id"], row["order_item_id"]]
        assert row["value_amount"] == item[columns[row["proceeds_type"]]]
        assert row["last_updated_date"] == item["last_updated_date"]
    taxes = Counter(row["subtype"] for row in run.records["order_item_taxes_bulk"])
    assert taxes["ITEM"] == sum(item["item_tax_amount"] is not None for item in items.values())
    promotions = Counter(row["order_item_id"] for row in run.records["order_promotions_bulk"])
    assert promotions == {
        key[1]: len(item["promotion_ids"]) for key, item in items.items() if item["promotion_ids"]
    }


# The acceptance case: an order whose lines need two pages


@pytest.mark.parametrize("fault", ["split_order", "repeated_page", None])
def test_an_order_told_on_two_pages_lands_once_with_all_its_lines(
    sync: Any, simulator: Any, monkeypatch: pytest.MonkeyPatch, fault: str | None
) -> None:
    monkeypatch.setattr(orders, "PAGE_SIZE", 20)  # a week of the small world is one page else
    names = ("orders", "order_items", "order_promotions", "order_item_proceeds")
    whole = sync(*names, orders_source="api", start_date="2026-11-18")
    if fault:
        simulator.faults.add("searchOrders", fault, times=None)
    paged = sync(*names, orders_source="api", start_date="2026-11-18")
    assert simulator.calls.summary()["searchOrders"]["calls"] > 2 * 2
    for name in names:
        key = paged.keys[name]
        keys = [tuple(row[part] for part in key) for row in paged.records[name]]
        assert len(keys) == len(set(keys))
        assert set(keys) == {tuple(row[part] for part in key) for row in whole.records[name]}


# Personal data


def test_personal_streams_are_not_even_offered_by_default(full_run: Any) -> None:
    assert not RECIPIENTS & full_run.keys.keys()
    assert {stream.name for stream in streams.PERSONAL} == RECIPIENTS


def test_personal_data_comes_with_the_setting_and_lands_in_two_tables_alone(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    run = sync(
        "orders", "order_items", "orders_bulk", *RECIPIENTS, include_personal_data=True,
        start_date=SINCE,
    )  # fmt: skip
    assert (run.exit_code, run.failures) == (0, [])
    asked = [sent.query["includedData"] for sent in requests_sent if "/orders/" in sent.path]
    assert all("BUYER,RECIPIENT" in included for included in asked)
    postal = {order.order_id: order.ship_postal_code for order in simulator.world.orders}
    for name, column in (
        ("order_recipients", "postal_code"),
        ("order_recipients_bulk", "ship_postal_code"),
    ):
        assert run.records[name]
        for row in run.records[name]:
            assert row[column] == postal[row["order_id"]]
    codes = set(postal.values())
    for name in ("orders", "order_items", "orders_bulk"):
        values = {str(value) for row in run.records[name] for value in row.values()}
        assert not codes & values


# The far east without the order report


def test_a_region_that_refuses_the_report_is_read_with_the_search(
    sync: Any, simulator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    whole = sync("orders_bulk", "order_items_bulk", regions=("fe",))
    simulator.simulation.limits.refill()
    simulator.faults.add("getReports", "status", status=400, code="InvalidInput", times=None)
    caplog.set_level(logging.WARNING)
    run = sync("orders", "orders_bulk", "order_items", "order_items_bulk", regions=("fe",))
    assert (run.exit_code, run.failures) == (0, [])
    assert "Amazon refuses the order report in region fe" in caplog.text
    assert run.records["orders_bulk"] == []
    assert run.runs("orders_bulk") == []
    ids = {row["order_id"] for row in run.records["orders"]}
    assert ids == {row["order_id"] for row in whole.records["orders_bulk"]}


def test_a_refused_report_is_found_out_by_asking_for_a_small_one(
    run_tap: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with running() as own:
        own.faults.add("createReport", "status", status=400, code="InvalidInput", times=None)
        run = run_tap(own, tmp_path, "orders", "orders_bulk", regions=("fe",))
    assert (run.exit_code, run.failures) == (0, [])
    assert "Amazon refuses the order report in region fe" in caplog.text
    assert len(run.records["orders"]) > 100


def test_who_wants_the_report_alone_gets_its_failure(sync: Any, simulator: Any) -> None:
    simulator.faults.add("createReport", "status", status=400, code="InvalidInput", times=None)
    run = sync("orders", "orders_bulk", regions=("fe",), orders_source="report")
    assert run.exit_code != 0
    assert run.records["orders"] == []


def test_an_hourly_run_asks_for_no_report(sync: Any, requests_sent: list[Any]) -> None:
    run = sync(
        "orders", "orders_bulk", "order_metrics_hourly", "fba_inventory", "listings",
        "catalog_items", "economics", "sales_traffic_by_asin", "fba_returns",
        cadence="hourly", regions=("na",),
    )  # fmt: skip
    assert run.exit_code == 0
    assert [sent.path for sent in requests_sent if sent.method == "POST"] == []
    assert {name for name, rows in run.records.items() if rows} == {
        "orders", "order_metrics_hourly", "fba_inventory", "report_runs"
    }  # fmt: skip
