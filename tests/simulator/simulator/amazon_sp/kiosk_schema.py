"""What Data Kiosk needs to know of one of its schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graphql import GraphQLSchema

from simulator.amazon_sp.dialect import invalid
from simulator.world import World

OLDEST = timedelta(days=2 * 365)


@dataclass(frozen=True)
class KioskSchema:
    """One schema: its root field and type, who may read it, and who answers."""

    root: str
    root_type: str
    schema: GraphQLSchema
    role: str
    check: Callable[[str, dict[str, Any], date, str], None]
    """Refuses what the schema alone would allow: of a field, its arguments, today, a region."""
    resolver: Callable[[World], object]
    """The root value: its methods resolve the fields of their names."""


def wrong(details: str) -> Exception:
    """The refusal of a query that is not valid."""
    return invalid("The provided query is invalid.", details)


def days_between(arguments: dict[str, Any], today: date) -> tuple[date, date]:
    """The first and last day of a query. Raises 400 where Amazon takes no such range."""
    start, end = (_date(arguments[name]) for name in ("startDate", "endDate"))
    if start > end:
        raise wrong("startDate must not be after endDate.")
    if start < today - OLDEST:
        raise wrong("startDate must be no more than two years ago.")
    return start, end


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise wrong(f"'{text}' is not a date.") from None
