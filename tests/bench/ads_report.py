"""How fast tap-amazon-ads makes records of a daily report, and in how much memory.

    python tests/bench/ads_report.py --rows 200000
    python tests/bench/ads_report.py --megabytes 1000 --stream sd_campaigns_daily

Writes a report of the wanted size with every column that the stream asks for, serves it from a
process of its own as Amazon would (sign-in, profiles, report, document), runs the tap on it with
its records going to /dev/null, and prints CPU time and peak memory of the tap's process alone,
start-up included. Bars: 20,000 rows per CPU second; 200 MB on a 1 GB report.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from measuring import MEGABYTE, measure, parser, served, settings, tell
from pipeline import ADS

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
START = "2026-10-25"
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


def amazon(method: str, path: str, address: str) -> Any:
    """Answer as Amazon would; the report is done at once."""
    if path.endswith("/v2/profiles"):
        return [PROFILE]
    return {
        "reportId": "4545ce53-6edf-45d2-8489-193ec9d8029c",
        "status": "COMPLETED",
        "generatedAt": "2026-11-24T18:00:00Z",
        "url": f"{address}/document",
    }


def main() -> None:
    """Measure once and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--rows", type=int, help="how many rows the report has")
    arguments.add_argument("--megabytes", type=int, help="or how large it is, unpacked")
    arguments.add_argument("--stream", choices=sorted(REPORTS), default="sp_campaigns_daily")
    wanted = arguments.parse_args()
    count = wanted.rows or (None if wanted.megabytes else 200_000)
    size = wanted.megabytes * MEGABYTE if wanted.megabytes else None
    columns = sum(1 for column in flatten(REPORTS[wanted.stream].columns))
    with tempfile.TemporaryDirectory(prefix="bench-ads-") as name:
        folder, document = Path(name), Path(name) / "report.json.gz"
        written, unpacked = write_report(document, wanted.stream, count, size)
        with served(document, "application/octet-stream", amazon) as address:
            given = settings(ADS, folder, address, start_date=START)
            cost = measure(ADS, folder, given, [wanted.stream])
    size_told = f"{written:,} rows of {columns} columns, {unpacked / MEGABYTE:,.0f} MB unpacked"
    tell(
        [
            ("report", f"{wanted.stream}, {size_told}"),
            ("records", f"{cost.records:,} with report_runs"),
            ("CPU seconds of the tap", f"{cost.cpu:.2f} (wall {cost.wall:.2f})"),
            ("rows per CPU second", f"{written / cost.cpu:,.0f} (bar 20,000)"),
            ("peak memory", f"{cost.peak:,.0f} MB (bar 200)"),
        ]
    )


if __name__ == "__main__":
    main()
