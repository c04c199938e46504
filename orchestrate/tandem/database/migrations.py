"""Numbered SQL files, applied once, in order, in one transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from importlib import resources
from importlib.resources.abc import Traversable

import psycopg

from tandem.errors import MigrationError

_LOCK = 0x7A4D_0001  # any constant: whoever migrates this database waits for the others

_LEDGER = """
    create schema if not exists ops;
    create table if not exists ops.schema_migrations (
        version integer primary key,
        name text not null,
        checksum text not null,
        applied_at timestamptz not null default now()
    );
"""


@dataclass(frozen=True)
class Migration:
    """One file `NNNN_name.sql`."""

    version: int
    name: str
    sql: str = field(repr=False)

    @property
    def checksum(self) -> str:
        """SHA-256 of the text, by which a file that was changed afterwards is found out."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations(folder: Traversable | None = None) -> list[Migration]:
    """The migrations of a folder (default: the package's), in order."""
    folder = folder or resources.files("tandem") / "migrations"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return [
        Migration(int(f.name[:4]), f.name[5:].removesuffix(".sql"), f.read_text()) for f in files
    ]


def migrate(
    connection: psycopg.Connection, known: list[Migration] | None = None
) -> list[Migration]:
    """Apply what is missing and return it; all of it is applied, or nothing.

    Raises:
        MigrationError: an applied file has changed since, a recorded one is unknown here, one came
            too late in the order, or the database refused one.
    """
    known = migrations() if known is None else known
    with connection.transaction():
        connection.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
        connection.execute(_LEDGER)
        applied = _applied(connection)
        _check(known, applied)
        missing = [migration for migration in known if migration.version not in applied]
        for migration in missing:
            _apply(connection, migration)
    return missing


def _applied(connection: psycopg.Connection) -> dict[int, str]:
    rows = connection.execute("select version, checksum from ops.schema_migrations")
    return {int(version): str(checksum) for version, checksum in rows}


def _check(known: list[Migration], applied: dict[int, str]) -> None:
    by_version = {migration.version: migration for migration in known}
    for version, checksum in applied.items():
        migration = by_version.get(version)
        if migration is None:
            raise MigrationError(
                f"The database has migration {version:04}, which this version does not know: "
                "it was migrated by a newer one. Update the project."
            )
        if migration.checksum != checksum:
            raise MigrationError(
                f"Migration {version:04}_{migration.name} has changed since it was applied. "
                "Restore the file and put the change into a new migration."
            )
    newest = max(applied, default=0)
    for migration in known:
        if migration.version < newest and migration.version not in applied:
            raise MigrationError(
                f"Migration {migration.version:04}_{migration.name} is older than {newest:04}, "
                "which is applied already. Give it the next number."
            )


def _apply(connection: psycopg.Connection, migration: Migration) -> None:
    try:
        connection.execute(migration.sql)
    except psycopg.Error as error:
        reason = error.diag.message_primary or str(error)
        raise MigrationError(
            f"Migration {migration.version:04}_{migration.name} was refused: {reason}. "
            "The owner of the database needs CREATEROLE and the right to create schemas."
            if isinstance(error, psycopg.errors.InsufficientPrivilege)
            else f"Migration {migration.version:04}_{migration.name} failed: {reason}."
        ) from error
    connection.execute(
        "insert into ops.schema_migrations (version, name, checksum) values (%s, %s, %s)",
        [migration.version, migration.name, migration.checksum],
    )
