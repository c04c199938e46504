"""History that cannot be written any more: what a connection left behind when it was ended.

Statement triggers on the raw tables refuse to write rows of connections that are disconnected. They
hang there only while a schema has such connections, and cost one look-up per statement.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal

_EVENTS = {"insert": "new", "update": "new", "delete": "old"}


def protect(connection: psycopg.Connection[Any], api: str) -> None:
    """Refuse from now on to write raw rows of an API's ended connections."""
    for table in raw_tables(connection, api):
        for event, rows in _EVENTS.items():
            connection.execute(
                SQL(
                    "create or replace trigger {} after {} on {} referencing {} table as changed "
                    "for each statement execute function ops.refuse_ended_connections({})"
                ).format(
                    Identifier(f"tandem_read_only_{event}"),
                    SQL(event),
                    Identifier(api, table),
                    SQL(rows),
                    Literal(api),
                )
            )


def release(connection: psycopg.Connection[Any], api: str) -> None:
    """Take the triggers away again where the API has no ended connection any more."""
    row = connection.execute(
        "select from ops.connections where api = %s and state in ('disconnected', 'deleted')",
        [api],
    ).fetchone()
    if row is not None:
        return
    for table in raw_tables(connection, api):
        for event in _EVENTS:
            connection.execute(
                SQL("drop trigger if exists {} on {}").format(
                    Identifier(f"tandem_read_only_{event}"), Identifier(api, table)
                )
            )


def raw_tables(connection: psycopg.Connection[Any], api: str) -> list[str]:
    """The raw tables of an API that say whose store a row is."""
    rows = connection.execute(
        "select tables.table_name from information_schema.tables "
        "inner join information_schema.columns using (table_schema, table_name) "
        "where tables.table_schema = %s and tables.table_type = 'BASE TABLE' "
        "and columns.column_name = 'store_id' order by 1",
        [api],
    )
    return [str(name) for (name,) in rows]
