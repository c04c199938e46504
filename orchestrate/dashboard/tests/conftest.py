"""Pages over the marts of a database that TANDEM_DATABASE_URL names, without a browser."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row
from streamlit.testing.v1 import AppTest

PAGE = """
from tandem_dashboard import page
from tandem_dashboard.pages import {name}
page.run({name}.show)
"""
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def ask() -> Callable[..., dict[str, Any]]:
    """Asks the marts for one row, beside the dashboard's own queries."""

    def one(sql: str, **parameters: Any) -> dict[str, Any]:
        url = os.environ["TANDEM_DATABASE_URL"]
        with psycopg.connect(url, row_factory=dict_row) as connection:
            row = connection.execute(sql, parameters).fetchone()  # type: ignore[call-overload]
        assert row is not None
        return dict(row)

    return one


@pytest.fixture
def open_page() -> Callable[[str], AppTest]:
    """Opens a page by its module's name."""

    def opened(name: str) -> AppTest:
        app = AppTest.from_string(PAGE.format(name=name), default_timeout=60)
        return app.run()

    return opened
