"""What is due for a store by its own clock, and with that what was missed.

A morning begins at 05:00 in the zone of the store's primary marketplace (UTC while that is open).
Called often enough, hourly for example, this turns the first call after a morning into the daily
run and the first after a Sunday morning into the weekly one, however late it comes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tandem.database import Database

MORNING = time(5)
_SUNDAY = 6
ATTEMPTS = 3
"""How often a wide run that fails is tried again before the next hourly one goes first."""
_WIDER = {
    "first_sync": ("first_sync",),
    "weekly": ("weekly", "first_sync"),
    "daily": ("daily", "weekly", "first_sync"),
}


@dataclass(frozen=True)
class Run:
    """A run that has ended: for which cadence, for which instant, and whether well."""

    cadence: str
    at: datetime
    is_done: bool


def due(database: Database, store_id: str, tap: str, as_of: str | None = None) -> str:
    """The cadence that a tap of a store is to be run for now."""
    now = datetime.fromisoformat(as_of) if as_of else datetime.now(UTC)
    with database.connect() as connection:
        runs = [
            Run(*row)
            for row in connection.execute(
                "select cadence, coalesce(as_of, started_at), status = 'done' "
                "from ops.sync_runs where store_id = %s and tap = %s and status <> 'running'",
                [store_id, tap],
            )
        ]
        row = connection.execute(
            "select primary_marketplace_id from ops.stores where store_id = %s", [store_id]
        ).fetchone()
    return cadence_due(runs, now, zone_of(row[0] if row else None))


def zone_of(marketplace_id: str | None) -> ZoneInfo:
    """The zone of a marketplace; UTC where it is open."""
    from amazon_client.marketplaces import by_id  # not there where only dbt or the target runs

    place = by_id(marketplace_id) if marketplace_id else None
    return place.zone if place else ZoneInfo("UTC")


def cadence_due(runs: Sequence[Run], now: datetime, zone: ZoneInfo) -> str:
    """The widest cadence that is due: never read before, or a morning without its run.

    >>> cadence_due([], datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("UTC"))
    'first_sync'
    """
    if not any(run.is_done for run in runs):
        return "first_sync"
    for cadence, since in (("weekly", last_sunday(now, zone)), ("daily", last_morning(now, zone))):
        wide = [run for run in runs if run.cadence in _WIDER[cadence] and run.at >= since]
        if not any(run.is_done for run in wide) and len(wide) < ATTEMPTS:
            return cadence
    return "hourly"


def last_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The last 05:00 of the zone's clock, at or before now."""
    local = now.astimezone(zone)
    morning = datetime.combine(local.date(), MORNING, zone)
    if morning > local:
        morning = datetime.combine(local.date() - timedelta(days=1), MORNING, zone)
    return morning


def last_sunday(now: datetime, zone: ZoneInfo) -> datetime:
    """The last 05:00 of a Sunday."""
    morning = last_morning(now, zone)
    day = morning.date() - timedelta(days=(morning.weekday() - _SUNDAY) % 7)
    return datetime.combine(day, MORNING, zone)
