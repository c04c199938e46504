"""The steps of a report, journal included: ask for it, look after it, fetch it."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import requests

from amazon_client.downloads import Document, download
from amazon_client.errors import NotFound, ServerUnavailable, Throttled
from amazon_client.extraction.backends import Progress, ReportBackend, ReportStatus
from amazon_client.extraction.cancellation import CancellableClock
from amazon_client.extraction.datasets import ReportDataset
from amazon_client.extraction.journal import Entry, Journal
from amazon_client.extraction.tickets import Ticket

logger = logging.getLogger(__name__)

CLOCK_SKEW = timedelta(minutes=2)
"""By how much Amazon's clock may be behind ours when looking for a report meant to be created."""


@dataclass(frozen=True)
class Reports:
    """How one backend's reports are made, with every id in the journal as soon as it is known."""

    backend: ReportBackend
    journal: Journal
    clock: CancellableClock
    session: requests.Session

    def ask(self, ticket: Ticket) -> None:
        """Give the ticket's part a report: one that was meant before, else a new one."""
        found = None
        if ticket.entry.intent_at is not None:
            found = self.backend.find(ticket.request, ticket.entry.intent_at - CLOCK_SKEW)
        event = "created" if found is None else "adopted"
        if found is None:
            found = self._create(ticket)
        report_id, requested_at = self.journal.commit_id(
            ticket.plan.key, ticket.plan.id, ticket.entry, found, self.clock.now()
        )
        ticket.entry = replace(ticket.entry, report_id=report_id, requested_at=requested_at)
        ticket.tell(event)

    def _create(self, ticket: Ticket) -> str:
        intent_at = self.clock.now()
        self.journal.intend(ticket.plan.key, ticket.saved, ticket.entry, intent_at)
        try:
            return self.backend.create(ticket.request)
        except ServerUnavailable as error:
            # The answer is lost, not necessarily the request.
            logger.warning("%s: %s", self.backend.name, error)
            found = self.backend.find(ticket.request, intent_at - CLOCK_SKEW)
            return found if found is not None else self.backend.create(ticket.request)

    def look(self, ticket: Ticket) -> ReportStatus:
        """Return how far the ticket's report is."""
        try:
            return self.backend.poll(ticket.request, ticket.entry.report_id or "")
        except NotFound as error:
            return ReportStatus(Progress.EXPIRED, "not_found", reason=error.message)
        except (ServerUnavailable, Throttled) as error:
            # Amazon goes on making the report while it does not answer.
            logger.warning("%s: %s", self.backend.name, error)
            return ReportStatus(Progress.RUNNING, type(error).__name__)

    def fetch(self, ticket: Ticket, status: ReportStatus, target: Path) -> Document:
        """Download the document of a DONE report, and prepare it as its dataset wants it."""
        request, report_id = ticket.request, ticket.entry.report_id or ""
        document = download(
            lambda fresh: self.backend.locate(request, report_id, status.handle, fresh=fresh),
            target,
            session=self.session,
            clock=self.clock,
            what=f"report {report_id} ({request.dataset.report_type})",
        )
        dataset = request.dataset
        if not isinstance(dataset, ReportDataset) or dataset.prepare is None:
            return document
        prepared = target.with_name(f"{target.name}-prepared")
        try:
            dataset.prepare(document.path, prepared)
        finally:
            document.path.unlink()
        return replace(document, path=prepared, size=prepared.stat().st_size)

    def forget(self, ticket: Ticket) -> None:
        """Drop the report's id, so that this run or a later one asks anew."""
        entry, plan = ticket.entry, ticket.plan
        self.journal.forget_id(plan.key, plan.id, entry, entry.report_id or "")
        ticket.former_id = entry.report_id
        ticket.entry = Entry(entry.position, entry.part, entry.window, entry.fingerprint)
