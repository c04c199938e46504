"""What becomes of reports, queries, documents and snapshots when Amazon does not do its part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

Sync = Callable[..., Any]
THREE_DAYS = {"orders_source": "api", "start_date": "2026-11-22"}


def ids(run: Any, stream: str) -> set[str]:
    return {record["order_id"] for record in run.records[stream]}


def test_a_cancelled_report_is_no_data_and_no_failure(sync: Sync, simulator: Any) -> None:
    simulator.faults.add("createReport", "report_cancelled", times=None)
    run = sync("orders_bulk")
    assert run.exit_code == 0
    assert {row["status"] for row in run.runs("orders_bulk")} == {"no_data"}


def test_a_fatal_report_is_asked_for_once_more(sync: Sync, simulator: Any) -> None:
    whole = sync("orders_bulk", "order_items_bulk")
    simulator.calls.reset()
    simulator.faults.add("createReport", "report_fatal")
    run = sync("orders_bulk", "order_items_bulk")
    assert run.exit_code == 0
    assert ids(run, "orders_bulk") == ids(whole, "orders_bulk")
    assert simulator.calls.count("createReport") == 3


def test_a_report_that_stays_fatal_fails_with_amazons_reason_and_without_bookmark(
    sync: Sync, simulator: Any
) -> None:
    simulator.faults.add("createReport", "report_fatal", times=None)
    run = sync("orders_bulk", "sales_traffic_by_date")
    assert run.exit_code != 0
    assert any("The requested data is unavailable" in failure for failure in run.failures)
    assert run.bookmark("orders_bulk") is None
    assert run.records["sales_traffic_by_date"]


def test_a_report_whose_creation_got_no_answer_is_found_instead_of_made_twice(
    sync: Sync, simulator: Any
) -> None:
    whole = ids(sync("orders_bulk"), "orders_bulk")
    simulator.calls.reset()
    simulator.faults.add("createReport", "dropped", late=True)
    run = sync("orders_bulk", as_of="2026-11-24T18:00:03Z")
    assert run.exit_code == 0
    assert ids(run, "orders_bulk") == whole
    assert simulator.calls.count("createReport") == 2  # one for each window
    assert simulator.calls.count("getReports") >= 1


def test_a_query_whose_creation_got_no_answer_is_found_instead_of_made_twice(
    sync: Sync, simulator: Any
) -> None:
    simulator.faults.add("createQuery", "dropped", late=True)
    run = sync("sales_traffic_by_date", start_date="2026-11-01")
    assert run.exit_code == 0
    assert run.records["sales_traffic_by_date"]
    assert simulator.calls.count("createQuery") == 1
    assert simulator.calls.count("getQueries") == 1


def test_a_query_without_document_is_no_data(sync: Sync, simulator: Any) -> None:
    simulator.faults.add("createQuery", "report_empty", times=None)
    run = sync("sales_traffic_by_date", start_date="2026-11-02")
    assert run.exit_code == 0
    assert [row["status"] for row in run.runs("sales_traffic_by_date")] == ["no_data"]


def test_a_query_that_stays_fatal_fails_with_the_text_of_its_error_document(
    sync: Sync, simulator: Any
) -> None:
    simulator.faults.add("createQuery", "report_fatal", times=None)
    run = sync("sales_traffic_by_date", start_date="2026-11-03")
    assert run.exit_code != 0
    assert any("Internal error while processing the query" in text for text in run.failures)
    assert run.bookmark("sales_traffic_by_date") is None


def test_an_unknown_status_counts_as_running(sync: Sync, simulator: Any) -> None:
    simulator.faults.add("createQuery", "report_unknown", times=None)
    simulator.faults.add("createReport", "report_unknown", times=None)
    run = sync("sales_traffic_by_date", "orders_bulk", start_date="2026-11-04")
    assert run.exit_code == 0
    assert run.records["sales_traffic_by_date"]
    assert run.records["orders_bulk"]


@pytest.mark.parametrize("fault", ["cut_gzip", "cut_body", "expired_url"])
def test_a_document_that_comes_damaged_or_late_is_fetched_again(
    sync: Sync, simulator: Any, fault: str
) -> None:
    simulator.faults.add("download", fault)
    run = sync("orders_bulk", start_date="2026-11-10")
    assert run.exit_code == 0
    assert run.records["orders_bulk"]


@pytest.mark.parametrize(("region", "bookmark"), [("na", "2026-11-21"), ("fe", "2026-11-22")])
def test_the_bookmark_of_sales_and_traffic_stays_three_days_behind_the_marketplace(
    sync: Sync, region: str, bookmark: str
) -> None:
    run = sync("sales_traffic_by_date", regions=(region,))
    assert run.bookmark("sales_traffic_by_date", region) == bookmark


def test_a_snapshot_whose_page_token_died_is_begun_anew_and_lands_whole(
    sync: Any, simulator: Any
) -> None:
    whole = sync("fba_inventory", regions=("na",))
    simulator.faults.add("getInventorySummaries", "status", status=400, containing="nextToken")
    again = sync("fba_inventory", regions=("na",), as_of="2026-11-24T19:00:00Z")
    assert again.exit_code == 0
    assert {row["status"] for row in again.runs("fba_inventory")} == {"done"}
    key = ("marketplace_id", "seller_sku", "fn_sku", "condition")
    found = [
        sorted(tuple(row[part] for part in key) for row in run.records["fba_inventory"])
        for run in (whole, again)
    ]
    assert found[0] == found[1] == sorted(set(found[0]))


def test_a_snapshot_that_stops_halfway_is_not_handed_over_and_the_others_are(
    sync: Sync, simulator: Any
) -> None:
    simulator.faults.add(
        "getInventorySummaries", "status", nth=2, times=None, status=400,
        containing="granularityId=ATVPDKIKX0DER",
    )  # fmt: skip
    run = sync("fba_inventory")
    assert run.exit_code != 0
    assert {row["marketplace_id"] for row in run.records["fba_inventory"]} == {"A2EUQ1WTGCTBG2"}
    statuses = {row["marketplace_ids"]: row["status"] for row in run.runs("fba_inventory")}
    assert statuses == {"ATVPDKIKX0DER": "failed", "A2EUQ1WTGCTBG2": "done"}


def test_two_snapshots_of_a_day_have_one_row_per_sku_and_different_ids(sync: Sync) -> None:
    first = sync("fba_inventory")
    second = sync("fba_inventory", cadence="hourly", as_of="2026-11-24T19:00:00Z")
    key = ("snapshot_date", "marketplace_id", "seller_sku", "fn_sku", "condition")
    keys = [
        Counter(tuple(row[part] for part in key) for row in run.records["fba_inventory"])
        for run in (first, second)
    ]
    assert keys[0] == keys[1]
    assert {row["snapshot_at"][:13] for row in second.records["fba_inventory"]} == {"2026-11-24T19"}
    reports = [
        {row["report_id"] for row in run.records["fba_inventory"]} for run in (first, second)
    ]
    assert reports[0] & reports[1] == set()
    assert [len(found) for found in reports] == [2, 2]  # one for each marketplace
