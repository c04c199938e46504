"""Whole runs of a tap, each given the state that a target would have sent back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from amazon_client.extraction import Page, Progress
from amazon_client.extraction.testing import Ending, ReportApi


def days(output: Any, stream: str = "clicks") -> list[tuple[str, str]]:
    return [(record["date"], record["report_id"]) for record in output.records(stream)]


def two_windows(api: ReportApi) -> None:
    api.endings["clicks"] = [
        Ending(rows=[{"date": "2026-10-01", "clicks": 1}]),
        Ending(rows=[{"date": "2026-11-20", "clicks": 2}]),
    ]


def test_a_lost_state_replays_everything_under_the_same_ids(store: Any, api: ReportApi) -> None:
    two_windows(api)
    first = store.run(select=["clicks"])
    second = store.run(select=["clicks"])
    assert days(first) == days(second) == [("2026-10-01", "R1"), ("2026-11-20", "R2")]
    assert len(api.made) == 2


def test_a_state_from_amid_the_run_replays_the_rest_alone(store: Any, api: ReportApi) -> None:
    two_windows(api)
    tap_output = store.run(select=["clicks"])
    half = {
        "bookmarks": {
            "clicks": {
                "partitions": [
                    {
                        **tap_output.bookmark("clicks"),
                        "delivered": 1,
                        "replication_key_value": "2026-10-26",
                    }
                ]
            }
        }
    }
    rest = store.run(select=["clicks"], state=half)
    assert days(rest) == [("2026-11-20", "R2")]
    assert rest.bookmark("clicks")["replication_key_value"] == "2026-11-23"
    assert len(api.made) == 2


def test_a_covered_plan_is_retired_and_the_next_one_begins(store: Any, api: ReportApi) -> None:
    two_windows(api)
    first = store.run(select=["clicks"])
    second = store.run(select=["clicks"], state=first.state)
    assert days(second) == [("2026-11-20", "R3")]
    third = store.run(select=["clicks"], state=second.state)
    assert days(third) == [("2026-11-20", "R4")]


EVERYTHING = ("clicks", "parents", "children", "report_runs")


def test_what_a_run_handed_over_before_it_was_cut_off_is_not_asked_for_again(
    store: Any, api: ReportApi
) -> None:
    """A target may have drained amid the run, and what came later is lost."""
    two_windows(api)
    whole = store.run(select=EVERYTHING)
    asked = len(api.made)
    amid = {"bookmarks": {"clicks": whole.state["bookmarks"]["clicks"]}}
    rest = store.run(select=EVERYTHING, state=amid)
    assert days(rest) == []
    assert len(api.made) == asked
    told = {(row["stream"], row["report_id"]) for row in rest.records("report_runs")}
    assert told == {(row["stream"], row["report_id"]) for row in whole.records("report_runs")}
    later = store.run(select=EVERYTHING, state=rest.state)
    assert [day for day, _ in days(later)] == ["2026-11-20"]
    assert not set(days(later)) & set(days(whole))


def test_a_run_that_ended_with_a_failure_does_not_hold_up_the_others(
    store: Any, api: ReportApi
) -> None:
    """The failed reports are tried again; what was whole is read anew, as in any next run."""
    two_windows(api)
    api.endings["families"] = [Ending(Progress.FAILED)] * 4
    first = store.run(select=EVERYTHING)
    assert first.exit_code == 1
    second = store.run(select=EVERYTHING, state=first.state)
    assert [day for day, _ in days(second)] == ["2026-11-20"]
    assert not set(days(second)) & set(days(first))


def test_streams_of_one_dataset_resume_each_where_its_state_is(store: Any, api: ReportApi) -> None:
    row = {"date": "2026-11-20", "parentId": 7, "children": ["Ada"]}
    api.endings["families"] = [Ending(rows=[row])]
    first = store.run(select=["parents", "children"])
    lost = {"bookmarks": {"parents": first.state["bookmarks"]["parents"]}}
    second = store.run(select=["parents", "children"], state=lost)
    assert second.records("parents") == []
    assert [record["report_id"] for record in second.records("children")] == ["R1", "R2"]
    assert len(api.made) == 2


def test_an_interrupted_state_message_never_runs_ahead_of_its_records(
    store: Any, api: ReportApi
) -> None:
    """Whatever state message comes last before a kill, all it covers has been written before it."""
    two_windows(api)
    output = store.run(select=["clicks"])
    seen = 0
    for message in output.messages:
        if message["type"] == "RECORD" and message["stream"] == "clicks":
            seen += 1
        if message["type"] == "STATE":
            partitions = message["value"]["bookmarks"].get("clicks", {}).get("partitions", [])
            delivered = partitions[0].get("delivered", 0) if partitions else 0
            assert delivered <= seen
    assert seen == 2


@pytest.mark.parametrize("has_state", [True, False])
def test_what_a_second_run_as_of_the_same_instant_reads_is_younger(
    store: Any, api: ReportApi, has_state: bool
) -> None:
    """Each begins at that instant anew, and readers take the younger of two readings."""
    two_windows(api)
    store.pages = lambda request: [Page([ORDER])]
    options = {"select": ["orders", "clicks", "report_runs"], "as_of": "2026-11-24T18:00:00Z"}
    began = store.clock.now()
    first = store.run(**options)
    store.clock.advance((began - store.clock.now()).total_seconds())
    second = store.run(state=first.state if has_state else None, **options)
    assert min(instants(second)) >= max(instants(first)) > began


ORDER = {"orderId": "1", "lastUpdatedTime": "2026-11-24T12:00:00Z"}


def instants(output: Any) -> list[datetime]:
    """When everything was read, and what Amazon answers at once was asked for."""
    records = [message["record"] for message in output.messages if "record" in message]
    asked = [row["requested_at"] for row in records if row.get("stream") == "orders"]
    return [datetime.fromisoformat(t) for t in (*asked, *(row["extracted_at"] for row in records))]
