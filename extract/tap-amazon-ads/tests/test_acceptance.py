"""Cases with their values: what a run makes of reports whose every row is written here."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amazon_client.testing import Answer, LocalServer, Received, local_server

HUGE = 18446744073709551615
"""An id that needs all of its 64 unsigned bits."""
PROFILE = {
    "profileId": 77,
    "countryCode": "US",
    "currencyCode": "USD",
    "timezone": "America/Los_Angeles",
    "accountInfo": {"marketplaceStringId": "ATVPDKIKX0DER", "id": "A1", "type": "seller"},
}
Rows = Callable[[date, date], list[dict[str, Any]]]


class Scripted:
    """An Ads API whose reports have the rows that a test says; documents are real ones."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.rows: dict[str, Rows] = {}
        self.asked: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        token = {"access_token": "Atza|t", "token_type": "bearer", "expires_in": 3600}
        server.on("POST", "/auth/o2/token", Answer(body=token))
        server.on("GET", "/ads/v2/profiles", Answer(body=[PROFILE]))
        server.on("POST", "/ads/reporting/reports", self._create)

    def _create(self, received: Received) -> Answer:
        asked = received.json
        self.asked.append(asked)
        report_id = f"r{next(self._numbers)}"
        days = date.fromisoformat(asked["startDate"]), date.fromisoformat(asked["endDate"])
        rows = self.rows[asked["configuration"]["reportTypeId"]](*days)
        self.server.on(
            "GET",
            f"/documents/{report_id}",
            Answer(body=gzip.compress(json.dumps(rows).encode())),
        )
        told = {
            "reportId": report_id,
            "status": "COMPLETED",
            "url": f"{self.server.url}/documents/{report_id}",
        }
        self.server.on("GET", f"/ads/reporting/reports/{report_id}", Answer(body=told))
        return Answer(body={"reportId": report_id, "status": "PENDING"})

    def lists(self, path: str, key: str, *rows: dict[str, Any]) -> None:
        """Let a list have these rows."""
        body = {key: rows, "totalResults": len(rows)}
        self.server.on("POST", f"/ads{path}", Answer(body=body))

    def config(self, folder: Path, **settings: Any) -> dict[str, Any]:
        """A configuration for this API."""
        return {
            "client_id": "client",
            "client_secret": "secret",
            "region": "na",
            "refresh_token": "Atzr|r",
            "api_url": f"{self.server.url}/ads",
            "auth_url": f"{self.server.url}/auth/o2/token",
            "journal_path": str(folder / "journal.sqlite"),
            "report_poll_seconds": 0.01,
            **settings,
        }


@pytest.fixture
def api() -> Iterator[Scripted]:
    with local_server() as server:
        yield Scripted(server)


def test_a_sale_of_3_february_is_booked_on_the_click_of_29_january(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    sold = False

    def report(start: date, end: date) -> list[dict[str, Any]]:
        sales = 49.9 if sold else 0.0
        rows = [
            {"date": "2026-01-29", "campaignId": 1, "clicks": 3, "cost": 1.5, "sales7d": sales},
            {"date": "2026-02-03", "campaignId": 1, "clicks": 2, "cost": 1.0, "sales7d": 0.0},
        ]
        return [row for row in rows if str(start) <= str(row["date"]) <= str(end)]

    api.rows["spCampaigns"] = report
    landed: dict[tuple[str, ...], dict[str, Any]] = {}

    def land(as_of: str, **settings: Any) -> Any:
        config = api.config(tmp_path, as_of=as_of, cadence="daily", **settings)
        outcome = run_tap(config, "sp_campaigns_daily", state=state)
        assert outcome.exit_code == 0
        for row in outcome.records("sp_campaigns_daily"):
            # As a target does: the key decides what is the same row.
            landed[tuple(row[name] for name in outcome.keys["sp_campaigns_daily"])] = row
        return outcome.state

    def sales(month: str) -> Decimal:
        found = [row for row in landed.values() if row["date"].startswith(month)]
        return sum((Decimal(row["sales_7d"]) for row in found), Decimal())

    state: Any = None
    state = land("2026-01-31T20:00:00Z", start_date="2026-01-20")
    assert sales("2026-01") == 0
    sold = True
    state = land("2026-02-05T20:00:00Z")
    assert sales("2026-01") == Decimal("49.9")
    assert sales("2026-02") == 0
    assert len(landed) == 2
    # The later run asked for 31 days up to its own day once more.
    assert (api.asked[-1]["startDate"], api.asked[-1]["endDate"]) == ("2026-01-06", "2026-02-05")


def test_60_days_of_10_campaigns_are_600_rows_under_the_key(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    def report(start: date, end: date) -> list[dict[str, Any]]:
        days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
        return [
            {"date": str(day), "campaignId": HUGE - n, "clicks": 1, "cost": 0.1}
            for day in days
            for n in range(10)
        ]

    api.rows["spCampaigns"] = report
    config = api.config(tmp_path, as_of="2026-11-24T20:00:00Z", cadence="first_sync")
    outcome = run_tap(config, "sp_campaigns_daily")
    key = outcome.keys["sp_campaigns_daily"]
    rows = outcome.records("sp_campaigns_daily")
    assert key == ["store_id", "profile_id", "date", "campaign_id"]
    assert len({tuple(row[name] for name in key) for row in rows}) == len(rows) == 600
    assert {len({r["campaign_id"] for r in rows if r["date"] == d}) for d in days(rows)} == {10}
    assert sum(Decimal(row["cost"]) for row in rows) == Decimal("60.0")


def days(rows: list[dict[str, Any]]) -> set[str]:
    return {row["date"] for row in rows}


def test_an_id_is_the_same_whether_it_comes_as_text_or_as_a_number(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    api.lists(
        "/sp/campaigns/list",
        "campaigns",
        {"campaignId": str(HUGE), "name": "Large", "state": "ENABLED"},
        {"campaignId": "2", "name": "Small", "state": "ENABLED"},
    )
    api.rows["spCampaigns"] = lambda start, end: [
        {"date": str(end), "campaignId": HUGE, "clicks": 1}
    ]
    config = api.config(tmp_path, as_of="2026-11-24T20:00:00Z", start_date="2026-11-20")
    outcome = run_tap(config, "sp_campaigns", "sp_campaigns_daily")
    names = {row["campaign_id"]: row["name"] for row in outcome.records("sp_campaigns")}
    (reported,) = outcome.records("sp_campaigns_daily")
    assert names[reported["campaign_id"]] == "Large"


def test_a_row_that_vanished_is_missing_in_the_newest_report_of_its_day(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    rows = [
        {"date": "2026-11-20", "campaignId": 1, "clicks": 4},
        {"date": "2026-11-20", "campaignId": 2, "clicks": 1},
    ]
    api.rows["spCampaigns"] = lambda start, end: list(rows)
    config = api.config(tmp_path, as_of="2026-11-22T20:00:00Z", start_date="2026-11-15")
    first = run_tap(config, "sp_campaigns_daily")
    del rows[1]  # its click was invalid
    later = run_tap(
        {**config, "as_of": "2026-11-24T20:00:00Z"}, "sp_campaigns_daily", state=first.state
    )
    runs = first.records("report_runs") + later.records("report_runs")
    covering = [
        run
        for run in runs
        if run["status"] == "done"
        and run["window_start_date"] <= "2026-11-20" <= run["window_end_date"]
    ]
    newest = max(covering, key=lambda run: run["requested_at"])
    everything = first.records("sp_campaigns_daily") + later.records("sp_campaigns_daily")
    assert {row["campaign_id"] for row in everything} == {"1", "2"}
    left = [row["campaign_id"] for row in everything if row["report_id"] == newest["report_id"]]
    assert left == ["1"]


def test_the_first_reports_asked_for_are_those_of_campaigns_and_of_the_newest_days(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    def empty(start: date, end: date) -> list[dict[str, Any]]:
        return []

    kinds = ("spCampaigns", "sbCampaigns", "sdCampaigns", "spTargeting", "sbAds")
    api.rows = dict.fromkeys(kinds, empty)
    config = api.config(tmp_path, as_of="2026-11-24T20:00:00Z", cadence="weekly")
    streams = ("sp_campaigns_daily", "sb_campaigns_daily", "sd_campaigns_daily")
    outcome = run_tap(config, *streams, "sp_targeting_daily", "sb_ads_daily")
    assert outcome.exit_code == 0
    asked = [(a["configuration"]["reportTypeId"], a["endDate"]) for a in api.asked]
    newest, older = "2026-11-24", "2026-10-26"
    assert [{kind for kind, _ in asked[:6]}, {kind for kind, _ in asked[6:]}] == [
        {"spCampaigns", "sbCampaigns", "sdCampaigns"},
        {"spTargeting", "sbAds"},
    ]
    assert [end for _, end in asked] == [*[newest] * 3, *[older] * 3, *[newest] * 2, *[older] * 2]


def test_a_slice_that_fails_keeps_no_other_slice_and_no_other_stream_back(
    api: Scripted, run_tap: Any, tmp_path: Path
) -> None:
    def some(start: date, end: date) -> list[dict[str, Any]]:
        if end == date(2026, 11, 24):
            return [{"date": "not a day", "campaignId": 1}]
        return [{"date": str(end), "campaignId": 1, "clicks": 1}]

    api.rows["spCampaigns"] = some
    api.rows["sbCampaigns"] = lambda start, end: [{"date": str(end), "campaignId": 9}]
    config = api.config(tmp_path, as_of="2026-11-24T20:00:00Z", cadence="first_sync")
    outcome = run_tap(config, "sp_campaigns_daily", "sb_campaigns_daily")
    assert outcome.exit_code != 0
    assert [row["date"] for row in outcome.records("sp_campaigns_daily")] == ["2026-10-26"]
    assert len(outcome.records("sb_campaigns_daily")) == 2
    marks = outcome.state["bookmarks"]
    assert "replication_key_value" not in marks["sp_campaigns_daily"]["partitions"][0]
    assert marks["sb_campaigns_daily"]["partitions"][0]["replication_key_value"] == "2026-11-23"


def test_rows_without_an_id_are_kept_apart(api: Scripted, run_tap: Any, tmp_path: Path) -> None:
    common = {"date": "2026-11-20", "campaignId": 1, "adGroupId": 2, "cost": 1}
    api.rows["sbTargeting"] = lambda start, end: [
        {**common, "keywordId": 5, "targetingId": None, "keywordType": "EXACT"},
        {**common, "keywordId": None, "targetingId": 5, "keywordType": "TARGETING_EXPRESSION"},
        {**common, "keywordType": "THEME"},
    ]
    api.rows["sdTargeting"] = lambda start, end: [
        {**common, "targetingId": -20, "sales": 30},
        {**common, "sales": 7},
    ]
    config = api.config(tmp_path, as_of="2026-11-24T20:00:00Z", start_date="2026-11-20")
    outcome = run_tap(config, "sb_targeting_daily", "sd_targeting_daily")
    assert outcome.exit_code == 0
    brands = outcome.records("sb_targeting_daily")
    assert [(r["keyword_id"], r["targeting_id"], r["keyword_type"]) for r in brands] == [
        ("5", "", "EXACT"),
        ("", "5", "TARGETING_EXPRESSION"),
        ("", "", "THEME"),
    ]
    display = outcome.records("sd_targeting_daily")
    assert [(r["targeting_id"], r["sales"]) for r in display] == [("-20", "30"), ("", "7")]
