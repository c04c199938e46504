"""The journal's database: SQLite beside the tap, or Postgres; what is missing in it is made."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from amazon_client.errors import ConfigurationError
from amazon_client.extraction.journal import Journal
from amazon_client.extraction.journal_tables import OPS, metadata


def open_journal(url: str | None, path: Path) -> Journal:
    """Open the journal in the Postgres of `url`, else in a SQLite file, making what is missing.

    Raises:
        ConfigurationError: the database does not answer or its tables cannot be made.
    """
    engine, where = None, str(path)
    try:
        if url:
            where = make_url(url).render_as_string(hide_password=True)
            engine = _postgres(url)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            engine = _sqlite(path)
        _create_missing(engine)
    except (SQLAlchemyError, OSError) as error:
        if engine is not None:
            engine.dispose()
        problem = str(getattr(error, "orig", error)).strip().splitlines()[0]
    else:
        return Journal(engine)
    # Raised outside the handler: the driver's own exception may quote the connection string.
    raise ConfigurationError(
        f"the report journal in {where} cannot be used: {problem}",
        remedy="Check journal_url or journal_path; in Postgres run the migrations, or let the "
        f"login create tables in schema {OPS}.",
    )


def _postgres(url: str) -> Engine:
    address = make_url(url)
    if address.drivername in {"postgres", "postgresql"}:
        address = address.set(drivername="postgresql+psycopg")
    return create_engine(address, pool_pre_ping=True, pool_size=2, max_overflow=8)


def _sqlite(path: Path) -> Engine:
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": 60})

    # Python's driver begins transactions late and as readers; two processes that both read before
    # they write would then lock each other out.
    @event.listens_for(engine, "connect")
    def _explicit(connection, record):  # type: ignore[no-untyped-def]
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _immediate(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine.execution_options(schema_translate_map={OPS: None})


def _create_missing(engine: Engine) -> None:
    postgres = engine.dialect.name == "postgresql"
    tables = metadata.tables.values()
    with engine.connect() as connection:
        looking = inspect(connection)
        there = set(looking.get_table_names(schema=OPS if postgres else None))
        # Asking for a schema that is there already would need a right that a loader need not have.
        schema_missing = postgres and OPS not in looking.get_schema_names()
    if all(table.name in there for table in tables):
        return
    with Journal(engine).locked("create") as connection:
        if schema_missing:
            connection.execute(text(f"create schema if not exists {OPS}"))
        metadata.create_all(connection)
