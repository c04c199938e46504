"""How long `tandem sync` takes for a first sync, from nothing to marts.

    python tests/bench/first_sync.py
    python tests/bench/first_sync.py --size large --time-scale 1

Reads every stream of both taps for one account (region na, the profile of the US) from a simulator
in a process of its own, loads both side by side, builds and tests the models. At a time scale of 1
the simulator keeps Amazon's limits and latencies as they are; else what waits is divided by it
while the CPU's work is not, so that only scale 1 tells the truth. Bars, for the large world at
scale 1: 9 minutes, no 429. What limits and latencies alone cost: sp_first_sync, ads_first_sync.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
import yaml
from measuring import parser, tell
from pipeline import ADS, BIN, SP, wait_for, write_project

from simulator.testing import NOW
from tandem import testing
from tandem.database import Address


@contextmanager
def simulator(folder: Path, size: str, scale: float) -> Iterator[str]:
    """A running simulator; gives its address."""
    ready = folder / "simulator.ready"
    words = ["serve", "--size", size, "--time-scale", str(scale), "--now", NOW.isoformat()]
    process = subprocess.Popen(
        [BIN / "simulator", *words, "--ready-file", ready], stdout=subprocess.DEVNULL
    )
    try:
        wait_for(ready.exists, 300)
        yield ready.read_text().strip()
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def variables(project: Path, url: str, address: Address, scale: float) -> dict[str, str]:
    """The environment of the sync: the demo's credentials, one region, one profile."""
    given = {
        "MELTANO_PROJECT_ROOT": str(project),
        "TANDEM_DATABASE_URL": address.url(),
        "TANDEM_SIMULATOR_URL": url,
        "TAP_AMAZON_ADS_PRIMARY_MARKETPLACE": "US",
        "DBT_TARGET_PATH": str(project / "target"),
    }
    demo = next(e for e in _document(project)["environments"] if e["name"] == "demo")
    for tap in demo["config"]["plugins"]["extractors"]:
        prefix = tap["name"].upper().replace("-", "_")
        accounts = [a for a in tap["config"]["accounts"] if a["region"] == "na"]
        given[f"{prefix}_ACCOUNTS"] = json.dumps(accounts)
        given[f"{prefix}_REPORT_POLL_SECONDS"] = str(5 / scale)
    return dict(os.environ) | given


def _document(project: Path) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((project / "meltano.yml").read_text())
    return document


def main() -> None:
    """Measure once and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--size", choices=("small", "large"), default="small")
    arguments.add_argument("--time-scale", type=float, default=60.0)
    wanted = arguments.parse_args()
    with (
        testing.server() as postgres,
        testing.new_database(postgres) as address,
        testing.open_folder() as project,
        simulator(project, wanted.size, wanted.time_scale) as url,
    ):
        write_project(project)
        environment = variables(project, url, address, wanted.time_scale)
        words = ["sync", "--environment", "demo", "--cadence", "first_sync"]
        started = time.monotonic()
        done = subprocess.run(
            [BIN / "tandem", *words],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        total = time.monotonic() - started
        if done.returncode:
            raise SystemExit((done.stdout + done.stderr)[-4000:])
        calls = json.load(urlopen(f"{url}/_simulator/calls"))
        with psycopg.connect(address.url()) as connection:
            runs = connection.execute(
                "select tap, extract(epoch from finished_at - started_at) from ops.sync_runs"
            ).fetchall()
    lines = [line for line in done.stdout.splitlines() if line.endswith("records")]
    loaded = sum(int(line.split()[-2].replace(",", "")) for line in lines)
    took = {tap: float(seconds) for tap, seconds in runs}
    tell(
        [
            ("world", f"{wanted.size}, time scale {wanted.time_scale:g}"),
            ("records", f"{loaded:,} of {len(lines)} streams"),
            ("429s", f"{sum(told['throttled'] for told in calls.values())} (bar 0)"),
            ("loaded", f"{SP} {took[SP]:,.0f} s, {ADS} {took[ADS]:,.0f} s, side by side"),
            ("to marts", f"{total:,.0f} s (bar 540, of the large world at time scale 1)"),
        ]
    )


if __name__ == "__main__":
    main()
