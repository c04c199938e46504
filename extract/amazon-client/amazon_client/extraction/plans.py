"""What a run wants of one dataset and account: a former run's open plan, or a new one."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from amazon_client.clock import Clock
from amazon_client.extraction.accounts import Account
from amazon_client.extraction.datasets import Dataset, ReportDataset, Request
from amazon_client.extraction.journal import Entry, Journal, PlanKey, SavedPlan
from amazon_client.extraction.progress import tell
from amazon_client.extraction.windows import Cadence, Planning, Window

RESUME_WITHIN = timedelta(hours=4)
"""A plan older than this is not gone on with: what it asked for is no longer the present."""


@dataclass(frozen=True)
class Standing:
    """Where a stream stands according to the state that its target sent back.

    Attributes:
        bookmark: its bookmark, if it has one.
        plan: the plan of which it was last handed something.
        delivered: how many of that plan's windows, in the plan's order, it has been handed.
    """

    bookmark: str | None = None
    plan: str | None = None
    delivered: int = 0


@dataclass
class Plan:
    """The ordered windows of one dataset and account, and which streams want them.

    Attributes:
        id: as state and journal name it.
        planning: what the windows were planned from; its `now` is when.
        windows: in the order to deliver them.
        standings: of the selected streams, by name.
        key: under which the journal keeps it.
        saved: how the journal has it; None for paged datasets, whose pages are read anew.
    """

    id: str
    dataset: Dataset
    planning: Planning
    windows: list[Window]
    standings: Mapping[str, Standing]
    key: PlanKey
    saved: SavedPlan | None = None

    @property
    def account(self) -> Account:
        """Who is asked about."""
        return self.planning.account

    def delivered(self, stream: str) -> int:
        """How many of the windows a stream has already been handed, and committed."""
        standing = self.standings[stream]
        return min(standing.delivered, len(self.windows)) if standing.plan == self.id else 0

    def bookmark(self, stream: str, delivered: int) -> str | None:
        """Return a stream's bookmark once it has been handed so many windows."""
        planning = replace(self.planning, bookmark=self.standings[stream].bookmark)
        return self.dataset.windows.bookmark(planning, self.windows, delivered)

    def trim(self, position: int, covered_until: datetime) -> None:
        """Let a window end where Amazon says that its answer is complete."""
        window = self.windows[position]
        if isinstance(window.end, datetime) and covered_until < window.end:
            self.windows[position] = replace(window, end=max(window.start, covered_until))

    def request(self, position: int) -> Request:
        """Return the request for a window."""
        return self.dataset.request(self.account, self.windows[position])


@dataclass(frozen=True)
class Planner:
    """Plans for one run.

    Attributes:
        run_id: names the run's own plans; unique among runs.
        ended: the plans of runs that came to their end, as the received state tells; None where
            it cannot tell. What a run had handed over when it was cut off is not asked for again
            as long as the rest of it is gone on with.
        selected: names of all streams selected in the run.
        lookback_days: the user's overrides by stream.
        client: gives the tap's client of an account, for policies that ask Amazon.
    """

    store_id: str
    api: str
    clock: Clock
    journal: Journal
    cadence: Cadence
    start_date: date | None = None
    lookback_days: Mapping[str, int] | None = None
    selected: frozenset[str] = frozenset()
    client: Callable[[Account], Any] = lambda account: None
    resume_within: timedelta = RESUME_WITHIN
    ended: frozenset[str] | None = None
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def plan(
        self, dataset: Dataset, account: Account, standings: Mapping[str, Standing]
    ) -> Plan | None:
        """Return what is wanted of a dataset and account, None for nothing."""
        planning = self._planning(account, standings)
        fresh = self._fresh(dataset, planning, standings)
        plan = self._settled(fresh) if isinstance(dataset, ReportDataset) else fresh
        resumed = plan is not None and plan.id != fresh.id
        wanted = plan is not None and bool(plan.windows)
        tell(
            "resumed" if resumed else "planned" if wanted else "skipped",
            dataset=dataset.name,
            account=account,
            cadence=self.cadence.value,
            plan=plan.id if plan and wanted else None,
            windows=len(plan.windows) if plan else 0,
            backend=dataset.backend if isinstance(dataset, ReportDataset) else None,
            streams=",".join(standings) or None,
        )
        return plan if wanted else None

    def _planning(self, account: Account, standings: Mapping[str, Standing]) -> Planning:
        bookmarks = [standing.bookmark for standing in standings.values()]
        known = [bookmark for bookmark in bookmarks if bookmark]
        overrides = self.lookback_days or {}
        days = [overrides[stream] for stream in standings if stream in overrides]
        return Planning(
            account=account,
            cadence=self.cadence,
            now=self.clock.now(),
            bookmark=min(known, default=None) if len(known) == len(bookmarks) else None,
            start_date=self.start_date,
            lookback_days=max(days) if days else None,
            selected=self.selected,
            client=partial(self.client, account),
        )

    def _fresh(
        self, dataset: Dataset, planning: Planning, standings: Mapping[str, Standing]
    ) -> Plan:
        windows = dataset.windows.windows(planning)
        key = PlanKey(self.store_id, self.api, planning.account.key, dataset.name)
        return Plan(self.run_id, dataset, planning, windows, standings, key)

    def _settled(self, fresh: Plan) -> Plan | None:
        """Go on with the journal's open plan where that is still what is wanted."""
        entries = tuple(
            Entry(position, 0, window, fresh.request(position).fingerprint)
            for position, window in enumerate(fresh.windows)
        )
        anew = SavedPlan(fresh.id, fresh.planning.now, entries)

        def decide(saved: SavedPlan | None) -> SavedPlan | None:
            if saved is not None:
                ending = self._ending(saved, fresh)
                if ending is None:
                    return saved
                facts = {"dataset": fresh.dataset.name, "account": fresh.account}
                tell(ending[0], **facts, plan=saved.plan, why=ending[1])
            return anew if entries else None

        saved = self.journal.settle_plan(fresh.key, decide)
        if saved is None:
            return None
        return replace(
            fresh,
            id=saved.plan,
            planning=replace(fresh.planning, now=saved.planned_at),
            windows=[entry.window for entry in saved.firsts],
            saved=saved,
        )

    def _ending(self, saved: SavedPlan, fresh: Plan) -> tuple[str, str | None] | None:
        """Say how a saved plan ended, if it did: `retired`, or `abandoned` and why."""
        windows = [entry.window for entry in saved.firsts]
        is_covered = all(
            standing.plan == saved.plan and standing.delivered >= len(windows)
            for standing in fresh.standings.values()
        )
        if is_covered and (self.ended is None or saved.plan in self.ended):
            return "retired", None
        # Runs with one fixed `as_of` begin their clocks at the same instant again and again: a plan
        # of theirs may be a little ahead of the next one's present.
        if abs(fresh.planning.now - saved.planned_at) >= self.resume_within:
            return "abandoned", "other_time"
        # A wider cadence, another stream, a state that was set back: the bookmark would leap over
        # what lies before the saved windows.
        if fresh.windows and min(fresh.windows).start < min(windows).start:
            return "abandoned", "reaches_further_back"
        for entry in saved.firsts:
            request = fresh.dataset.request(fresh.account, entry.window)
            if request.fingerprint != entry.fingerprint:
                return "abandoned", "request_changed"
        return None
