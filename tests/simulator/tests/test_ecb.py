from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import requests

from simulator.testing import running
from simulator.world.rates import per_euro, published


def test_the_file_is_a_zipped_csv_of_the_worlds_rates() -> None:
    with running() as simulator:
        content = requests.get(f"{simulator.url}/ecb/eurofxref-hist.zip", timeout=10).content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("eurofxref-hist.csv").decode()
    assert text.startswith("Date,AUD,BRL,")
    newest = next(csv.DictReader(io.StringIO(text)))
    # 1 USD is 0.92 EUR and 151 JPY
    assert Decimal(newest["USD"]) == Decimal("1.08696")
    assert Decimal(newest["JPY"]) == Decimal("164.13043")


def test_rates_of_a_day_are_known_after_four_in_frankfurt_and_never_of_a_weekend() -> None:
    monday = datetime(2026, 11, 23, 14, 59, tzinfo=UTC)
    assert next(published(monday)) == date(2026, 11, 20)
    assert next(published(monday.replace(hour=15, minute=0))) == date(2026, 11, 23)
    assert all(day.weekday() < 5 for day in published(monday))


def test_a_euro_is_a_euro() -> None:
    assert per_euro("EUR") == 1
