"""`ops.sync_runs`: what was run for a store, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from tandem.database import Database
from tandem.errors import TandemError


class Busy(TandemError):
    """A sync of the store is under way."""


@dataclass(frozen=True)
class SyncRun:
    """What one tap is run for; two runs of the same fixed `as_of` ask Amazon the same things."""

    environment: str
    store_id: str
    tap: str
    cadence: str
    as_of: str | None

    def is_done(self, database: Database) -> bool:
        """Whether this very run has succeeded already; never, when it goes by the clock."""
        if self.as_of is None:
            return False
        with database.connect() as connection:
            row = connection.execute(
                """
                select from ops.sync_runs
                where environment = %(environment)s and store_id = %(store_id)s
                  and tap = %(tap)s and cadence = %(cadence)s and as_of = %(as_of)s
                  and status = 'done'
                """,
                vars(self),
            ).fetchone()
        return row is not None

    def begin(self, database: Database, sync_id: UUID | None = None) -> int:
        """Record that it started, as part of a sync; returns the row's id."""
        with database.connect() as connection:
            row = connection.execute(
                """
                insert into ops.sync_runs (environment, store_id, tap, cadence, as_of, sync_id)
                values (
                    %(environment)s, %(store_id)s, %(tap)s, %(cadence)s, %(as_of)s, %(sync_id)s
                )
                returning sync_run_id
                """,
                {**vars(self), "sync_id": sync_id},
            ).fetchone()
        assert row is not None
        return int(row[0])


@contextmanager
def only_one(database: Database, store_id: str) -> Iterator[None]:
    """Keep every other sync of a store out; the lock dies with its holder.

    Raises:
        Busy: one is under way.
    """
    with database.connect() as connection:
        connection.autocommit = True
        row = connection.execute(
            "select pg_try_advisory_lock(hashtext('tandem sync'), hashtext(%s))", [store_id]
        ).fetchone()
        if row != (True,):
            raise Busy(f"Another sync of store {store_id} is under way: wait for it to end.")
        connection.execute(
            "update ops.sync_runs set status = 'failed', reason = 'it was cut off' "
            "where store_id = %s and status = 'running'",
            [store_id],
        )
        yield


def finish(
    database: Database, sync_run_id: int, reason: str | None, *, read: int = 0, loaded: int = 0
) -> None:
    """Record how it ended: done, or failed for a reason, and with how many rows."""
    with database.connect() as connection:
        connection.execute(
            "update ops.sync_runs set finished_at = now(), status = %s, reason = %s, "
            "rows_read = %s, rows_loaded = %s where sync_run_id = %s",
            ["failed" if reason else "done", reason, read, loaded, sync_run_id],
        )


def state_was_committed(database: Database, run_id: str | None) -> bool:
    """Whether Meltano holds a run's final state: an exit code of 0 alone proves no such thing."""
    with database.connect() as connection:
        row = connection.execute(
            "select from meltano.runs where run_id::text = %s and state = 'SUCCESS' "
            "and payload::jsonb -> 'singer_state' is not null",
            [run_id],
        ).fetchone()
    return row is not None


def meltano_is_ready(database: Database) -> bool:
    """Whether Meltano has made its tables in this database."""
    with database.connect() as connection:
        row = connection.execute("select to_regclass('meltano.alembic_version')").fetchone()
    return row is not None and row[0] is not None


@contextmanager
def preparing(database: Database) -> Iterator[None]:
    """Keep others from making Meltano's tables meanwhile."""
    with database.connect() as connection:
        connection.autocommit = True
        connection.execute("select pg_advisory_lock(hashtext('tandem meltano'), 0)")
        yield
