"""Amounts and dates as marketplaces write them: which way, a whole file decides, never one cell.

`1.141,18` and `(55,00)` in Germany, `1,141` in Japan, `05.07.2026` for the fifth of July beside
`07/05/26` for the same day in America.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

from amazon_client.errors import MalformedResponse

_NOISE = str.maketrans("", "", " \u00a0\u202f'\u2019+")
_MINUS = "-\u2212\u2013"
_NUMBER = re.compile(r"[0-9][0-9.,]*|[.,][0-9]+")
_DATE = re.compile(
    r"(?P<a>\d{1,4})(?P<mark>[./-])(?P<b>\d{1,2})(?P=mark)(?P<c>\d{2,4})"
    r"(?:[T ](?P<time>\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*(?P<zone>UTC|GMT|Z|[+-]\d{2}:?\d{2})?)?"
)


class Amounts:
    """How a file writes amounts: let it `see` all of them, then `parse`."""

    def __init__(self) -> None:
        self._decimal: set[str] = set()
        self._thousands: set[str] = set()

    def see(self, text: str) -> None:
        """Take one amount as evidence.

        Raises:
            ValueError: not an amount.
        """
        digits, _ = _split(text)
        marks = [character for character in digits if character in ".,"]
        if len(set(marks)) == 2:
            self._decimal.add(marks[-1])
            self._thousands.update(marks[:-1])
        elif len(marks) > 1:
            self._thousands.add(marks[0])
        elif marks:
            whole, _, fraction = digits.partition(marks[0])
            is_open = len(fraction) == 3 and 0 < len(whole) <= 3 and whole != "0"
            if not is_open:  # `1,141` may be either; anything else is a fraction.
                self._decimal.add(marks[0])

    def parse(self, text: str) -> Decimal:
        """Return an amount's value. Without any sign of a fraction in the file, marks group digits.

        Raises:
            MalformedResponse: the file writes some amounts one way and some another.
            ValueError: not an amount.
        """
        if len(self._decimal) > 1 or self._decimal & self._thousands:
            raise MalformedResponse("amounts with decimal points and decimal commas in one file")
        digits, is_negative = _split(text)
        mark = next(iter(self._decimal), "")
        for other in ".,":
            if other != mark:
                digits = digits.replace(other, "")
        value = Decimal(digits.replace(",", "."))
        return -value if is_negative else value


def _split(text: str) -> tuple[str, bool]:
    """An amount's digits with their marks, and whether it is negative."""
    plain = text.translate(_NOISE)
    in_parentheses = plain.startswith("(") and plain.endswith(")")
    plain = plain[1:-1] if in_parentheses else plain
    is_signed = bool(plain) and (plain[0] in _MINUS or plain[-1] in _MINUS)
    digits = plain.strip(_MINUS)
    if not _NUMBER.fullmatch(digits) or (in_parentheses and is_signed):
        raise ValueError(f"Not an amount: {text!r}")
    return digits, in_parentheses or is_signed


class Dates:
    """How a file writes dates: let it `see` all of them, then ask for days and instants."""

    def __init__(self) -> None:
        self._day_first: set[bool] = set()

    def see(self, text: str, same_day: str | None = None) -> None:
        """Take a date as evidence, and maybe another text of the same row for the same day.

        Raises:
            ValueError: not a date.
        """
        found = _match(text)
        if not _is_open(found):
            return
        first, second = int(found["a"]), int(found["b"])
        if first > 12 or second > 12:
            self._day_first.add(first > 12)
        elif same_day and first != second and not _is_open(told := _match(same_day)):
            month = int(told["b"])
            if month in (first, second):
                self._day_first.add(month == second)

    def day(self, text: str) -> date:
        """Return a date.

        Raises:
            MalformedResponse: the file writes some dates one way and some another.
            ValueError: not a date.
        """
        if len(self._day_first) > 1:
            raise MalformedResponse("dates with the day first and with the month first in one file")
        found = _match(text)
        a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
        if len(found["a"]) == 4:
            return date(a, b, c)
        year = c + 2000 if len(found["c"]) == 2 else c
        # Dots are European. Amazon documents MM/DD/YY, which counts where the file does not tell.
        day_first = found["mark"] == "." or True in self._day_first
        return date(year, b, a) if day_first else date(year, a, b)

    def instant(self, text: str) -> datetime:
        """Return an instant in UTC; a time without a zone is UTC, a date its midnight.

        Raises:
            MalformedResponse, ValueError: see `day`; also a zone that is not known.
        """
        found = _match(text)
        clock = time.fromisoformat(found["time"].zfill(5)) if found["time"] else time()
        zone = found["zone"] or "UTC"
        offset = "+00:00" if zone in ("UTC", "GMT", "Z") else zone
        moment = datetime.combine(self.day(text), clock)
        return datetime.fromisoformat(f"{moment.isoformat()}{offset}").astimezone(UTC)


def _match(text: str) -> re.Match[str]:
    found = _DATE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"Not a date: {text!r}")
    return found


def _is_open(found: re.Match[str]) -> bool:
    """Whether a date may have its day or its month first."""
    return len(found["a"]) < 4 and found["mark"] != "."
