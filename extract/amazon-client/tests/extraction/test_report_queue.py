from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from amazon_client.errors import (
    InvalidRequest,
    NeedsReauth,
    ReportExpired,
    ReportFailed,
    ServerUnavailable,
)
from amazon_client.extraction import Account, Delivery, Progress, ReportDataset, Request
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.errors import ReportLate
from amazon_client.extraction.lane import LONGEST_PAUSE
from amazon_client.extraction.plans import Standing
from amazon_client.extraction.testing import Ending, ReportApi

ReadRows = Callable[[Delivery], list[Any]]


def all_made(api: ReportApi, number: int) -> Callable[[Request], None]:
    """A hook that waits, in real time, until so many reports have been asked for."""

    def wait(request: Request) -> None:
        for _ in range(1000):
            if len(api.made) >= number:
                return
            time.sleep(0.01)
        raise AssertionError(f"{len(api.made)} reports after ten seconds")

    return wait


def another(dataset: ReportDataset, name: str, **changes: Any) -> ReportDataset:
    return replace(dataset, name=name, **changes)


def test_everything_is_asked_for_before_anything_is_handed_over(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    ad_groups = another(campaigns, "ad_groups")
    api.endings["campaigns"] = [Ending(Progress.RUNNING)]
    run = runs.start(datasets={campaigns: ("campaigns",), ad_groups: ("ad_groups",)})
    # The first dataset never ends, the second is there all the same.
    pending = run.pending("ad_groups", ad_groups, account)
    assert [p.wait().report_id for p in pending] == ["R2", "R4"]
    # What each wants first comes first.
    assert api.asked == [
        "campaigns 2026-09-26..2026-10-26",
        "ad_groups 2026-09-26..2026-10-26",
        "campaigns 2026-10-27..2026-11-24",
        "ad_groups 2026-10-27..2026-11-24",
    ]


def test_a_lower_rank_is_asked_for_before_a_higher_one(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    ad_groups = replace(another(campaigns, "ad_groups"), rank=1)
    run = runs.start(datasets={ad_groups: ("ad_groups",), campaigns: ("campaigns",)})
    for pending in run.pending("ad_groups", ad_groups, account):
        pending.wait()
    assert [asked.split()[0] for asked in api.asked] == [*["campaigns"] * 2, *["ad_groups"] * 2]


def test_reports_are_handed_over_in_order_whichever_ends_first(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    api.endings["campaigns"] = [
        Ending(rows=[{"n": 1}], polls=5),
        Ending(rows=[{"n": 2}, {"n": 3}], polls=1),
    ]
    run = runs.start()
    deliveries = [p.wait() for p in run.pending("campaigns", campaigns, account)]
    assert [read_rows(delivery) for delivery in deliveries] == [[{"n": 1}], [{"n": 2}, {"n": 3}]]


def test_reports_are_polled_together_not_one_after_the_other(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    def die(request: Request) -> None:
        raise Cancelled

    # A run that was killed has left two reports under way, so that none is created amid the polls.
    api.hooks["poll"] = die
    api.endings["campaigns"] = [Ending(polls=3)]
    for pending in runs.start().pending("campaigns", campaigns, account):
        with pytest.raises(Cancelled):
            pending.wait()
    order: list[str] = []
    api.hooks["poll"] = lambda request: order.append(str(request.window.start))
    for pending in runs.start().pending("campaigns", campaigns, account):
        pending.wait()
    # Each is found running three times, then done.
    assert order == ["2026-09-26", "2026-10-27"] * 4


def test_no_more_reports_are_under_way_than_the_backend_takes(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.max_in_flight = 2
    api.hooks["poll"] = all_made(api, 2)
    api.endings["campaigns"] = [Ending(polls=2)]
    run = runs.start(start_date=date(2026, 5, 1))
    pending = run.pending("campaigns", campaigns, account)
    assert len(pending) == 7
    assert [p.wait().report_id for p in pending] == [f"R{number}" for number in range(1, 8)]
    assert api.most_in_flight == 2


def test_polls_grow_rarer_up_to_a_bound(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    at: list[float] = []
    api.hooks["poll"] = lambda request: at.append(runs.clock.monotonic())
    api.endings["campaigns"] = [Ending(polls=9)]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    pending.wait()
    pauses = [round(later - earlier, 3) for earlier, later in pairwise(at)]
    # The first pause is 5 s, each further one half as long again, at most 6 times the first.
    assert pauses == [7.5, 11.25, 16.875, 25.312, 30, 30, 30, 30, 30]
    assert max(pauses) == 5 * LONGEST_PAUSE


def test_a_failed_report_is_asked_for_once_more(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    api.endings["campaigns"] = [Ending(Progress.FAILED), Ending(rows=[{"n": 1}])]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    delivery = pending.wait()
    assert delivery.report_id == "R2"
    assert read_rows(delivery) == [{"n": 1}]


def test_a_report_that_fails_twice_is_a_failure_with_amazons_reason(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = [Ending(Progress.FAILED, raw_status="FATAL", reason="not ready")]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    with pytest.raises(ReportFailed, match=r"R2 \(spCampaigns.* ended FATAL: not ready"):
        pending.wait()
    assert len(api.made) == 2
    assert pending.report_id == "R2"


def test_an_expired_report_is_asked_for_anew(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = [Ending(Progress.EXPIRED), Ending()]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R2"


def test_a_report_that_expires_again_and_again_is_a_failure(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = [Ending(Progress.EXPIRED)]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    with pytest.raises(ReportExpired):
        pending.wait()
    assert len(api.made) == 2


def test_an_unknown_status_runs_on_until_the_deadline_and_its_report_is_kept(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    api.endings["campaigns"] = [Ending(Progress.RUNNING, raw_status="IN_REVIEW")]
    standings = {"campaigns": Standing(bookmark="2026-11-23")}
    (pending,) = runs.start(standings).pending("campaigns", campaigns, account)
    with pytest.raises(ReportLate, match=r"R1 .* still IN_REVIEW after 30 minutes") as late:
        pending.wait()
    assert "taken up under its id" in late.value.remedy
    api.made["R1"].ending = Ending(rows=[{"n": 1}])
    (pending,) = runs.start(standings).pending("campaigns", campaigns, account)
    delivery = pending.wait()
    assert (delivery.report_id, read_rows(delivery)) == ("R1", [{"n": 1}])
    assert list(api.made) == ["R1"]


def test_a_late_report_does_not_hold_up_the_others(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = [Ending(Progress.RUNNING), Ending()]
    run = runs.start()
    late, other = run.pending("campaigns", campaigns, account)
    assert other.wait().report_id == "R2"
    with pytest.raises(ReportLate):
        late.wait()


def test_a_lost_answer_to_a_create_is_looked_for_before_asking_again(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    def lost_once(request: Request) -> None:
        if len(api.made) == 1:
            raise ServerUnavailable("no answer in time")

    api.hooks["created"] = lost_once
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R1"
    assert list(api.made) == ["R1"]


def test_a_create_that_never_arrived_is_sent_once_more(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    tries: list[Request] = []

    def unavailable_once(request: Request) -> None:
        tries.append(request)
        if len(tries) == 1:
            raise ServerUnavailable("the connection broke")

    api.hooks["create"] = unavailable_once
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R1"
    assert len(tries) == 2


def test_an_outage_while_a_report_is_made_is_waited_out(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    outages = iter(range(3))

    def unavailable(request: Request) -> None:
        if next(outages, None) is not None:
            raise ServerUnavailable("HTTP 503")

    api.hooks["poll"] = unavailable
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R1"


@pytest.mark.parametrize("error", [InvalidRequest("400"), NeedsReauth("revoked"), KeyError("bug")])
def test_a_refused_create_fails_its_report_alone(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, error: Exception
) -> None:
    def refuse(request: Request) -> None:
        if request.dataset.name == "campaigns":
            raise error

    api.hooks["create"] = refuse
    ad_groups = another(campaigns, "ad_groups")
    run = runs.start(datasets={campaigns: ("campaigns",), ad_groups: ("ad_groups",)})
    with pytest.raises(type(error)):
        run.pending("campaigns", campaigns, account)[0].wait()
    assert run.pending("ad_groups", ad_groups, account)[0].wait().report_id == "R1"


def test_threads_end_by_themselves_when_every_report_has_ended(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    run = runs.start()
    for pending in run.pending("campaigns", campaigns, account):
        pending.wait()
    for thread in run._threads:
        thread.join(5)
        assert not thread.is_alive()
