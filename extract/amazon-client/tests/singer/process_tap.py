"""A tap for runs in a process of their own: one report stream over real HTTP, two windows.

Its report API is the test's server: POST makes a report, GET tells how far it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
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
from amazon_client.read_only import ReadOnlySession
from amazon_client.singer import AmazonStream, AmazonTap, common_settings
from amazon_client.singer.schema import day, integer


class Reporting:
    """The test server's report API."""

    name = "reporting"
    max_in_flight = None

    def __init__(self, url: str) -> None:
        self._url = f"{url}/reporting/reports"
        self._session = ReadOnlySession()

    def create(self, request: Request) -> str:
        window = list(request.window.to_text())
        return str(self._session.post(self._url, json=window).json()["reportId"])

    def find(self, request: Request, since: datetime) -> str | None:
        reports: list[dict[str, Any]] = self._session.get(self._url).json()
        window = list(request.window.to_text())
        return next((report["reportId"] for report in reports if report["window"] == window), None)

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        status = self._session.get(f"{self._url}/{report_id}").json()["status"]
        progress = Progress.DONE if status == "DONE" else Progress.RUNNING
        return ReportStatus(progress, status)

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        return DocumentLocation(f"{self._url}/{report_id}/document")


class Clicks(AmazonStream):
    """Clicks by day."""

    name = "clicks"
    STATE_MSG_FREQUENCY = 100
    keys = ("date",)
    replication_key = "date"
    columns = (day("date"), integer("clicks"))
    dataset = ReportDataset(
        name="clicks",
        report_type="CLICKS",
        backend="reporting",
        windows=DayWindows(lookback={Cadence.DAILY: 31}),
    )


class ProcessTap(AmazonTap):
    """A tap with the one stream."""

    name = "tap-process"
    api = "process"
    account_column = "profile_id"
    stream_types: ClassVar = (Clicks,)
    config_jsonschema = common_settings()

    def load_accounts(self) -> Iterable[Account]:
        return [Account(self.settings.store_id, "na", "1")]

    def backend(self, name: str, account: Account) -> ReportBackend:
        self.__dict__.setdefault("_reporting", Reporting(self.settings.api_url("na", "")))
        reporting: ReportBackend = self.__dict__["_reporting"]
        return reporting


if __name__ == "__main__":
    ProcessTap.cli()
