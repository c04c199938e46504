"""How fast rows go through a tap and the target into PostgreSQL.

    python tests/bench/load_rate.py --rows 200000
    python tests/bench/load_rate.py --rows 1000000 --batch 100000

Serves one campaign report of that many rows, each with every column that the stream asks for, and
pipes tap-amazon-ads into tandem-target-postgres with the settings of meltano.yml, into an empty
embedded PostgreSQL. The rate is of the wall time from the first record to the end of both: start-up
is told apart, since it does not grow with the rows. Bar: 8,000 rows per second on two cores.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

import psycopg
from ads_report import START, amazon, write_report
from measuring import parser, pipe, served, settings, target_settings, tell, words
from pipeline import ADS, SCHEMAS

from tandem import testing
from tandem.database import Address

STREAM = "sp_campaigns_daily"


def run(
    folder: Path, address: Address, amazon_url: str, batch: int | None
) -> tuple[float, list[float]]:
    """Pipe; returns the wall seconds, and the CPU seconds of tap and target."""
    command = words(ADS, folder, settings(ADS, folder, amazon_url, start_date=START), [STREAM])
    more = {"batch_size_rows": batch} if batch else {}
    started = time.monotonic()
    both = pipe(command, target_settings(address, SCHEMAS[ADS], **more), folder)
    ended = [os.wait4(process.pid, 0) for process in both]
    wall = time.monotonic() - started
    if any(status for _, status, _ in ended):
        raise SystemExit((folder / "tap.log").read_text()[-3000:])
    return wall, [usage.ru_utime + usage.ru_stime for _, _, usage in ended]


def main() -> None:
    """Measure a tiny and the wanted report, and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--rows", type=int, default=200_000)
    arguments.add_argument("--batch", type=int, help="rows per batch, else as meltano.yml has it")
    wanted = arguments.parse_args()
    walls, cpus = [], []
    with testing.server() as postgres:
        for count in (1, wanted.rows):  # the first one shows what starting costs
            with (
                tempfile.TemporaryDirectory(prefix="bench-load-") as name,
                testing.new_database(postgres) as address,
            ):
                folder, document = Path(name), Path(name) / "report.json.gz"
                write_report(document, STREAM, count, None)
                with served(document, "application/octet-stream", amazon) as url:
                    wall, cpu = run(folder, address, url, wanted.batch)
                with psycopg.connect(address.url()) as connection:
                    query = f"select count(*) from amazon_ads.{STREAM}"
                    assert connection.execute(query).fetchone() == (count,)
                walls.append(wall)
                cpus.append(cpu)
    start, whole = walls
    tell(
        [
            ("rows", f"{wanted.rows:,} of {STREAM}, start-up {start:.1f} s apart"),
            ("rows per second", f"{wanted.rows / (whole - start):,.0f} (bar 8,000)"),
            ("with the start-up", f"{wanted.rows / whole:,.0f}"),
            ("CPU seconds", f"tap {cpus[1][0]:.1f}, target {cpus[1][1]:.1f} (wall {whole:.1f})"),
        ]
    )


if __name__ == "__main__":
    main()
