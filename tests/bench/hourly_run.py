"""What an hourly run costs on a history ten times as long.

    python tests/bench/hourly_run.py
    python tests/bench/hourly_run.py --times 20

Loads the small world's 60 days, models them, and measures an hourly run an hour later: both taps
into the target side by side, then dbt. Then the same on a copy whose raw tables hold that history
several times over, each copy further back, with orders and reports of its own. Bar: 1.3 times the
time on ten times the history.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
from measuring import parser, tell
from pipeline import SCHEMAS, Pipeline
from psycopg.sql import SQL, Composable, Identifier, Literal

from simulator.testing import NOW, running
from tandem import testing

DAYS = 75
"""How far one copy lies before the one after it."""
IDS = {"order_id", "report_id"}
"""Columns that name what happened once: a copy's are others."""


def prolong(address: str, times: int) -> int:
    """Add copies of all that happened, further and further back; returns the rows there are."""
    rows = 0
    with psycopg.connect(address) as connection:
        tables: dict[tuple[str, str], dict[str, str]] = {}
        for schema, table, column, kind in connection.execute(
            "select table_schema, table_name, column_name, data_type "
            "from information_schema.columns where table_schema = any(%s)",
            [list(SCHEMAS.values())],
        ).fetchall():
            tables.setdefault((schema, table), {})[column] = kind
        keys: dict[tuple[str, str], set[str]] = {}
        for schema, table, column in connection.execute(
            "select table_schema, table_name, column_name "
            "from information_schema.key_column_usage where table_schema = any(%s)",
            [list(SCHEMAS.values())],
        ).fetchall():
            keys.setdefault((schema, table), set()).add(column)
        for (schema, table), columns in tables.items():
            relation = Identifier(schema, table)
            # What there is now, a longer history does not make longer: nothing in its key moves.
            if any(is_moved(name, columns[name]) for name in keys.get((schema, table), ())):
                for copy in range(1, times):
                    values = [moved(column, kind, copy) for column, kind in columns.items()]
                    names = SQL(", ").join(map(Identifier, columns))
                    connection.execute(
                        SQL("insert into {} ({}) select {} from {} where {}").format(
                            relation, names, SQL(", ").join(values), relation, original(columns)
                        )
                    )
            count = connection.execute(SQL("select count(*) from {}").format(relation)).fetchone()
            rows += count[0] if count else 0
        connection.commit()
        connection.autocommit = True
        connection.execute("analyze")
    return rows


def is_moved(column: str, kind: str) -> bool:
    """Whether a copy has another value in the column."""
    return column in IDS or kind == "date" or kind.startswith("timestamp")


def moved(column: str, kind: str, copy: int) -> Composable:
    """A column's value in a copy."""
    name = Identifier(column)
    if kind == "date":
        return SQL("{} - {}").format(name, Literal(DAYS * copy))
    if kind.startswith("timestamp"):
        return SQL("{} - make_interval(days => {})").format(name, Literal(DAYS * copy))
    if column in IDS:
        return SQL("{} || {}").format(name, Literal(f"~{copy}"))
    return name


def original(columns: dict[str, str]) -> Composable:
    """The rows that are no copies."""
    parts = [
        SQL("{} not like '%~%'").format(Identifier(name)) for name in sorted(IDS & set(columns))
    ]
    return SQL(" and ").join(parts) if parts else SQL("true")


@contextmanager
def store() -> Iterator[Pipeline]:
    """A store after its first sync, modelled."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-hourly-") as folder,
        testing.server() as postgres,
        testing.new_database(postgres) as address,
        running() as simulator,
    ):
        pipeline = Pipeline(simulator, address, Path(folder))
        simulator.set_now(NOW - timedelta(hours=3))
        pipeline.load()
        yield pipeline


def hourly(pipeline: Pipeline, now: datetime) -> tuple[float, float]:
    """An hourly run; returns the seconds of loading and of modelling."""
    pipeline.simulator.set_now(now)
    began = time.monotonic()
    pipeline.load(cadence="hourly")
    loaded = time.monotonic()
    pipeline.build()
    return loaded - began, time.monotonic() - loaded


def main() -> None:
    """Measure both histories and print the figures."""
    arguments = parser(__doc__)
    arguments.add_argument("--times", type=int, default=10, help="how many times as long")
    times: int = arguments.parse_args().times
    figures = []
    for copies in (1, times):
        with store() as pipeline:
            rows = prolong(pipeline.address.url(), copies)
            pipeline.build()
            hourly(pipeline, NOW - timedelta(hours=2))  # the first one after a full build is apart
            runs = [hourly(pipeline, NOW - timedelta(hours=ago)) for ago in (1, 0)]
            figures.append((rows, *(min(part) for part in zip(*runs, strict=True))))
    (_, *short), (_, *long) = figures
    tell(
        [
            *(
                (f"history x {copies}", f"{rows:,} raw rows: {load + model:.1f} s ({parts})")
                for copies, (rows, load, model) in zip((1, times), figures, strict=True)
                for parts in [f"load {load:.1f}, models {model:.1f}"]
            ),
            ("ratio", f"{sum(long) / sum(short):.2f} (bar 1.3 on 10 times the history)"),
        ]
    )


if __name__ == "__main__":
    main()
