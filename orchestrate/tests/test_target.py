"""The target as a process, fed over a pipe, against a real server."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from tandem.database import Address

TARGET = Path(sys.executable).with_name("tandem-target-postgres")
SCHEMA = {
    "type": "SCHEMA",
    "stream": "things",
    "key_properties": ["id"],
    "schema": {
        "properties": {
            "id": {"type": "integer"},
            "price_amount": {"type": ["string", "null"], "format": "x-singer.decimal"},
            "at": {"type": ["string", "null"], "format": "date-time"},
        }
    },
}


def messages(count: int) -> Iterator[str]:
    yield json.dumps(SCHEMA) + "\n"
    for number in range(count):
        record = {"id": number, "price_amount": "19.99", "at": "2026-11-24T18:00:00Z"}
        yield json.dumps({"type": "RECORD", "stream": "things", "record": record}) + "\n"
    yield json.dumps({"type": "STATE", "value": {"bookmarks": {"things": {"seen": count}}}}) + "\n"


@pytest.fixture
def target(address: Address, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    config = tmp_path / "config.json"
    config.write_text(
        json.dumps(
            {
                "sqlalchemy_url": address.url(scheme="postgres"),
                "default_target_schema": "amazon_sp",
                "load_method": "upsert",
                "use_copy": True,
                "validate_records": False,
                "batch_size_rows": 5_000,
            }
        )
    )
    environment = dict(os.environ, PGOPTIONS="-c role=tandem_loader")
    environment.pop("PYTHONUNBUFFERED", None)
    process = subprocess.Popen(
        [TARGET, "--config", config],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=(tmp_path / "stderr").open("w"),
        text=True,
        env=environment,
    )
    yield process
    process.kill()
    process.wait()


def rows(address: Address) -> int:
    with psycopg.connect(address.url()) as connection:
        row = connection.execute("select count(*) from amazon_sp.things").fetchone()
    assert row is not None
    return int(row[0])


def test_rows_arrive_exactly_as_the_loaders_and_the_state_follows(
    target: subprocess.Popen[str], address: Address
) -> None:
    out, _ = target.communicate("".join(messages(7)), timeout=60)
    assert target.returncode == 0
    assert json.loads(out.splitlines()[-1]) == {"bookmarks": {"things": {"seen": 7}}}
    with psycopg.connect(address.url()) as connection:
        assert connection.execute(
            "select count(*), sum(price_amount), min(at)::text from amazon_sp.things"
        ).fetchone() == (7, 7 * Decimal("19.99"), "2026-11-24 18:00:00")
        assert connection.execute(
            "select tableowner from pg_tables where tablename = 'things'"
        ).fetchone() == ("tandem_loader",)


def test_what_has_come_is_written_while_the_tap_waits(
    target: subprocess.Popen[str], address: Address
) -> None:
    assert target.stdin is not None
    assert target.stdout is not None
    target.stdin.writelines(messages(7))
    target.stdin.flush()
    # A state comes only after what it covers has been committed.
    assert json.loads(target.stdout.readline()) == {"bookmarks": {"things": {"seen": 7}}}
    assert rows(address) == 7
    out, _ = target.communicate("".join(messages(9)), timeout=60)
    assert target.returncode == 0
    assert json.loads(out.splitlines()[-1]) == {"bookmarks": {"things": {"seen": 9}}}
    assert rows(address) == 9


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_amid_a_batch_ends_it_badly_and_commits_no_state(
    target: subprocess.Popen[str], address: Address, number: signal.Signals
) -> None:
    """The state message is in the target's hands; the batch before it cannot finish, because a
    lock of ours on the table keeps it from being written. The stock target exits 0 here."""
    assert target.stdin is not None
    with psycopg.connect(address.url()) as blocker:
        blocker.execute("set role tandem_loader")
        blocker.execute(
            "create table amazon_sp.things "
            "(id bigint primary key, price_amount numeric, at timestamp)"
        )
        blocker.commit()
        blocker.execute("lock table amazon_sp.things in access exclusive mode")
        for message in messages(10):
            target.stdin.write(message)
        target.stdin.close()
        wait_until_blocked(address)
        target.send_signal(number)
        assert target.wait(30) == 128 + number
        blocker.rollback()
    assert target.stdout is not None
    assert target.stdout.read() == ""
    assert rows(address) == 0


def wait_until_blocked(address: Address) -> None:
    """Until a session of the target waits for the lock."""
    query = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
    deadline = time.monotonic() + 60
    with psycopg.connect(address.url(), autocommit=True) as watcher:
        while time.monotonic() < deadline:
            if watcher.execute(query).fetchone() != (0,):
                return
            time.sleep(0.05)
    raise AssertionError("the target never reached the table")
