"""Reading the marts: as `tandem_reader`, which sees nothing else."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import pandas as pd
import psycopg
import streamlit as st

URL = "TANDEM_DATABASE_URL"
READER = "-c role=tandem_reader -c default_transaction_read_only=on -c statement_timeout=30000"
"""What a session of the dashboard may do: read the marts."""
_FRESH_FOR_SECONDS = 60


class NoAnswer(Exception):
    """The database gave no answer; the message says why in words, without its address."""


@st.cache_data(ttl=_FRESH_FOR_SECONDS, show_spinner="Reading …")
def query(sql: str, parameters: Mapping[str, Any] | None = None) -> pd.DataFrame:
    """The rows of a query over the marts.

    Args:
        sql: one of `queries`; values are parameters, never part of the text.
        parameters: by name.

    Raises:
        NoAnswer: the database cannot be reached, or a mart is not built yet.
    """
    url = os.environ.get(URL)
    if not url:
        raise NoAnswer("No database is named: start the dashboard with `make dashboard`.")
    try:
        with psycopg.connect(url, options=READER, connect_timeout=10) as connection:
            cursor = connection.execute(sql, dict(parameters or {}))  # type: ignore[arg-type]
            names = [column.name for column in cursor.description or []]
            frame = pd.DataFrame(cursor.fetchall(), columns=names)
    except psycopg.errors.UndefinedTable as error:
        raise NoAnswer(
            "These figures are not built yet: they arrive with the next sync."
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise NoAnswer("The reader may not see these figures yet: build the marts.") from error
    except psycopg.Error as error:
        raise NoAnswer(
            "The database does not answer. `tandem database start` starts it."
        ) from error
    return _as_numbers(frame)


def _as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Decimals as floats: for drawing and sorting; exact sums are the database's."""
    for name in frame.columns:
        if frame[name].dtype == object:
            filled = frame[name].dropna()
            if len(filled) and filled.map(lambda v: type(v).__name__ == "Decimal").all():
                frame[name] = frame[name].astype(float)
    return frame
