"""Deleting what one connection brought: raw rows, history, Singer state, journals, progress."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg.sql import SQL, Composable, Identifier

from amazon_client.marketplaces import MARKETPLACES
from tandem.read_only import raw_tables
from tandem.registry import Connection
from tandem.sources import DEFAULT_STORE

_MODELLED = ("staging", "intermediate", "marts", "history")
_ACCOUNTS = ("selling_partner_id", "profile_id")

Counts = dict[str, int]
"""Rows by table."""


def modelled_rows(connection: psycopg.Connection[Any], store_id: str) -> Counts:
    """How many rows of a store each table of the models has."""
    return {
        f"{schema}.{table}": _count(connection, schema, table, store_id)
        for schema in _MODELLED
        for table in raw_tables(connection, schema)
    }


def delete_raw(connection: psycopg.Connection[Any], ended: Connection) -> Counts:
    """Delete a connection's raw rows, and what the models keep that raw cannot give again.

    Everything else of the models follows from raw and is to be built anew.
    """
    connection.execute("set local tandem.deleting = 'on'")
    tables = raw_tables(connection, ended.api)
    accounts = _accounts_of(connection, ended, tables)
    counts: Counts = {}
    for table in tables:
        condition = SQL("store_id = {}").format(ended.store_id)
        if "region" in _columns(connection, ended.api, table):
            condition += SQL(" and region = {}").format(ended.region)
        _delete(connection, counts, ended.api, table, condition)
    for table in raw_tables(connection, "history"):
        if (kept := _of_history(connection, table, ended, accounts)) is not None:
            _delete(connection, counts, "history", table, kept)
    return counts


def delete_traces(connection: psycopg.Connection[Any], ended: Connection) -> Counts:
    """Delete a connection's Singer state, journals and progress, so that it can begin anew.

    What was run with it is forgotten for the other regions of the API too: otherwise a run of the
    same instant would pass for done.
    """
    counts: Counts = {}
    in_region = SQL("store_id = {} and api = {} and (account = {} or account like {})").format(
        ended.store_id, ended.api, ended.region, f"{ended.region}/%"
    )
    for table in ("report_journal", "report_runs_outbox"):
        if _columns(connection, "ops", table):
            _delete(connection, counts, "ops", table, in_region)
    of_taps = SQL("store_id = {} and tap = any({})").format(ended.store_id, list(ended.of.taps))
    progress = SQL("sync_run_id in (select sync_run_id from ops.sync_runs where {})")
    _delete(connection, counts, "ops", "sync_progress", progress.format(of_taps))
    _delete(connection, counts, "ops", "sync_runs", of_taps)
    if _columns(connection, "meltano", "state"):
        for tap in ended.of.taps:
            _forget_state(connection, counts, ended, tap)
    return counts


def without_region(state: Mapping[str, Any], region: str) -> dict[str, Any]:
    """A Singer state without what it says of one region's accounts.

    >>> without_region({"bookmarks": {"a": {"partitions": [{"context": {"region": "na"}}]}}}, "na")
    {'bookmarks': {'a': {'partitions': []}}}
    """
    bookmarks = {
        stream: {
            **bookmark,
            "partitions": [
                partition
                for partition in bookmark.get("partitions", [])
                if partition.get("context", {}).get("region") != region
            ],
        }
        if "partitions" in bookmark
        else bookmark
        for stream, bookmark in state.get("bookmarks", {}).items()
    }
    return {**state, "bookmarks": bookmarks}


def _forget_state(
    connection: psycopg.Connection[Any], counts: Counts, ended: Connection, tap: str
) -> None:
    suffix = "" if ended.store_id == DEFAULT_STORE else f":{ended.store_id}"
    ends = f"{tap}-to-target-postgres{suffix}"
    rows = connection.execute(
        "select state_id, partial_state, completed_state from meltano.state "
        "where split_part(state_id, ':', 2) || coalesce(':' || nullif(split_part(state_id, ':', 3),"
        " ''), '') = %s",
        [ends],
    ).fetchall()
    for state_id, *states in rows:
        connection.execute("update meltano.runs set payload = '{}' where job_name = %s", [state_id])
        if ended.region == "global":
            connection.execute("delete from meltano.state where state_id = %s", [state_id])
        else:
            connection.execute(
                "update meltano.state set partial_state = %s, completed_state = %s "
                "where state_id = %s",
                [*(_pruned(text, ended.region) for text in states), state_id],
            )
        counts["meltano.state"] = counts.get("meltano.state", 0) + 1


def _pruned(text: Any, region: str) -> str | None:
    """A state as Meltano keeps it, without one region."""
    if text is None:
        return None
    document = json.loads(text) if isinstance(text, str) else dict(text)
    if "singer_state" in document:
        document["singer_state"] = without_region(document["singer_state"], region)
    return json.dumps(document)


def _accounts_of(
    connection: psycopg.Connection[Any], ended: Connection, tables: Iterable[str]
) -> dict[str, list[str]]:
    """The accounts whose rows a connection brought, by the column that names them."""
    found: dict[str, set[str]] = {}
    for table in tables:
        columns = _columns(connection, ended.api, table)
        for name in set(_ACCOUNTS) & set(columns):
            if "region" not in columns:
                continue
            rows = connection.execute(
                SQL("select distinct {} from {} where store_id = %s and region = %s").format(
                    Identifier(name), Identifier(ended.api, table)
                ),
                [ended.store_id, ended.region],
            )
            found.setdefault(name, set()).update(str(value) for (value,) in rows if value)
    return {name: sorted(values) for name, values in found.items()}


def _of_history(
    connection: psycopg.Connection[Any],
    table: str,
    ended: Connection,
    accounts: Mapping[str, Sequence[str]],
) -> Composable | None:
    """Which rows of a history table are the connection's; None where none are."""
    columns = _columns(connection, "history", table)
    name = next((name for name in _ACCOUNTS if name in columns), None)
    if name is None or not accounts.get(name):
        return None
    condition = SQL("store_id = {} and {} = any({})").format(
        ended.store_id, Identifier(name), list(accounts[name])
    )
    if "marketplace_id" in columns and name == "selling_partner_id":
        places = [p.marketplace_id for p in MARKETPLACES if p.region == ended.region]
        condition += SQL(" and marketplace_id = any({})").format(places)
    return condition


def _delete(
    connection: psycopg.Connection[Any],
    counts: Counts,
    schema: str,
    table: str,
    condition: Composable,
) -> None:
    query = SQL("delete from {} where {}").format(Identifier(schema, table), condition)
    if deleted := connection.execute(query).rowcount:
        name = f"{schema}.{table}"
        counts[name] = counts.get(name, 0) + deleted


def _count(connection: psycopg.Connection[Any], schema: str, table: str, store_id: str) -> int:
    query = SQL("select count(*) from {} where store_id = %s").format(Identifier(schema, table))
    row = connection.execute(query, [store_id]).fetchone()
    return int(row[0]) if row else 0


def _columns(connection: psycopg.Connection[Any], schema: str, table: str) -> list[str]:
    rows = connection.execute(
        "select column_name from information_schema.columns "
        "where table_schema = %s and table_name = %s",
        [schema, table],
    )
    return [str(name) for (name,) in rows]
