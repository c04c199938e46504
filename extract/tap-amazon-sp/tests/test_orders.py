"""Orders by search and by report: pages, refused datasets, sources, how far each run reads."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

Sync = Callable[..., Any]
THREE_DAYS = {"orders_source": "api", "start_date": "2026-11-22"}


def ids(run: Any, stream: str) -> set[str]:
    return {record["order_id"] for record in run.records[stream]}


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of ten orders, so that a small world has several."""
    monkeypatch.setattr("tap_amazon_sp.streams.orders.PAGE_SIZE", 10)


def test_unsorted_and_repeated_pages_lose_nothing(
    sync: Sync, simulator: Any, small_pages: None
) -> None:
    expected = ids(sync("orders_bulk", start_date="2026-11-10"), "orders_bulk")
    simulator.faults.add("searchOrders", "repeated_page", times=None)
    search = sync("orders", "order_items", orders_source="api", start_date="2026-11-10")
    assert simulator.calls.count("searchOrders") > 10
    assert ids(search, "orders") == ids(search, "order_items") == expected
    assert search.exit_code == 0


def test_every_page_of_a_window_asks_the_same_but_for_the_token(
    sync: Sync, small_pages: None, requests_sent: list[Any]
) -> None:
    sync("orders", **THREE_DAYS)
    asked = [dict(sent.query) for sent in requests_sent if sent.path.endswith("/orders")]
    assert len(asked) > 1
    assert "paginationToken" not in asked[0]
    assert {frozenset({**query, "paginationToken": ""}.items()) for query in asked} == {
        frozenset({**asked[0], "paginationToken": ""}.items())
    }
    assert asked[0].keys() >= {"lastUpdatedAfter", "lastUpdatedBefore"}
    assert "createdAfter" not in asked[0]


def test_a_400_from_page_3_fails_loudly_with_the_bookmark_before_it(
    sync: Sync, simulator: Any, small_pages: None
) -> None:
    before = sync("orders", "order_items", cadence="hourly", start_date="2026-11-24")
    assert before.bookmark("orders") == "2026-11-24T17:58:00Z"
    simulator.set_now(datetime.fromisoformat("2026-11-29T18:00:00Z"))
    simulator.simulation.limits.refill()
    simulator.faults.add("searchOrders", "status", nth=3, times=None, status=400)
    run = sync(
        "orders", "order_items", "fba_inventory",
        cadence="hourly", as_of="2026-11-29T18:00:00Z", state=before.state,
    )  # fmt: skip
    assert simulator.calls.summary()["searchOrders"]["by_status"]["200"] >= 3
    assert run.exit_code != 0
    assert any("orders" in failure and "HTTP 400" in failure for failure in run.failures)
    assert run.records["orders"] == run.records["order_items"] == []
    assert run.bookmark("orders") == run.bookmark("order_items") == "2026-11-24T17:58:00Z"
    assert run.records["fba_inventory"] != []
    assert {row["status"] for row in run.runs("orders")} == {"failed"}


def test_the_bookmark_is_what_the_server_says_it_covers(sync: Sync, simulator: Any) -> None:
    # The world is known until 18:00 only, so the server's answer ends two minutes before.
    as_of = "2026-11-24T18:01:00Z"
    while simulator.simulation.clock.now() < datetime.fromisoformat(as_of):
        time.sleep(0.01)
    run = sync("orders", start_date="2026-11-22", as_of=as_of)
    (row,) = run.runs("orders")
    assert row["window_end"] == "2026-11-24T17:59:00Z"
    assert run.bookmark("orders") == "2026-11-24T17:58:00Z"


def test_a_refused_dataset_is_left_out_and_the_log_says_so(
    sync: Sync, simulator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    whole = sync("orders", "order_items", **THREE_DAYS)
    simulator.faults.add(
        "searchOrders", "status", times=None, status=400, containing="PROMOTION",
        code="InvalidInput", message="The input you have submitted is not valid.",
    )  # fmt: skip
    run = sync("orders", "order_items", **THREE_DAYS)
    assert run.exit_code == 0
    assert ids(run, "orders") == ids(whole, "orders")
    assert {
        line["promotion_ids"] and len(line["promotion_ids"])
        for line in whole.records["order_items"]
    } > {None}
    assert {line["promotion_ids"] for line in run.records["order_items"]} == {None}
    assert {order["fulfillment_status"] for order in run.records["orders"]} == {
        order["fulfillment_status"] for order in whole.records["orders"]
    }
    assert "searchOrders refuses PROMOTION in this region at present" in caplog.text


def test_what_was_refused_is_not_asked_for_again_in_the_run(
    sync: Sync, simulator: Any, requests_sent: list[Any]
) -> None:
    fault = {"times": None, "status": 400, "containing": "FULFILLMENT"}
    simulator.faults.add("searchOrders", "status", **fault)
    sync("orders", orders_source="api", start_date="2026-11-12")  # two windows
    asked = [sent.query for sent in requests_sent if sent.path.endswith("/orders")]
    assert sum("FULFILLMENT" in query.get("includedData", "") for query in asked) == 1


def test_a_request_that_is_refused_without_datasets_as_well_fails(
    sync: Sync, simulator: Any
) -> None:
    simulator.faults.add("searchOrders", "status", times=None, status=400)
    run = sync("orders", **THREE_DAYS)
    assert run.exit_code != 0
    assert run.bookmark("orders") is None
    assert simulator.calls.count("searchOrders") == 2


def test_the_source_of_orders_can_be_chosen(sync: Sync, simulator: Any) -> None:
    by_api = sync("orders", "orders_bulk", **THREE_DAYS)
    assert simulator.calls.count("createReport") == 0
    assert by_api.records["orders"]
    assert by_api.records["orders_bulk"] == []
    simulator.calls.reset()
    by_report = sync("orders", "orders_bulk", orders_source="report", start_date="2026-11-22")
    assert simulator.calls.count("searchOrders") == 0
    assert ids(by_report, "orders_bulk") == ids(by_api, "orders")


def test_report_windows_are_30_days_at_most_and_leave_no_gap(sync: Sync) -> None:
    run = sync("orders_bulk", start_date="2026-08-01")
    windows = sorted(
        (datetime.fromisoformat(row["window_start"]), datetime.fromisoformat(row["window_end"]))
        for row in run.runs("orders_bulk")
    )
    assert windows[0][0] <= datetime.fromisoformat("2026-08-01T00:00:00Z")
    assert windows[-1][1] == datetime.fromisoformat("2026-11-24T17:58:00Z")
    assert all(end - start <= timedelta(days=30) for start, end in windows)
    assert [start for start, _ in windows[1:]] == [end for _, end in windows[:-1]]


def test_an_hourly_run_reads_only_what_changes_within_the_day(sync: Sync, simulator: Any) -> None:
    first = sync()
    simulator.calls.reset()
    run = sync(cadence="hourly", state=first.state)
    asked = simulator.calls.summary()
    assert not asked.keys() & {"createReport", "createQuery"}
    assert asked["searchOrders"]["calls"] == 1
    (row,) = run.runs("orders")
    assert row["window_start"] == "2026-11-24T17:53:00Z"  # 5 minutes before the bookmark
    assert run.records["fba_inventory"]


def test_a_daily_run_reads_again_what_amazon_restates(sync: Sync, simulator: Any) -> None:
    first = sync()
    simulator.set_now(datetime.fromisoformat("2026-11-25T18:00:00Z"))
    simulator.simulation.limits.refill()
    run = sync(cadence="daily", state=first.state, as_of="2026-11-25T18:00:00Z")
    (traffic,) = run.runs("sales_traffic_by_date")
    days = (traffic["window_start_date"], traffic["window_end_date"])
    assert days == ("2026-11-12", "2026-11-25")  # 14 days
    (bulk,) = run.runs("orders_bulk")
    assert bulk["window_start"] == "2026-11-21T17:58:00Z"  # 3 days before the bookmark
    (hot,) = run.runs("orders")
    assert hot["window_start"] == "2026-11-24T18:00:00Z"  # a day, since the report has the rest


def test_a_weekly_run_reads_sixty_days_of_sales_and_traffic(sync: Sync) -> None:
    first = sync("sales_traffic_by_date")
    run = sync("sales_traffic_by_date", cadence="weekly", state=first.state)
    (row,) = run.runs("sales_traffic_by_date")
    assert (row["window_start_date"], row["window_end_date"]) == ("2026-09-26", "2026-11-24")
