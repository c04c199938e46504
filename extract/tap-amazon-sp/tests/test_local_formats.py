"""Amounts and dates of settlement files, decided by whole files."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from amazon_client.errors import MalformedResponse
from tap_amazon_sp.local_formats import Amounts, Dates


def amounts(*texts: str) -> list[Decimal]:
    style = Amounts()
    for text in texts:
        style.see(text)
    return [style.parse(text) for text in texts]


def days(*texts: str) -> list[date]:
    style = Dates()
    for text in texts:
        style.see(text)
    return [style.day(text) for text in texts]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("1.141,18", "(55,00)"), ("1141.18", "-55.00")),  # Germany
        (("1141,18", "-8,25"), ("1141.18", "-8.25")),
        (("1.141", "8,25"), ("1141", "8.25")),
        (("1,141", "-220"), ("1141", "-220")),  # Japan: no fraction anywhere
        (("1,141,000",), ("1141000",)),
        (("1,141.18", "(55.00)", "12.4"), ("1141.18", "-55.00", "12.4")),
        (("1 141,18", "1\u202f141,18", "1'141,18"), ("1141.18",) * 3),
        (("55.00-", "\u221255.00", "+3.10"), ("-55.00", "-55.00", "3.10")),
        (("0,125", "2,5"), ("0.125", "2.5")),
        (("14.70",), ("14.70",)),
        (("0", "12"), ("0", "12")),
    ],
)
def test_an_amount_is_what_its_file_means(texts: tuple[str, ...], values: tuple[str, ...]) -> None:
    assert amounts(*texts) == [Decimal(value) for value in values]


@pytest.mark.parametrize("texts", [("1.141,18", "8.25"), ("8,25", "8.25"), ("1,141,000", "8,25")])
def test_a_file_that_contradicts_itself_is_refused(texts: tuple[str, ...]) -> None:
    with pytest.raises(MalformedResponse):
        amounts(*texts)


@pytest.mark.parametrize("text", ["", "n/a", "1e5", "(-5)", "12 USD", "NaN"])
def test_what_is_no_amount_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match="Not an amount"):
        Amounts().see(text)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (("05.07.2026",), ((2026, 7, 5),)),
        (("05/07/2026", "25/07/2026"), ((2026, 7, 5), (2026, 7, 25))),
        (("07/05/26", "07/25/26"), ((2026, 7, 5), (2026, 7, 25))),
        (("07/05/26",), ((2026, 7, 5),)),  # as Amazon documents it: MM/DD/YY
        (("2026-07-05", "2026/07/05"), ((2026, 7, 5), (2026, 7, 5))),
    ],
)
def test_a_date_is_what_its_file_means(
    texts: tuple[str, ...], values: tuple[tuple[int, int, int], ...]
) -> None:
    assert days(*texts) == [date(*value) for value in values]


def test_a_row_that_tells_its_day_twice_decides_for_the_file() -> None:
    style = Dates()
    style.see("05/07/2026", "2026-07-05 10:00:00 UTC")
    assert style.day("05/07/2026") == date(2026, 7, 5)


def test_days_and_months_first_in_one_file_are_refused() -> None:
    with pytest.raises(MalformedResponse):
        days("25/07/2026", "07/25/2026")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-11-03 10:00:00 UTC", datetime(2026, 11, 3, 10)),
        ("03.11.2026 10:00:05 UTC", datetime(2026, 11, 3, 10, 0, 5)),
        ("2026-11-03T10:00:00+09:00", datetime(2026, 11, 3, 1)),
        ("2026/11/03 10:00", datetime(2026, 11, 3, 10)),
        ("2026-11-03", datetime(2026, 11, 3)),
        ("2026-11-03T10:00:00.123Z", datetime(2026, 11, 3, 10)),
    ],
)
def test_an_instant_is_in_utc(text: str, value: datetime) -> None:
    assert Dates().instant(text) == value.replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["yesterday", "2026-11", "2026-13-01", "2026-11-03 10:00 PST"])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    with pytest.raises(ValueError, match=r"Not a date|month"):
        Dates().instant(text)
