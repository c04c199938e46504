"""From Amazon's values to a column's, by kind; what does not fit is an error, never a guess."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from amazon_client.records import day, decimal, utc_timestamp
from amazon_client.singer.schema import BOOLEAN, DAY, DECIMAL, INTEGER, JSON, TEXT, TIMESTAMP

_TRUTHS = {"true": True, "false": False, "yes": True, "no": False, "y": True, "n": False}


def as_text(value: Any) -> str | None:
    """Text; numbers and truth values as JSON writes them, since ids come as either.

    Raises:
        TypeError: an object or a list.
    """
    if value is None or value.__class__ is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    raise TypeError(f"No text: {type(value).__name__}")


def as_integer(value: Any) -> int | None:
    """A whole number; empty text is None.

    Raises:
        TypeError, ValueError: anything else, a fraction included.
    """
    if value is None or value.__class__ is int:
        return value
    number = decimal(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise ValueError(f"Not a whole number: {value!r}")
    return int(number)


def as_decimal(value: Any) -> str | None:
    """An exact number as text, which `x-singer.decimal` wants; empty text is None.

    Raises:
        TypeError, ValueError: see `records.decimal`.
    """
    number = decimal(value)
    return None if number is None else str(number)


def as_boolean(value: Any) -> bool | None:
    """A truth value, from `true`, `"true"` or `"Yes"`; empty text is None.

    Raises:
        ValueError: anything else.
    """
    if value is None or isinstance(value, bool):
        return value
    if value == "":
        return None
    try:
        return _TRUTHS[value.strip().lower()]
    except (AttributeError, KeyError):
        raise ValueError(f"No truth value: {value!r}") from None


def as_json(value: Any) -> Any:
    """An object or list as it is.

    Raises:
        TypeError: anything else; it would land in jsonb as something no query expects.
    """
    if value is None or isinstance(value, dict | list):
        return value
    raise TypeError(f"No object or list: {type(value).__name__}")


CONVERSIONS: Mapping[str, Callable[[Any], Any]] = {
    TEXT: as_text,
    INTEGER: as_integer,
    DECIMAL: as_decimal,
    BOOLEAN: as_boolean,
    TIMESTAMP: utc_timestamp,
    DAY: day,
    JSON: as_json,
}
"""What turns a value of Amazon's into one of a column, by the column's kind."""
