"""From Amazon's values to record values: names, money, decimals, times, dates."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORD = re.compile(
    r"""
      B2B | eCP                    # words of Amazon's that would fall apart
    | \d+d(?![A-Za-z]) | \d+       # an attribution window (14d), a number
    | [A-Z]+s?(?![a-z])            # an abbreviation, also in the plural: ASIN, ASINs
    | [A-Z]?[a-z]+                 # a word
    """,
    re.VERBOSE,
)
_MONEY_AMOUNTS = ("amount", "currencyAmount", "Amount", "CurrencyAmount")
_MONEY_CURRENCIES = ("currencyCode", "CurrencyCode", "currency")


@lru_cache(maxsize=4096)
def snake_case(name: str) -> str:
    """Amazon's field name in snake_case: sales14d → sales_14d, fnSku → fn_sku.

    Hyphens and spaces become underscores; numbers stand apart from the word before them
    (video5SecondViews → video_5_second_views), B2B does not fall apart.
    """
    return "_".join(word.lower() for word in _WORD.findall(name))


def decimal(value: Any) -> Decimal | None:
    """A number exactly; None and empty text are None.

    Args:
        value: int, Decimal, or text with a dot for the fraction.

    Raises:
        TypeError: a float, which has already lost digits, or another type.
        ValueError: text that is no finite number.
    """
    if value is None or isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise TypeError(f"No exact number: {type(value).__name__}")
    if isinstance(value, str) and not value.strip():
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"Not a number: {value!r}") from None
    if not number.is_finite():
        raise ValueError(f"Not a finite number: {value!r}")
    return number


def money(name: str, value: Any) -> dict[str, Any]:
    """A money object as its two columns `<name>_amount` (Decimal) and `<name>_currency_code`.

    Takes every shape of Amazon's: `amount` or `currencyAmount`, as number or text, with
    `currencyCode` or `currency`, capitalised or not. None and `{}` give None twice.

    Raises:
        TypeError: not an object, or see `decimal`.
        ValueError: see `decimal`.
    """
    if value is not None and not isinstance(value, dict):
        raise TypeError(f"{name} is no money object: {type(value).__name__}")
    given = value or {}
    amount = next((given[key] for key in _MONEY_AMOUNTS if key in given), None)
    currency = next((given[key] for key in _MONEY_CURRENCIES if key in given), None)
    return {f"{name}_amount": decimal(amount), f"{name}_currency_code": currency or None}


def utc_timestamp(value: Any) -> str | None:
    """An instant as ISO text in UTC with Z; None and empty text are None.

    Args:
        value: ISO text with an offset or Z, an aware datetime, or an int of milliseconds
            since 1970 (Sponsored Brands and Display).

    Raises:
        ValueError: no offset (whose clock is meant is not guessed), or not a time.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        raise ValueError("Not a time: a truth value")
    if isinstance(value, int):
        # Not fromtimestamp(): a float of seconds rounds the milliseconds.
        value = _EPOCH + timedelta(milliseconds=value)
    if isinstance(value, datetime):
        return _in_utc(value)
    return _text_in_utc(str(value))


@lru_cache(maxsize=1024)  # what belongs together tells one time after the other
def _text_in_utc(text: str) -> str:
    return _in_utc(datetime.fromisoformat(text.strip()))


def _in_utc(instant: datetime) -> str:
    if instant.tzinfo is None:
        raise ValueError(f"A time without an offset: {instant.isoformat()!r}")
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def day(value: Any) -> str | None:
    """A date as ISO text, from YYYY-MM-DD, YYYYMMDD (Sponsored Display) or a `date`.

    None and empty text are None.

    Raises:
        ValueError: not a date; a time of day is not cut off.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        raise ValueError("A time is no date: whose midnight is meant is not guessed")
    if isinstance(value, date):
        return value.isoformat()
    return date.fromisoformat(str(value).strip()).isoformat()
