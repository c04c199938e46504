"""kill -9 of a tap at any point, then a resume: nothing lost or doubled, no report asked twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pipeline import ADS, SP, differences
from singer import LoneTap, Received

if TYPE_CHECKING:
    from pipeline import Row

    from simulator.testing import Running

CREATING = {SP: ("createReport", "createQuery"), ADS: ("ads.reports.create",)}

STREAMS = {
    SP: frozenset(
        {"orders", "order_items", "orders_bulk", "order_items_bulk", "sales_traffic_by_date"}
    ),
    ADS: frozenset({"sp_campaigns_daily", "sb_campaigns_daily", "sd_campaigns_daily", "profiles"}),
}
"""Pages that are answered at once, reports that two streams read, queries, many profiles."""

MakeTap = Callable[..., "LoneTap"]
Whole = Callable[[str], Received]


@pytest.fixture(scope="module")
def uninterrupted(
    _simulator: Running, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Received]:
    """What a target holds after a first sync of a tap that nothing disturbed."""

    @cache
    def received(name: str) -> Received:
        tap = LoneTap(name, _simulator, tmp_path_factory.mktemp("whole"), STREAMS[name])
        code, lines = tap.run()
        assert code == 0, tap.log[-3000:]
        return Received().take(lines)

    return received


def created(simulator: Running, tap: str) -> int:
    """How many reports and queries Amazon has been asked for."""
    return sum(simulator.calls.count(operation) for operation in CREATING[tap])


def distinct(received: Received) -> int:
    """How many reports and queries there are: several streams may read one."""
    return len(set().union(*received.reports.values()))


def resume(tap: LoneTap, lines: list[bytes], state: Row | None = None) -> Received:
    """Let the tap go on; returns what a target holds that took the lines before, too."""
    code, more = tap.run(state)
    assert code == 0, tap.log[-3000:]
    return Received().take(lines + more)


def assert_equal(received: Received, whole: Received) -> None:
    assert differences(received.contents, whole.contents) == {}
    assert received.reports.keys() == whole.reports.keys()
    assert [window for window, ids in received.reports.items() if len(ids) > 1] == []
    assert {row["status"] for row in received.tables["report_runs"].values()} <= {"done", "no_data"}


@pytest.mark.parametrize(
    ("name", "operation", "nth"),
    [
        (SP, "createReport", 4),
        (SP, "createQuery", 2),
        (SP, "download", 5),
        (ADS, "ads.reports.create", 12),
        (ADS, "ads.reports.get", 20),
    ],
)
def test_amid_calls(
    name: str,
    operation: str,
    nth: int,
    lone_tap: MakeTap,
    simulator: Running,
    uninterrupted: Whole,
) -> None:
    whole = uninterrupted(name)
    simulator.calls.reset()
    tap = lone_tap(name, STREAMS[name])
    lines = tap.kill_at(operation, nth)
    assert 0 < created(simulator, name) <= distinct(whole)
    assert_equal(resume(tap, lines), whole)
    # Amazon Ads lists no reports: one whose id never came is found by asking once more. Of each
    # region one may have been under way. SP-API's lists name them.
    asked_again = created(simulator, name) - distinct(whole)
    assert 0 <= asked_again <= (3 if name == ADS else 0)


@pytest.mark.parametrize(
    ("stream", "has_state"),
    [
        ("orders_bulk", False),
        ("sales_traffic_by_date", True),
        ("sp_campaigns_daily", False),
        ("sp_campaigns_daily", True),
    ],
)
def test_amid_records(
    stream: str, has_state: bool, lone_tap: MakeTap, simulator: Running, uninterrupted: Whole
) -> None:
    """A target gives the state back when it drains: mostly at the end only, sometimes before."""
    name = ADS if "campaigns" in stream else SP
    whole = uninterrupted(name)
    simulator.calls.reset()
    tap = lone_tap(name, STREAMS[name])
    child = tap.start()
    assert child.stdout is not None
    lines: list[bytes] = []
    for line in child.stdout:
        lines.append(line)
        if line.startswith(b'{"type":"RECORD","stream":"%s"' % stream.encode()):
            child.send_signal(signal.SIGKILL)
            break
    child.stdout.close()
    assert child.wait(60) == -signal.SIGKILL, tap.log
    state = Received().take(lines).state
    assert state is not None
    assert_equal(resume(tap, lines, state if has_state else None), whole)
    assert created(simulator, name) == distinct(whole)


@pytest.mark.parametrize("name", [SP, ADS])
def test_after_everything_was_delivered_and_nothing_committed(
    name: str, lone_tap: MakeTap, simulator: Running, uninterrupted: Whole
) -> None:
    """The target died with all of it in its hands, and no state came back."""
    whole = uninterrupted(name)
    simulator.calls.reset()
    tap = lone_tap(name, STREAMS[name])
    code, _ = tap.run()
    assert code == 0
    assert created(simulator, name) == distinct(whole)
    assert_equal(resume(tap, []), whole)
    assert created(simulator, name) == distinct(whole)
