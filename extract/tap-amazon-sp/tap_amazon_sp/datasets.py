"""The kinds of datasets that the Selling Partner API has, each with the role that it needs.

A stream's file declares one of these and the columns; everything else follows from the kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from amazon_client.extraction import PagedDataset, ReportDataset

REPORTS = "reports"
READY_REPORTS = "ready_reports"
DATA_KIOSK = "data_kiosk"
"""Names of the tap's report backends."""

NEAR_REAL_TIME = timedelta(minutes=30)
DAILY = timedelta(hours=4)
"""How long Amazon keeps to a finished report of Fulfilment by Amazon, by kind."""


@dataclass(frozen=True, kw_only=True, eq=False)
class SellerSearch(PagedDataset):
    """What an operation answers at once, page by page.

    Attributes:
        role: Amazon's name of the role that the application needs for it.
        by_marketplace: Whether it is asked for one marketplace at a time: its requests then have a
            `MarketplaceAccount`.
    """

    role: str
    by_marketplace: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class SellerReport(ReportDataset):
    """A report of the Reports API 2021-06-30; `report_type` is its type.

    Attributes:
        role: Amazon's name of the role that the application needs for it.
        options: The request's `reportOptions`.
        keeps_snapshots: Whether Amazon makes it at most once in a while and cancels what is asked
            for more often: CANCELLED then means that there is a newer sibling, not that there is
            no data.
        regeneration: How long Amazon keeps to a finished report before it makes another one: a
            younger one is used instead of asking. None where there is no such limit, or where the
            options matter, which Amazon's list does not tell.
        by_marketplace: As of `SellerSearch`.
        regions: The regions that have it; None for all.
    """

    role: str
    backend: str = REPORTS
    options: Mapping[str, str] = field(default_factory=dict)
    keeps_snapshots: bool = False
    regeneration: timedelta | None = None
    by_marketplace: bool = False
    regions: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class KioskQuery(ReportDataset):
    """A query of Data Kiosk 2023-11-15; `report_type` is the queried field, `body` gives its text.

    Attributes:
        role: Amazon's name of the role that the application needs for it.
    """

    role: str
    backend: str = DATA_KIOSK
