"""Declarations of columns that only this tap needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from amazon_client.records import snake_case
from amazon_client.singer.schema import JSON, Column


@dataclass(frozen=True)
class ListColumn(Column):
    """A list that is landed as it is."""

    @property
    def schema(self) -> dict[str, Any]:
        """The column's JSON schema. Without `items`, target-postgres makes it one jsonb column."""
        return {**super().schema, "type": ["array", "null"]}


def list_(path: str, name: str | None = None) -> Column:
    """Declare a list of texts or objects, landed as it is in one jsonb column."""
    steps = tuple(path.split("."))
    return ListColumn(name or snake_case(steps[-1]), JSON, steps)
