"""How many records of a report a tap makes per CPU second, end to end.

    python extract/amazon-client/tests/bench/report_stream.py [--rows 200000] [--profile]

A local server serves one gzipped JSON array of 34 columns per row, as the Ads API does. The tap
runs in a process of its own and writes to /dev/null: planning, journal, download, JSON, columns,
messages. Imports and start are not counted, since they do not grow with the rows; they are shown
apart.
"""

from __future__ import annotations

import argparse
import cProfile
import gzip
import json
import os
import pstats
import re
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from amazon_client.downloads import DocumentLocation
from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    Progress,
    ReportBackend,
    ReportDataset,
    ReportStatus,
    Request,
)
from amazon_client.singer import AmazonStream, AmazonTap, common_settings
from amazon_client.singer.schema import day, decimals, integers, text, texts
from amazon_client.testing import Answer, local_server

WINDOWS = ("1d", "7d", "14d", "30d")
COUNTS = (
    "impressions",
    "clicks",
    *(f"purchases{window}" for window in WINDOWS),
    *(f"purchasesSameSku{window}" for window in WINDOWS),
    *(f"unitsSoldClicks{window}" for window in WINDOWS),
)
MONEY = (
    "cost",
    "campaignBudgetAmount",
    *(f"sales{window}" for window in WINDOWS),
    *(f"attributedSalesSameSku{window}" for window in WINDOWS),
)
NAMES = ("campaignName", "campaignStatus", "campaignBudgetType", "campaignBudgetCurrencyCode")


class Finished:
    """A report API whose only report is done at the first look."""

    name = "bench"
    max_in_flight = None

    def __init__(self, url: str) -> None:
        self._url = url

    def create(self, request: Request) -> str:
        return "report-1"

    def find(self, request: Request, since: object) -> str | None:
        return None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        return ReportStatus(Progress.DONE, "COMPLETED")

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        return DocumentLocation(self._url)


class Campaigns(AmazonStream):
    """34 columns of Amazon's, as of the widest campaign report."""

    name = "campaigns_daily"
    keys = ("date", "campaign_id", "ad_group_id")
    replication_key = "date"
    columns = (
        day("date"),
        text("campaignId"),
        text("adGroupId"),
        texts(*NAMES),
        integers(*COUNTS),
        decimals(*MONEY, "topOfSearchImpressionShare", "clickThroughRate", "costPerClick"),
    )
    dataset = ReportDataset(
        name="campaigns_daily",
        report_type="spCampaigns",
        backend="reports",
        day_basis="profile",
        windows=DayWindows(lookback={Cadence.DAILY: 31}),
    )


class BenchTap(AmazonTap):
    """A tap with the one stream."""

    name = "tap-bench"
    api = "bench"
    account_column = "profile_id"
    stream_types: ClassVar = (Campaigns,)
    config_jsonschema = common_settings()

    def load_accounts(self) -> Iterable[Account]:
        return [Account(self.settings.store_id, "na", "1")]

    def backend(self, name: str, account: Account) -> ReportBackend:
        return Finished(self.settings.api_url("na", ""))


def row(number: int) -> dict[str, Any]:
    """One row of Amazon's, the values plausible in length."""
    found: dict[str, Any] = {
        "date": f"2026-11-{number % 28 + 1:02}",
        "campaignId": 400_000_000_000_000 + number,
        "adGroupId": 500_000_000_000_000 + number,
        "campaignName": f"SP | Auto | Kitchen | {number}",
        "campaignStatus": "ENABLED",
        "campaignBudgetType": "DAILY_BUDGET",
        "campaignBudgetCurrencyCode": "USD",
        "topOfSearchImpressionShare": None,
        "clickThroughRate": 0.0123 + number % 7,
        "costPerClick": 0.87,
    }
    found |= dict.fromkeys(COUNTS, number % 97)
    found |= dict.fromkeys(MONEY, (number % 9999) / 100)
    return found


def child(url: str, folder: str, *, profile: bool) -> None:
    """Run the tap and print the CPU seconds it took to the standard error."""
    config = {
        "client_id": "id",
        "client_secret": "secret",
        "region": "na",
        "refresh_token": "token",
        "start_date": "2026-11-01",
        "as_of": "2026-11-24T18:00:00Z",
        "api_url": url,
        "journal_path": f"{folder}/journal.sqlite",
        "report_poll_seconds": 0.01,
    }
    tap = BenchTap(config=config)
    before = cpu_seconds()
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    code = tap.run()
    if profile:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(25)
    print(json.dumps([cpu_seconds() - before, before, peak_megabytes()]), file=sys.stderr)
    sys.exit(code)


def cpu_seconds() -> float:
    """User and system time of this process so far."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def peak_megabytes() -> int:
    """The most memory this program held; `ru_maxrss` would count its parent's before exec."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s*(\d+)", status)[1]) // 1024  # type: ignore[index]


def main() -> None:
    """Serve, run, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--child", nargs=2)
    arguments = parser.parse_args()
    if arguments.child:
        child(*arguments.child, profile=arguments.profile)
    lines = ",\n".join(json.dumps(row(number)) for number in range(arguments.rows))
    document = gzip.compress(f"[{lines}]".encode(), compresslevel=1)
    with local_server() as server, tempfile.TemporaryDirectory() as folder:
        server.on("GET", "/documents/1", Answer(body=document))
        command = [
            sys.executable,
            str(Path(__file__)),
            "--child",
            f"{server.url}/documents/1",
            folder,
        ]
        if arguments.profile:
            command.append("--profile")
        with open(os.devnull, "wb") as nowhere:
            done = subprocess.run(command, stdout=nowhere, stderr=subprocess.PIPE, text=True)
    if done.returncode or arguments.profile:
        sys.exit(done.stderr)
    spent, start, peak = json.loads(done.stderr.splitlines()[-1])
    print(
        f"{arguments.rows} records of {len(row(0))} columns: {arguments.rows / spent:,.0f} per CPU "
        f"second ({spent:.2f} s, after {start:.2f} s of start; {peak} MB at most)"
    )


if __name__ == "__main__":
    main()
