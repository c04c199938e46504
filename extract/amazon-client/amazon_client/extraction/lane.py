"""The report queue of one backend: create as the bucket allows, poll together, download as done.

A lane has a thread that creates, one that polls and two that download. They start when the run has
planned everything, and end when every report has ended, or at once when the run is cancelled.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue

from amazon_client.errors import NotFound, ReportExpired, ReportFailed
from amazon_client.extraction.backends import Progress, ReportStatus
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.errors import ReportLate
from amazon_client.extraction.reports import Reports
from amazon_client.extraction.tickets import Ticket

DOWNLOADERS = 2
SLOWER = 1.5
"""By how much each pause between polls is longer than the one before,"""
LONGEST_PAUSE = 6
"""up to so many times the first one. A failed report is asked for anew after as long."""
AGAIN = 1
"""How often a failed or expired report is asked for anew in one run."""

_ENDINGS: dict[type[Exception], str] = {ReportLate: "late", ReportExpired: "expired"}


class Lane:
    """The queue of one backend: add tickets, start it, wait for the tickets' results.

    A ticket is in one place at a time: waiting to be asked for, due at some time, done and waiting
    for its download, or in the hands of one thread.
    """

    def __init__(
        self, reports: Reports, folder: Path, *, poll_seconds: float, deadline_seconds: float
    ) -> None:
        """Make an idle lane.

        Args:
            reports: the steps, for one backend.
            folder: where documents go; it exists.
            poll_seconds: first pause before a poll.
            deadline_seconds: how long a report may run before it is late.
        """
        self._reports = reports
        self._folder = folder
        self._poll_seconds = poll_seconds
        self._deadline_seconds = deadline_seconds
        self._clock = reports.clock
        self._numbers = itertools.count()
        self._changed = threading.Condition()  # over everything below
        self._open: set[Ticket] = set()
        self._asking: deque[Ticket] = deque()
        self._due: list[tuple[float, int, Ticket]] = []
        self._done: SimpleQueue[tuple[Ticket, ReportStatus] | None] = SimpleQueue()
        self._under_way = 0

    def add(self, ticket: Ticket) -> None:
        """Take a ticket: before `start`, or while another one is open."""
        with self._changed:
            self._open.add(ticket)
        self._proceed(ticket)

    def start(self) -> list[threading.Thread]:
        """Start the threads and return them."""
        # Of each rank first what each dataset wants first: the first window of all of them.
        self._asking = deque(sorted(self._asking, key=lambda t: (t.rank, t.position)))
        bodies = [self._creating, self._polling, *[self._downloading] * DOWNLOADERS]
        name = self._reports.backend.name
        threads = [
            threading.Thread(target=body, daemon=True, name=f"{name} {body.__name__.strip('_')}")
            for body in bodies
        ]
        for thread in threads:
            thread.start()
        return threads

    def cancel(self) -> None:
        """End every open ticket without a result; the clock has been cancelled before."""
        for ticket in list(self._open):
            self._end(ticket, error=Cancelled())

    # The threads

    def _creating(self) -> None:
        while (ticket := self._next_to_ask()) is not None:
            self._attempt(ticket, self._ask)

    def _polling(self) -> None:
        while (ticket := self._next_due()) is not None:
            self._attempt(ticket, self._look)

    def _downloading(self) -> None:
        while (item := self._done.get()) is not None:
            ticket, status = item
            self._attempt(ticket, self._fetch, status)

    def _next_to_ask(self) -> Ticket | None:
        bound = self._reports.backend.max_in_flight
        with self._changed:
            while self._open:
                if self._asking and (bound is None or self._under_way < bound):
                    ticket = self._asking.popleft()
                    self._count(ticket, True)
                    return ticket
                self._changed.wait()
        return None

    def _next_due(self) -> Ticket | None:
        while True:
            with self._changed:
                while self._open and not self._due:
                    self._changed.wait()
                if not self._open:
                    return None
                wait = self._due[0][0] - self._clock.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._due)[2]
            try:
                # Not longer than the first pause: an earlier one may be added meanwhile.
                self._clock.sleep(min(wait, self._poll_seconds))
            except Cancelled:
                return None

    def _attempt(self, ticket: Ticket, step: Callable[..., None], *more: ReportStatus) -> None:
        """Take a step; whatever goes wrong ends the ticket, never the thread."""
        try:
            step(ticket, *more)
        except Cancelled as error:
            self._end(ticket, error=error)
        except Exception as error:
            ticket.tell(_ENDINGS.get(type(error), "failed"), error=type(error).__name__)
            self._end(ticket, error=error)

    # The steps

    def _ask(self, ticket: Ticket) -> None:
        self._reports.ask(ticket)
        ticket.deadline = None
        self._follow(ticket, self._poll_seconds)

    def _look(self, ticket: Ticket) -> None:
        if ticket.entry.report_id is None:  # to be asked for anew, now that the pause is over
            self._proceed(ticket)
            return
        status = self._reports.look(ticket)
        if status.progress is Progress.RUNNING:
            self._wait_for(ticket, status)
            return
        self._count(ticket, False)
        if status.progress is Progress.DONE:
            self._done.put((ticket, status))
        elif status.progress is Progress.NO_DATA:
            ticket.tell("no_data", status=status.raw_status)
            ticket.take(None, status.generated_at)
            self._finish(ticket)
        else:
            self._ask_again(ticket, status)

    def _fetch(self, ticket: Ticket, status: ReportStatus) -> None:
        try:
            target = self._folder / f"report-{id(self)}-{next(self._numbers)}"
            document = self._reports.fetch(ticket, status, target)
        except (ReportExpired, NotFound) as error:
            gone = ReportStatus(Progress.EXPIRED, "not_to_be_had", reason=error.message)
            self._ask_again(ticket, gone)
            return
        ticket.tell("done", bytes=document.size)
        ticket.take(document, status.generated_at)
        if status.continuation is None:
            self._finish(ticket)
        else:
            ticket.turn(status.continuation)
            self._proceed(ticket)

    def _finish(self, ticket: Ticket) -> None:
        """End a ticket that has all its parts, or go on to what follows from its answer."""
        stages = ticket.stages
        if stages is None:
            self._end(ticket, ticket.delivery(self._clock.now()))
            return
        for branch in stages.answered(ticket, self._clock.now()):
            self.add(branch)
        if ticket is not stages.root:
            self._end(ticket, ticket.delivery(self._clock.now()))
        if whole := stages.delivery():
            self._end(stages.root, whole)

    def _wait_for(self, ticket: Ticket, status: ReportStatus) -> None:
        if ticket.deadline is not None and self._clock.monotonic() >= ticket.deadline:
            raise ReportLate(
                f"report {ticket.entry.report_id} ({ticket.request.dataset.report_type}, "
                f"{ticket.request.window}) is still {status.raw_status} after "
                f"{self._deadline_seconds / 60:.0f} minutes"
            )
        if status.raw_status != ticket.raw_status:
            ticket.raw_status = status.raw_status
            ticket.tell("waiting", status=status.raw_status)
        self._follow(ticket, min(ticket.pause * SLOWER, self._poll_seconds * LONGEST_PAUSE))

    def _ask_again(self, ticket: Ticket, status: ReportStatus) -> None:
        ended = (
            f"report {ticket.entry.report_id} ({ticket.request.dataset.report_type}, "
            f"{ticket.request.window}) ended {status.raw_status}"
        )
        self._reports.forget(ticket)
        if ticket.again >= AGAIN:
            kind = ReportFailed if status.progress is Progress.FAILED else ReportExpired
            raise kind(f"{ended}: {status.reason}" if status.reason else ended)
        ticket.tell("again", status=status.raw_status)
        ticket.again += 1
        self._follow(ticket, self._poll_seconds * LONGEST_PAUSE)

    # Where a ticket goes next

    def _proceed(self, ticket: Ticket) -> None:
        """Poll a report whose id is known, ask for any other."""
        with self._changed:
            if ticket.entry.report_id is None:
                self._asking.append(ticket)
                self._changed.notify_all()
            else:
                ticket.tell("adopted")
                self._count(ticket, True)
                self._follow(ticket, 0.0)

    def _follow(self, ticket: Ticket, pause: float) -> None:
        """Let the poller have the ticket after a pause."""
        now = self._clock.monotonic()
        if ticket.deadline is None:
            ticket.deadline = now + self._deadline_seconds
        ticket.pause = max(pause, self._poll_seconds)
        with self._changed:
            heapq.heappush(self._due, (now + pause, next(self._numbers), ticket))
            self._changed.notify_all()

    def _end(
        self, ticket: Ticket, delivery: Delivery | None = None, error: Exception | None = None
    ) -> None:
        with self._changed:
            if ticket not in self._open:
                return
            self._open.discard(ticket)
            self._count(ticket, False)
            if not self._open:
                for _ in range(DOWNLOADERS):
                    self._done.put(None)
            if delivery is not None:
                ticket.result.set_result(delivery)
            else:
                ticket.result.set_exception(error)
                if ticket.stages is not None:
                    self._end(ticket.stages.root, error=error)

    def _count(self, ticket: Ticket, under_way: bool) -> None:
        with self._changed:
            self._under_way += under_way - ticket.under_way
            ticket.under_way = under_way
            self._changed.notify_all()
