"""What a daily report asks for: type, grouping, columns, and how far back each cadence reads.

A stream declares a `Report`; its columns are asked for under Amazon's own names, which the stream's
column declarations know. Who makes the report is a `ReportBackend`'s business.

Source: Amazon Ads API, Reporting v3 (`OfflineReport` contract of 2025-12 and the report guide).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    Planning,
    ReportDataset,
    Window,
)
from amazon_client.singer.schema import Columns, flatten

LOOKBACK: Mapping[Cadence, int] = {
    # The console's attribution window of 14 days and most restatements.
    Cadence.DAILY: 31,
    Cadence.WEEKLY: 60,
    Cadence.FIRST_SYNC: 60,
}
"""Days that are read again, today included: conversions are restated for up to 60 days."""

HOURLY_LOOKBACK = {Cadence.HOURLY: 2}
"""Yesterday still gains clicks today."""

LONGEST_REPORT = 31
"""Days, both ends included, that most reports take."""


@dataclass(frozen=True, kw_only=True)
class NewestFirst(DayWindows):
    """Days whose present is wanted before their past, in every cadence."""

    def windows(self, planning: Planning) -> list[Window]:
        """Return windows of days, newest first; see `DayWindows`."""
        return sorted(super().windows(planning), reverse=True)


@dataclass(frozen=True, kw_only=True, eq=False)
class DailyReportDataset(ReportDataset):
    """A report's dataset.

    Attributes:
        required: the columns without which the rows have no key.
    """

    required: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Report:
    """A report type at one grain."""

    ad_product: str
    report_type: str
    group_by: tuple[str, ...]
    retention_days: int
    """How many days Amazon answers for, today included."""
    longest: int = LONGEST_REPORT
    """How many days one report may span."""
    hourly: bool = False
    """Whether it is read every hour too: the campaign level, which carries all the spend."""

    @property
    def lookback(self) -> Mapping[Cadence, int]:
        """How many days each cadence reads; a cadence left out does not read it."""
        return {**LOOKBACK, **(HOURLY_LOOKBACK if self.hourly else {})}

    def dataset(self, name: str, columns: Columns, keys: Iterable[str]) -> DailyReportDataset:
        """The dataset of the stream `name`, which has these columns and this key."""
        paths = {column.name: column.path[0] for column in flatten(columns) if column.path}
        configuration = {
            "adProduct": self.ad_product,
            "groupBy": list(self.group_by),
            "columns": list(paths.values()),
            "reportTypeId": self.report_type,
            "timeUnit": "DAILY",
            "format": "GZIP_JSON",
        }

        def body(account: Account, window: Window) -> Mapping[str, Any]:
            start, end = window.to_text()
            return {
                "name": f"{name} {start}..{end}",
                "startDate": start,
                "endDate": end,
                "configuration": configuration,
            }

        return DailyReportDataset(
            name=name,
            report_type=self.report_type,
            backend="reporting",
            # The campaign level first: it answers most questions and is soon there.
            rank=0 if self.hourly else 1,
            windows=NewestFirst(
                lookback=self.lookback, max_days=self.longest, retention_days=self.retention_days
            ),
            day_basis="profile",
            body=body,
            required=frozenset(paths[key] for key in keys),
        )
