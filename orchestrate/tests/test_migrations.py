from __future__ import annotations

import threading
from dataclasses import replace

import psycopg
import pytest
from psycopg import errors

from tandem.database import Address
from tandem.database.migrations import Migration, migrate, migrations
from tandem.errors import MigrationError

FIRST = Migration(1, "first", "create table t (a integer);")
SECOND = Migration(2, "second", "alter table t add column b integer;")


def columns(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns where table_name = 't' order by 1"
    )
    return [name for (name,) in rows]


def test_a_second_migration_does_nothing(bare_address: Address) -> None:
    with psycopg.connect(bare_address.url()) as connection:
        assert migrate(connection) == migrations()
        assert migrate(connection) == []


def test_what_came_later_is_added_to_what_is_there(bare_address: Address) -> None:
    with psycopg.connect(bare_address.url()) as connection:
        migrate(connection, [FIRST])
        assert migrate(connection, [FIRST, SECOND]) == [SECOND]
        assert columns(connection) == ["a", "b"]


def test_a_file_changed_after_it_was_applied_is_refused(bare_address: Address) -> None:
    with psycopg.connect(bare_address.url()) as connection:
        migrate(connection, [FIRST])
        changed = replace(FIRST, sql=FIRST.sql + " -- a harmless remark")
        with pytest.raises(MigrationError, match="0001_first has changed"):
            migrate(connection, [changed, SECOND])
        assert columns(connection) == ["a"]


def test_a_database_newer_than_the_files_is_refused(bare_address: Address) -> None:
    with psycopg.connect(bare_address.url()) as connection:
        migrate(connection, [FIRST, SECOND])
        with pytest.raises(MigrationError, match="does not know"):
            migrate(connection, [FIRST])


def test_a_migration_that_comes_too_late_in_the_order_is_refused(bare_address: Address) -> None:
    with psycopg.connect(bare_address.url()) as connection:
        migrate(connection, [replace(FIRST, version=3)])
        with pytest.raises(MigrationError, match="older than 0003"):
            migrate(connection, [SECOND, replace(FIRST, version=3)])


def test_a_failing_migration_undoes_those_before_it(bare_address: Address) -> None:
    broken = Migration(2, "broken", "select 1 / 0;")
    with psycopg.connect(bare_address.url()) as connection:
        with pytest.raises(MigrationError, match="0002_broken failed: division by zero"):
            migrate(connection, [FIRST, broken])
        assert columns(connection) == []


def test_two_migrating_at_once_apply_each_file_once(bare_address: Address) -> None:
    outcomes: list[list[Migration]] = []

    def run() -> None:
        with psycopg.connect(bare_address.url()) as connection:
            outcomes.append(migrate(connection))

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(len, outcomes)) == [0, 0, 0, len(migrations())]


def test_each_role_can_do_its_part_and_no_more(address: Address) -> None:
    with psycopg.connect(address.url(), autocommit=True) as connection:
        connection.execute("set role tandem_loader")
        connection.execute("create table amazon_sp.orders (order_id text)")
        connection.execute("create table ops.report_journal (report_id text)")
        with pytest.raises(errors.InsufficientPrivilege):
            connection.execute("create table marts.orders (order_id text)")

        connection.execute("set role tandem_transformer")
        connection.execute("select * from amazon_sp.orders")
        connection.execute("create table marts.fct_orders as select * from amazon_sp.orders")
        connection.execute("create schema dev_ada")
        for forbidden in (
            "insert into amazon_sp.orders values ('1')",
            "delete from ops.report_journal",
            "select * from meltano.runs",
        ):
            with pytest.raises((errors.InsufficientPrivilege, errors.UndefinedTable)):
                connection.execute(forbidden)

        connection.execute("set role tandem_reader")
        connection.execute("select * from marts.fct_orders")
        for forbidden in (
            "select * from amazon_sp.orders",
            "select * from ops.sync_runs",
            "delete from marts.fct_orders",
            "create table marts.mine (a integer)",
            "create schema mine",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute(forbidden)


def test_the_roles_cannot_log_in(address: Address) -> None:
    with psycopg.connect(address.url()) as connection:
        rows = connection.execute(
            "select rolname from pg_roles where rolname like 'tandem\\_%' and rolcanlogin"
        ).fetchall()
    assert rows == []
