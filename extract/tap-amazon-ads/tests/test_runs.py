"""Whole runs against the simulator: what is read, for which profiles and days, under which keys."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from simulator.world.ads import truth
from simulator.world.ads.profiles import PROFILES, seller_profile

TODAY = date(2026, 11, 24)
"""In every zone of the simulator's profiles but Tokyo and Sydney, at 18:00 UTC."""
FIRST_DAY = dict.fromkeys(("US", "CA", "MX", "UK", "DE"), TODAY - timedelta(days=59)) | {
    "JP": TODAY - timedelta(days=58)
}
"""Of 60 days, today included."""
DAILY = {
    "sp_campaigns_daily": "SPONSORED_PRODUCTS",
    "sb_campaigns_daily": "SPONSORED_BRANDS",
    "sd_campaigns_daily": "SPONSORED_DISPLAY",
}


def profile_id(country_code: str) -> str:
    profile = seller_profile(country_code)
    assert profile
    return profile.profile_id


def runs(outcome: Any, stream: str) -> list[dict[str, Any]]:
    return [row for row in outcome.records("report_runs") if row["stream"] == stream]


def windows(outcome: Any, stream: str) -> list[tuple[date, date]]:
    """The days a stream asked for, from the oldest."""
    return sorted(
        (
            date.fromisoformat(row["window_start_date"]),
            date.fromisoformat(row["window_end_date"]),
        )
        for row in runs(outcome, stream)
    )


def test_a_first_sync_reads_every_stream_without_a_failure(first_sync: Any) -> None:
    assert first_sync.exit_code == 0
    read = {name for name in first_sync.keys if first_sync.records(name)}
    assert read == set(first_sync.keys)
    assert first_sync.keys["report_runs"] == ["store_id", "profile_id", "stream", "report_id"]


def test_the_key_of_every_stream_is_unique_and_never_null(first_sync: Any) -> None:
    for stream, key in first_sync.keys.items():
        assert key[:2] == ["store_id", "profile_id"]
        found = Counter(tuple(row[name] for name in key) for row in first_sync.records(stream))
        assert [k for k, times in found.items() if times > 1] == [], stream
        assert not [k for k in found if None in k], stream


@pytest.mark.parametrize("stream", DAILY)
def test_campaign_days_equal_the_worlds_own_totals(
    stream: str, first_sync: Any, simulator: Any
) -> None:
    expected = {
        (row["profile_id"], row["campaign_id"], row["day"].isoformat()): row
        for row in truth(simulator.world)
        if row["ad_product"] == DAILY[stream] and row["day"] >= FIRST_DAY[row["country_code"]]
    }
    landed = {
        (row["profile_id"], row["campaign_id"], row["date"]): row
        for row in first_sync.records(stream)
    }
    assert set(landed) == set(expected)
    suffixed = {"1d": "_1d", "7d": "_7d", "14d": "_14d", "30d": "_30d"}
    for key, row in landed.items():
        world = expected[key]
        assert (row["impressions"], row["clicks"]) == (world["impressions"], world["clicks"])
        assert Decimal(row["cost"]) == world["spend"]
        if stream == "sp_campaigns_daily":
            for window, suffix in suffixed.items():
                assert Decimal(row[f"sales{suffix}"]) == world[f"sales_{window}"], key
                assert row[f"purchases{suffix}"] == world[f"purchases_{window}"]
                assert row[f"units_sold_clicks{suffix}"] == world[f"units_{window}"]
                same = Decimal(row[f"attributed_sales_same_sku{suffix}"])
                assert same == world[f"sales_{window}_same_sku"]
        else:
            assert Decimal(row["sales"]) == world["sales_14d"], key
            assert Decimal(row["sales_clicks"]) == world["sales_14d_clicks"]
            assert row["purchases"] == world["purchases_14d"]
            assert row["units_sold"] == world["units_14d"]
            assert Decimal(row["new_to_brand_sales"]) == world["sales_14d_new_to_brand"]


def test_every_row_carries_its_profiles_currency_country_zone_and_marketplace(
    first_sync: Any,
) -> None:
    japan = seller_profile("JP")
    assert japan
    for stream in ("sp_campaigns", *DAILY):
        rows = [r for r in first_sync.records(stream) if r["profile_id"] == japan.profile_id]
        assert rows
        for row in rows:
            assert row["profile_id"] == "9107428850316224577", "no digit lost beyond 2**53"
            assert (row["currency_code"], row["country_code"]) == ("JPY", "JP")
            assert (row["time_zone"], row["marketplace_id"]) == ("Asia/Tokyo", "A1VC38T7YXB528")
    assert {row["day_basis"] for row in first_sync.records("sp_campaigns_daily")} == {"profile"}


def test_archived_campaigns_are_in_the_lists_and_reported_ones_are_found_there(
    first_sync: Any,
) -> None:
    listed = first_sync.records("sp_campaigns")
    assert {"ENABLED", "PAUSED", "ARCHIVED"} <= {row["state"] for row in listed}
    ids = {(row["profile_id"], row["campaign_id"]) for row in listed}
    reported = first_sync.records("sp_campaigns_daily")
    assert {(row["profile_id"], row["campaign_id"]) for row in reported} <= ids
    display = {(r["profile_id"], r["campaign_id"]) for r in first_sync.records("sd_campaigns")}
    # Sponsored Display gives numbers in both, Sponsored Products text in the list.
    assert {
        (r["profile_id"], r["campaign_id"]) for r in first_sync.records("sd_campaigns_daily")
    } <= display


def test_a_legacy_brands_campaign_is_listed_and_has_no_report_rows(first_sync: Any) -> None:
    legacy = [
        row["campaign_id"]
        for row in first_sync.records("sb_campaigns")
        if row["is_multi_ad_groups_enabled"] is False
    ]
    assert legacy
    assert not [r for r in first_sync.records("sb_campaigns_daily") if r["campaign_id"] in legacy]


def test_profiles_say_which_are_read_and_why(first_sync: Any) -> None:
    rows = {row["profile_id"]: row for row in first_sync.records("profiles")}
    assert set(rows) == {profile.profile_id for profile in PROFILES}
    agency = next(p.profile_id for p in PROFILES if p.account_type == "agency")
    author = next(p.profile_id for p in PROFILES if p.sub_type == "KDP_AUTHOR")
    viewed = next(p.profile_id for p in PROFILES if p.access == "view")
    assert rows[agency]["is_selected"] is False
    assert "agency" in rows[agency]["selection_reason"]
    assert rows[author]["is_selected"] is False
    assert rows[viewed]["is_selected"] is True
    assert rows[profile_id("JP")]["time_zone"] == "Asia/Tokyo"


def test_a_first_sync_asks_for_60_days_in_slices_of_31(first_sync: Any) -> None:
    for stream in DAILY:
        asked = set(windows(first_sync, stream))
        assert (TODAY - timedelta(days=28), TODAY) in asked
        assert (TODAY - timedelta(days=59), TODAY - timedelta(days=29)) in asked
        assert all((end - start).days < 31 for start, end in asked)


def test_a_daily_run_reads_31_days_again_and_an_hourly_one_two(
    bench: Any, first_sync: Any, tmp_path: Path
) -> None:
    us = profile_id("US")
    for cadence, first in (("daily", 30), ("weekly", 59), ("hourly", 1)):
        journal = str(tmp_path / f"{cadence}.sqlite")
        config = bench.config(cadence=cadence, profile_ids=[us], journal_path=journal)
        outcome = bench.run(config, "sp_campaigns_daily", state=first_sync.state)
        asked = windows(outcome, "sp_campaigns_daily")
        assert (asked[0][0], asked[-1][1]) == (TODAY - timedelta(days=first), TODAY), cadence


def test_the_bookmark_is_yesterday_since_today_is_partial(first_sync: Any) -> None:
    partitions = first_sync.state["bookmarks"]["sp_campaigns_daily"]["partitions"]
    marks = {p["context"]["profile_id"]: p["replication_key_value"] for p in partitions}
    assert marks[profile_id("US")] == "2026-11-23"
    # 18:00 UTC is 03:00 of the 25th in Tokyo.
    assert marks[profile_id("JP")] == "2026-11-24"


def test_half_past_midnight_in_tokyo_is_tomorrow_there_and_today_elsewhere(bench: Any) -> None:
    bench.simulator.set_now(datetime(2026, 11, 24, 15, 30, tzinfo=UTC))
    config = bench.config("na", "fe", profile_ids=[profile_id("JP"), profile_id("US")])
    outcome = bench.run({**config, "cadence": "hourly", "start_date": "2026-11-23"}, *DAILY)
    assert outcome.exit_code == 0
    ends = {
        (row["profile_id"], row["window_end_date"])
        for row in outcome.records("report_runs")
        if row["stream"] in DAILY
    }
    assert ends == {(profile_id("JP"), "2026-11-25"), (profile_id("US"), "2026-11-24")}


def test_the_same_days_are_asked_for_anew_later_although_amazon_remembers_the_report(
    bench: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench.simulator.simulation.ads_reporting, "remembers_finished", True)
    us, first_day = profile_id("US"), date(2026, 11, 21)
    earlier: dict[tuple[str, str], Decimal] = {}
    for hour in (15, 23):
        bench.simulator.set_now(datetime(2026, 11, 24, hour, tzinfo=UTC))
        config = bench.config(
            profile_ids=[us],
            start_date=first_day.isoformat(),
            journal_path=str(tmp_path / f"{hour}.sqlite"),
        )
        outcome = bench.run(config, "sp_campaigns_daily")
        assert outcome.exit_code == 0
        landed = {
            (row["campaign_id"], row["date"]): Decimal(row["cost"])
            for row in outcome.records("sp_campaigns_daily")
        }
        assert landed == {
            (row["campaign_id"], row["day"].isoformat()): row["spend"]
            for row in truth(bench.simulator.world)
            if (row["profile_id"], row["ad_product"]) == (us, "SPONSORED_PRODUCTS")
            and row["day"] >= first_day
        }
        assert landed != earlier, "more of the day is known by now"
        earlier = landed


def test_61_days_of_a_60_day_report_are_clamped_to_60_with_a_warning(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    start = TODAY - timedelta(days=60)
    config = bench.config(profile_ids=[profile_id("US")], start_date=start.isoformat())
    with caplog.at_level(logging.WARNING):
        outcome = bench.run(config, "sb_campaigns_daily")
    assert outcome.exit_code == 0
    asked = windows(outcome, "sb_campaigns_daily")
    assert (asked[0][0], asked[-1][1]) == (TODAY - timedelta(days=59), TODAY)
    assert "no longer answers for 2026-09-25" in caplog.text


def test_the_primary_marketplace_picks_its_profile(bench: Any) -> None:
    config = bench.config("na", "eu", primary_marketplace="UK")
    outcome = bench.run(config, "profiles")
    chosen = [r for r in outcome.records("profiles") if r["is_selected"]]
    assert [(row["profile_id"], row["country_code"]) for row in chosen] == [
        (profile_id("UK"), "UK")
    ]


def test_a_login_that_may_only_view_finds_its_profiles(bench: Any) -> None:
    outcome = bench.run(bench.config(login="view-only"), "profiles", "sp_campaigns")
    assert outcome.exit_code == 0
    assert profile_id("US") in {row["profile_id"] for row in outcome.records("sp_campaigns")}


@pytest.mark.parametrize("login", ["agency-only", "no-profiles"])
def test_a_login_without_an_advertisers_profile_ends_non_zero_with_the_remedy(
    bench: Any, caplog: pytest.LogCaptureFixture, login: str
) -> None:
    outcome = bench.run(bench.config(login=login))
    assert outcome.exit_code != 0
    assert "No advertising profile found" in caplog.text
    assert "User Permissions" in caplog.text
    assert not outcome.records("sp_campaigns")
    assert {row["is_selected"] for row in outcome.records("profiles")} <= {False}


def test_the_message_says_in_which_other_region_the_profile_is(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = bench.run(bench.config("fe", primary_marketplace="UK"), "sp_campaigns")
    assert outcome.exit_code != 0
    assert "none for the primary marketplace UK in region fe" in caplog.text
    assert (
        f"Region eu has profiles, but is not configured: {profile_id('UK')}"
        in " ".join(caplog.text.split())
        or profile_id("UK") in caplog.text
    )


def test_a_configured_profile_that_is_not_there_fails_the_run_but_not_the_others(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    config = bench.config(profile_ids=[int(profile_id("US")), "123"])
    outcome = bench.run(config, "sp_campaigns")
    assert outcome.exit_code != 0
    assert "none with the id 123 in region na" in caplog.text
    assert {row["profile_id"] for row in outcome.records("sp_campaigns")} == {profile_id("US")}


def test_the_command_ends_non_zero_where_there_is_no_profile(bench: Any, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(bench.config(login="no-profiles")))
    command = [sys.executable, "-m", "tap_amazon_ads.tap", "--config", str(config)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode != 0
    assert "No advertising profile found" in ended.stderr
    assert "Atzr|" not in ended.stderr + ended.stdout
