"""What was planned and asked for, kept across runs.

Singer state says what a target has taken, but it comes late (a target echoes it when it drains), so
it cannot carry report ids. The journal does: an intent before each create, the id as soon as Amazon
answers. Two processes that work on one store at once may share a plan: whoever commits an id first
decides it, and both hand the same reports over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.sql import ColumnElement

from amazon_client.extraction.journal_tables import (
    OPS,
    PARTS_PER_BRANCH,
    report_journal,
)
from amazon_client.extraction.windows import Window

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class PlanKey:
    """Whose plan it is: at most one is open for each."""

    store_id: str
    api: str
    account: str
    dataset: str

    def where(self) -> list[ColumnElement[bool]]:
        """The journal's rows under this key."""
        columns = report_journal.c
        return [
            columns.store_id == self.store_id,
            columns.api == self.api,
            columns.account == self.account,
            columns.dataset == self.dataset,
        ]

    @property
    def values(self) -> dict[str, str]:
        """Column values of the key."""
        return dict(vars(self))


@dataclass(frozen=True)
class Entry:
    """A part of a window: intended or not, with its report's id as soon as that is known."""

    position: int
    part: int
    window: Window
    fingerprint: str
    intent_at: datetime | None = None
    report_id: str | None = None
    requested_at: datetime | None = None


@dataclass(frozen=True)
class SavedPlan:
    """A plan as the journal has it, its entries by position and part."""

    plan: str
    planned_at: datetime
    entries: tuple[Entry, ...] = field(default=())

    @property
    def firsts(self) -> list[Entry]:
        """The first part of each window, in the plan's order."""
        return [entry for entry in self.entries if entry.part == 0]


class Journal:
    """The journal of all stores in one database. Shared by threads and processes."""

    def __init__(self, engine: Engine) -> None:
        """Use a database, see `journal_database.open_journal`."""
        self._engine = engine

    def settle_plan(
        self, key: PlanKey, decide: Callable[[SavedPlan | None], SavedPlan | None]
    ) -> SavedPlan | None:
        """Let `decide` choose between the open plan and a new one, and keep what it returns.

        It gets the open plan, if any, and returns that one to go on with it, another to replace
        it, or None to have none. No other process decides on the same key meanwhile.
        """
        with self.locked("/".join(key.values.values())) as connection:
            saved = self._open_plan(connection, key)
            chosen = decide(saved)
            if chosen is not saved:
                connection.execute(report_journal.delete().where(*key.where()))
                if chosen is not None and chosen.entries:
                    rows = [_row(key, chosen, entry) for entry in chosen.entries]
                    connection.execute(report_journal.insert(), rows)
            return chosen

    def intend(self, key: PlanKey, plan: SavedPlan, entry: Entry, at: datetime) -> None:
        """Write down that a report is about to be asked for."""
        with self._engine.begin() as connection:
            found = connection.execute(
                report_journal.update()
                .where(*_at(key, plan.plan, entry.position, entry.part))
                .values(intent_at=func.coalesce(report_journal.c.intent_at, at))
            )
            if not found.rowcount and entry.part > 0:
                row = _row(key, plan, replace(entry, intent_at=at))
                connection.execute(report_journal.insert(), [row])

    def commit_id(
        self, key: PlanKey, plan: str, entry: Entry, report_id: str, at: datetime
    ) -> tuple[str, datetime]:
        """Write down a report's id and return the id to go on with, and when it was asked for.

        They are another's where another process has been faster.
        """
        place = _at(key, plan, entry.position, entry.part)
        columns = report_journal.c
        with self._engine.begin() as connection:
            connection.execute(
                report_journal.update()
                .where(*place, columns.report_id.is_(None))
                .values(report_id=report_id, requested_at=at)
            )
            query = select(columns.report_id, columns.requested_at).where(*place)
            found = connection.execute(query).one_or_none()
        return (found.report_id, found.requested_at) if found else (report_id, at)

    def forget_id(self, key: PlanKey, plan: str, entry: Entry, report_id: str) -> None:
        """Let a report be asked for anew: drop its id and what followed from it."""
        columns = report_journal.c
        with self._engine.begin() as connection:
            dropped = connection.execute(
                report_journal.update()
                .where(*_at(key, plan, entry.position, entry.part))
                .where(columns.report_id == report_id)
                .values(report_id=None, intent_at=None, requested_at=None)
            )
            if dropped.rowcount:
                connection.execute(
                    report_journal.delete().where(
                        *key.where(),
                        columns.plan == plan,
                        columns.position == entry.position,
                        columns.part > entry.part,
                        columns.part < (entry.part // PARTS_PER_BRANCH + 1) * PARTS_PER_BRANCH,
                    )
                )

    @contextmanager
    def locked(self, name: str) -> Iterator[Connection]:
        """A transaction that excludes every other one of the same name, in any process."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                lock = text("select pg_advisory_xact_lock(hashtextextended(:name, 0))")
                connection.execute(lock, {"name": f"{OPS}.report_journal/{name}"})
            yield connection

    def begin(self) -> AbstractContextManager[Connection]:
        """A transaction, which ends with the block."""
        return self._engine.begin()

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    @staticmethod
    def _open_plan(connection: Connection, key: PlanKey) -> SavedPlan | None:
        columns = report_journal.c
        query = (
            select(report_journal)
            .where(*key.where())
            .order_by(columns.planned_at.desc(), columns.plan, columns.position, columns.part)
        )
        rows = connection.execute(query).all()
        if not rows:
            return None
        newest = rows[0]
        entries = tuple(
            Entry(
                row.position,
                row.part,
                Window.from_text(row.window_start, row.window_end),
                row.fingerprint,
                row.intent_at,
                row.report_id,
                row.requested_at,
            )
            for row in rows
            if row.plan == newest.plan
        )
        return SavedPlan(newest.plan, newest.planned_at, entries)


def _at(key: PlanKey, plan: str, position: int, part: int) -> list[ColumnElement[bool]]:
    columns = report_journal.c
    return [
        *key.where(),
        columns.plan == plan,
        columns.position == position,
        columns.part == part,
    ]


def _row(key: PlanKey, plan: SavedPlan, entry: Entry) -> dict[str, object]:
    start, end = entry.window.to_text()
    return {
        **key.values,
        "plan": plan.plan,
        "position": entry.position,
        "part": entry.part,
        "planned_at": plan.planned_at,
        "window_start": start,
        "window_end": end,
        "fingerprint": entry.fingerprint,
        "intent_at": entry.intent_at,
        "report_id": entry.report_id,
        "requested_at": entry.requested_at,
    }
