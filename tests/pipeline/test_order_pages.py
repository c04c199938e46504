"""The search for orders, many pages long: in any order, repeated, and refused amid them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pipeline import SP, Row, settings
from singer import LoneTap, Received

from simulator.testing import Running, running
from simulator.world.sizes import SMALL

BUSY = replace(
    SMALL,
    name="busy",
    orders_per_day=90,
    history_days=16,
    shares={"US": 1.0},
    listed=frozenset(),
    campaigns={},
)
"""Two weeks of one marketplace: its search has two windows of a week, seven pages each."""
BEGIN = datetime(2026, 11, 11, tzinfo=UTC)
SECOND_WINDOW = "2026-11-18T00:00:00Z"
STREAMS = ("orders", "order_items")
OTHERS = {"marketplace_participations", "sales_traffic_by_date", "fba_inventory"}


@pytest.fixture(scope="module")
def busy() -> Iterator[Running]:
    with running(size=BUSY) as simulator:
        yield simulator


@pytest.fixture
def tap(busy: Running, tmp_path: Path) -> LoneTap:
    busy.faults.clear()
    busy.calls.reset()
    busy.set_now(busy.world.now)
    busy.simulation.limits.refill()
    return LoneTap(SP, busy, tmp_path, frozenset({*STREAMS, *OTHERS}))


def run(tap: LoneTap, state: Row | None = None) -> tuple[int, list[bytes]]:
    (account,) = (a for a in settings(tap.simulator, SP)["accounts"] if a["region"] == "na")
    return tap.run(
        state,
        accounts=[account],
        orders_source="api",
        cadence="daily",
        start_date=str(BEGIN.date()),
    )


def assert_all_orders(received: Received, busy: Running) -> None:
    now = busy.world.now
    told = {
        order.order_id: order
        for order in busy.world.orders
        if BEGIN <= order.last_updated_at(now) <= now - timedelta(minutes=2)
    }
    assert len(told) > 1_000
    orders = {row["order_id"]: row for row in received.tables["orders"].values()}
    assert orders.keys() == told.keys()
    lines = sorted((row["order_id"], row["order_item_id"]) for row in items(received))
    assert lines == sorted(
        (order_id, item.order_item_id) for order_id, order in told.items() for item in order.items
    )


def items(received: Received) -> list[Row]:
    return list(received.tables["order_items"].values())


def bookmarks(received: Received, stream: str) -> list[str | None]:
    assert received.state is not None
    partitions = received.state["bookmarks"][stream]["partitions"]
    return [partition.get("replication_key_value") for partition in partitions]


@pytest.mark.parametrize("fault", ["unsorted_pages", "repeated_page"])
def test_pages_in_any_order_lose_nothing(tap: LoneTap, busy: Running, fault: str) -> None:
    busy.faults.add("searchOrders", fault, times=None)
    code, lines = run(tap)
    assert code == 0, tap.log[-3000:]
    assert busy.calls.count("searchOrders") > 10
    assert_all_orders(Received().take(lines), busy)


def test_a_400_from_page_3_is_loud_stays_before_the_window_and_is_made_up_for(
    tap: LoneTap, busy: Running
) -> None:
    refusal = {"status": 400, "message": "The page is not to be had.", "code": "InvalidInput"}
    busy.faults.add(
        "searchOrders", "status", nth=3, containing="lastUpdatedAfter=2026-11-18", **refusal
    )
    code, lines = run(tap)
    received = Received().take(lines)
    assert code not in (0, None)
    for stream in STREAMS:
        failure = rf"{stream} \(na/A1NORTHWINDNA7\): searchOrders: The page is not to be had "
        assert re.search(failure + r"\(HTTP 400.* request id [0-9a-f]{32}\)", tap.log), tap.log
        assert bookmarks(received, stream) == [SECOND_WINDOW]
    statuses = [
        (row["stream"], row["window_start"], row["status"])
        for row in received.tables["report_runs"].values()
    ]
    for stream in STREAMS:
        assert (stream, "2026-11-11T00:00:00Z", "done") in statuses
        assert (stream, SECOND_WINDOW, "failed") in statuses
    assert {stream for stream, _, status in statuses if status == "failed"} == set(STREAMS)
    assert {stream for stream, rows in received.tables.items() if rows} >= OTHERS
    assert bookmarks(received, "sales_traffic_by_date") == ["2026-11-21"]

    busy.faults.clear()
    code, more = run(tap, received.state)
    assert code == 0, tap.log[-3000:]
    received.take(more)
    assert_all_orders(received, busy)
    for stream in STREAMS:
        assert bookmarks(received, stream) == ["2026-11-24T17:58:00Z"]
