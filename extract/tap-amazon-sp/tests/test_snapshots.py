"""Snapshots that cannot be whole are marked, and not built on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from simulator.testing import Running, running

LATER = "2026-11-25T06:00:00Z"
EVEN_LATER = "2026-11-26T06:00:00Z"
STREAMS = ["fba_inventory_planning", "listings"]


@pytest.fixture
def simulator() -> Iterator[Running]:
    """A simulator of one test's own: what Amazon has made lately, it gives again."""
    with running() as simulator:
        yield simulator


@pytest.fixture
def sync(simulator: Running, tmp_path: Path, run_tap: Callable[..., Any]) -> Callable[..., Any]:
    """Run the tap against it."""
    return partial(run_tap, simulator, tmp_path)


def statuses(run: Any, name: str) -> set[str]:
    return {row["status"] for row in run.runs(name)}


def later(simulator: Any, moment: str) -> None:
    """Let Amazon make reports anew: the old ones are too old to be used again."""
    simulator.set_now(datetime.fromisoformat(moment))
    simulator.simulation.limits.refill()


@pytest.mark.parametrize("name", STREAMS)
def test_a_snapshot_that_lost_half_of_its_rows_is_incomplete_until_another_agrees(
    sync: Any, simulator: Any, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    whole = sync(name)
    assert statuses(whole, name) == {"done"}
    simulator.faults.add("createReport", "report_halved", times=None)
    later(simulator, LATER)
    # Half of an odd number of rows may be just enough.
    halved = sync(name, state=whole.state, as_of=LATER, incomplete_snapshot_below=0.6)
    assert halved.exit_code == 0
    assert statuses(halved, name) == {"incomplete"}
    assert halved.records[name]  # landed, under a report that nobody builds on
    assert "it is marked incomplete" in caplog.text
    later(simulator, EVEN_LATER)
    again = sync(name, state=halved.state, as_of=EVEN_LATER, incomplete_snapshot_below=0.6)
    assert statuses(again, name) == {"done"}


def test_the_same_snapshot_handed_over_again_does_not_agree_with_itself(
    sync: Any, simulator: Any
) -> None:
    name = "listings"
    whole = sync(name)
    simulator.faults.add("createReport", "report_halved", times=None)
    later(simulator, LATER)
    first = sync(name, state=whole.state, as_of=LATER, incomplete_snapshot_below=0.6)
    resumed = "2026-11-25T06:05:00Z"
    second = sync(name, state=first.state, as_of=resumed, incomplete_snapshot_below=0.6)
    assert statuses(second, name) == {"incomplete"}
    assert {row["report_id"] for row in first.runs(name)} == {
        row["report_id"] for row in second.runs(name)
    }


def test_every_snapshot_is_believed_where_the_user_says_so(sync: Any, simulator: Any) -> None:
    whole = sync("listings")
    simulator.faults.add("createReport", "report_halved", times=None)
    later(simulator, LATER)
    halved = sync("listings", state=whole.state, as_of=LATER, incomplete_snapshot_below=0)
    assert statuses(halved, "listings") == {"done"}


def test_inventory_whose_pages_end_early_is_incomplete(sync: Any, simulator: Any) -> None:
    whole = sync("fba_inventory")
    simulator.faults.add("getInventorySummaries", "pages_end_early", containing="ATVPDKIKX0DER")
    cut = sync("fba_inventory", state=whole.state, as_of="2026-11-24T19:00:00Z")
    by_place = {row["marketplace_ids"]: row["status"] for row in cut.runs("fba_inventory")}
    assert by_place == {"ATVPDKIKX0DER": "incomplete", "A2EUQ1WTGCTBG2": "done"}


def test_a_report_that_is_young_enough_is_used_again(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    first = sync("fba_inventory_planning")
    requests_sent.clear()
    # Another journal, as another installation has: only Amazon knows of the report.
    second = sync("fba_inventory_planning")
    assert [asked for asked in requests_sent if asked.method == "POST"] == []
    assert [row["report_id"] for row in first.runs("fba_inventory_planning")] == [
        row["report_id"] for row in second.runs("fba_inventory_planning")
    ]


def test_a_report_that_amazon_refuses_to_make_again_is_answered_by_its_sibling(
    sync: Any, simulator: Any
) -> None:
    sync("fba_inventory_by_country", regions=("eu",))
    simulator.faults.add("getReports", "status", status=503, times=None)
    refused = sync("fba_inventory_by_country", regions=("eu",))
    assert refused.exit_code != 0  # Amazon does not even tell what there is
    simulator.faults.clear()
    run = sync("fba_inventory_by_country", regions=("eu",))
    assert statuses(run, "fba_inventory_by_country") == {"done"}


def test_stock_by_country_is_asked_for_in_europe_alone(sync: Any, requests_sent: list[Any]) -> None:
    run = sync("fba_inventory_by_country", regions=("na", "eu"))
    assert run.exit_code == 0
    asked = {sent.path for sent in requests_sent if "/reports/" in sent.path}
    assert asked
    assert all("/sp/eu/" in path for path in asked)
    countries = {row["country"] for row in run.records["fba_inventory_by_country"]}
    assert {"DE", "GB"} <= countries
