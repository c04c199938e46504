"""Which days of sales and traffic are not to be relied on yet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

SETTLED_AFTER = 3
"""Days within which a day may not be there at all."""
POPULATED_AFTER = 7
"""Days within which the visits of a day may still be missing."""


def is_provisional(row: Mapping[str, Any], today: date) -> bool:
    """Whether a row is too young to be believed: of the last days, or a week old without visits."""
    age = (today - date.fromisoformat(row["startDate"])).days
    visits = (row.get("traffic") or {}).get("pageViews")
    return age <= SETTLED_AFTER or (age < POPULATED_AFTER and not visits)
