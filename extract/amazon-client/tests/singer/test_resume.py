"""Whole runs of a tap, each given the state that a target would have sent back."""

from __future__ import annotations

from typing import Any

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
