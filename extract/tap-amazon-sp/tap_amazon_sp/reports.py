"""The Reports API 2021-06-30 as a backend of the report queue.

What Amazon's endings mean (the documentation and the issue tracker of the models):

- CANCELLED: there is no data; or somebody cancelled it; or, for a report that Amazon makes only
  once in a while, it was asked for too soon. Amazon never says which. A kind that keeps snapshots
  falls back on its newest finished sibling, any other has no data.
- FATAL: with a document, that says why. Without one it was mostly asked for twice within half an
  hour (four hours for daily kinds), by whatever application: the sibling then has the answer.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from amazon_client.downloads import DocumentLocation
from amazon_client.errors import AccessDenied, NotFound
from amazon_client.extraction import Progress, ReportStatus, Request
from amazon_client.operations import Operation
from amazon_client.records import utc_timestamp
from tap_amazon_sp.client import SellingPartner, needs_role
from tap_amazon_sp.datasets import SellerReport

logger = logging.getLogger(__name__)

_PATH = "/reports/2021-06-30"
GET_REPORTS = Operation("getReports", "GET", f"{_PATH}/reports", rate=0.0222, burst=10)
CREATE_REPORT = Operation(
    "createReport", "POST", f"{_PATH}/reports", rate=0.0167, burst=15, repeatable=False
)
GET_REPORT = Operation("getReport", "GET", f"{_PATH}/reports/{{reportId}}", rate=2.0, burst=15)
GET_DOCUMENT = Operation(
    "getReportDocument", "GET", f"{_PATH}/documents/{{reportDocumentId}}", rate=0.0167, burst=15
)

SIBLING_AGE = timedelta(hours=24)
"""How old a sibling may be that stands in for a report which Amazon refuses to make again."""

_RUNNING = ("IN_QUEUE", "IN_PROGRESS")


class Reports:
    """The reports of one seller in one region. Shared by threads."""

    max_in_flight: int | None = None

    def __init__(self, region: str, partner: SellingPartner) -> None:
        """Serve the seller `partner`."""
        self.name = f"reports {region}"
        self._partner = partner
        self._call = partner.http.call

    def create(self, request: Request) -> str:
        """Ask for the report and return its id.

        Raises:
            AccessDenied: naming the role that the report needs.
        """
        dataset = _dataset(request)
        if dataset.regeneration and (made := self._newest(request, dataset.regeneration)):
            logger.info(
                "%s: report %s is not old enough for Amazon to make another one, it is used",
                dataset.name,
                made["reportId"],
            )
            return str(made["reportId"])
        try:
            answer = self._call(CREATE_REPORT, json=specification(request))
        except AccessDenied as error:
            raise needs_role(error, dataset.report_type, dataset.role) from error
        return str(answer.data["reportId"])

    def find(self, request: Request, since: datetime) -> str | None:
        """Return the id of a report that was asked for at or after `since` and fits the request.

        A finished one is preferred to a running one, that to a cancelled one; FATAL ones do not
        count. Amazon's list does not tell `reportOptions`.
        """
        wanted = ("DONE", *_RUNNING, "CANCELLED")
        found = [
            report
            for report in self._list(request, since)
            if report["processingStatus"] in wanted and _fits(report, request)
        ]
        best = min(found, key=lambda report: wanted.index(report["processingStatus"]), default=None)
        return str(best["reportId"]) if best else None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return how far the report is."""
        try:
            report = self._call(GET_REPORT, path_params={"reportId": report_id}).data
        except NotFound:
            return ReportStatus(
                Progress.EXPIRED, "NotFound", reason="Amazon no longer knows the report"
            )
        status = str(report["processingStatus"])
        if status == "DONE":
            return _done(report)
        if status == "CANCELLED":
            return self._cancelled(request, report)
        if status == "FATAL":
            return self._fatal(request, report)
        return ReportStatus(Progress.RUNNING, status)

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        """Return the document's presigned address: Amazon makes a new one with each call."""
        return self._locate(str(handle))

    def _locate(self, document_id: str) -> DocumentLocation:
        document = self._call(GET_DOCUMENT, path_params={"reportDocumentId": document_id}).data
        return DocumentLocation(document["url"], document.get("compressionAlgorithm"))

    def _cancelled(self, request: Request, report: Mapping[str, Any]) -> ReportStatus:
        if not _dataset(request).keeps_snapshots:
            return ReportStatus(Progress.NO_DATA, "CANCELLED", _finished(report))
        return self._sibling(request) or ReportStatus(
            Progress.FAILED,
            "CANCELLED",
            reason="Amazon cancelled it, probably because it was asked for a short while ago, and "
            "there is no finished one to use instead",
        )

    def _fatal(self, request: Request, report: Mapping[str, Any]) -> ReportStatus:
        document_id = report.get("reportDocumentId")
        if document_id:
            text = self._partner.read_small_document(lambda: self._locate(document_id))
            return ReportStatus(Progress.FAILED, "FATAL", reason=_error_details(text))
        return self._sibling(request) or ReportStatus(
            Progress.FAILED, "FATAL", reason="Amazon gives no reason"
        )

    def _sibling(self, request: Request) -> ReportStatus | None:
        """The newest finished report of the same kind and window, if it is fresh enough."""
        newest = self._newest(request, SIBLING_AGE)
        if newest is None:
            return None
        logger.info(
            "%s: Amazon refuses to make the report again, its finished report %s is used",
            request.dataset.name,
            newest["reportId"],
        )
        return _done(newest)

    def _newest(self, request: Request, age: timedelta) -> Mapping[str, Any] | None:
        """The newest finished report that the request would give again, if not older than `age`."""
        done = [
            report
            for report in self._list(request, self._partner.clock.now() - age, statuses=("DONE",))
            if report.get("reportDocumentId") and _fits(report, request)
        ]
        return max(done, key=lambda report: str(report["createdTime"]), default=None)

    def _list(
        self, request: Request, since: datetime, statuses: tuple[str, ...] = ()
    ) -> Iterator[Mapping[str, Any]]:
        return listed(self._partner, request.dataset.report_type, since, statuses)


def listed(
    partner: SellingPartner, report_type: str, since: datetime, statuses: tuple[str, ...] = ()
) -> Iterator[Mapping[str, Any]]:
    """Yield the reports of a type created at or after `since`, in any or some statuses."""
    query: dict[str, Any] = {
        "reportTypes": [report_type],
        "processingStatuses": list(statuses) or None,
        "pageSize": 100,
        "createdSince": since,
    }
    while True:
        page = partner.http.call(GET_REPORTS, query=query).data
        yield from page["reports"]
        if not page.get("nextToken"):
            return
        # Amazon refuses the token beside any other parameter.
        query = {"nextToken": page["nextToken"]}


def specification(request: Request) -> dict[str, Any]:
    """The body of createReport. A snapshot has no times, a window has both.

    Days are those of the account's zone: the last one then has ended wherever it is asked for.
    """
    dataset = _dataset(request)
    body: dict[str, Any] = {
        "reportType": dataset.report_type,
        "marketplaceIds": list(request.account.marketplace_ids or ()),
    }
    start, end = request.window.start, request.window.end
    if request.window.is_days:
        zone = ZoneInfo(request.account.time_zone)
        start = datetime.combine(start, time(), zone)
        end = datetime.combine(end, time(23, 59, 59), zone)
    if start != end:
        body["dataStartTime"] = utc_timestamp(start)
        body["dataEndTime"] = utc_timestamp(end)
    if dataset.options:
        body["reportOptions"] = dict(dataset.options)
    return body


def _dataset(request: Request) -> SellerReport:
    assert isinstance(request.dataset, SellerReport)
    return request.dataset


def _fits(report: Mapping[str, Any], request: Request) -> bool:
    """Whether the report is the one asked for, as far as Amazon's list tells."""
    asked = specification(request)
    times = [name for name in ("dataStartTime", "dataEndTime") if name in asked]
    if any(_instant(report.get(name)) != _instant(asked[name]) for name in times):
        return False
    listed = report.get("marketplaceIds")
    return not listed or set(listed) == set(asked["marketplaceIds"])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _finished(report: Mapping[str, Any]) -> datetime | None:
    return _instant(report.get("processingEndTime"))


def _done(report: Mapping[str, Any]) -> ReportStatus:
    document_id = report.get("reportDocumentId")
    if not document_id:
        return ReportStatus(Progress.NO_DATA, "DONE", _finished(report))
    return ReportStatus(Progress.DONE, "DONE", _finished(report), handle=str(document_id))


def _error_details(text: str) -> str:
    """Amazon's reason: the document is `{"errorDetails": "…"}`, or whatever it is."""
    try:
        return str(json.loads(text)["errorDetails"])
    except (ValueError, KeyError, TypeError):
        return text.strip() or "Amazon's explanation is empty"
