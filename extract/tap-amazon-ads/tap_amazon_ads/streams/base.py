"""The kinds of streams: lists of entities, parts of entities, and daily reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from amazon_client.extraction import Delivery, Page, PagedDataset, Request, Snapshot
from amazon_client.extraction.windows import ALL_CADENCES, Cadence, WindowPolicy
from amazon_client.singer import AmazonStream
from amazon_client.singer.schema import Column, day, flatten
from tap_amazon_ads.reports import Report
from tap_amazon_ads.sources import Sources

DATE = day("date", description="The day, in the profile's time zone")

WINDOWS = ("1d", "7d", "14d", "30d")
"""Days after a click in which Sponsored Products count a sale for it."""

LESS_OFTEN = ALL_CADENCES - {Cadence.HOURLY}
"""For what changes seldom and costs calls."""

NONE = ""
"""Stands in a key for an id that Amazon does not give, since a key is never null."""


def every_window(kind: Callable[[str], Column], *metrics: str) -> tuple[Column, ...]:
    """Declare one column per metric and attribution window: `sales` → sales1d … sales30d."""
    return tuple(kind(f"{metric}{window}") for metric in metrics for window in WINDOWS)


class AdsStream(AmazonStream):
    """A stream whose key may have parts that Amazon leaves out of some rows."""

    lacks: ClassVar[tuple[str, ...]] = ()
    """Key columns that are '' where Amazon gives no value."""

    permission: ClassVar[str] = "advertiser_campaign_view"
    """Amazon's name of what the user must be allowed; a Viewer is, unless said otherwise."""

    def rows(self, delivery: Delivery) -> Iterable[Mapping[str, Any]]:
        """Yield Amazon's rows, with '' for missing parts of the key."""
        rows = super().rows(delivery)
        if not self.lacks:
            return rows
        names = [column.path[0] for column in flatten(self.columns) if column.name in self.lacks]
        return (with_stand_ins(row, names) for row in rows)


def with_stand_ins(row: Mapping[str, Any], names: Iterable[str]) -> Mapping[str, Any]:
    """The row with '' for those of its values that are missing."""
    missing = [name for name in names if row.get(name) is None]
    return {**row, **dict.fromkeys(missing, NONE)} if missing else row


class EntityStream(AdsStream):
    """All entities of a kind as they are at the moment of the run, archived ones included."""

    replication_key: ClassVar[str | None] = None

    windows: ClassVar[WindowPolicy] = Snapshot()
    """Which cadences read it."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the dataset that the declaration amounts to."""
        super().__init_subclass__(**kwargs)
        cls.dataset = PagedDataset(
            name=cls.name, report_type=cls.name, fetch=cls.fetch, windows=cls.windows
        )

    @classmethod
    def fetch(cls, sources: Sources, request: Request) -> Iterable[Page]:
        """Read all there is of the entity for a profile."""
        return sources.entities.pages(cls.name)


class PartStream(AdsStream):
    """A repeated part of another stream's objects: its own row, with its parent's key in front.

    `report_id` is the parent's version: the parts of its newest one are those that are left.
    """

    replication_key: ClassVar[str | None] = None

    parent: ClassVar[type[AdsStream]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Read what the parent reads."""
        super().__init_subclass__(**kwargs)
        cls.dataset = cls.parent.dataset
        cls.permission = cls.parent.permission

    def parts(self, row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the parts of one of the parent's objects."""
        raise NotImplementedError

    def rows(self, delivery: Delivery) -> Iterable[Mapping[str, Any]]:
        """Yield the parts of all of the parent's objects."""
        for row in super().rows(delivery):
            yield from self.parts(row)


class DailyReport(AdsStream):
    """One row per day and whatever the report is grouped by; only days with activity have rows."""

    report: ClassVar[Report]
    replication_key = "date"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the dataset that the declaration amounts to."""
        super().__init_subclass__(**kwargs)
        cls.dataset = cls.report.dataset(cls.name, cls.columns, cls.keys)
