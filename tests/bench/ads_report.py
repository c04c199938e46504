"""How fast tap-amazon-ads makes records of a daily report, and in how much memory.

    python tests/bench/ads_report.py --rows 200000
    python tests/bench/ads_report.py --megabytes 1000 --stream sd_campaigns_daily

Writes a report of the wanted size with every column that the stream asks for, serves it from a
process of its own as Amazon would (sign-in, profiles, report, document), runs the tap on it with
its records going to /dev/null, and prints CPU time and peak memory of the tap's process alone,
start-up included. Bars: 20,000 rows per CPU second; 200 MB on a 1 GB report.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amazon_client.singer.schema import DAY, DECIMAL, INTEGER, flatten
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.streams.base import DailyReport

REPORTS = {stream.name: stream for stream in STREAMS if issubclass(stream, DailyReport)}
PROFILE = {
    "profileId": 9107428850316224577,
    "countryCode": "US",
    "currencyCode": "USD",
    "timezone": "America/Los_Angeles",
    "accountInfo": {
        "marketplaceStringId": "ATVPDKIKX0DER",
        "id": "A1",
        "type": "seller",
        "name": "Bench",
    },
}
LAST_DAY = date(2026, 11, 24)
CAMPAIGNS = 10_000


def rows(stream: str) -> Iterator[str]:
    """Rows without end, day after day, with every column the stream asks for."""
    columns = [(c.path[0], c.kind) for c in flatten(REPORTS[stream].columns) if c.path]
    number = 0
    while True:
        row: dict[str, Any] = {}
        for place, (name, kind) in enumerate(columns):
            if kind == DAY:
                row[name] = str(LAST_DAY - timedelta(days=number // CAMPAIGNS % 31))
            elif name.endswith("Id"):
                row[name] = 6_000_000_000_000_000_000 + number % CAMPAIGNS
            elif kind == INTEGER:
                row[name] = (number * (place + 1)) % 997
            elif kind == DECIMAL:
                row[name] = (number * (place + 3)) % 100_000 / 100
            else:
                row[name] = f"{name} | {number % CAMPAIGNS:05d}"
        yield json.dumps(row, separators=(",", ":"))
        number += 1


def write_report(path: Path, stream: str, count: int | None, size: int | None) -> tuple[int, int]:
    """Write `count` rows, or as many as fill `size` bytes; returns rows and bytes."""
    written = bytes_ = 0
    with gzip.open(path, "wt", compresslevel=1, encoding="utf-8") as file:
        for row in rows(stream):
            if written == count or (size is not None and bytes_ >= size):
                break
            bytes_ += file.write(("," if written else "[") + row)
            written += 1
        bytes_ += file.write("]")
    return written, bytes_


def serve(document: str, ready: Any) -> None:
    """Answer as Amazon would; the report is done at once."""

    def answer(path: str) -> Any:
        if path == "/auth/o2/token":
            return {"access_token": "Atza|bench", "token_type": "bearer", "expires_in": 3600}
        if path.endswith("/v2/profiles"):
            return [PROFILE]
        return {
            "reportId": "4545ce53-6edf-45d2-8489-193ec9d8029c",
            "status": "COMPLETED",
            "generatedAt": "2026-11-24T18:00:00Z",
            "url": f"http://127.0.0.1:{server.server_port}/document",
        }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path).path
            self.send_response(200)
            if path == "/document":
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(os.path.getsize(document)))
                self.end_headers()
                with open(document, "rb") as file:
                    shutil.copyfileobj(file, self.wfile)
                return
            content = json.dumps(answer(path)).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = serve

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_port)
    server.serve_forever()


def run_tap(folder: Path, port: int, stream: str) -> tuple[float, float, float, int]:
    """Run the tap; returns its CPU seconds, wall seconds, peak MB and number of records."""
    command = [sys.executable, "-m", "tap_amazon_ads.tap"]
    config = {
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
    (folder / "config.json").write_text(json.dumps(config))
    arguments = ["--config", str(folder / "config.json")]
    catalog = json.loads(subprocess.check_output([*command, *arguments, "--discover"]))
    for entry in catalog["streams"]:
        for mask in entry["metadata"]:
            if not mask["breadcrumb"]:
                mask["metadata"]["selected"] = entry["tap_stream_id"] == stream
    (folder / "catalog.json").write_text(json.dumps(catalog))
    arguments += ["--catalog", str(folder / "catalog.json")]
    started = time.monotonic()
    with open(os.devnull, "wb") as sink, (folder / "tap.log").open("wb") as log:
        tap = subprocess.Popen([*command, *arguments], stdout=sink, stderr=log)
        _, status, usage = os.wait4(tap.pid, 0)
    wall = time.monotonic() - started
    told = (folder / "tap.log").read_text()
    if status:
        raise SystemExit(told[-3000:])
    counts = [
        json.loads(line.split("METRIC: ")[1]) for line in told.splitlines() if "METRIC" in line
    ]
    records = sum(int(c["value"]) for c in counts if c["metric"] == "record_count")
    peak = usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
    return usage.ru_utime + usage.ru_stime, wall, peak, records


def main() -> None:
    """Measure once and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, help="how many rows the report has")
    parser.add_argument("--megabytes", type=int, help="or how large it is, unpacked")
    parser.add_argument("--stream", choices=sorted(REPORTS), default="sp_campaigns_daily")
    wanted = parser.parse_args()
    count = wanted.rows or (None if wanted.megabytes else 200_000)
    size = wanted.megabytes * 2**20 if wanted.megabytes else None
    columns = sum(1 for column in flatten(REPORTS[wanted.stream].columns))
    with tempfile.TemporaryDirectory(prefix="bench-ads-") as name:
        folder = Path(name)
        written, unpacked = write_report(folder / "report.json.gz", wanted.stream, count, size)
        receiver, sender = multiprocessing.Pipe(duplex=False)
        arguments = (str(folder / "report.json.gz"), sender)
        server = multiprocessing.Process(target=serve, args=arguments, daemon=True)
        server.start()
        try:
            cpu, wall, peak, records = run_tap(folder, receiver.recv(), wanted.stream)
        finally:
            server.terminate()
    print(f"date                    {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    print(
        f"report                  {wanted.stream}, {written:,} rows of {columns} columns, "
        f"{unpacked / 2**20:,.0f} MB unpacked"
    )
    print(f"records                 {records:,}")
    print(f"CPU seconds of the tap  {cpu:.2f} (wall {wall:.2f})")
    print(f"rows per CPU second     {written / cpu:,.0f} (bar 20,000)")
    print(f"peak memory             {peak:,.0f} MB (bar 200)")


if __name__ == "__main__":
    main()
