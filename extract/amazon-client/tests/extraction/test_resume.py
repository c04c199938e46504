"""What a run finds when the one before it was killed, at every point where that can happen.

`Cancelled`, raised where the stand-in of Amazon is called, stops our code as a kill does: nothing
that would come after it happens, and what was written before stays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from amazon_client.errors import ReportFailed
from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    Delivery,
    Progress,
    ReportDataset,
    Request,
)
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.plans import Standing
from amazon_client.extraction.testing import Ending, ReportApi

ReadRows = Callable[[Delivery], list[Any]]
TWO_ROWS = [Ending(rows=[{"n": 1}]), Ending(rows=[{"n": 2}])]


def die(request: Request) -> None:
    raise Cancelled


def run_and_die(runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account) -> None:
    """Run until nothing is left that the stand-in lets go on, then end the run."""
    api.endings["campaigns"] = list(TWO_ROWS)
    run = runs.start()
    for pending in run.pending("campaigns", campaigns, account):
        with pytest.raises(Cancelled):
            pending.wait()
    run.close()
    api.hooks.clear()
    runs.clock.advance(60)


@pytest.mark.parametrize(
    ("point", "made_before", "searches"),
    [("create", 0, 2), ("created", 2, 2), ("poll", 2, 0), ("locate", 2, 0)],
)
def test_a_kill_at_any_point_costs_no_report_and_asks_for_none_twice(
    runs: Any,
    api: ReportApi,
    campaigns: ReportDataset,
    account: Account,
    read_rows: ReadRows,
    point: str,
    made_before: int,
    searches: int,
) -> None:
    api.hooks[point] = die
    run_and_die(runs, api, campaigns, account)
    assert len(api.made) == made_before
    run = runs.start()
    deliveries = [pending.wait() for pending in run.pending("campaigns", campaigns, account)]
    assert [read_rows(delivery) for delivery in deliveries] == [[{"n": 1}], [{"n": 2}]]
    assert [delivery.report_id for delivery in deliveries] == ["R1", "R2"]
    assert list(api.made) == ["R1", "R2"]
    # Only what was meant but had no id yet is looked for.
    assert api.searches == searches


def test_what_was_delivered_but_not_committed_is_replayed_under_the_same_ids(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    api.endings["campaigns"] = list(TWO_ROWS)
    first = [p.wait() for p in runs.start().pending("campaigns", campaigns, account)]
    # The target died with everything: the state that comes back knows of no plan.
    again = [p.wait() for p in runs.start().pending("campaigns", campaigns, account)]
    assert [d.report_id for d in again] == [d.report_id for d in first] == ["R1", "R2"]
    assert [read_rows(d) for d in again] == [[{"n": 1}], [{"n": 2}]]
    assert len(api.made) == 2


def test_windows_that_the_state_covers_are_not_delivered_again(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = list(TWO_ROWS)
    (first, _) = runs.start().pending("campaigns", campaigns, account)
    first.wait()
    half = Standing(plan=first.plan.id, delivered=1)
    (rest,) = runs.start({"campaigns": half}).pending("campaigns", campaigns, account)
    assert rest.wait().report_id == "R2"
    assert list(api.made) == ["R1", "R2"]


def test_a_plan_is_retired_only_when_a_later_runs_state_covers_it(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    pending = runs.start().pending("campaigns", campaigns, account)
    for one in pending:
        one.wait()
    runs.clock.advance(60)
    done = Standing(bookmark="2026-11-23", plan=pending[0].plan.id, delivered=2)
    (daily,) = runs.start({"campaigns": done}).pending("campaigns", campaigns, account)
    assert daily.plan.id != pending[0].plan.id
    assert daily.wait().report_id == "R3"
    assert str(daily.request.window) == "2026-10-25..2026-11-24"


def test_a_plan_older_than_four_hours_is_abandoned(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    for pending in runs.start().pending("campaigns", campaigns, account):
        pending.wait()
    runs.clock.advance(timedelta(hours=4).total_seconds())
    again = [p.wait().report_id for p in runs.start().pending("campaigns", campaigns, account)]
    assert again == ["R3", "R4"]


def test_runs_as_of_one_instant_go_on_with_each_others_plans(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    """Each of them begins its clock there anew, so the plan may be a little ahead of it."""
    for pending in runs.start().pending("campaigns", campaigns, account):
        pending.wait()
    runs.clock.advance(-600)
    again = [p.wait().report_id for p in runs.start().pending("campaigns", campaigns, account)]
    assert again == ["R1", "R2"]


def test_a_plan_from_the_future_is_abandoned(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    """A run with an earlier `as_of` has nothing to do with what a later one planned."""
    for pending in runs.start().pending("campaigns", campaigns, account):
        pending.wait()
    runs.clock.advance(-86_400)
    again = [p.wait().report_id for p in runs.start().pending("campaigns", campaigns, account)]
    assert again == ["R3", "R4"]


def test_a_wider_cadence_does_not_go_on_with_a_narrower_plan(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    known = {"campaigns": Standing(bookmark="2026-11-23")}
    (hourly,) = runs.start(known, cadence=Cadence.HOURLY).pending("campaigns", campaigns, account)
    hourly.wait()
    weekly = runs.start(known, cadence=Cadence.WEEKLY).pending("campaigns", campaigns, account)
    assert [p.wait().report_id for p in weekly] == ["R2", "R3"]


def test_a_narrower_cadence_finishes_the_wider_plan(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    weekly = runs.start(cadence=Cadence.FIRST_SYNC).pending("campaigns", campaigns, account)
    for pending in weekly:
        pending.wait()
    hourly = runs.start(cadence=Cadence.HOURLY).pending("campaigns", campaigns, account)
    assert [p.wait().report_id for p in hourly] == ["R1", "R2"]


def test_a_changed_request_is_asked_for_anew(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    for pending in runs.start().pending("campaigns", campaigns, account):
        pending.wait()
    wider = replace(campaigns, body=lambda account, window: {"columns": ["clicks", "cost"]})
    run = runs.start(datasets={wider: ("campaigns",)})
    again = [p.wait().report_id for p in run.pending("campaigns", wider, account)]
    assert again == ["R3", "R4"]


def test_a_stream_that_was_not_selected_before_gets_a_plan_of_its_own(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    """The open plan began at the other stream's bookmark, not at the newcomer's."""
    known = {"parents": Standing(bookmark="2026-11-23")}
    runs.start(known, datasets={campaigns: ("parents",)})
    both = runs.start(known, datasets={campaigns: ("parents", "children")})
    pending = both.pending("children", campaigns, account)
    assert str(pending[0].request.window) == "2026-09-26..2026-10-26"


def test_a_state_that_was_set_back_is_read_from_where_it_is(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    """Shortly after a run, somebody starts over with an empty state: all 60 days are wanted."""
    known = {"campaigns": Standing(bookmark="2026-11-23")}
    runs.start(known).pending("campaigns", campaigns, account)[0].wait()
    anew = runs.start().pending("campaigns", campaigns, account)
    assert [str(p.request.window) for p in anew] == [
        "2026-09-26..2026-10-26",
        "2026-10-27..2026-11-24",
    ]


def test_a_stream_that_stands_as_far_joins_the_open_plan(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    known = {name: Standing(bookmark="2026-11-23") for name in ("parents", "children")}
    runs.start(known, datasets={campaigns: ("parents",)})
    both = runs.start(known, datasets={campaigns: ("parents", "children")})
    assert both.pending("children", campaigns, account)[0].wait().report_id == "R1"


def test_an_unfinished_plan_is_finished_by_a_cadence_that_would_not_plan_it(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    nightly = replace(campaigns, windows=DayWindows(lookback={Cadence.DAILY: 31}))
    datasets = {nightly: ("campaigns",)}
    runs.start(datasets=datasets).pending("campaigns", nightly, account)[0].wait()
    hourly = runs.start(datasets=datasets, cadence=Cadence.HOURLY)
    assert hourly.pending("campaigns", nightly, account)[0].wait().report_id == "R1"


def test_two_streams_of_one_dataset_are_given_the_same_windows(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    known = {
        "parents": Standing(bookmark="2026-11-23"),
        "children": Standing(bookmark="2026-10-01"),
    }
    run = runs.start(known, datasets={campaigns: ("parents", "children")})
    windows = [
        [str(pending.request.window) for pending in run.pending(stream, campaigns, account)]
        for stream in ("parents", "children")
    ]
    assert windows[0] == windows[1] == ["2026-10-02..2026-11-01", "2026-11-02..2026-11-24"]
    for pending in run.pending("children", campaigns, account):
        pending.wait()
    assert len(api.made) == 2


def test_streams_of_one_dataset_go_on_where_each_stands(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    datasets = {campaigns: ("parents", "children")}
    plan = runs.start(datasets=datasets).pending("parents", campaigns, account)[0].plan.id
    known = {"parents": Standing(plan=plan, delivered=2), "children": Standing(plan, plan, 1)}
    run = runs.start(known, datasets=datasets)
    assert run.pending("parents", campaigns, account) == []
    assert [p.position for p in run.pending("children", campaigns, account)] == [1]


def test_a_failed_report_is_asked_for_anew_by_the_next_run(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    known = {"campaigns": Standing(bookmark="2026-11-23")}
    api.endings["campaigns"] = [Ending(Progress.FAILED), Ending(Progress.FAILED), Ending()]
    (pending,) = runs.start(known).pending("campaigns", campaigns, account)
    with pytest.raises(ReportFailed):
        pending.wait()
    (pending,) = runs.start(known).pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R3"


def test_a_kill_amid_the_pages_of_a_result_asks_for_no_page_again(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    known = {"campaigns": Standing(bookmark="2026-11-23")}
    api.endings["campaigns"] = [Ending(rows=[{"n": 1}], more=[[{"n": 2}], [{"n": 3}]])]

    def die_on_the_third(request: Request) -> None:
        if request.continuation == "2":
            raise Cancelled

    api.hooks["locate"] = die_on_the_third
    (pending,) = runs.start(known).pending("campaigns", campaigns, account)
    with pytest.raises(Cancelled):
        pending.wait()
    api.hooks.clear()
    (pending,) = runs.start(known).pending("campaigns", campaigns, account)
    assert read_rows(pending.wait()) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert list(api.made) == ["R1", "R2", "R3"]


def test_two_processes_of_one_store_share_reports_and_lose_none(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    api.endings["campaigns"] = [Ending(rows=[{"n": 1}], polls=3)]
    both = [runs.start(), runs.start()]
    rows = [
        [read_rows(p.wait()) for p in run.pending("campaigns", campaigns, account)] for run in both
    ]
    assert rows[0] == rows[1] == [[{"n": 1}], [{"n": 1}]]
    ids = [
        [p.wait().report_id for p in run.pending("campaigns", campaigns, account)] for run in both
    ]
    assert ids[0] == ids[1]
