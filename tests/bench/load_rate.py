"""How fast rows go through a tap and the target into PostgreSQL.

    python tests/bench/load_rate.py --rows 200000
    python tests/bench/load_rate.py --rows 1000000 --batch 100000

Serves one campaign report of that many rows, each with every column that the stream asks for, and
pipes tap-amazon-ads into tandem-target-postgres with the settings of meltano.yml, into an empty
embedded PostgreSQL. The rate is of the wall time from the first record to the end of both: start-up
is told apart, since it does not grow with the rows. Bar: 8,000 rows per second on two cores.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import yaml
from ads_report import serve, write_report

from tandem import testing
from tandem.database import Address

sys.path.insert(0, str(Path(__file__).parents[1] / "pipeline"))

from pipeline import ADS, BIN, ROOT, catalog

STREAM = "sp_campaigns_daily"


def target_settings(address: Address, batch: int | None) -> dict[str, Any]:
    """The target's settings as meltano.yml has them."""
    loaders = yaml.safe_load((ROOT / "meltano.yml").read_text())["plugins"]["loaders"]
    (target,) = (loader for loader in loaders if loader["name"] == "target-postgres")
    settings = {s["name"]: s["value"] for s in target["settings"] if "value" in s}
    settings |= {"sqlalchemy_url": address.url(), "default_target_schema": "amazon_ads"}
    return settings | ({"batch_size_rows": batch} if batch else {})


def tap_settings(folder: Path, port: int) -> dict[str, Any]:
    """A tap of the one account that the server knows."""
    return {
        "client_id": "bench",
        "client_secret": "bench",
        "region": "na",
        "refresh_token": "Atzr|bench",
        "api_url": f"http://127.0.0.1:{port}/ads/{{region}}",
        "auth_url": f"http://127.0.0.1:{port}/auth/o2/token",
        "as_of": "2026-11-24T18:00:00Z",
        "start_date": "2026-10-25",
        "cadence": "first_sync",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 0.1,
    }


def write(path: Path, content: dict[str, Any]) -> str:
    """A JSON file; returns its path."""
    path.write_text(json.dumps(content))
    return str(path)


def run(folder: Path, address: Address, port: int, batch: int | None) -> tuple[float, list[float]]:
    """Pipe; returns the wall seconds, and the CPU seconds of tap and target."""
    (folder / "catalog.json").write_text(catalog(ADS, frozenset({STREAM})))
    tap_words = ["--config", write(folder / "tap.json", tap_settings(folder, port))]
    tap_words += ["--catalog", str(folder / "catalog.json")]
    target_words = ["--config", write(folder / "target.json", target_settings(address, batch))]
    environment = dict(os.environ, PGOPTIONS="-c role=tandem_loader")
    environment.pop("PYTHONUNBUFFERED", None)
    started = time.monotonic()
    with (folder / "log").open("wb") as log:
        tap = subprocess.Popen(
            [BIN / ADS, *tap_words], stdout=subprocess.PIPE, stderr=log, env=environment
        )
        target = subprocess.Popen(
            [BIN / "tandem-target-postgres", *target_words],
            stdin=tap.stdout,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=environment,
        )
        assert tap.stdout is not None
        tap.stdout.close()
        ended = [os.wait4(process.pid, 0) for process in (tap, target)]
    if any(status for _, status, _ in ended):
        raise SystemExit((folder / "log").read_text()[-3000:])
    cpu = [usage.ru_utime + usage.ru_stime for _, _, usage in ended]
    return time.monotonic() - started, cpu


def main() -> None:
    """Measure a tiny and the wanted report, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--batch", type=int, help="rows per batch, else as meltano.yml has it")
    wanted = parser.parse_args()
    walls, cpus = [], []
    with testing.server() as postgres:
        for count in (1, wanted.rows):  # the first one shows what starting costs
            with (
                tempfile.TemporaryDirectory(prefix="bench-load-") as name,
                testing.new_database(postgres) as address,
            ):
                folder = Path(name)
                write_report(folder / "report.json.gz", STREAM, count, None)
                receiver, sender = multiprocessing.Pipe(duplex=False)
                arguments = (str(folder / "report.json.gz"), sender)
                server = multiprocessing.Process(target=serve, args=arguments, daemon=True)
                server.start()
                try:
                    wall, cpu = run(folder, address, receiver.recv(), wanted.batch)
                finally:
                    server.terminate()
                with psycopg.connect(address.url()) as connection:
                    query = f"select count(*) from amazon_ads.{STREAM}"
                    assert connection.execute(query).fetchone() == (count,)
                walls.append(wall)
                cpus.append(cpu)
    start, whole = walls
    print(f"date                {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    print(f"rows                {wanted.rows:,} of {STREAM}, start-up {start:.1f} s apart")
    print(f"rows per second     {wanted.rows / (whole - start):,.0f} (bar 8,000)")
    print(f"with the start-up   {wanted.rows / whole:,.0f}")
    print(f"CPU seconds         tap {cpus[1][0]:.1f}, target {cpus[1][1]:.1f} (wall {whole:.1f})")


if __name__ == "__main__":
    main()
