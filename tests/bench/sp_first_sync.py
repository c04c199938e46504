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

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measuring import parser, tell, write
from pipeline import BIN, SP, settings

from simulator.amazon_sp import operations
from simulator.credentials import sp_refresh_token
from simulator.gateway import Operation
from simulator.simulation import Latencies
from simulator.testing import Running, running
from simulator.world.sellers import SELLER_IDS

OPERATIONS = {op.name: op for op in vars(operations).values() if isinstance(op, Operation)}


def config(simulator: Running, folder: Path, scale: float) -> str:
    """Write the tap's configuration: one region, every stream."""
    account = {"region": "na", "refresh_token": sp_refresh_token("na")}
    given = settings(
        simulator,
        SP,
        accounts=[account | {"selling_partner_id": SELLER_IDS["na"]}],
        journal_path=str(folder / "journal.db"),
        work_dir=str(folder),
        report_poll_seconds=5 / scale,
    )
    return write(folder / "tap.json", given)


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
    arguments = parser(__doc__)
    arguments.add_argument("--time-scale", type=float, default=1.0)
    scale: float = arguments.parse_args().time_scale
    with (
        tempfile.TemporaryDirectory(prefix="bench-sp-") as name,
        running(size="large", time_scale=scale) as simulator,
    ):
        folder = Path(name)
        command = [BIN / SP, "--config", config(simulator, folder, scale)]
        started = time.monotonic()
        with (folder / "out").open("wb") as sink, (folder / "log").open("wb") as log:
            status = subprocess.run(command, stdout=sink, stderr=log, check=False).returncode
        total = (time.monotonic() - started) * scale
        summary = simulator.calls.summary()
        written = sum(1 for line in (folder / "out").open() if line.startswith('{"type":"RECORD"'))
        if status:
            print((folder / "log").read_text()[-3000:], file=sys.stderr)
    calls = {name: told["calls"] for name, told in summary.items()}
    throttled = sum(told["throttled"] for told in summary.values())
    least = bound(calls)
    tell(
        [
            ("time scale", f"{scale:g}"),
            ("exit code", f"{status}, 429s: {throttled} (bar 0)"),
            ("records", f"{written:,} of all streams"),
            *(
                (f"  {name}", f"{calls[name]:,} calls, {limited(calls, name):,.0f} s of limits")
                for name in sorted(calls)
                if name in OPERATIONS
            ),
            ("everything", f"{total:,.0f} s (bar 420)"),
            ("bound", f"{least:,.0f} s; {total / least:.2f} of it (bar 1.25)"),
        ]
    )


if __name__ == "__main__":
    main()
