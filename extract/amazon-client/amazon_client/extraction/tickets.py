"""A report on its way: one window of a plan, with all that is known about it so far."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import datetime

from amazon_client.downloads import Document
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.journal import Entry, SavedPlan
from amazon_client.extraction.plans import Plan
from amazon_client.extraction.progress import tell


class Ticket:
    """One window of a plan on its way through a lane. One thread at a time works on it.

    Attributes:
        result: becomes the delivery, or the error that ended it.
        entry: the journal's entry of the part under way.
        under_way: whether it counts against the backend's bound.
        again: how often its part has been asked for anew.
        former_id: the id that was dropped for that.
        deadline: moment of the clock's monotonic time after which the part is late; None before
            it is under way.
        pause: seconds until the next poll.
        raw_status: what Amazon called its state when that was last told.
    """

    def __init__(self, plan: Plan, saved: SavedPlan, position: int) -> None:
        self.plan = plan
        self.saved = saved
        self.position = position
        self.request = self._whole = plan.request(position)
        self.result: Future[Delivery] = Future()
        self._entries = {entry.part: entry for entry in saved.entries if entry.position == position}
        self.entry: Entry = self._entries[0]
        self.under_way = False
        self.again = 0
        self.former_id: str | None = None
        self.deadline: float | None = None
        self.pause = 0.0
        self.raw_status = ""
        self._first: Entry | None = None
        self._documents: list[Document] = []
        self._generated_at: datetime | None = None

    @property
    def report_id(self) -> str | None:
        """The id of the report's first part, as far as there is or was one."""
        return (self._first or self.entry).report_id or self.former_id

    @property
    def requested_at(self) -> datetime | None:
        """When the first part was asked for."""
        return (self._first or self.entry).requested_at

    def take(self, document: Document | None, generated_at: datetime | None) -> None:
        """Add the part's document, None for a part without data."""
        if self._first is None:
            self._first = self.entry
        if document is not None:
            self._documents.append(document)
        self._generated_at = generated_at or self._generated_at

    def turn(self, continuation: str) -> None:
        """Go on to the next part, which a former run may have asked for already."""
        window, account = self.request.window, self.request.account
        self.request = self.request.dataset.request(account, window, continuation)
        part, fingerprint = self.entry.part + 1, self.request.fingerprint
        known = self._entries.get(part)
        if known is None or known.fingerprint != fingerprint:
            known = Entry(self.position, part, window, fingerprint)
        self.entry = known
        self.again, self.deadline = 0, None

    def delivery(self, now: datetime) -> Delivery:
        """Everything taken, as the delivery it makes."""
        first = self._first or self.entry
        return Delivery(
            request=self._whole,
            report_id=first.report_id or "",
            documents=tuple(self._documents),
            requested_at=first.requested_at or now,
            generated_at=self._generated_at,
        )

    def tell(self, event: str, **facts: object) -> None:
        """Log a step of this report."""
        tell(
            event,
            dataset=self.request.dataset.name,
            account=self.request.account,
            window=self.request.window,
            report=self.entry.report_id,
            part=self.entry.part or None,
            **facts,
        )
