"""How a store is: its connections with their remedies, and how fresh its figures are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
from rich.console import Console

from tandem.database import Database
from tandem.errors import TandemError
from tandem.registry import Connection, Registry

EXPIRES_SOON = timedelta(days=14)
WORDS = {
    "connected": "connected",
    "syncing": "syncing now",
    "needs_reauth": "needs reauth",
    "no_ads_profile": "no advertising profile found",
    "partial": "connected in part",
    "error": "failing",
    "disconnected": "disconnected, history kept",
    "deleted": "disconnected, history deleted",
}


def show(database: Database, store_id: str | None, console: Console) -> None:
    """Print the state of one store's connections, or of all.

    Raises:
        TandemError: there is no such store.
    """
    database.check()
    found = Registry(database).connections(store_id)
    if not found:
        raise TandemError(
            f"Store {store_id} has no connection."
            if store_id
            else "Nothing is connected yet: `tandem connect` begins; `make run` shows a demo."
        )
    for connection in found:
        console.print("\n".join(lines(connection)))
    console.print("\n".join(freshness(database, store_id)))


def lines(connection: Connection) -> Iterator[str]:
    """A connection in words: what it is, what is wrong, what to do."""
    account = connection.account_name or connection.account_id or ""
    yield f"{connection} [{WORDS[connection.state]}] {account}".rstrip()
    if connection.reason:
        yield f"    why:    {connection.reason}"
    if connection.remedy:
        yield f"    remedy: {connection.remedy}"
    if warning := expiry_warning(connection):
        yield f"    note:   {warning}"
    if connection.is_active:
        success = connection.last_success_at
        yield f"    last success: {_instant(success) if success else 'none yet'}"
        if connection.next_refresh_at and connection.next_refresh_at > datetime.now(UTC):
            yield f"    next refresh on demand: {_instant(connection.next_refresh_at)}"


def expiry_warning(connection: Connection) -> str | None:
    """That an authorisation grows old, which is no failure: only Amazon's own word is."""
    if not connection.is_active or connection.expires_at is None:
        return None
    left = connection.expires_at - datetime.now(UTC)
    if left > EXPIRES_SOON:
        return None
    when = "has probably run out" if left < timedelta() else f"runs out in about {left.days} days"
    return f"the authorisation {when}: reconnect before Amazon refuses it."


def freshness(database: Database, store_id: str | None) -> Iterator[str]:
    """How far the figures go, per stream group, as the marts say it."""
    with database.connect() as connection:
        try:
            rows = connection.execute(
                "select store_id, max(last_success_at) from ops.connections "
                "where coalesce(%s, store_id) = store_id group by store_id order by store_id",
                [store_id],
            ).fetchall()
        except psycopg.errors.UndefinedTable:
            return
    for name, instant in rows:
        yield f"Store {name}: data as of {_instant(instant) if instant else 'never'}"


def _instant(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
