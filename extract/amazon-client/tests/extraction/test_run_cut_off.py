"""A run that was cut off after a target had sent back a state: the next one ends it as a whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from amazon_client.extraction import (
    Account,
    Delivery,
    Page,
    PagedDataset,
    ReportDataset,
    Request,
)
from amazon_client.extraction.plans import Standing
from amazon_client.extraction.testing import Ending, ReportApi

ReadRows = Callable[[Delivery], list[Any]]


def test_a_covered_plan_of_a_run_that_was_cut_off_is_gone_on_with_and_has_nothing_left(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    first = runs.start(ended=frozenset())
    for one in first.pending("campaigns", campaigns, account):
        one.wait()
    (plan,) = first.plans
    done = Standing(bookmark="2026-11-23", plan=plan, delivered=2)
    resumed = runs.start({"campaigns": done}, ended=frozenset({"another"}))
    assert resumed.pending("campaigns", campaigns, account) == []
    assert resumed.plans == {plan}
    began = time.monotonic()
    resumed.close()
    assert time.monotonic() - began < 2, "a thread had nothing to do and did not end"
    (daily,) = runs.start({"campaigns": done}, ended=frozenset({plan})).pending(
        "campaigns", campaigns, account
    )
    assert daily.wait().report_id == "R3"


def test_what_is_read_from_a_covered_report_still_gets_it(
    runs: Any,
    api: ReportApi,
    campaigns: ReportDataset,
    account: Account,
    read_rows: ReadRows,
) -> None:
    """The newest report is fetched again, under its id, for what a run cut off had not read."""

    def fetch(client: Any, request: Request, listed: Delivery) -> Iterator[Page]:
        yield Page(read_rows(listed))

    details = PagedDataset(name="details", report_type="getDetails", fetch=fetch, source=campaigns)
    wanted = {campaigns: ("campaigns",), details: ("details",)}
    api.endings["campaigns"] = [Ending(rows=[{"n": 1}]), Ending(rows=[{"n": 2}])]
    first = runs.start(datasets=wanted, ended=frozenset())
    for one in first.pending("campaigns", campaigns, account):
        one.wait()
    done = Standing(bookmark="2026-11-23", plan=first.plans.pop(), delivered=2)
    runs.clock.advance(60)
    resumed = runs.start({"campaigns": done}, datasets=wanted, ended=frozenset())
    assert resumed.pending("campaigns", campaigns, account) == []
    (detail,) = resumed.pending("details", details, account)
    assert read_rows(detail.wait()) == [{"n": 2}]
    assert list(api.made) == ["R1", "R2"]
