"""SIGTERM and SIGINT to everything at once: it ends non-zero, and the next run lacks nothing.

The SDK's target exits 0 on SIGTERM amid a batch with nothing committed: whoever trusts the exit
code loses rows. Here the whole of a pipe, of `meltano run` and of `tandem sync` is cut off.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pipeline import (
    ADS,
    BIN,
    SCHEMAS,
    SP,
    differences,
    modelled_streams,
    wait_for,
    write_project,
)

from tandem.testing import open_folder

if TYPE_CHECKING:
    from pipeline import Pipeline


@contextmanager
def held(pipeline: Pipeline, operation: str = "download", nth: int = 3) -> Iterator[None]:
    """Let a tap come no further than the n-th call of an operation, until the block ends."""
    faults = pipeline.simulator.faults
    fault = faults.add(operation, "slow", nth=nth, times=None, seconds=2)
    try:
        yield wait_for(lambda: fault.seen >= nth)
    finally:
        faults.clear()


def assert_nothing_is_lost(pipeline: Pipeline, loaded: Pipeline, tap: str) -> None:
    """Every row of a tap is there as after a run that nothing cut off, each report once."""
    schema = SCHEMAS[tap]
    runs = f"{schema}.report_runs"
    found, expected = pipeline.contents(schema), loaded.contents(schema)
    told = found.pop(runs)
    expected.pop(runs)
    assert differences(found, expected) == {}
    of_window: dict[tuple[Any, ...], set[str]] = defaultdict(set)
    for row in pipeline.rows(f"select * from {runs} where report_id not like 'api-%'"):
        account = row.get("profile_id") or row.get("selling_partner_id")
        of_window[account, row["stream"], row["window_start"]].add(row["report_id"])
    assert {len(reports) for reports in of_window.values()} == {1}
    assert {row["status"] for row in told} <= {"done", "no_data"}


@pytest.mark.parametrize(("number", "tap"), [(signal.SIGTERM, SP), (signal.SIGINT, ADS)])
def test_a_pipe_of_tap_and_target(
    number: signal.Signals, tap: str, new_pipeline: Callable[..., Pipeline], loaded: Pipeline
) -> None:
    pipeline = new_pipeline()
    source, sink = pipeline.start(tap)
    with held(pipeline):
        os.killpg(source.pid, number)
        out, _ = sink.communicate(timeout=60)
        assert source.wait(60) != 0
    assert sink.returncode != 0
    # A state that was given back must stand for rows that were written: the next run trusts it.
    pipeline.keep_state(tap, out)
    pipeline.load(tap)
    assert_nothing_is_lost(pipeline, loaded, tap)


@pytest.fixture
def project() -> Iterator[Path]:
    """The project itself, with the streams that models read."""
    select = {tap: [*modelled_streams(tap), "report_runs"] for tap in (SP, ADS)}
    with open_folder() as folder:
        write_project(folder, select)
        yield folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "command"),
    [
        (signal.SIGINT, ("meltano", "--environment=demo", "run", SP, "target-postgres")),
        (signal.SIGTERM, ("tandem", "sync", "--environment", "demo", "--cadence", "first_sync")),
    ],
    ids=["meltano run", "tandem sync"],
)
def test_a_whole_run(
    number: signal.Signals,
    command: tuple[str, ...],
    project: Path,
    new_pipeline: Callable[..., Pipeline],
    loaded: Pipeline,
) -> None:
    pipeline = new_pipeline()

    def run() -> subprocess.Popen[str]:
        variables = {
            "MELTANO_PROJECT_ROOT": str(project),
            "TANDEM_DATABASE_URL": pipeline.address.url(),
            "TANDEM_SIMULATOR_URL": pipeline.simulator.url,
            "TAP_AMAZON_SP_CADENCE": "first_sync",
            "TAP_AMAZON_ADS_CLIENT_ID": "",  # not connected
            "TAP_SHOPIFY_SHOP": "",
            "TAP_SHOPIFY_JOURNEYS_SHOP": "",
            "DBT_TARGET_PATH": str(pipeline.folder / "target"),
        }
        return subprocess.Popen(
            [BIN / command[0], *command[1:]],
            cwd=project,
            env=dict(os.environ) | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    cut_off = run()
    with held(pipeline):
        os.killpg(cut_off.pid, number)
        out, _ = cut_off.communicate(timeout=120)
    assert cut_off.returncode != 0, out[-3000:]
    again = run()
    out, _ = again.communicate(timeout=240)
    assert again.returncode == 0, out[-4000:]
    assert_nothing_is_lost(pipeline, loaded, SP)
