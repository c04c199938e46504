"""The journal's two tables, for SQLite and Postgres alike."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, MetaData, Table, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

OPS = "ops"
"""Schema of the control plane in Postgres; SQLite has no schemas."""


PARTS_PER_BRANCH = 1000
"""Part numbers of each question of a window that is asked for in stages: one for each page."""


class Instant(TypeDecorator[datetime]):
    """A UTC instant: `timestamptz` in Postgres, without a zone in SQLite, which keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write UTC."""
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Read UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


metadata = MetaData(schema=OPS)

report_journal = Table(
    "report_journal",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("api", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("dataset", Text, primary_key=True),
    Column("plan", Text, primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("planned_at", Instant, nullable=False),
    Column("window_start", Text, nullable=False),
    Column("window_end", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("intent_at", Instant),
    Column("report_id", Text),
    Column("requested_at", Instant),
    comment="Reports under way: which a run wants, has asked for, and may have to hand over again",
)
"""One row per part of a window of a plan. A plan is what one run wants of a dataset and account."""

report_runs_outbox = Table(
    "report_runs_outbox",
    metadata,
    Column("store_id", Text, primary_key=True),
    Column("api", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("report_id", Text, primary_key=True),
    Column("plan", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("proven", Boolean, nullable=False),
    Column("emitted_by", Text),
    Column("record", Text, nullable=False),
    comment="Rows of report_runs that no received state covers yet",
)
"""One row per ended delivery. `proven`: a received state covers its records, or it had none."""
