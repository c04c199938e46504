"""A PostgreSQL server for tests: real, in a temporary folder, gone at the end."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from tandem.database import Address, EmbeddedPostgres
from tandem.database.migrations import migrate


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder that the server's account can reach, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="tandem-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def server() -> Iterator[EmbeddedPostgres]:
    """A running server."""
    with open_folder() as folder:
        postgres = EmbeddedPostgres(folder / "postgres")
        postgres.start()
        try:
            yield postgres
        finally:
            postgres.remove()


@contextmanager
def new_database(postgres: EmbeddedPostgres, *, migrated: bool = True) -> Iterator[Address]:
    """A database of its own on a running server, with the project's migrations applied."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    address = replace(postgres.address, database=name)
    with psycopg.connect(postgres.address.url(), autocommit=True) as admin:
        admin.execute(SQL("create database {}").format(Identifier(name)))
        try:
            if migrated:
                with psycopg.connect(address.url()) as connection:
                    migrate(connection)
            yield address
        finally:
            admin.execute(SQL("drop database {} with (force)").format(Identifier(name)))
