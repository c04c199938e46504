from __future__ import annotations

import io
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg
import pytest

from tandem import rates
from tandem.database import Address
from tandem.errors import TandemError
from tandem.rates import OFFLINE, Outcome, parse

Refresh = Callable[..., Outcome]


def zipped(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("eurofxref-hist.csv", text)
    return content.getvalue()


@contextmanager
def site(content: bytes, status: int = 200) -> Iterator[tuple[str, list[str]]]:
    """A web site that answers every call with the content; gives its address and the calls."""
    calls: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            calls.append(self.path)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/rates.zip", calls
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def connection(address: Address) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address.url()) as connection:
        yield connection


@pytest.fixture
def refresh(connection: psycopg.Connection, tmp_path: Path) -> Callable[..., Outcome]:
    """Refreshes, where the package ships USD on two days."""
    shipped = tmp_path / "shipped.zip"
    shipped.write_bytes(zipped("Date,USD,CYP,\n2026-10-30,1.1172,N/A,\n2026-10-29,1.113,N/A,\n"))
    return partial(rates.refresh, connection, shipped=shipped)


def known(connection: psycopg.Connection) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select currency_code, date::text, rate::text from reference.ecb_exchange_rates "
        "order by date, currency_code"
    ).fetchall()  # type: ignore[return-value]


SHIPPED = [("USD", "2026-10-29", "1.113"), ("USD", "2026-10-30", "1.1172")]


def test_without_network_there_is_what_the_package_ships(
    connection: psycopg.Connection, refresh: Refresh
) -> None:
    outcome = refresh(OFFLINE)
    assert known(connection) == SHIPPED
    assert (outcome.changed, outcome.last_date) == (2, date(2026, 10, 30))
    assert outcome.warning is None


def test_the_site_adds_days_and_corrects_what_the_package_said(
    connection: psycopg.Connection,
    refresh: Refresh,
) -> None:
    with site(zipped("Date,USD,JPY,\n2026-11-02,1.12,176,\n2026-10-30,1.118,,\n")) as (url, _):
        assert refresh(url).changed == 2 + 3
    newest = [("USD", "2026-10-30", "1.118"), ("JPY", "2026-11-02", "176")]
    assert known(connection) == [SHIPPED[0], *newest, ("USD", "2026-11-02", "1.12")]


def test_a_second_time_changes_nothing(connection: psycopg.Connection, refresh: Refresh) -> None:
    with site(zipped("Date,USD,\n2026-10-30,1.118,\n")) as (url, _):
        refresh(url)
        before = known(connection)
        assert refresh(url).changed == 0
    assert known(connection) == before


@pytest.mark.parametrize(
    ("content", "status", "reason"),
    [
        (b"<html>under maintenance</html>", 200, "not the ECB's zipped CSV"),
        (zipped("Date,USD,\n2026-11-02,much,\n"), 200, "not the ECB's zipped CSV"),
        (zipped("Date,USD,\n2026-11-02,N/A,\n"), 200, "no exchange rates in it"),
        (b"", 503, "no exchange rates could be read from 127.0.0.1"),
    ],
    ids=["another page", "no number", "empty", "unavailable"],
)
def test_a_site_that_fails_is_a_warning_and_leaves_what_is_known(
    connection: psycopg.Connection, refresh: Refresh, content: bytes, status: int, reason: str
) -> None:
    with site(content, status) as (url, _):
        outcome = refresh(url)
    assert reason in (outcome.warning or "")
    assert known(connection) == SHIPPED


def test_a_sync_asks_the_site_again_only_when_the_last_success_is_a_day_old(
    connection: psycopg.Connection,
    refresh: Refresh,
) -> None:
    with site(b"", 503) as (url, calls):
        refresh(url, if_due=True)
        refresh(url, if_due=True)
        assert len(calls) == 2
    with site(zipped("Date,USD,\n2026-11-02,1.12,\n")) as (url, calls):
        refresh(url, if_due=True)
        refresh(url, if_due=True)
        assert len(calls) == 1
        connection.execute("update reference.readings set read_at = now() - interval '21 hours'")
        refresh(url, if_due=True)
        assert len(calls) == 2


def test_only_web_addresses_are_read(connection: psycopg.Connection, refresh: Refresh) -> None:
    assert "not a web address" in (refresh("file:///etc/passwd").warning or "")


def test_the_package_is_in_the_form_of_the_site() -> None:
    from currency_converter import CURRENCY_FILE

    with open(CURRENCY_FILE, "rb") as file:
        by_key = {(code, day): rate for code, day, rate in parse(file.read())}
    assert len(by_key) > 150_000
    # a rate that the ECB published long ago
    assert by_key["USD", date(2014, 3, 28)] == Decimal("1.3759")
    assert ("USD", date(2014, 3, 29)) not in by_key  # a Saturday


def test_what_is_no_file_of_rates_is_refused() -> None:
    with pytest.raises(TandemError, match="not the ECB's"):
        list(parse(b"PK"))
