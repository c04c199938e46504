"""The life of reports: asked for, refused as duplicates or too many, processed, done or failed."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from simulator.amazon_ads.entities import iso
from simulator.amazon_ads.report_requests import ReportRequest
from simulator.amazon_ads.report_rows import document
from simulator.faults import Kind
from simulator.gateway import Call, Refusal
from simulator.simulation import Simulation
from simulator.world.randomness import chance

URL_SECONDS = 3600
RETRY_AFTER_SECONDS = 60
_PENDING_SHARE = 0.25
"""The part of its time that a report waits before it is processed."""
_FAILED_STATUS = {
    Kind.REPORT_FATAL: "FAILED",
    Kind.REPORT_FATAL_BARE: "FAILED",
    # The guide's word for what the contract calls FAILED.
    Kind.REPORT_CANCELLED: "FAILURE",
}


@dataclass
class Report:
    """One report that was asked for."""

    report_id: str
    request: ReportRequest
    region: str
    created_at: datetime
    asked: float
    """Scaled seconds of the simulator's clock."""
    ready: float
    fate: Kind | None
    generated_at: datetime | None = None
    content: bytes | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


def _duplicate(report: Report) -> Refusal:
    return Refusal(425, message=f"The Request is a duplicate of : {report.report_id}")


class Reports:
    """All reports of a running simulator."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation, self._rules = simulation, simulation.ads_reporting
        self._reports: dict[str, Report] = {}
        self._latest: dict[str, Report] = {}
        self._throttled = 0
        self._lock = threading.Lock()

    def create(self, call: Call, request: ReportRequest) -> dict[str, Any]:
        """Accept a request, or refuse it (425, 429); the answer describes the report."""
        with self._lock:
            earlier = self._latest.get(request.fingerprint)
            if earlier and not self._is_over(earlier):
                raise _duplicate(earlier)
            if earlier and self._rules.remembers_finished and earlier.fate not in _FAILED_STATUS:
                return self._told(earlier)
            self._limit(call, request)
            report = self._accepted(call, request)
            if call.suffers(Kind.REPORT_DUPLICATE):
                raise _duplicate(report)
            return self._told(report)

    def get(self, report_id: str, profile_id: str) -> dict[str, Any]:
        """A report's state; raises 404 for one that another profile asked for."""
        report = self._reports.get(report_id)
        if report is None or report.request.profile.profile_id != profile_id:
            raise Refusal(404, message="Not Found")
        return self._told(report)

    def _accepted(self, call: Call, request: ReportRequest) -> Report:
        clock, world = self._simulation.clock, self._simulation.world
        random = chance(world.seed, "ads report", len(self._reports), request.fingerprint)
        delay = random.uniform(*self._simulation.latencies.ads_reports)
        report = Report(
            str(uuid.uuid4()), request, call.caller.region, clock.now(), clock.elapsed(),
            clock.elapsed() + delay, call.fault.fault if call.fault else None,
        )  # fmt: skip
        self._reports[report.report_id] = report
        self._latest[request.fingerprint] = report
        return report

    def _limit(self, call: Call, request: ReportRequest) -> None:
        in_flight = sum(
            report.region == call.caller.region and not self._is_over(report)
            for report in self._reports.values()
        )
        is_taken = self._simulation.limits.take(
            "ads.reports.create/dynamic",
            f"{call.caller.region}/{request.profile.profile_id}",
            self._rules.creates_per_second,
            self._rules.create_burst,
        )
        if in_flight < self._rules.max_in_flight and is_taken:
            return
        # Amazon says when to come back only now and then.
        self._throttled += 1
        wait = max(1, ceil(self._simulation.clock.real_seconds(RETRY_AFTER_SECONDS)))
        headers = {"Retry-After": str(wait)} if self._throttled % 2 else {}
        raise Refusal(429, message="Too Many Requests", headers=headers)

    def _is_over(self, report: Report) -> bool:
        is_stuck = report.fate is Kind.REPORT_STUCK
        return not is_stuck and self._simulation.clock.elapsed() >= report.ready

    def _told(self, report: Report) -> dict[str, Any]:
        status = self._status(report)
        told = {
            "reportId": report.report_id,
            **report.request.told(),
            "createdAt": iso(report.created_at),
            "updatedAt": iso(report.generated_at or report.created_at),
            "generatedAt": None,
            "fileSize": None,
            "failureReason": None,
            "status": status,
            "url": None,
            "urlExpiresAt": None,
        }
        if status in _FAILED_STATUS.values() and report.fate is Kind.REPORT_FATAL:
            told["failureReason"] = "Report generation failed due to an internal error."
        if status == "COMPLETED":
            told |= self._finished(report)
        return told

    def _status(self, report: Report) -> str:
        elapsed, span = self._simulation.clock.elapsed(), report.ready - report.asked
        if self._is_over(report):
            return _FAILED_STATUS.get(report.fate, "COMPLETED") if report.fate else "COMPLETED"
        if report.fate is Kind.REPORT_UNKNOWN:
            return "AWAITING_CAPACITY"
        return "PENDING" if elapsed - report.asked < span * _PENDING_SHARE else "PROCESSING"

    def _finished(self, report: Report) -> dict[str, Any]:
        clock, storage = self._simulation.clock, self._simulation.documents
        key = f"ads-reports/{report.report_id}/report.json.gz"
        with report.lock:
            if report.content is None:
                # Generated when first looked at: it tells what is known by then.
                is_empty = report.fate is Kind.REPORT_EMPTY
                report.content = document(self._simulation.world, report.request, is_empty)
                report.generated_at = clock.now()
                storage.put(key, report.content, "application/octet-stream")
        lifetime = clock.expiry(URL_SECONDS) - clock.elapsed()
        generated = iso(report.generated_at or clock.now())
        return {
            "updatedAt": generated,
            "generatedAt": generated,
            "fileSize": len(report.content),
            "url": storage.presign(key, URL_SECONDS),
            "urlExpiresAt": iso(clock.now() + timedelta(seconds=lifetime)),
        }
