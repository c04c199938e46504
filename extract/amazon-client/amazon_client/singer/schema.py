"""Column declarations: each knows where Amazon puts a value, its type, and the column it lands in.

A stream declares its columns once; the Singer schema, the extractor and the contract tests all read
the same declarations. Paths are dotted names of nested objects (`salesChannel.marketplaceId`); the
column is the snake_case of the last name unless another is given. What is missing is NULL.

target-postgres stores a missing object or list as jsonb `null`, not as SQL NULL: read such a column
through `nullif(column, 'null'::jsonb)`. The leftovers are never missing, at least `{}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from amazon_client.records import snake_case

TEXT = "text"
INTEGER = "integer"
DECIMAL = "decimal"
BOOLEAN = "boolean"
TIMESTAMP = "timestamp"
DAY = "day"
JSON = "json"
LEFTOVERS = "leftovers"

_TYPES: dict[str, dict[str, Any]] = {
    TEXT: {"type": ["string", "null"]},
    INTEGER: {"type": ["integer", "null"]},
    # numeric in Postgres, exact; a JSON number would become double precision.
    DECIMAL: {"type": ["string", "null"], "format": "x-singer.decimal"},
    BOOLEAN: {"type": ["boolean", "null"]},
    TIMESTAMP: {"type": ["string", "null"], "format": "date-time"},
    DAY: {"type": ["string", "null"], "format": "date"},
    # One jsonb column whether the value is an object or a list: an array type with items would make
    # target-postgres choose jsonb[].
    JSON: {"type": ["object", "array", "null"]},
    LEFTOVERS: {"type": ["object"]},
}


@dataclass(frozen=True)
class Column:
    """One column of a stream.

    Attributes:
        name: the column.
        kind: one of this module's kinds.
        path: names from Amazon's row object down to the value; empty for what the base stamps.
        description: for the catalog.
    """

    name: str
    kind: str
    path: tuple[str, ...] = ()
    description: str | None = None

    @property
    def schema(self) -> dict[str, Any]:
        """The column's JSON schema."""
        described = {"description": self.description} if self.description else {}
        return {**_TYPES[self.kind], **described}


Columns = Column | Iterable["Columns"]
"""A column, or any nesting of them: declarations mix single ones with groups."""


def _column(kind: str, path: str, name: str | None, description: str | None) -> Column:
    steps = tuple(path.split("."))
    return Column(name or snake_case(steps[-1]), kind, steps, description)


def text(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare text. Ids are text even where Amazon sends numbers."""
    return _column(TEXT, path, name, description)


def integer(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare a whole number."""
    return _column(INTEGER, path, name, description)


def decimal(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare an exact decimal: money without its currency, rates, percentages."""
    return _column(DECIMAL, path, name, description)


def boolean(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare a truth value."""
    return _column(BOOLEAN, path, name, description)


def timestamp(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare an instant, landed in UTC. Amazon's may be ISO text or epoch milliseconds."""
    return _column(TIMESTAMP, path, name, description)


def day(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare a date. Amazon's may be `2026-11-24` or `20261124`."""
    return _column(DAY, path, name, description)


def json_(path: str, name: str | None = None, description: str | None = None) -> Column:
    """Declare an object or list that is landed as it is, in one jsonb column."""
    return _column(JSON, path, name, description)


def money(
    path: str,
    name: str | None = None,
    *,
    amount: str = "amount",
    currency: str = "currencyCode",
) -> tuple[Column, Column]:
    """Declare a money object: `<name>_amount` (exact decimal) and `<name>_currency_code`."""
    stem = name or snake_case(path.rsplit(".", 1)[-1])
    return (
        decimal(f"{path}.{amount}", f"{stem}_amount"),
        text(f"{path}.{currency}", f"{stem}_currency_code"),
    )


def leftovers(name: str = "leftovers") -> Column:
    """Declare one JSON column for everything in Amazon's object that no other column takes."""
    return Column(name, LEFTOVERS, (), "What Amazon sends beyond the other columns")


def texts(*paths: str) -> tuple[Column, ...]:
    """Declare several text columns named after their paths."""
    return tuple(text(path) for path in paths)


def integers(*paths: str) -> tuple[Column, ...]:
    """Declare several whole numbers named after their paths."""
    return tuple(integer(path) for path in paths)


def decimals(*paths: str) -> tuple[Column, ...]:
    """Declare several exact decimals named after their paths."""
    return tuple(decimal(path) for path in paths)


def moneys(*paths: str) -> tuple[Column, ...]:
    """Declare several money objects named after their paths."""
    return tuple(column for path in paths for column in money(path))


def stamp(name: str, kind: str = TEXT, description: str | None = None) -> Column:
    """Declare a column that is no part of Amazon's row: the base puts it there."""
    return Column(name, kind, (), description)


def flatten(columns: Columns) -> Iterator[Column]:
    """Yield the single columns of a declaration, in order."""
    if isinstance(columns, Column):
        yield columns
    else:
        for part in columns:
            yield from flatten(part)


def json_schema(columns: Iterable[Column], keys: Iterable[str]) -> dict[str, Any]:
    """Return the Singer schema of a stream. Keys are required and never null."""
    keys = list(keys)
    properties = {column.name: column.schema for column in columns}
    missing = [key for key in keys if key not in properties]
    if missing:
        raise ValueError(f"keys without a column: {', '.join(missing)}")
    for key in keys:
        kept = [kind for kind in properties[key]["type"] if kind != "null"]
        properties[key] = {**properties[key], "type": kept}
    return {"type": "object", "properties": properties, "required": keys}
