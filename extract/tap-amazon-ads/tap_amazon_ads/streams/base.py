"""The two kinds of streams: lists of entities and daily reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from amazon_client.extraction import Page, PagedDataset, Request
from amazon_client.singer import AmazonStream
from amazon_client.singer.schema import Column, day
from tap_amazon_ads.entities import EntityBackend
from tap_amazon_ads.reporting import Report

DATE = day("date", description="The day, in the profile's time zone")

WINDOWS = ("1d", "7d", "14d", "30d")
"""Days after a click in which Sponsored Products count a sale for it."""


def every_window(kind: Callable[[str], Column], *metrics: str) -> tuple[Column, ...]:
    """Declare one column per metric and attribution window: `sales` → sales1d … sales30d."""
    return tuple(kind(f"{metric}{window}") for metric in metrics for window in WINDOWS)


class EntityStream(AmazonStream):
    """All entities of a kind as they are at the moment of the run, archived ones included."""

    replication_key = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the dataset that the declaration amounts to."""
        super().__init_subclass__(**kwargs)
        entity = cls.name

        def fetch(backend: EntityBackend, request: Request) -> Iterable[Page]:
            return backend.pages(entity)

        cls.dataset = PagedDataset(name=entity, report_type=entity, fetch=fetch)


class DailyReport(AmazonStream):
    """One row per day and whatever the report is grouped by; only days with activity have rows."""

    report: ClassVar[Report]
    replication_key = "date"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Make the dataset that the declaration amounts to."""
        super().__init_subclass__(**kwargs)
        cls.dataset = cls.report.dataset(cls.name, cls.columns, cls.keys)
