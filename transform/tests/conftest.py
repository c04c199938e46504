"""Fixtures of the whole builds; what the tests share lies in the modules beside this one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tandem import testing

sys.path.insert(0, str(Path(__file__).parent))  # pytest's importlib mode leaves it out

from warehouse import Warehouse, declared, key_of


@pytest.fixture(scope="session")
def sources() -> dict[tuple[str, str], dict[str, str]]:
    """The raw columns that the models read: type by name, by (schema, table)."""
    return declared()


@pytest.fixture(scope="session")
def raw_key() -> Callable[[str, str], list[str]]:
    """Gives the key of a raw table (schema, table) as the tests' warehouse has it."""
    return key_of


@pytest.fixture(scope="session")
def new_warehouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Warehouse]]:
    """Makes warehouses, each with a database of its own, for variables of the project."""
    with ExitStack() as stack:
        postgres = stack.enter_context(testing.server())

        def make(**variables: str) -> Warehouse:
            address = stack.enter_context(testing.new_database(postgres))
            return Warehouse(address, tmp_path_factory.mktemp("dbt"), **variables)

        yield make


@pytest.fixture(scope="session")
def _warehouse(new_warehouse: Callable[..., Warehouse]) -> Warehouse:
    return new_warehouse()


@pytest.fixture(scope="module")
def warehouse(_warehouse: Warehouse) -> Warehouse:
    """An empty warehouse for the tests of one module."""
    _warehouse.reset()
    return _warehouse
