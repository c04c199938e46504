"""kill -9 of a tap at random moments of a first sync, and a resume: what is lost, what is doubled.

    python tests/bench/killed_at_random.py --kills 20
    python tests/bench/killed_at_random.py --tap tap-amazon-ads --kills 20 --seed 3

A first sync of every stream is killed at a random moment of its length; half of the times the state
that had come out is kept, half of the times it is lost. Then the tap is run again to its end. What
a target would hold is compared with a sync that nobody disturbed. Bars: 0 rows lost, 0 too many,
0 with other values, and no finished report asked for again (Amazon Ads lists no reports: one whose
id never came is asked for once more, one per region at the most).
"""

from __future__ import annotations

import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from measuring import parser, tell
from pipeline import ADS, SP
from singer import Key, LoneTap, Received

from simulator.testing import Running, running

CREATING = {SP: ("createReport", "createQuery"), ADS: ("ads.reports.create",)}
ADOPTED = {SP: 0, ADS: 3}
"""Reports that may be asked for once more: those whose id never came, one per region."""
TIME_SCALE = 120.0
"""The tap's clock is not scaled: a kill and a resume must not be many hours for Amazon."""


def created(simulator: Running, tap: str) -> Counter[str]:
    """How many reports and queries have been asked for, by operation."""
    calls = simulator.calls
    return Counter({operation: calls.count(operation) for operation in CREATING[tap]})


def rows(received: Received) -> dict[str, Counter[Key]]:
    """Every row by stream, as a countable whole."""
    return {
        stream: Counter(tuple(sorted((k, str(v)) for k, v in row.items())) for row in found)
        for stream, found in received.contents.items()
    }


@dataclass(frozen=True)
class Whole:
    """A first sync that nobody disturbed: its rows, what it asked for, its length, its address."""

    rows: dict[str, Counter[Key]]
    asked: Counter[str]
    seconds: float
    port: int


def whole(name: str, folder: Path) -> Whole:
    """Run one."""
    with running(time_scale=TIME_SCALE) as simulator:
        tap = LoneTap(name, simulator, folder)
        began = time.monotonic()
        code, lines = tap.run()
        seconds = time.monotonic() - began
        assert code == 0, tap.log[-3000:]
        port = urlsplit(simulator.url).port or 0
        return Whole(rows(Received().take(lines)), created(simulator, name), seconds, port)


@dataclass(frozen=True)
class Loss:
    """What a kill and a resume did to the rows, and the reports they cost beyond the whole's."""

    missing: int
    extra: int
    again: int
    streams: frozenset[str]


def resumed(tap: LoneTap, expected: Whole, moment: float, keeps_state: bool) -> Loss:
    """Kill a first sync at a moment, let the tap run again to its end, and compare."""
    tap.simulator.simulation.limits.refill()
    tap.simulator.calls.reset()
    child = tap.start()
    timer = threading.Timer(moment, child.send_signal, (signal.SIGKILL,))
    timer.start()
    output, _ = child.communicate(timeout=300)
    timer.cancel()
    before = output.splitlines(keepends=True)
    state = Received().take(before).state if keeps_state else None
    (tap.folder / "log").rename(tap.folder / "killed.log")
    tap.simulator.simulation.limits.refill()
    code, after = tap.run(state)
    assert code == 0, tap.log[-3000:]
    found = rows(Received().take([*before, *after]))
    surplus = created(tap.simulator, tap.name) - expected.asked
    loss = Loss(
        sum((expected.rows[s] - found.get(s, Counter())).total() for s in expected.rows),
        sum((found[s] - expected.rows.get(s, Counter())).total() for s in found),
        max(0, surplus.total() - ADOPTED[tap.name]),
        frozenset(s for s in expected.rows if expected.rows[s] != found.get(s)),
    )
    if loss.missing or loss.extra or loss.again:
        # What there was is kept: the journal, the logs and the messages.
        kept = Path(tempfile.mkdtemp(prefix="killed-"))
        shutil.copytree(tap.folder, kept, dirs_exist_ok=True)
        (kept / "before.jsonl").write_bytes(b"".join(before))
        (kept / "after.jsonl").write_bytes(b"".join(after))
        print(
            f"  killed after {moment:.1f} s, {keeps_state=}: {loss}, {dict(surplus)=}; see {kept}"
        )
    return loss


def main() -> None:
    """Kill, resume, compare and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--tap", choices=(SP, ADS), action="append")
    arguments.add_argument("--kills", type=int, default=20)
    arguments.add_argument("--seed", type=int, default=1)
    wanted = arguments.parse_args()
    chance = random.Random(wanted.seed)
    failed = False
    figures: list[tuple[str, str]] = []
    for name in wanted.tap or (SP, ADS):
        with tempfile.TemporaryDirectory(prefix="bench-kill-") as folder:
            expected = whole(name, Path(folder))
            losses = []
            for number in range(wanted.kills):
                home = Path(folder) / str(number)
                home.mkdir()
                moment = chance.uniform(1.0, expected.seconds)
                # A new simulator: what Amazon made for one attempt, it would give to the next as
                # well. Its address is the same, since rows tell addresses.
                with running(time_scale=TIME_SCALE, port=expected.port) as simulator:
                    tap = LoneTap(name, simulator, home)
                    losses.append(resumed(tap, expected, moment, bool(number % 2)))
        count = sum(counter.total() for counter in expected.rows.values())
        figures += [
            (name, f"{wanted.kills} kills within {expected.seconds:.0f} s"),
            ("  read", f"{count:,} rows of {len(expected.rows)} streams"),
            ("  rows lost or stale", f"{sum(loss.missing for loss in losses)} (bar 0)"),
            ("  rows doubled or changed", f"{sum(loss.extra for loss in losses)} (bar 0)"),
            ("  reports asked for again", f"{sum(loss.again for loss in losses)} (bar 0)"),
        ]
        failed |= any(loss.streams or loss.extra or loss.again for loss in losses)
    tell(figures)
    sys.exit(failed)


if __name__ == "__main__":
    main()
