"""A warehouse for tests: raw tables as the loader makes them, in a real PostgreSQL, and dbt on top.

dbt runs inside this process, on a project that is parsed once. Raw tables get their columns from
the source YAMLs, and the loader's habits: keys are upserted, metadata columns stand beside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from dbt.cli.main import dbtRunner
from psycopg.rows import dict_row
from psycopg.sql import SQL, Identifier
from psycopg.types.json import Jsonb

from tandem.database import Address

PROJECT = Path(__file__).parents[1]
MODEL_SCHEMAS = ("seeds", "staging", "intermediate", "marts", "history")
RAW_SCHEMAS = ("amazon_sp", "amazon_ads", "shopify")
"""What the loader writes; the control plane's own tables are there from the migrations on."""
KEYS: Mapping[str, Sequence[str]] = {
    "marketplace_participations": ["marketplace_id"],
    "orders": ["order_id"],
    "orders_bulk": ["order_id"],
    "order_items": ["order_id", "order_item_id"],
    "order_items_bulk": ["order_id", "order_item_id"],
    "sales_traffic_by_date": ["marketplace_id", "date"],
    "fba_inventory": ["snapshot_date", "marketplace_id", "seller_sku", "fn_sku", "condition"],
    "report_runs": ["stream", "report_id"],
    "profiles": [],
    **{f"{kind}_campaigns": ["campaign_id"] for kind in ("sp", "sb", "sd")},
    **{f"{kind}_campaigns_daily": ["date", "campaign_id"] for kind in ("sp", "sb", "sd")},
}
"""Keys of raw tables below store and account; the others' are those that their models test."""
ACCOUNT = {"amazon_sp": "selling_partner_id", "amazon_ads": "profile_id"}
SHOPIFY_KEYS: Mapping[str, Sequence[str]] = {
    "shops": ["shop_id"],
    "order_journeys": ["order_id"],
    "order_journey_moments": ["order_id", "moment_ordinal"],
}
"""Keys of the shop's raw tables below the store, where it is not `id`."""
RAW_TYPES = {"jsonb": "jsonb", "timestamp": "timestamp without time zone"}

Row = dict[str, Any]


def declared() -> dict[tuple[str, str], dict[str, str]]:
    """The sources' columns and types by (schema, table), from their YAMLs."""
    tables = {}
    for path in PROJECT.glob("models/staging/*/*.yml"):
        for source in yaml.safe_load(path.read_text()).get("sources", []):
            for table in source["tables"]:
                columns = {column["name"]: column["data_type"] for column in table["columns"]}
                tables[source["name"], table["name"]] = columns
    return tables


@cache
def _tested_keys() -> dict[tuple[str, str], list[str]]:
    """The keys that staging models of one raw table test, by (schema, table)."""
    keys = {}
    for path in PROJECT.glob("models/staging/*/*.yml"):
        document = yaml.safe_load(path.read_text())
        tests = [
            test for model in document.get("models", []) for test in model.get("data_tests", [])
        ]
        for source in document.get("sources", []):
            for table in source["tables"]:
                for test in tests:
                    if "is_key" in test:
                        columns = test["is_key"]["arguments"]["columns"]
                        keys[source["name"], table["name"]] = columns
    return keys


def key_of(schema: str, table: str) -> list[str]:
    """The key of a raw table."""
    if schema == "shopify":
        return ["store_id", *SHOPIFY_KEYS.get(table, ["id"])]
    if table in KEYS:
        return ["store_id", ACCOUNT[schema], *KEYS[table]]
    return _tested_keys()[schema, table]


class Warehouse:
    """Raw tables, and the models that dbt makes of them."""

    def __init__(self, address: Address, target: Path, **variables: str) -> None:
        """Parse the project, for the database at `address`; dbt writes its files to `target`.

        The variables hold for every build.
        """
        self._address = address
        self._variables = variables
        self._target = target
        self._tables = declared()
        # A manifest serves one invocation, so every build gets a copy of the parsed one.
        given = ("--vars", json.dumps(variables))
        self._manifest = self._invoke("parse", *given, runner=dbtRunner()).result

    def reset(self) -> None:
        """Drop every model and every raw table."""
        schemas = list(MODEL_SCHEMAS + RAW_SCHEMAS)
        with self._connect() as connection:
            for kind, catalog in (("view", "pg_views"), ("table", "pg_tables")):
                drops = connection.execute(
                    SQL(
                        "select format('drop {} if exists %%I.%%I cascade', schemaname, {}) "
                        "from {} where schemaname = any(%s)"
                    ).format(SQL(kind), SQL(f"{kind}name"), SQL(catalog)),
                    [schemas],
                ).fetchall()
                for (drop,) in drops:
                    connection.execute(drop)
            connection.execute("truncate reference.ecb_exchange_rates")

    def load(self, table: str, *rows: Row) -> None:
        """Upsert rows into `schema.table`, which is made when it is not there.

        `store_id` is `acme` unless a row says otherwise.
        """
        schema, name = table.split(".")
        columns = self._tables[schema, name]
        key = key_of(schema, name)
        with self._connect() as connection:
            connection.execute("set role tandem_loader")
            connection.execute(self._definition(schema, name, key))
            for row in rows:
                row = {"store_id": "acme", **row}
                unknown = set(row) - set(columns)
                assert not unknown, f"{table} has no {unknown}"
                values = [
                    Jsonb(value) if columns[column] == "jsonb" else value
                    for column, value in row.items()
                ]
                connection.execute(self._upsert(schema, name, key, list(row)), values)

    def create_raw(self, schema: str, name: str, columns: str, rows: Sequence[Any]) -> None:
        """Make a raw table as some other loader would, with these columns, and fill it."""
        table = Identifier(schema, name)
        with self._connect() as connection:
            connection.execute("set role tandem_loader")
            connection.execute(SQL("create table {} ({})").format(table, SQL(columns)))  # type: ignore[arg-type]
            for row in rows:
                values = [Jsonb(v) if isinstance(v, dict | list) else v for v in row]
                places = SQL(", ").join([SQL("%s")] * len(values))
                connection.execute(SQL("insert into {} values ({})").format(table, places), values)

    def load_rates(self, rates: Mapping[str, str], *days: str) -> None:
        """Let the ECB have published these rates (units for one euro) on each of the days."""
        with self._connect() as connection:
            for day in days:
                for currency, rate in rates.items():
                    connection.execute(
                        "insert into reference.ecb_exchange_rates values (%s, %s, %s)",
                        [currency, day, rate],
                    )

    def execute(self, query: str) -> None:
        """Run a statement as the owner of the database."""
        with self._connect() as connection:
            connection.execute(query)  # type: ignore[call-overload]

    def query(self, query: str, role: str | None = None) -> list[Row]:
        """The rows of a query, as the owner or as one of the roles."""
        with self._connect() as connection:
            if role:
                connection.execute(SQL("set role {}").format(Identifier(role)))
            return connection.cursor(row_factory=dict_row).execute(query).fetchall()  # type: ignore

    def tables(self) -> dict[str, list[str]]:
        """The columns of every table (not view) that dbt has made, by its full name."""
        found: dict[str, list[str]] = {}
        for column in self.query(
            "select table_schema, table_name, column_name from information_schema.columns "
            "join information_schema.tables using (table_schema, table_name) "
            "where table_type = 'BASE TABLE' and table_schema = any "
            f"('{{{','.join(MODEL_SCHEMAS)}}}') order by 1, 2, ordinal_position"
        ):
            name = f"{column['table_schema']}.{column['table_name']}"
            found.setdefault(name, []).append(column["column_name"])
        return found

    def contents(self, *, without: Sequence[str] = ()) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table that dbt has made, sorted, less some columns."""
        return {
            name: sorted(
                (
                    tuple(str(value) for column, value in row.items() if column not in without)
                    for row in self.query(f"select * from {name}")
                ),
            )
            for name in self.tables()
        }

    def build(self, *words: str, as_of: str, tested: bool = False) -> None:
        """Build every seed and model as if at an instant, data tests included if wanted.

        A failure fails the test.
        """
        kinds = ["model", "seed", *(["test"] if tested else [])]
        options = [part for kind in kinds for part in ("--resource-type", kind)]
        given = ("--vars", json.dumps({**self._variables, "as_of": as_of}))
        outcome = self._invoke(
            "build", *options, *words, *given, runner=dbtRunner(manifest=self._manifest)
        )
        failed = [
            f"{result.node.name}: {result.message}"
            for result in getattr(outcome.result, "results", [])
            if str(result.status) in ("error", "fail", "runtime error")
        ]
        assert outcome.success, failed or outcome.exception

    def _invoke(self, *words: str, runner: dbtRunner) -> Any:
        folders = {"project-dir": PROJECT, "profiles-dir": PROJECT}
        options = [part for name, path in folders.items() for part in (f"--{name}", str(path))]
        quiet = ["--quiet", "--no-partial-parse", "--log-level-file", "none"]
        # Only while dbt runs: other tests of this process start programs that would read it too.
        with pytest.MonkeyPatch.context() as environment:
            for name, value in self._address.environment().items():
                environment.setenv(name, value)
            return runner.invoke([*quiet, *words, *options, "--target-path", str(self._target)])

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._address.url())

    def _definition(self, schema: str, name: str, key: list[str]) -> SQL:
        columns = ", ".join(
            f'"{column}" {RAW_TYPES.get(kind, kind)}'
            for column, kind in self._tables[schema, name].items()
        )
        loader = "_sdc_extracted_at timestamp, _sdc_batched_at timestamp, _sdc_sequence bigint"
        quoted = ", ".join(f'"{column}"' for column in key)
        return SQL(  # type: ignore[arg-type]
            f'create table if not exists "{schema}"."{name}" '
            f"({columns}, {loader}, primary key ({quoted}))"
        )

    def _upsert(self, schema: str, name: str, key: list[str], columns: list[str]) -> SQL:
        quoted = [f'"{column}"' for column in columns]
        updated = ", ".join(f"{column} = excluded.{column}" for column in quoted)
        return SQL(  # type: ignore[arg-type]
            f'insert into "{schema}"."{name}" ({", ".join(quoted)}) '
            f"values ({', '.join(['%s'] * len(columns))}) "
            f"on conflict ({', '.join(key)}) do update set {updated}"
        )
