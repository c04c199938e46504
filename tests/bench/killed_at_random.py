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

import argparse
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from simulator.testing import Running, running

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))

from pipeline import ADS, SP
from singer import Key, LoneTap, Received

CREATING = {SP: ("createReport", "createQuery"), ADS: ("ads.reports.create",)}
ADOPTED = {SP: 0, ADS: 3}
"""Reports that may be asked for once more: those whose id never came, one per region."""
TIME_SCALE = 120.0
"""The tap's clock is not scaled: a kill and a resume must not be many hours for Amazon."""
OF_THE_MOMENT = {"fetched_at", "url", "url_expires_at", "processed_urls"}
"""Columns that differ between any two readings, beside those the streams' tests leave out."""


def created(simulator: Running, tap: str) -> Counter[str]:
    """How many reports and queries have been asked for, by operation."""
    calls = simulator.calls
    return Counter({operation: calls.count(operation) for operation in CREATING[tap]})


def rows(received: Received) -> dict[str, Counter[Key]]:
    """Every row by stream, as a countable whole."""
    return {
        stream: Counter(
            tuple(sorted((k, str(v)) for k, v in row.items() if k not in OF_THE_MOMENT))
            for row in found
        )
        for stream, found in received.contents.items()
    }


def keep(home: Path, before: list[bytes]) -> None:
    """Keep the journal, the logs and the messages of a resume that went wrong."""
    kept = Path(tempfile.mkdtemp(prefix="killed-"))
    shutil.copytree(home, kept, dirs_exist_ok=True)
    (kept / "before.jsonl").write_bytes(b"".join(before))
    print(f"  what there was is in {kept}")


def fresh(simulator: Running) -> None:
    """Full buckets, no calls yet."""
    simulator.simulation.limits.refill()
    simulator.calls.reset()


def main() -> None:
    """Kill, resume, compare and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--tap", choices=(SP, ADS), action="append")
    parser.add_argument("--kills", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    failed = False
    for name in wanted.tap or (SP, ADS):
        lost = doubled = again = 0
        with (
            tempfile.TemporaryDirectory(prefix="bench-kill-") as folder,
            running(time_scale=TIME_SCALE) as simulator,
        ):
            whole = LoneTap(name, simulator, Path(folder))
            began = time.monotonic()
            code, lines = whole.run()
            length = time.monotonic() - began
            assert code == 0, whole.log[-3000:]
            expected = rows(Received().take(lines))
            asked = created(simulator, name)
            for number in range(wanted.kills):
                # What Amazon made for one attempt, it would give to the next as well.
                with running(time_scale=TIME_SCALE) as another:
                    home = Path(folder) / str(number)
                    home.mkdir()
                    tap = LoneTap(name, another, home)
                    fresh(another)
                    child = tap.start()
                    moment = chance.uniform(1.0, length)
                    timer = threading.Timer(moment, child.send_signal, (signal.SIGKILL,))
                    timer.start()
                    output, _ = child.communicate(timeout=300)
                    timer.cancel()
                    before = output.splitlines(keepends=True)
                    state = Received().take(before).state if number % 2 else None
                    (home / "log").rename(home / "killed.log")
                    another.simulation.limits.refill()
                    code, after = tap.run(state)
                    assert code == 0, tap.log[-3000:]
                    found = rows(Received().take([*before, *after]))
                    missing = sum((expected[s] - found.get(s, Counter())).total() for s in expected)
                    extra = sum((found[s] - expected.get(s, Counter())).total() for s in found)
                    surplus = created(another, name) - asked
                    more = max(0, surplus.total() - ADOPTED[name])
                    if missing or extra or more:
                        where = {s for s in expected if expected[s] != found.get(s)} or ""
                        print(
                            f"  killed after {moment:.1f} s, {state is not None=}: "
                            f"{missing=} {extra=} {dict(surplus)=} {where}"
                        )
                        keep(home, before)
                    lost, doubled, again = lost + missing, doubled + extra, again + more
        print(
            f"{name}: {wanted.kills} kills within {length:.0f} s; "
            f"{sum(c.total() for c in expected.values()):,} rows of {len(expected)} streams, "
            f"{asked.total()} reports: lost or stale {lost}, doubled or changed {doubled}, "
            f"finished reports asked for again {again}"
        )
        failed |= bool(lost or doubled or again)
    sys.exit(failed)


if __name__ == "__main__":
    main()
