from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from amazon_client.errors import InvalidRequest, ReportExpired
from amazon_client.extraction import Account, Page, Progress, Request
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.testing import Ending, ReportApi
from amazon_client.singer.report_runs import EMITTED

ROW = {"date": "2026-11-20", "parentId": 7, "children": ["Ada", "Bob"]}


def runs_of(output: Any) -> list[tuple[Any, ...]]:
    shown = ("stream", "report_id", "status", "row_count")
    return [tuple(r[name] for name in shown) for r in output.records("report_runs")]


def test_there_is_one_row_per_stream_and_delivery(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(rows=[ROW]), Ending(rows=[])]
    run = store.run(select=["parents", "children", "report_runs"])
    assert runs_of(run) == [
        ("children", "R1", "done", 2),
        ("children", "R2", "done", 0),
        ("parents", "R1", "done", 1),
        ("parents", "R2", "done", 0),
    ]


def test_a_row_tells_what_was_asked_and_when(store: Any, api: ReportApi) -> None:
    store.accounts = (Account("acme", "na", "A1", marketplace_ids=("M1", "M2")),)
    store.accounts[0].attributes["currency"] = "USD"  # type: ignore[index]
    api.endings["families"] = [Ending(rows=[ROW])]
    run = store.run(select=["parents", "report_runs"])
    row = run.records("report_runs")[1]
    extracted_at = datetime.fromisoformat(row.pop("extracted_at"))
    requested_at = datetime.fromisoformat(row.pop("requested_at"))
    assert datetime(2026, 11, 24, 18, tzinfo=UTC) <= requested_at <= extracted_at
    assert row == {
        "store_id": "acme",
        "seller_id": "A1",
        "stream": "parents",
        "report_id": "R2",
        "report_type": "FAMILIES",
        "region": "na",
        "marketplace_ids": "M1,M2",
        "window_start": "2026-10-27T00:00:00Z",
        "window_end": "2026-11-24T00:00:00Z",
        "window_start_date": "2026-10-27",
        "window_end_date": "2026-11-24",
        "day_basis": "marketplace",
        "status": "done",
        "row_count": 1,
        "generated_at": None,
    }


def test_a_window_of_instants_has_no_dates(store: Any) -> None:
    run = store.run(select=["orders", "report_runs"], start_date="2026-11-20")
    (row,) = run.records("report_runs")
    assert (row["window_start"], row["window_end"]) == (
        "2026-11-20T00:00:00Z",
        "2026-11-24T17:58:00Z",
    )
    assert (row["window_start_date"], row["window_end_date"], row["day_basis"]) == (
        None,
        None,
        "utc",
    )
    assert row["marketplace_ids"] is None


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (Ending(Progress.NO_DATA), "no_data"),
        (Ending(Progress.FAILED), "failed"),
        (Ending(Progress.EXPIRED), "expired"),
        (Ending(Progress.RUNNING), "incomplete"),
    ],
)
def test_every_ending_of_a_report_has_its_status(
    store: Any, api: ReportApi, ending: Ending, status: str
) -> None:
    api.endings["families"] = [ending]
    run = store.run(select=["parents", "report_runs"])
    assert runs_of(run)[0][2:] == (status, 0)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidRequest("400"), "failed"),
        (ReportExpired("gone"), "expired"),
        (OSError("disk full"), "incomplete"),
    ],
)
def test_a_delivery_that_never_had_an_id_has_a_row_too(
    store: Any, error: Exception, status: str
) -> None:
    def pages(request: Request) -> Any:
        raise error

    store.pages = pages
    run = store.run(select=["orders", "report_runs"])
    # One window fails, the one after it is then not waited for.
    ((_, report_id, found, count),) = runs_of(run)
    assert (found, count) == (status, 0)
    assert report_id.startswith("api-orders-na-A1-")


def test_a_create_that_is_refused_has_a_row(store: Any, api: ReportApi) -> None:
    def refuse(request: Request) -> None:
        raise InvalidRequest("400")

    api.hooks["create"] = refuse
    runs = runs_of(store.run(select=["parents", "report_runs"]))
    assert len(runs) == 2, "one for each window"
    for _, report_id, status, _ in runs:
        assert status == "failed"
        assert report_id.startswith("none-2026-11-24T18:00:00Z-")


def test_a_window_that_fails_keeps_no_later_one_back_but_the_state(
    store: Any, api: ReportApi
) -> None:
    failed = Ending(Progress.FAILED)
    # The first window's report fails, also when it is asked for anew; the second one's is whole.
    api.endings["families"] = [failed, Ending(rows=[ROW]), failed, Ending(rows=[ROW])]
    first = store.run(select=["parents", "report_runs"])
    assert sorted(run[2] for run in runs_of(first)) == ["done", "failed"]
    assert first.exit_code != 0
    assert "delivered" not in json.dumps(first.state)
    # The next run asks for what failed alone, and hands both over.
    asked = len(api.made)
    second = store.run(select=["parents", "report_runs"], state=first.state)
    assert [run[2] for run in runs_of(second)] == ["done", "done"]
    assert len(api.made) - asked == 1


def test_rows_survive_a_kill_between_their_records_and_themselves(
    store: Any, api: ReportApi
) -> None:
    api.endings["families"] = [Ending(rows=[ROW])]
    # The target committed the records and their state, but the run never came to report_runs.
    killed = store.run(select=["parents"])
    resumed = store.run(select=["clicks", "report_runs"], state=killed.state)
    assert [run[:2] for run in runs_of(resumed)] == [
        ("clicks", "R3"),
        ("clicks", "R4"),
        ("parents", "R1"),
        ("parents", "R2"),
    ]


def test_rows_whose_records_never_arrived_are_not_told(store: Any, api: ReportApi) -> None:
    # The target lost everything of the first run, records and state.
    store.run(select=["parents"])
    resumed = store.run(select=["clicks", "report_runs"])
    assert {run[0] for run in runs_of(resumed)} == {"clicks"}


def test_rows_are_told_again_until_the_target_has_them(store: Any, api: ReportApi) -> None:
    first = store.run(select=["parents", "report_runs"])
    lost = {"bookmarks": {"parents": first.state["bookmarks"]["parents"]}}
    again = store.run(select=["orders", "report_runs"], state=lost)
    assert [run[:2] for run in runs_of(again) if run[0] == "parents"] == [
        ("parents", "R1"),
        ("parents", "R2"),
    ]
    third = store.run(select=["orders", "report_runs"], state=again.state)
    assert {run[0] for run in runs_of(third)} == {"orders"}
    assert third.state["bookmarks"]["report_runs"][EMITTED]


def test_replayed_deliveries_are_told_once(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(rows=[ROW])]
    store.run(select=["parents", "report_runs"])
    # Everything was lost with the target: the same reports come again, under the same ids.
    replayed = store.run(select=["parents", "report_runs"])
    assert runs_of(replayed) == [("parents", "R1", "done", 1), ("parents", "R2", "done", 1)]
    assert len(api.made) == 2


def test_a_kill_amid_a_streams_records_tells_nothing_of_them(store: Any, api: ReportApi) -> None:
    def die(request: Request) -> None:
        raise Cancelled

    api.hooks["locate"] = die
    tap = store.tap(select=["parents", "report_runs"])
    with pytest.raises(Cancelled):
        tap.run()
    api.hooks.clear()
    store.pages = lambda request: [Page([])]
    resumed = store.run(select=["orders", "report_runs"])
    assert {run[0] for run in runs_of(resumed)} == {"orders"}


def test_the_key_is_unique(store: Any, api: ReportApi) -> None:
    store.accounts = (
        Account("acme", "na", "A1", attributes={"currency": "USD"}),
        Account("acme", "eu", "A1", attributes={"currency": "EUR"}),
    )
    run = store.run()
    keys = [
        tuple(record[name] for name in ("store_id", "seller_id", "stream", "report_id"))
        for record in run.records("report_runs")
    ]
    # Two regions, two windows, four streams.
    assert len(set(keys)) == len(keys) == 16
