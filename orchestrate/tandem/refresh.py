"""Refreshing on demand: once in 15 minutes per store, whoever asks, in however many processes."""

from __future__ import annotations

import getpass
from dataclasses import dataclass
from datetime import datetime, timedelta

from tandem.database import Database
from tandem.errors import TandemError

INTERVAL = timedelta(minutes=15)


class NotYet(TandemError):
    """A refresh was asked for too early, or while a sync is under way."""

    def __init__(self, message: str, next_at: datetime | None = None) -> None:
        super().__init__(message)
        self.next_at = next_at
        """When the next refresh is possible (UTC); None where a sync's end decides."""


@dataclass(frozen=True)
class Refresh:
    """A refresh that was granted, and when the next one is possible."""

    at: datetime
    next_at: datetime


def grant(database: Database, store_id: str, who: str | None = None) -> Refresh:
    """Grant a refresh and note it; of several who ask at once, one is granted it.

    Args:
        database: a migrated one; its clock counts, whatever the askers' say.
        store_id: whose.
        who: for the record; None for the account that runs this.

    Raises:
        NotYet: it says when the next one is possible.
    """
    with database.connect() as connection, connection.transaction():
        connection.execute(
            "select pg_advisory_xact_lock(hashtext('tandem refresh'), hashtext(%s))", [store_id]
        )
        # clock_timestamp: now() is when this transaction began, maybe before it had to wait.
        row = connection.execute(
            "select clock_timestamp(), max(requested_at), ops.sync_is_running(%(store_id)s) "
            "from ops.refreshes where store_id = %(store_id)s",
            {"store_id": store_id},
        ).fetchone()
        assert row is not None
        now, last, is_running = row
        if last is not None and now < last + INTERVAL:
            next_at = last + INTERVAL
            raise NotYet(
                f"Store {store_id} was refreshed at {_clock(last)}; the next refresh is possible "
                f"at {_clock(next_at)} ({_minutes(next_at - now)}).",
                next_at,
            )
        if is_running:
            raise NotYet(f"A sync of store {store_id} is under way: its figures arrive in minutes.")
        connection.execute(
            "insert into ops.refreshes (store_id, requested_at, requested_by) values (%s, %s, %s)",
            [store_id, now, who or getpass.getuser()],
        )
    return Refresh(now, now + INTERVAL)


def _clock(instant: datetime) -> str:
    return f"{instant.astimezone():%H:%M:%S %Z}".strip()


def _minutes(left: timedelta) -> str:
    minutes = -(-left.total_seconds() // 60)
    return f"in {minutes:.0f} minute{'s' if minutes != 1 else ''}"
