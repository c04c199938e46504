"""How long a first sync of everything that tap-amazon-sp reads takes at Amazon's true pace.

    python tests/bench/sp_first_sync.py
    python tests/bench/sp_first_sync.py --time-scale 10

Runs the tap against one region of the large world (10,000 orders in 60 days, 300 ASINs, two
marketplaces, eight settlements), whose reports and queries are ready after 60 seconds, and prints
the calls of each operation, how long their rate limits alone take, and the bound that limits and
latencies give. With a time scale everything is divided by it, and the times are multiplied back;
CPU is not, so that only scale 1 tells the truth. Bars: 7 minutes, and 1.25 times the bound.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from simulator.amazon_sp import operations
from simulator.credentials import SP_CLIENT, sp_refresh_token
from simulator.gateway import Operation
from simulator.simulation import Latencies
from simulator.testing import Running, running
from simulator.world.sellers import SELLER_IDS

OPERATIONS = {op.name: op for op in vars(operations).values() if isinstance(op, Operation)}


def config(simulator: Running, folder: Path, scale: float) -> Path:
    """Write the tap's configuration."""
    account = {"region": "na", "refresh_token": sp_refresh_token("na")}
    path = folder / "config.json"
    settings = {
        "client_id": SP_CLIENT.client_id,
        "client_secret": SP_CLIENT.client_secret,
        "accounts": [account | {"selling_partner_id": SELLER_IDS["na"]}],
        "api_url": simulator.sp_url,
        "auth_url": simulator.auth_url,
        "as_of": simulator.world.now.isoformat(),
        "cadence": "first_sync",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 5 / scale,
    }
    path.write_text(json.dumps(settings))
    return path


def limited(calls: dict[str, int], name: str) -> float:
    """When an operation's last token can be had, if all its calls were ready at once."""
    operation = OPERATIONS[name]
    return max(0.0, (calls.get(name, 0) - operation.burst) / operation.rate)


def bound(calls: dict[str, int]) -> float:
    """The least that limits and latencies allow for these calls.

    A document is ready a latency after it was asked for. Sales by ASIN take two queries one after
    the other, since the first finds out which products there are.
    """
    ready = Latencies().sp_documents
    reports = max(
        limited(calls, "createReport") + ready,
        # documents that Amazon made by itself need not wait, the others come after the first
        limited(calls, "getReportDocument"),
    )
    queries = max(limited(calls, "createQuery") + 2 * ready, ready + limited(calls, "getDocument"))
    alone = [limited(calls, name) for name in OPERATIONS if name in calls]
    return max(reports, queries, *alone)


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--time-scale", type=float, default=1.0)
    scale: float = parser.parse_args().time_scale
    with (
        tempfile.TemporaryDirectory(prefix="bench-sp-") as name,
        running(size="large", time_scale=scale) as simulator,
    ):
        folder = Path(name)
        command = [sys.executable, "-m", "tap_amazon_sp.tap"]
        command += ["--config", str(config(simulator, folder, scale))]
        started = time.monotonic()
        with (folder / "out").open("wb") as sink, (folder / "log").open("wb") as log:
            status = subprocess.run(command, stdout=sink, stderr=log, check=False).returncode
        total = (time.monotonic() - started) * scale
        summary = simulator.calls.summary()
        written = sum(1 for line in (folder / "out").open() if line.startswith('{"type":"RECORD"'))
        if status:
            print((folder / "log").read_text()[-3000:], file=sys.stderr)
    calls = {name: told["calls"] for name, told in summary.items()}
    least = bound(calls)
    print(f"date        {datetime.now(UTC):%Y-%m-%d %H:%M} UTC, time scale {scale:g}")
    print(f"exit code   {status}, 429s: {sum(told['throttled'] for told in summary.values())}")
    print(f"records     {written:,} of all streams")
    for name in sorted(calls):
        wait = f"{limited(calls, name):5,.0f} s of limits" if name in OPERATIONS else ""
        print(f"  {name:28} {calls[name]:5,} calls {wait}")
    print(f"everything  {total:,.0f} s (bar 420)")
    print(f"bound       {least:,.0f} s; {total / least:.2f} of it (bar 1.25)")


if __name__ == "__main__":
    main()
