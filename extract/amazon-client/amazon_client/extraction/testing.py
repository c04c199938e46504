"""A report API that behaves as told: a stand-in for Amazon's in tests, not for code of ours."""

from __future__ import annotations

import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amazon_client.downloads import DocumentLocation
from amazon_client.errors import NotFound
from amazon_client.extraction.backends import Progress, ReportStatus
from amazon_client.extraction.datasets import Request
from amazon_client.testing import Answer, LocalServer


@dataclass(frozen=True)
class Ending:
    """How a report goes.

    Attributes:
        progress: how it ends; RUNNING for never.
        rows: of its document.
        polls: how many polls find it running before.
        raw_status: what Amazon calls it; by default the progress in capitals.
        reason: why it failed.
        more: rows of further pages, each a report of its own.
    """

    progress: Progress = Progress.DONE
    rows: Sequence[Mapping[str, Any]] = ()
    polls: int = 1
    raw_status: str = ""
    reason: str | None = None
    more: Sequence[Sequence[Mapping[str, Any]]] = ()


@dataclass
class Made:
    """A report that was asked for."""

    report_id: str
    request: Request
    ending: Ending
    polls: int = 0
    ended: bool = False


@dataclass
class ReportApi:
    """An asynchronous report API, with documents at a real server.

    Attributes:
        server: where the documents are.
        endings: how the reports of each dataset go, one after the other; the last one repeats.
        hooks: called at `create` (before a report is made), `created` (made, not yet told), `poll`
            and `locate`; may raise, for instance `Cancelled`, which leaves all as a kill does.
    """

    server: LocalServer
    name: str = "reports"
    max_in_flight: int | None = None
    endings: dict[str, list[Ending]] = field(default_factory=dict)
    hooks: dict[str, Callable[[Request], None]] = field(default_factory=dict)
    made: dict[str, Made] = field(default_factory=dict)
    polls: Counter[str] = field(default_factory=Counter)
    searches: int = 0
    most_in_flight: int = 0
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    _lock: threading.RLock = field(default_factory=threading.RLock)

    @property
    def asked(self) -> list[str]:
        """Dataset and window of every report made, in order."""
        return [f"{made.request.dataset.name} {made.request.window}" for made in self.made.values()]

    def create(self, request: Request) -> str:
        """Make a report."""
        self._hook("create", request)
        with self._lock:
            report_id = f"R{next(self._numbers)}"
            self.made[report_id] = Made(report_id, request, self._ending(request))
            running = sum(not made.ended for made in self.made.values())
            self.most_in_flight = max(self.most_in_flight, running)
        self._hook("created", request)
        return report_id

    def find(self, request: Request, since: datetime) -> str | None:
        """Find the newest report of the same request."""
        with self._lock:
            self.searches += 1
            same = [m for m in self.made.values() if m.request.fingerprint == request.fingerprint]
            return same[-1].report_id if same else None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Tell how far a report is."""
        self._hook("poll", request)
        with self._lock:
            self.polls[report_id] += 1
            if report_id not in self.made:
                raise NotFound(f"no report {report_id}")
            made = self.made[report_id]
            made.polls += 1
            ending = made.ending
            if made.polls <= ending.polls or ending.progress is Progress.RUNNING:
                return ReportStatus(Progress.RUNNING, ending.raw_status or "IN_PROGRESS")
            made.ended = True
            page = int(request.continuation or 0)
            more = str(page + 1) if page < len(ending.more) else None
            raw_status = ending.raw_status or ending.progress.name
            return ReportStatus(
                ending.progress,
                raw_status,
                reason=ending.reason,
                handle=report_id,
                continuation=more,
            )

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        """Put a report's document at the server and tell where."""
        self._hook("locate", request)
        made = self.made[report_id]
        page = int(request.continuation or 0)
        rows = made.ending.more[page - 1] if page else made.ending.rows
        path = f"/documents/{report_id}"
        self.server.on("GET", path, Answer(body=json.dumps(list(rows))))
        return DocumentLocation(self.server.url + path)

    def _ending(self, request: Request) -> Ending:
        endings = self.endings.get(request.dataset.name, [Ending()])
        return endings.pop(0) if len(endings) > 1 else endings[0]

    def _hook(self, at: str, request: Request) -> None:
        if at in self.hooks:
            self.hooks[at](request)
