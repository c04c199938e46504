"""Failures of Amazon's, switched on in the simulator: nothing is lost, nothing comes twice."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from simulator.world.ads.profiles import seller_profile

US = getattr(seller_profile("US"), "profile_id", "")
CA = getattr(seller_profile("CA"), "profile_id", "")
STREAM = "sp_campaigns_daily"
DAILY = (STREAM, "sb_campaigns_daily", "sd_campaigns_daily")


def facts(records: list[dict[str, Any]], profile_id: str = US) -> list[dict[str, Any]]:
    """A profile's records without what differs from run to run, in a fixed order."""
    changing = ("extracted_at", "report_id")
    rows = [
        {name: value for name, value in row.items() if name not in changing}
        for row in records
        if row["profile_id"] == profile_id
    ]
    return sorted(rows, key=lambda row: (row.get("date", ""), row["campaign_id"]))


def created(bench: Any) -> int:
    return int(bench.simulator.calls.summary().get("ads.reports.create", {}).get("calls", 0))


@pytest.fixture
def config(bench: Any) -> dict[str, Any]:
    settings: dict[str, Any] = bench.config(profile_ids=[US])
    return settings


HARMLESS = {
    "an answer to a request is lost and the report adopted by its 425": (
        "ads.reports.create",
        "dropped",
        {"late": True},
    ),
    "a report fails once": ("ads.reports.create", "report_fatal", {}),
    "a report ends FAILURE once": ("ads.reports.create", "report_cancelled", {}),
    "a report shows an unknown status": ("ads.reports.create", "report_unknown", {}),
    "an address is expired twice": ("download", "expired_url", {"times": 2}),
    "a document is cut inside its gzip": ("download", "cut_gzip", {}),
    "a document breaks off": ("download", "cut_body", {}),
    "polling meets HTML with 503": (
        "ads.reports.get",
        "status",
        {"status": 503, "body": "html", "times": 2},
    ),
    "polling meets HTML with 200": ("ads.reports.get", "html", {}),
    "polling meets an expired token": ("ads.reports.get", "token_expired", {}),
}


@pytest.mark.parametrize("trouble", HARMLESS)
def test_a_report_is_whole_although(
    trouble: str, bench: Any, config: dict[str, Any], first_sync: Any
) -> None:
    operation, fault, details = HARMLESS[trouble]
    added = bench.simulator.faults.add(operation, fault, **details)
    outcome = bench.run(config, STREAM)
    assert outcome.exit_code == 0
    assert added.seen >= 1
    assert facts(outcome.records(STREAM)) == facts(first_sync.records(STREAM))
    assert {row["status"] for row in outcome.records("report_runs")} == {"done"}


def test_a_duplicate_is_adopted_and_not_asked_for_again(bench: Any, config: dict[str, Any]) -> None:
    before = created(bench)
    bench.simulator.faults.add("ads.reports.create", "dropped", late=True)
    outcome = bench.run(config, STREAM)
    assert outcome.exit_code == 0
    # Two slices: the lost answer's request, its repetition (425), and the other slice's.
    assert created(bench) - before == 3


def test_a_storm_of_duplicates_is_adopted_report_by_report(
    bench: Any, config: dict[str, Any], first_sync: Any
) -> None:
    storm = bench.simulator.faults.add("ads.reports.create", "report_duplicate", times=None)
    outcome = bench.run(config, *DAILY)
    assert outcome.exit_code == 0
    assert storm.seen == 6, "two slices of three reports, each asked for once"
    for stream in DAILY:
        assert facts(outcome.records(stream)) == facts(first_sync.records(stream))


def test_a_late_report_is_parked_and_the_next_run_takes_it_up(
    bench: Any, config: dict[str, Any], first_sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    latencies = bench.simulator.simulation.latencies
    usual, latencies.ads_reports = latencies.ads_reports, (1500, 1500)  # 2.5 s of real time
    try:
        first = bench.run({**config, "report_deadline_minutes": 0.01}, STREAM, "sp_campaigns")
    finally:
        latencies.ads_reports = usual
    assert first.exit_code != 0
    assert "is still" in caplog.text
    assert facts(first.records("sp_campaigns")) == facts(first_sync.records("sp_campaigns"))
    runs = [row for row in first.records("report_runs") if row["stream"] == STREAM]
    assert [row["status"] for row in runs] == ["incomplete", "incomplete"]
    before = created(bench)
    second = bench.run(config, STREAM, state=first.state)
    assert second.exit_code == 0
    assert created(bench) == before
    taken_up = {row["report_id"] for row in second.records(STREAM)}
    assert taken_up == {row["report_id"] for row in runs}
    assert facts(second.records(STREAM)) == facts(first_sync.records(STREAM))


LISTS = {
    "429 without Retry-After": ("status", {"status": 429}),
    "503 as HTML": ("status", {"status": 503, "body": "html"}),
    "HTML with 200": ("html", {}),
    "an empty body with 200": ("empty", {}),
    "half an answer": ("truncated_json", {}),
    "a broken connection": ("dropped", {}),
    "pages out of order": ("unsorted_pages", {"times": None}),
    "pages that repeat rows": ("repeated_page", {"times": None}),
}


@pytest.mark.parametrize("trouble", LISTS)
def test_lists_are_whole_although(
    trouble: str, bench: Any, config: dict[str, Any], first_sync: Any
) -> None:
    fault, details = LISTS[trouble]
    streams = ("sp_campaigns", "sb_campaigns", "sd_campaigns")
    for stream in streams:
        bench.simulator.faults.add(f"ads.{stream.replace('_', '.')}", fault, **details)
    outcome = bench.run(config, *streams)
    assert outcome.exit_code == 0
    for stream in streams:
        assert facts(outcome.records(stream)) == facts(first_sync.records(stream))


def test_a_refused_column_is_null_and_the_rest_is_there(
    bench: Any, config: dict[str, Any], first_sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    refusal = "configuration columns includes invalid values: (sales30d). Allowed values: (date)"
    bench.simulator.faults.add(
        "ads.reports.create", "status", status=400, message=refusal, containing='"sales30d"',
        times=None,
    )  # fmt: skip
    with caplog.at_level(logging.WARNING):
        outcome = bench.run(config, STREAM)
    assert outcome.exit_code == 0
    assert "sales30d" in caplog.text
    expected = [{**row, "sales_30d": None} for row in facts(first_sync.records(STREAM))]
    assert facts(outcome.records(STREAM)) == expected


def test_a_report_that_fails_twice_is_recorded_and_the_others_go_on(
    bench: Any, config: dict[str, Any], first_sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bench.simulator.faults.add(
        "ads.reports.create", "report_fatal", containing="spCampaigns", times=None
    )
    outcome = bench.run(config, STREAM, "sb_campaigns_daily", "sp_campaigns")
    assert outcome.exit_code != 0
    assert "internal error" in caplog.text
    assert not outcome.records(STREAM)
    for whole in ("sb_campaigns_daily", "sp_campaigns"):
        assert facts(outcome.records(whole)) == facts(first_sync.records(whole))
    ended = {row["stream"]: row["status"] for row in outcome.records("report_runs")}
    assert ended[STREAM] == "failed"
    marks = outcome.state["bookmarks"][STREAM]["partitions"]
    assert not any("replication_key_value" in partition for partition in marks)


def test_an_ad_product_closed_to_a_profile_is_skipped_for_it_alone(
    bench: Any, first_sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    for operation in ("ads.sb.campaigns", "ads.reports.create"):
        bench.simulator.faults.add(
            operation, "status", status=403, message="no access to Sponsored Brands",
            containing="sb" if operation == "ads.sb.campaigns" else "sbCampaigns", times=1,
        )  # fmt: skip
    streams = ("sp_campaigns", "sb_campaigns", "sd_campaigns", *DAILY)
    outcome = bench.run(bench.config(profile_ids=[US]), *streams)
    assert outcome.exit_code != 0
    assert f"Sponsored Brands is not open to profile {US}" in caplog.text
    for stream in ("sp_campaigns", "sd_campaigns", STREAM, "sd_campaigns_daily"):
        assert facts(outcome.records(stream)) == facts(first_sync.records(stream))
    assert not outcome.records("sb_campaigns")
    assert not outcome.records("sb_campaigns_daily")


def test_a_refused_scope_names_the_profile_and_the_others_go_on(
    bench: Any, first_sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bench.simulator.faults.add(
        "ads.sp.campaigns", "status", status=401, message="Not authorized to access scope"
    )
    outcome = bench.run(bench.config(profile_ids=[US, CA]), "sp_campaigns")
    assert outcome.exit_code != 0
    read = {row["profile_id"] for row in outcome.records("sp_campaigns")}
    (refused,) = {US, CA} - read
    assert f"Profile {refused} (" in caplog.text
    assert "Not authorized to access scope" in caplog.text


def test_a_revoked_login_of_one_region_does_not_stop_another(
    bench: Any, caplog: pytest.LogCaptureFixture
) -> None:
    config = bench.config("na", "eu")
    revoked = bench.config("eu", login="revoked")["accounts"]
    config["accounts"] = [config["accounts"][0], *revoked]
    outcome = bench.run(config, "sp_campaigns")
    assert outcome.exit_code == 3, "needs_reauth has an exit code of its own"
    assert {row["region"] for row in outcome.records("sp_campaigns")} == {"na"}
    assert "No advertising profile found" not in caplog.text
