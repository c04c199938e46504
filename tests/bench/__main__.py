"""All measurements of the README, one after the other: `python tests/bench [--quick]`.

In full they take about three quarters of an hour, since Amazon's true pace is part of them; quick,
a few minutes: small amounts and scaled time, to see that everything runs and nothing fell off.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from measuring import parser

FOLDER = Path(__file__).parent

RUNS: tuple[tuple[str, str | None], ...] = (
    ("orders_report.py --megabytes 1024", "orders_report.py --orders 20000"),
    ("orders_report.py --parts", "orders_report.py --orders 20000 --parts"),
    ("ads_report.py", "ads_report.py --rows 50000"),
    ("ads_report.py --stream sp_search_terms_daily", None),
    ("ads_report.py --megabytes 1024", None),
    ("load_rate.py", "load_rate.py --rows 50000"),
    ("ads_first_sync.py", "ads_first_sync.py --time-scale 20"),
    ("ads_first_sync.py --profiles 3", None),
    ("sp_first_sync.py", "sp_first_sync.py --time-scale 20"),
    ("first_sync.py --size large --time-scale 1", "first_sync.py"),
    ("keyword_fact.py", "keyword_fact.py --rows 500000"),
    ("hourly_run.py", "hourly_run.py --times 3"),
    ("killed_at_random.py --kills 20", "killed_at_random.py --kills 1"),
)
"""Each measurement in full, and quick; None where the quick one would say nothing new."""


def main() -> None:
    """Run them; ends non-zero if any did."""
    arguments = parser(__doc__)
    arguments.add_argument("--quick", action="store_true", help="a few minutes in all")
    is_quick: bool = arguments.parse_args().quick
    failed = False
    for full, quick in RUNS:
        if words := quick if is_quick else full:
            print(f"== {words}", flush=True)
            script, *options = words.split()
            command = [sys.executable, FOLDER / script, *options]
            failed |= bool(subprocess.run(command, check=False).returncode)
    sys.exit(failed)


if __name__ == "__main__":
    main()
