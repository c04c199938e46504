"""Windows that are reports which Amazon made of its own accord."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from amazon_client.extraction import Account, Cadence, Planning, Window
from amazon_client.extraction.ready_reports import ReadyReport, ReadyReportWindows, distinct

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
DAY = timedelta(days=1)


def report(document: str, days_ago: float, took: timedelta = timedelta(seconds=40)) -> ReadyReport:
    created = NOW - days_ago * DAY
    return ReadyReport(f"R-{document}", document, created, created + took)


def policy(*listed: ReadyReport) -> tuple[ReadyReportWindows, list[datetime]]:
    """A policy for reports that there are, and the instants since which it has asked."""
    asked: list[datetime] = []

    def list_ready(client: Any, since: datetime) -> list[ReadyReport]:
        assert client == "client"
        asked.append(since)
        return [one for one in listed if one.created_at >= since]

    return ReadyReportWindows(list_ready=list_ready), asked


def planning(cadence: Cadence = Cadence.DAILY, bookmark: str | None = None) -> Planning:
    return Planning(Account("s", "na", "A1"), cadence, NOW, bookmark, client=lambda: "client")


def test_each_document_is_a_window_oldest_first() -> None:
    older, newer = report("a", 20), report("b", 6)
    found, _ = policy(newer, older)
    assert found.windows(planning()) == [older.window, newer.window]


def test_a_document_listed_several_times_is_one() -> None:
    first, again = report("a", 6), ReadyReport("R-2", "a", NOW - 5 * DAY, NOW - 5 * DAY)
    assert distinct([again, first]) == [first]
    found, _ = policy(again, first)
    assert found.windows(planning()) == [first.window]


def test_reports_finished_in_one_second_stay_apart_in_every_run() -> None:
    windows = {report(document, 6).window for document in ("a", "b", "c")}
    assert len(windows) == 3
    assert {Window.from_text(*window.to_text()) for window in windows} == windows
    assert all(w.end - w.start < timedelta(seconds=1) for w in windows)  # type: ignore[operator]


def test_a_run_takes_what_was_finished_since_the_last_one_looked() -> None:
    slow = report("slow", 5, took=timedelta(days=3))
    found, asked = policy(report("old", 5), slow, report("new", 1))
    since = (NOW - 3 * DAY).isoformat()
    assert [w.start for w in found.windows(planning(bookmark=since))] == [
        slow.finished_at, report("new", 1).finished_at,
    ]  # fmt: skip
    assert asked == [NOW - 10 * DAY - timedelta(minutes=10)]


def test_the_list_is_never_asked_beyond_what_amazon_keeps() -> None:
    found, asked = policy()
    long_ago = replace(planning(Cadence.FIRST_SYNC), start_date=date(2025, 1, 1))
    found.windows(long_ago)
    assert asked == [NOW - 90 * DAY + timedelta(minutes=1)]


def test_an_hourly_run_asks_nothing() -> None:
    found, asked = policy(report("a", 1))
    assert found.windows(planning(Cadence.HOURLY)) == []
    assert asked == []


def test_the_bookmark_is_the_look_once_all_is_delivered() -> None:
    found, _ = policy(report("a", 20), report("b", 6))
    asked = planning(bookmark="2026-10-30T00:00:00Z")
    windows = found.windows(planning())
    bookmarks = [found.bookmark(asked, windows, count) for count in (0, 1, 2)]
    assert bookmarks == ["2026-10-30T00:00:00Z", "2026-11-04T18:00:40Z", "2026-11-24T18:00:00Z"]
