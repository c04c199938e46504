"""One run of extraction: everything is planned, then fetched side by side, then handed over."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from amazon_client.extraction.accounts import Account
from amazon_client.extraction.backends import ReportBackend
from amazon_client.extraction.cancellation import CancellableClock
from amazon_client.extraction.datasets import Dataset, PagedDataset, ReportDataset, Request
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.journal import Journal
from amazon_client.extraction.lane import Lane
from amazon_client.extraction.paging import PagedRead, PagedReads
from amazon_client.extraction.plans import Plan, Planner, Standing
from amazon_client.extraction.progress import tell
from amazon_client.extraction.reports import Reports
from amazon_client.extraction.stages import Stages
from amazon_client.extraction.tickets import Ticket
from amazon_client.extraction.windows import to_text

JOIN_SECONDS = 5.0
"""How long closing waits for the threads; they are daemons and cannot hold the process up."""


Wanted = Mapping[Dataset, Mapping[Account, Mapping[str, Standing]]]
"""What a run wants: per dataset and account, where each of its selected streams stands."""


@dataclass(frozen=True)
class Tools:
    """What a run works with.

    Attributes:
        backend: gives the backend of a name for an account; the same object for all accounts that
            share limits.
        client: gives what `PagedDataset.fetch` reads an account's requests with.
        work_dir: where the folder for documents is made; None for the system's place.
        poll_seconds: first pause before a poll.
        deadline_seconds: how long a report may run before it is late.
    """

    planner: Planner
    journal: Journal
    clock: CancellableClock
    session: requests.Session
    backend: Callable[[str, Account], ReportBackend]
    client: Callable[[Account], Any]
    work_dir: Path | None = None
    poll_seconds: float = 5.0
    deadline_seconds: float = 1800.0


@dataclass
class Pending:
    """A delivery that a stream waits for.

    Attributes:
        plan: what it belongs to.
        position: its place in the plan.
        source: what becomes it.
        readers: how many streams still have to read it.
    """

    plan: Plan
    position: int
    source: Ticket | PagedRead
    readers: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self) -> Delivery:
        """Return the delivery as soon as it is there.

        Raises:
            AmazonError: what ended it instead.
        """
        return self.source.result.result()

    @property
    def report_id(self) -> str | None:
        """Its report's id, where there is or was one."""
        return self.source.report_id

    @property
    def requested_at(self) -> datetime | None:
        """When it was asked for, if it was."""
        return self.source.requested_at

    @property
    def request(self) -> Request:
        """What was asked."""
        return self.source.request

    def release(self) -> None:
        """Say that one stream has read it; after the last one its documents are removed."""
        with self._lock:
            self.readers -= 1
            if self.readers > 0:
                return
        remove(self.source.result)


def source_of(dataset: Dataset) -> Dataset | None:
    """The dataset that another one is read from, if it is one of that kind."""
    return dataset.source if isinstance(dataset, PagedDataset) else None


def remove(result: Future[Delivery]) -> None:
    """Remove a delivery's documents, if it came about."""
    if result.done() and not result.cancelled() and result.exception() is None:
        for document in result.result().documents:
            document.path.unlink(missing_ok=True)


class Extraction:
    """Plans all that a run wants, fetches it in background threads and hands it over in order."""

    def __init__(self, tools: Tools, wanted: Wanted) -> None:
        """Plan everything; nothing is asked of Amazon before `start`.

        A dataset that cannot be planned for an account fails for that account's streams alone.

        Args:
            tools: what to work with.
            wanted: by dataset, in the order in which to ask; by account; the standings of the
                selected streams.
        """
        self._tools = tools
        self._folder = tempfile.TemporaryDirectory(prefix="amazon-", dir=tools.work_dir)
        self._reads = PagedReads(
            Path(self._folder.name), tools.clock, lambda request: tools.client(request.account)
        )
        self._lanes: dict[int, Lane] = {}
        self._threads: list[threading.Thread] = []
        self._pending: dict[tuple[str, str], list[Pending]] = {}
        self._plans: dict[tuple[str, str], Plan] = {}
        self._errors: dict[tuple[str, str], Exception] = {}
        # What is read from another dataset comes last: that one is planned by then.
        for dataset in sorted(wanted, key=lambda dataset: source_of(dataset) is not None):
            for account, standings in wanted[dataset].items():
                place = dataset.name, account.key
                if place in self._pending or place in self._errors:
                    raise ValueError(f"two datasets called {dataset.name}")
                self._plan_at(place, dataset, account, standings)

    def _plan_at(
        self,
        place: tuple[str, str],
        dataset: Dataset,
        account: Account,
        standings: Mapping[str, Standing],
    ) -> None:
        try:
            self._pending[place] = self._plan(dataset, account, standings)
        except Exception as error:
            self._errors[place] = error

    def start(self) -> None:
        """Start fetching."""
        total = sum(len(pending) for pending in self._pending.values())
        tell("started", windows=total, lanes=len(self._lanes))
        for part in self._parts:
            self._threads += part.start()

    @property
    def plans(self) -> set[str]:
        """Ids of the plans that this run begins or goes on with: those are of runs cut off."""
        return {plan.id for plan in self._plans.values()}

    @property
    def _parts(self) -> list[PagedReads | Lane]:
        return [self._reads, *self._lanes.values()]

    def pending(self, stream: str, dataset: Dataset, account: Account) -> list[Pending]:
        """Return the deliveries that a stream still has to be handed for an account, in order.

        Raises:
            Exception: what kept the dataset from being planned.
        """
        place = dataset.name, account.key
        if place in self._errors:
            raise self._errors[place]
        return [
            pending
            for pending in self._pending.get(place, [])
            if pending.position >= pending.plan.delivered(stream)
        ]

    def close(self) -> None:
        """End everything that is still under way, and remove the work files."""
        self._tools.clock.cancel()
        for part in self._parts:
            part.cancel()
        for thread in self._threads:
            thread.join(JOIN_SECONDS)
        self._folder.cleanup()
        self._tools.journal.close()

    def _plan(
        self,
        dataset: Dataset,
        account: Account,
        standings: Mapping[str, Standing],
    ) -> list[Pending]:
        plan = self._tools.planner.plan(dataset, account, standings)
        if plan is None:
            return []
        self._plans[dataset.name, account.key] = plan
        starts = [plan.delivered(stream) for stream in standings]
        return [
            self._pend(plan, position, readers=sum(start <= position for start in starts))
            for position in range(min(starts, default=0), len(plan.windows))
        ]

    def _pend(self, plan: Plan, position: int, readers: int) -> Pending:
        return Pending(plan, position, self._source(plan, position), readers)

    def _source(self, plan: Plan, position: int) -> Ticket | PagedRead:
        dataset = plan.dataset
        if isinstance(dataset, ReportDataset) and plan.saved is not None:
            ticket = Ticket(plan, plan.saved, position)
            if dataset.follow_ups:
                Stages(ticket)
            self._lane(dataset, plan.account).add(ticket)
            return ticket
        if not isinstance(dataset, PagedDataset):
            raise TypeError(f"{dataset.name} is neither a report nor paged")
        suffix = f"-{position}" if position else ""
        place = plan.account.key.replace("/", "-")
        report_id = f"api-{dataset.name}-{place}-{to_text(plan.planning.now)}{suffix}"
        read = PagedRead(plan.request(position), dataset, report_id)
        if dataset.source is not None:
            read.source = self._newest(dataset.source, plan.account)
        self._reads.add(read)
        return read

    def _newest(self, dataset: Dataset, account: Account) -> Pending:
        """The delivery that another dataset is read from; it has one reader more for it.

        It is fetched even where the dataset's own streams have been handed it in a run cut off.
        """
        place = dataset.name, account.key
        if place not in self._pending and place not in self._errors:
            self._plan_at(place, dataset, account, {})
        if place in self._errors:
            raise self._errors[place]
        plan = self._plans.get(place)
        if plan is None:
            raise LookupError(f"{dataset.name} is not read in this run")
        position = max(range(len(plan.windows)), key=plan.windows.__getitem__)
        found = [pending for pending in self._pending[place] if pending.position == position]
        newest = found[0] if found else self._pend(plan, position, readers=0)
        newest.readers += 1
        return newest

    def _lane(self, dataset: ReportDataset, account: Account) -> Lane:
        tools = self._tools
        backend = tools.backend(dataset.backend, account)
        if id(backend) not in self._lanes:
            reports = Reports(backend, tools.journal, tools.clock, tools.session)
            self._lanes[id(backend)] = Lane(
                reports,
                Path(self._folder.name),
                poll_seconds=tools.poll_seconds,
                deadline_seconds=tools.deadline_seconds,
            )
        return self._lanes[id(backend)]
