"""A PostgreSQL server for the session, and a migrated database for each test that asks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tandem import testing
from tandem.database import Address, EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with testing.server() as running:
        yield running


@pytest.fixture
def address(postgres: EmbeddedPostgres) -> Iterator[Address]:
    with testing.new_database(postgres) as fresh:
        yield fresh


@pytest.fixture
def bare_address(postgres: EmbeddedPostgres) -> Iterator[Address]:
    with testing.new_database(postgres, migrated=False) as fresh:
        yield fresh
