"""Ending a connection: no further syncs, credentials destroyed, history kept or deleted."""

from __future__ import annotations

import getpass
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console

from tandem import deletion
from tandem.children import Children
from tandem.database import Database
from tandem.errors import StepFailed, TandemError
from tandem.meltano_project import MeltanoProject
from tandem.models import Models, exclusive
from tandem.read_only import protect
from tandem.registry import Connection, Registry

_PATIENCE = 120.0
"""Seconds that a running tap is given to end; it hears of it within a second."""


@dataclass(frozen=True)
class Ended:
    """A connection that was ended.

    Attributes:
        was_running: Whether a sync of it was under way, and was ended.
        counts: Rows deleted, by table; empty where the history was kept.
    """

    connection: Connection
    was_running: bool
    counts: Mapping[str, int] = field(default_factory=dict)


def disconnect(registry: Registry, connection: Connection, who: str | None = None) -> Ended:
    """End a connection: no sync reads it from now on, and its raw rows cannot be written any more.

    Raises:
        TandemError: the sync that was under way did not end in time; call again.
    """
    who = who or getpass.getuser()
    with registry.changing() as database:
        database.execute(
            """
            update ops.connections set
                state = 'disconnected', disconnected_at = now(), updated_at = now(),
                reason = %s, remedy = 'Its history is kept, read-only. Connect it again to go on.',
                missing_roles = '{}', expires_at = null
            where (store_id, api, region) = (%s, %s, %s)
                and state not in ('disconnected', 'deleted')
            """,
            [f"Disconnected by {who}.", *connection.place],
        )
        database.execute(
            "delete from ops.credentials where (store_id, api, region) = (%s, %s, %s)",
            connection.place,
        )
    was_running = _wait_for_the_tap(registry.database, connection)
    with registry.changing() as database:
        protect(database, connection.api)
    return Ended(connection, was_running)


def delete_history(
    registry: Registry,
    meltano: MeltanoProject,
    connection: Connection,
    console: Console,
    who: str | None = None,
) -> Ended:
    """End a connection and delete all that it ever brought, here and in the models.

    Raises:
        TandemError: a sync did not end in time.
        StepFailed: the rows are deleted, the models could not be built anew; call again.
    """
    ended = disconnect(registry, connection, who)
    children = Children(console)
    models = Models(meltano, registry.database, children, console, meltano.as_of)
    with exclusive(registry.database) as holder:
        before = deletion.modelled_rows(holder, connection.store_id)
        with registry.changing() as database:
            row = database.execute(
                "insert into ops.deletions (store_id, api, region, requested_by) "
                "values (%s, %s, %s, %s) returning deletion_id",
                [*connection.place, who or getpass.getuser()],
            ).fetchone()
            assert row is not None
            counts = deletion.delete_raw(database, connection)
            counts |= deletion.delete_traces(database, connection)
            database.execute(
                "update ops.connections set state = 'deleted', deleted_at = now(), "
                "reason = %s, remedy = 'Connect it again to begin anew.', updated_at = now() "
                "where (store_id, api, region) = (%s, %s, %s)",
                [f"Deleted with its history by {who or getpass.getuser()}.", *connection.place],
            )
        with children.watched():
            [failure] = children.together([lambda: models.build_holding(holder, "--full-refresh")])
        after = deletion.modelled_rows(holder, connection.store_id)
        for table, count in before.items():
            if (fewer := count - after.get(table, 0)) > 0:
                counts[table] = counts.get(table, 0) + fewer
        holder.execute(
            "update ops.deletions set finished_at = now(), counts = %s where deletion_id = %s",
            [json.dumps(counts), row[0]],
        )
    if failure:
        raise StepFailed(
            f"The rows of {connection} are deleted, but the models could not be built anew: "
            f"{failure}. They still show what was deleted: run the same command again."
        )
    return Ended(connection, ended.was_running, counts)


def _wait_for_the_tap(database: Database, connection: Connection) -> bool:
    """Wait until no run of the connection's taps is under way; returns whether one was."""
    was_running = False
    deadline = time.monotonic() + _PATIENCE
    while True:
        with database.connect() as opened:
            row = opened.execute(
                "select from ops.sync_runs where store_id = %s and tap = any(%s) "
                "and status = 'running' and ops.sync_is_running(store_id)",
                [connection.store_id, list(connection.of.taps)],
            ).fetchone()
        if row is None:
            return was_running
        was_running = True
        if time.monotonic() > deadline:
            raise TandemError(
                f"The sync of {connection} that is under way has not ended within "
                f"{_PATIENCE:.0f} s. The connection is ended and its credentials are destroyed; "
                "run the command again to finish."
            )
        time.sleep(0.5)
