"""Daily reports: what a report asks for, and the Reporting v3 API that makes it.

A stream declares a `Report`; its columns are asked for under Amazon's own names, which the stream's
column declarations know. `ReportingV3` turns that into requests, adopts what Amazon says it has
already, and drops the columns that Amazon refuses.

Source: Amazon Ads API, Reporting v3 (`OfflineReport` contract of 2025-12 and the report guide).
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amazon_client.clock import Clock
from amazon_client.downloads import DocumentLocation
from amazon_client.errors import DuplicateRequest, InvalidRequest, NotFound, ReportExpired
from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    Progress,
    ReportDataset,
    ReportStatus,
    Request,
    Window,
)
from amazon_client.singer.schema import Columns, flatten
from tap_amazon_ads.client import AdsProfile, operation

logger = logging.getLogger(__name__)

LOOKBACK: Mapping[Cadence, int] = {
    # The console's attribution window of 14 days and most restatements.
    Cadence.DAILY: 31,
    Cadence.WEEKLY: 60,
    Cadence.FIRST_SYNC: 60,
}
"""Days that are read again, today included: conversions are restated for up to 60 days."""

LONGEST_REPORT = 31
"""Days, both ends included."""

HOURLY_LOOKBACK = {Cadence.HOURLY: 2}
"""Yesterday still gains clicks today."""

CREATE = operation(
    "POST",
    "/reporting/reports",
    "createAsyncReport",
    content_type="application/vnd.createasyncreportrequest.v3+json",
    accept="application/vnd.createasyncreportresponse.v3+json",
    # A 429 here is about the queue of reports, often has no Retry-After and lasts.
    throttle_backoff=60.0,
    rate=1,
    burst=20,
)
GET = operation(
    "GET",
    "/reporting/reports/{reportId}",
    "getAsyncReport",
    accept="application/vnd.getasyncreportresponse.v3+json",
    rate=4,
    burst=20,
)

_PROGRESS = {
    "COMPLETED": Progress.DONE,
    "FAILED": Progress.FAILED,
    "FAILURE": Progress.FAILED,  # the guide's word for the contract's FAILED
}
_DUPLICATE_OF = re.compile(r"duplicate of\s*:?\s*([A-Za-z0-9-]+)")
_REFUSED_COLUMNS = re.compile(r"columns includes invalid values:\s*\(([^)]*)")
_REMEMBERED = timedelta(minutes=30)
"""Amazon remembers reports and may answer an identical request with an old one: one that is older
than this, or that failed, is asked for anew."""


@dataclass(frozen=True, kw_only=True, eq=False)
class DailyReportDataset(ReportDataset):
    """A report's dataset.

    Attributes:
        required: the columns without which the rows have no key.
    """

    required: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report type at one grain."""

    ad_product: str
    report_type: str
    group_by: tuple[str, ...]
    retention_days: int
    """How many days Amazon answers for, today included."""
    hourly: bool = False
    """Whether it is read every hour too: the campaign level, which carries all the spend."""

    def dataset(self, name: str, columns: Columns, keys: Iterable[str]) -> DailyReportDataset:
        """The dataset of the stream `name`, which has these columns and this key."""
        paths = {column.name: column.path[0] for column in flatten(columns) if column.path}
        configuration = {
            "adProduct": self.ad_product,
            "groupBy": list(self.group_by),
            "columns": list(paths.values()),
            "reportTypeId": self.report_type,
            "timeUnit": "DAILY",
            "format": "GZIP_JSON",
        }

        def body(account: Account, window: Window) -> Mapping[str, Any]:
            start, end = window.to_text()
            return {
                "name": f"{name} {start}..{end}",
                "startDate": start,
                "endDate": end,
                "configuration": configuration,
            }

        return DailyReportDataset(
            name=name,
            report_type=self.report_type,
            backend="reporting",
            windows=DayWindows(
                lookback={**LOOKBACK, **(HOURLY_LOOKBACK if self.hourly else {})},
                max_days=LONGEST_REPORT,
                retention_days=self.retention_days,
            ),
            day_basis="profile",
            body=body,
            required=frozenset(paths[key] for key in keys),
        )


class ReportingV3:
    """The report backend over Reporting v3, one for all profiles of a region."""

    max_in_flight: int | None = 40

    def __init__(self, region: str, profile: Callable[[str], AdsProfile], clock: Clock) -> None:
        """Serve a region.

        Args:
            region: for the name.
            profile: gives the way to a profile by its id.
            clock: tells how old a report is.
        """
        self.name = f"reporting {region}"
        self._profile = profile
        self._clock = clock

    def create(self, request: Request) -> str:
        """Ask for a report and return its id.

        A request that Amazon is working on already is adopted. Columns that Amazon refuses are left
        out, with a warning, once; their values are then NULL.
        """
        try:
            return self._create(request, request.body)
        except InvalidRequest as error:
            refused = _refused_columns(error)
            if not refused or refused & getattr(request.dataset, "required", frozenset()):
                raise
            body = _without(request.body, refused)
            logger.warning(
                "%s of %s: Amazon refuses the columns %s, they are left out (request id %s)",
                request.dataset.name,
                request.account,
                ", ".join(sorted(refused)),
                error.request_id,
            )
        return self._create(request, body)

    def find(self, request: Request, since: datetime) -> str | None:
        """Return None: there is no list of reports, and `create` adopts what is under way."""
        return None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return how far a report is; statuses that no documentation names count as running."""
        try:
            answer = self._get(request, report_id)
        except NotFound as error:
            return ReportStatus(Progress.EXPIRED, "404", reason=error.message)
        return ReportStatus(
            _PROGRESS.get(answer["status"], Progress.RUNNING),
            answer["status"],
            generated_at=_instant(answer.get("generatedAt")),
            reason=answer.get("failureReason"),
            handle=answer.get("url"),
        )

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        """Return the presigned address; every look at a report gives a new one."""
        if fresh or not handle:
            try:
                handle = self._get(request, report_id).get("url")
            except NotFound as error:
                raise ReportExpired(error.message, request_id=error.request_id) from None
        if not handle:
            raise ReportExpired(f"Report {report_id} has no document")
        return DocumentLocation(handle, "GZIP")

    def _create(self, request: Request, body: Mapping[str, Any]) -> str:
        profile = self._profile(request.account.account_id)
        ad_product = body["configuration"]["adProduct"]
        try:
            answer = profile.call(CREATE, ad_product=ad_product, json=body).data
            if self._is_spent(answer):
                logger.info("Amazon answers with the old report %s", answer["reportId"])
                # Another name makes another request of it.
                anew = {**body, "name": f"{body['name']} {self._clock.now():%Y-%m-%dT%H:%MZ}"}
                answer = profile.call(CREATE, ad_product=ad_product, json=anew).data
        except DuplicateRequest as error:
            adopted = _DUPLICATE_OF.search(str(error))
            if not adopted:
                raise
            logger.info("%s: adopting report %s", request.dataset.name, adopted[1])
            return adopted[1]
        return str(answer["reportId"])

    def _is_spent(self, answer: Mapping[str, Any]) -> bool:
        """Whether the answer is a report remembered from before that is of no use now."""
        generated_at = _instant(answer.get("generatedAt"))
        failed = _PROGRESS.get(answer.get("status", "")) is Progress.FAILED
        return failed or bool(generated_at and generated_at < self._clock.now() - _REMEMBERED)

    def _get(self, request: Request, report_id: str) -> Mapping[str, Any]:
        ad_product = request.body["configuration"]["adProduct"]
        profile = self._profile(request.account.account_id)
        answer: Mapping[str, Any] = profile.call(
            GET, ad_product=ad_product, path_params={"reportId": report_id}
        ).data
        return answer


def _refused_columns(error: InvalidRequest) -> set[str]:
    """The columns that a refusal names, if it is about columns."""
    named = _REFUSED_COLUMNS.search(error.message)
    return {name.strip() for name in named[1].split(",")} if named else set()


def _without(body: Mapping[str, Any], refused: set[str]) -> dict[str, Any]:
    """The same request without the columns `refused`."""
    healed = copy.deepcopy(dict(body))
    columns = healed["configuration"]["columns"]
    healed["configuration"]["columns"] = [name for name in columns if name not in refused]
    return healed


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
