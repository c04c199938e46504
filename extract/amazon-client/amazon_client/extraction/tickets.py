"""A report on its way: one window of a plan, with all that is known about it so far."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from amazon_client.downloads import Document
from amazon_client.extraction.datasets import ReportDataset
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.journal import Entry, SavedPlan
from amazon_client.extraction.plans import Plan
from amazon_client.extraction.progress import tell

if TYPE_CHECKING:
    from amazon_client.extraction.datasets import Request
    from amazon_client.extraction.stages import Stages


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
        stages: the questions of its window, where its dataset asks in stages.
    """

    def __init__(self, plan: Plan, saved: SavedPlan, position: int) -> None:
        self.plan = plan
        self.saved = saved
        self.position = position
        self.result: Future[Delivery] = Future()
        self.stages: Stages | None = None
        self._entries = {entry.part: entry for entry in saved.entries if entry.position == position}
        self.begin(plan.request(position), 0)
        self.under_way = False
        self.again = 0
        self.former_id: str | None = None
        self.deadline: float | None = None
        self.pause = 0.0
        self.raw_status = ""
        self._first: Entry | None = None
        self._documents: list[Document] = []
        self._generated_at: datetime | None = None

    def begin(self, request: Request, part: int) -> None:
        """Set what is asked for as that part of the window."""
        self.request = self._whole = request
        self.entry = self._entry(part)

    def _entry(self, part: int) -> Entry:
        """The journal's entry of a part, if a former run has asked for the same."""
        known, fingerprint = self._entries.get(part), self.request.fingerprint
        if known is not None and known.fingerprint == fingerprint:
            return known
        return Entry(self.position, part, self.request.window, fingerprint)

    @property
    def rank(self) -> int:
        """See `ReportDataset.rank`."""
        dataset = self.plan.dataset
        return dataset.rank if isinstance(dataset, ReportDataset) else 0

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
        self.request = replace(self._whole, continuation=continuation)
        self.entry = self._entry(self.entry.part + 1)
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
