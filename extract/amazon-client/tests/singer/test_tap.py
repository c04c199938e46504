from __future__ import annotations

import threading
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amazon_client.errors import AccessDenied, InvalidRequest, NeedsReauth
from amazon_client.extraction import Account, Page, Progress, Request
from amazon_client.extraction.testing import Ending, ReportApi


def family(day: str = "2026-11-20", parent: Any = 7, spend: str = "1.10") -> dict[str, Any]:
    return {"date": day, "parentId": parent, "spend": spend, "children": ["Ada", "Bob"]}


def test_records_carry_store_account_report_and_the_moment(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(rows=[family()]), Ending()]
    run = store.run(select=["parents"])
    assert run.records("parents") == [
        {
            "store_id": "acme",
            "seller_id": "A1",
            "region": "na",
            "currency": "USD",
            "date": "2026-11-20",
            "parent_id": "7",
            "spend": "1.10",
            "report_id": "R1",
            "extracted_at": run.records("parents")[0]["extracted_at"],
            "day_basis": "marketplace",
        }
    ]
    assert run.records("parents")[0]["extracted_at"].startswith("2026-11-24T18:")
    assert run.exit_code == 0


def test_streams_of_one_dataset_read_one_report(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(rows=[family()]), Ending(rows=[family("2026-11-21", 8)])]
    run = store.run(select=["parents", "children", "report_runs"])
    assert len(api.made) == 2
    assert [record["parent_id"] for record in run.records("parents")] == ["7", "8"]
    names = [(r["parent_id"], r["ordinal"], r["name"]) for r in run.records("children")]
    assert names == [("7", 0, "Ada"), ("7", 1, "Bob"), ("8", 0, "Ada"), ("8", 1, "Bob")]
    assert {r["report_id"] for r in run.records("children")} == {"R1", "R2"}


def test_own_stamps_and_paged_ids_reach_the_records(store: Any) -> None:
    row = {"orderId": 1, "lastUpdatedTime": "2026-11-24T10:00:00-08:00"}
    store.pages = lambda request: [Page([row])]
    run = store.run(select=["orders"], state=caught_up("orders", "2026-11-24T12:00:00Z"))
    (record,) = run.records("orders")
    assert record["source"] == "searchOrders"
    assert record["last_updated_time"] == "2026-11-24T18:00:00Z"
    assert record["report_id"].startswith("api-orders-na-A1-2026-11-24T18:00")
    assert "day_basis" not in record


def caught_up(stream: str, bookmark: str, key: str = "date") -> dict[str, Any]:
    context = {"seller_id": "A1", "region": "na"}
    state = {"context": context, "replication_key": key, "replication_key_value": bookmark}
    return {"bookmarks": {stream: {"partitions": [state]}}}


def test_the_bookmark_follows_windows_not_the_newest_record(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(rows=[family("2027-05-05")]), Ending()]
    run = store.run(select=["parents"])
    assert run.bookmark("parents")["replication_key_value"] == "2026-11-23"
    assert "progress_markers" not in run.bookmark("parents")


def test_no_data_moves_the_bookmark(store: Any, api: ReportApi) -> None:
    api.endings["families"] = [Ending(Progress.NO_DATA)]
    run = store.run(select=["parents", "report_runs"])
    assert run.records("parents") == []
    assert run.bookmark("parents")["replication_key_value"] == "2026-11-23"
    assert [record["status"] for record in run.records("report_runs")] == ["no_data", "no_data"]


def test_a_failing_dataset_leaves_the_others_going_and_its_bookmark_where_it_was(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.endings["families"] = [Ending(Progress.FAILED, raw_status="FATAL", reason="not ready")]
    api.endings["clicks"] = [Ending(rows=[{"date": "2026-11-20", "clicks": 3}])]
    before = caught_up("parents", "2026-11-20")
    run = store.run(select=["parents", "clicks", "report_runs"], state=before)
    assert run.exit_code == 1
    assert len(run.records("clicks")) == 2
    assert run.bookmark("clicks")["replication_key_value"] == "2026-11-23"
    assert run.bookmark("parents")["replication_key_value"] == "2026-11-20"
    assert "not read: parents (na/A1): report R" in caplog.text
    assert "not ready" in caplog.text
    assert "Run again; the report is then asked for anew." in caplog.text


def test_a_window_that_fails_keeps_what_came_before_it(store: Any, api: ReportApi) -> None:
    failed = Ending(Progress.FAILED)
    api.endings["families"] = [Ending(rows=[family("2026-10-01")]), failed, failed]
    run = store.run(select=["parents"])
    assert len(run.records("parents")) == 1
    assert run.bookmark("parents")["replication_key_value"] == "2026-10-26"
    assert run.bookmark("parents")["delivered"] == 1


def test_newest_windows_first_move_the_bookmark_only_when_all_are_there(
    store: Any, api: ReportApi
) -> None:
    failed = Ending(Progress.FAILED)
    api.endings["families"] = [Ending(rows=[family("2026-11-20")]), failed, failed]
    run = store.run(select=["parents"], cadence="first_sync")
    assert [record["date"] for record in run.records("parents")] == ["2026-11-20"]
    assert "replication_key_value" not in run.bookmark("parents")
    api.endings["families"] = [Ending(rows=[family("2026-10-01")])]
    resumed = store.run(select=["parents"], cadence="first_sync", state=run.state)
    assert [record["date"] for record in resumed.records("parents")] == ["2026-10-01"]
    assert resumed.bookmark("parents")["replication_key_value"] == "2026-11-23"


def test_a_page_that_is_refused_hands_over_nothing_and_keeps_the_bookmark(store: Any) -> None:
    def pages(request: Request) -> Any:
        yield Page([{"orderId": 1, "lastUpdatedTime": "2026-11-24T10:00:00Z"}])
        raise InvalidRequest("page 2 is refused", status=400)

    store.pages = pages
    before = caught_up("orders", "2026-11-24T00:00:00Z", "last_updated_time")
    run = store.run(select=["orders", "report_runs"], state=before)
    assert run.exit_code == 1
    assert run.records("orders") == []
    assert run.bookmark("orders")["replication_key_value"] == "2026-11-24T00:00:00Z"
    (row,) = run.records("report_runs")
    assert (row["status"], row["row_count"]) == ("failed", 0)


def test_a_row_that_does_not_fit_its_column_fails_the_stream_by_name(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.endings["families"] = [Ending(rows=[family(), family(spend="a lot")])]
    run = store.run(select=["parents", "report_runs"])
    assert run.exit_code == 1
    assert "spend is no decimal: str" in caplog.text
    assert "a lot" not in caplog.text
    assert "replication_key_value" not in run.bookmark("parents")
    row = run.records("report_runs")[0]
    assert (row["status"], row["row_count"]) == ("incomplete", 1)


def test_a_row_without_its_key_fails_the_stream(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    api.endings["families"] = [Ending(rows=[family(parent=None)])]
    run = store.run(select=["parents"])
    assert run.exit_code == 1
    assert run.records("parents") == []
    assert "parentId is no text: NoneType" in caplog.text


def test_each_account_has_a_state_of_its_own(store: Any, api: ReportApi) -> None:
    store.accounts = (Account("acme", "na", "A1"), Account("acme", "eu", "A1"))
    store.accounts[0].attributes["currency"] = "USD"  # type: ignore[index]
    store.accounts[1].attributes["currency"] = "EUR"  # type: ignore[index]

    def refuse_europe(request: Request) -> None:
        if request.account.region == "eu":
            raise AccessDenied("no role", status=403)

    api.hooks["create"] = refuse_europe
    api.endings["families"] = [Ending(rows=[family()])]
    run = store.run(select=["parents"])
    assert run.exit_code == 1
    assert {record["currency"] for record in run.records("parents")} == {"USD"}
    assert run.bookmark("parents", "na")["replication_key_value"] == "2026-11-23"
    assert "replication_key_value" not in run.bookmark("parents", "eu")


def test_a_region_that_must_be_authorised_again_has_its_own_exit_code(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    store.refuse_accounts = NeedsReauth("the refresh token was revoked")
    api.endings["families"] = [Ending(rows=[family()])]
    run = store.run(select=["parents"])
    assert run.exit_code == NeedsReauth.exit_code == 3
    assert len(run.records("parents")) == 2
    assert "accounts (eu): the refresh token was revoked. Authorise the account" in caplog.text


def test_without_any_account_the_run_fails_and_writes_no_record(store: Any) -> None:
    store.accounts, store.refuse_accounts = (), AccessDenied("no seller", status=403)
    run = store.run()
    assert run.exit_code == 1
    assert not [message for message in run.messages if message["type"] == "RECORD"]


def test_a_wrong_setting_ends_the_run_before_anything_is_asked(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    output = store.tap(start_date="yesterday")
    assert output.run() == 2
    assert "start_date makes no sense" in caplog.text
    assert api.made == {}


def test_discovery_starts_no_thread_and_writes_no_file(
    store: Any, api: ReportApi, tmp_path: Path
) -> None:
    before = set(threading.enumerate())
    tap = store.tap()
    assert list(tap.catalog_dict["streams"])
    assert set(threading.enumerate()) <= before
    assert list(tmp_path.iterdir()) == []
    assert api.made == {}


def test_work_files_are_gone_at_the_end(store: Any, api: ReportApi, tmp_path: Path) -> None:
    api.endings["families"] = [Ending(rows=[family()]), Ending(Progress.RUNNING)]
    store.run(select=["parents"], report_deadline_minutes=1)
    assert [path.name for path in tmp_path.iterdir()] == ["journal.sqlite"]


def test_what_is_answered_at_once_comes_before_reports_and_report_runs_last(store: Any) -> None:
    assert list(store.tap().streams) == ["orders", "children", "clicks", "parents", "report_runs"]


def test_decimals_reach_the_target_digit_by_digit(store: Any, api: ReportApi) -> None:
    exact = "12345678901234567890.123456789"
    api.endings["families"] = [Ending(rows=[family(spend=exact)]), Ending()]
    (record,) = store.run(select=["parents"]).records("parents")
    assert Decimal(record["spend"]) == Decimal(exact)


def test_a_hourly_run_leaves_what_is_not_in_its_cadence(store: Any, api: ReportApi) -> None:
    run = store.run(select=["clicks"], cadence="hourly", state=caught_up("clicks", "2026-11-23"))
    assert api.asked == ["clicks 2026-11-23..2026-11-24"]
    assert run.bookmark("clicks")["replication_key_value"] == "2026-11-23"


def test_a_stream_that_is_not_selected_is_not_asked_for(store: Any, api: ReportApi) -> None:
    store.run(select=["orders"])
    assert api.made == {}


def test_the_second_run_reads_on_from_the_first(store: Any, api: ReportApi) -> None:
    first = store.run(select=["clicks"])
    second = store.run(select=["clicks"], state=first.state)
    assert api.asked == [
        "clicks 2026-09-26..2026-10-26",
        "clicks 2026-10-27..2026-11-24",
        "clicks 2026-10-25..2026-11-24",
    ]
    assert second.bookmark("clicks")["plan"] != first.bookmark("clicks")["plan"]


def test_threads_end_when_the_output_breaks(store: Any, api: ReportApi) -> None:
    """The target has died: nothing may go on fetching for nobody."""
    api.endings["clicks"] = [Ending(Progress.RUNNING)]
    api.endings["families"] = [Ending(rows=[family()])]
    tap = store.tap(select=["clicks", "parents"], report_deadline_minutes=1e9)
    tap.streams["clicks"].selected = True
    before = set(threading.enumerate())

    def broken(message: Any) -> None:
        if message.to_dict()["type"] == "RECORD":
            raise BrokenPipeError

    tap.message_writer.write_message = broken
    store.pages = lambda request: [Page([{"orderId": 1}])]
    tap.streams["orders"].selected = True
    with pytest.raises(BrokenPipeError):
        tap.run()
    assert (
        not {t for t in threading.enumerate() if t.name.startswith(("reports", "pages"))} - before
    )


def test_progress_is_told_in_a_stable_form(
    store: Any, api: ReportApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "amazon_client.progress")
    api.endings["clicks"] = [Ending(rows=[{"date": "2026-11-20", "clicks": 3}], polls=3)]
    run = store.run(select=["clicks"], state=caught_up("clicks", "2026-11-23"))
    told = [r.getMessage() for r in caplog.records if r.name == "amazon_client.progress"]
    about = "account=na/A1 window=2026-10-25..2026-11-24"
    plan = run.bookmark("clicks")["plan"]
    assert told == [
        f"progress event=planned dataset=clicks account=na/A1 cadence=daily plan={plan} windows=1"
        " backend=reports streams=clicks",
        "progress event=started windows=1 lanes=1",
        f"progress event=created dataset=clicks {about} report=R1",
        f"progress event=waiting dataset=clicks {about} report=R1 status=IN_PROGRESS",
        f"progress event=done dataset=clicks {about} report=R1 bytes=37",
        f"progress event=delivered stream=clicks {about} rows=1",
    ]
