"""Reports of the Reports API that Amazon makes of its own accord and refuses to make when asked.

What there is comes from one list; a document that is listed under several marketplaces is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from amazon_client.errors import AccessDenied, ReportExpired
from amazon_client.extraction import Progress, ReportStatus, Request
from amazon_client.extraction.ready_reports import ReadyReport, distinct
from tap_amazon_sp.client import SellingPartner, needs_role
from tap_amazon_sp.reports import Reports, listed


def list_ready(report_type: str, role: str) -> Callable[[Any, datetime], Iterable[ReadyReport]]:
    """Return the function that lists a seller's finished reports of a type."""

    def listing(partner: Any, since: datetime) -> list[ReadyReport]:
        assert isinstance(partner, SellingPartner)
        try:
            found = [
                ReadyReport(
                    report_id=str(report["reportId"]),
                    document_id=str(report["reportDocumentId"]),
                    created_at=datetime.fromisoformat(report["createdTime"]),
                    finished_at=datetime.fromisoformat(
                        report.get("processingEndTime") or report["createdTime"]
                    ),
                )
                for report in listed(partner, report_type, since, statuses=("DONE",))
                if report.get("reportDocumentId")
            ]
        except AccessDenied as error:
            raise needs_role(error, report_type, role) from error
        partner.ready_reports[report_type] = distinct(found)
        return found

    return listing


class ReadyReports(Reports):
    """Such reports of one seller in one region. Shared by threads."""

    def __init__(self, region: str, partner: SellingPartner) -> None:
        """Serve the seller `partner`."""
        super().__init__(region, partner)
        self.name = f"ready reports {region}"

    def create(self, request: Request) -> str:
        """Return the id of the report that the window stands for; nothing is asked for.

        Raises:
            ReportExpired: Amazon no longer lists it.
        """
        report = self._listed(request)
        if report is None:
            raise ReportExpired(
                f"Amazon no longer lists the {request.dataset.report_type} finished at "
                f"{request.window.start}"
            )
        return report.report_id

    def find(self, request: Request, since: datetime) -> str | None:
        """Return nothing: finding it again is all that `create` does."""
        return None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return where the document is: the list has told."""
        report = self._listed(request)
        if report is None:
            return super().poll(request, report_id)
        return ReportStatus(Progress.DONE, "DONE", report.finished_at, handle=report.document_id)

    def _listed(self, request: Request) -> ReadyReport | None:
        found = self._partner.ready_reports.get(request.dataset.report_type, ())
        return next((report for report in found if report.window == request.window), None)
