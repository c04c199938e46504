"""The Reporting v3 API, which makes daily reports.

`ReportingV3` asks for reports, adopts what Amazon says it has already, and drops the columns that
Amazon refuses. What a report asks for is declared in `reports`.

Source: Amazon Ads API, Reporting v3 (`OfflineReport` contract of 2025-12 and the report guide).
"""

from __future__ import annotations

import copy
import logging
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from amazon_client.clock import Clock
from amazon_client.downloads import DocumentLocation
from amazon_client.errors import DuplicateRequest, InvalidRequest, NotFound, ReportExpired
from amazon_client.extraction import Progress, ReportStatus, Request
from amazon_client.extraction.errors import ReportLate
from tap_amazon_ads.client import AdsProfile, AdsRegion, operation
from tap_amazon_ads.in_flight import AT_MOST, InFlight

logger = logging.getLogger(__name__)

CREATE = operation(
    "POST",
    "/reporting/reports",
    "createAsyncReport",
    content_type="application/vnd.createasyncreportrequest.v3+json",
    accept="application/vnd.createasyncreportresponse.v3+json",
    # A 429 here is about the queue of reports, often has no Retry-After and lasts.
    throttle_backoff=60.0,
    # Of the region, whose profiles share one queue.
    rate=2,
    burst=AT_MOST,
)
GET = operation(
    "GET",
    "/reporting/reports/{reportId}",
    "getAsyncReport",
    accept="application/vnd.getasyncreportresponse.v3+json",
    rate=4,
    burst=AT_MOST,
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

PATIENCE = timedelta(hours=3)
"""Within which Amazon promises reports."""


class ReportingV3:
    """The report backend over Reporting v3, one for all profiles of a region."""

    def __init__(
        self,
        region: AdsRegion,
        profile: Callable[[str], AdsProfile],
        clock: Clock,
        *,
        patience: timedelta = PATIENCE,
    ) -> None:
        """Serve a region.

        Args:
            region: whose queue of reports it is.
            profile: gives the way to a profile by its id.
            clock: tells how old a report is.
            patience: how old a report may get before nothing waits for it alone.
        """
        self.name = f"reporting {region.region}"
        self._region = region.region
        self._profile = profile
        self._clock = clock
        self._in_flight = InFlight(region.bucket(CREATE), patience)
        self._refused: dict[tuple[str, str], set[str]] = defaultdict(set)
        """Columns that Amazon has refused so far, by dataset and account."""

    @property
    def max_in_flight(self) -> int | None:
        """How many reports of the region may be under way now; see `in_flight`."""
        return self._in_flight.bound

    def create(self, request: Request) -> str:
        """Ask for a report and return its id.

        A request that Amazon is working on already is adopted. Columns that Amazon refuses are left
        out, with a warning, once; their values are then NULL.
        """
        known = self._refused[request.dataset.name, request.account.key]
        try:
            return self._create(request, _without(request.body, known))
        except InvalidRequest as error:
            refused = _refused_columns(error)
            if not refused or refused & getattr(request.dataset, "required", frozenset()):
                raise
            known |= refused
            logger.warning(
                "%s of %s: Amazon refuses the columns %s, they are left out (request id %s)",
                request.dataset.name,
                request.account,
                ", ".join(sorted(refused)),
                error.request_id,
            )
        return self._create(request, _without(request.body, known))

    def find(self, request: Request, since: datetime) -> str | None:
        """Return None: there is no list of reports, and `create` adopts what is under way."""
        return None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return how far a report is; statuses that no documentation names count as running.

        Raises:
            ReportLate: it has run for so long that it is left to the next run, which finds its id
                in the journal.
        """
        try:
            answer = self._get(request, report_id)
        except NotFound as error:
            self._in_flight.ended(report_id)
            return ReportStatus(Progress.EXPIRED, "404", reason=error.message)
        progress = _PROGRESS.get(answer["status"], Progress.RUNNING)
        if progress is not Progress.RUNNING:
            self._in_flight.ended(report_id)
        else:
            now = self._clock.now()
            created = _instant(answer.get("createdAt")) or now
            if not self._in_flight.running(report_id, created, now):
                raise ReportLate(
                    f"report {report_id} ({request.dataset.report_type}, {request.window}) is "
                    f"still {answer['status']} after {(now - created).total_seconds() / 60:.0f} "
                    "minutes, and nothing else is waited for"
                )
        return ReportStatus(
            progress,
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
        try:
            answer = self._post(request, body)
            if self._is_spent(answer):
                logger.info("Amazon answers with the old report %s", answer["reportId"])
                # Another name makes another request of it.
                anew = f"{body['name']} {self._clock.now():%Y-%m-%dT%H:%MZ}"
                answer = self._post(request, {**body, "name": anew})
        except DuplicateRequest as error:
            adopted = _DUPLICATE_OF.search(str(error))
            if not adopted:
                raise
            logger.info("%s: adopting report %s", request.dataset.name, adopted[1])
            return adopted[1]
        return str(answer["reportId"])

    def _post(self, request: Request, body: Mapping[str, Any]) -> Mapping[str, Any]:
        profile = self._profile(request.account.account_id)
        ad_product = body["configuration"]["adProduct"]
        # The queue of reports is the region's.
        answer: Mapping[str, Any] = profile.call(
            CREATE, ad_product=ad_product, json=body, account=self._region
        ).data
        return answer

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
    if not refused:
        return dict(body)
    healed = copy.deepcopy(dict(body))
    columns = healed["configuration"]["columns"]
    healed["configuration"]["columns"] = [name for name in columns if name not in refused]
    return healed


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
