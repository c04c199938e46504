"""How a report type is declared: its columns, groupings with their grains, range and retention.

A column named ``…{W}`` stands for the four click windows of Sponsored Products.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from simulator.amazon_ads.report_grains import Grain
from simulator.world.events import AdProduct

Filters = dict[str, tuple[str, ...]]
STATUSES = ("ENABLED", "PAUSED", "ARCHIVED")
KEYWORD_TYPES = (
    "BROAD",
    "PHRASE",
    "EXACT",
    "TARGETING_EXPRESSION",
    "TARGETING_EXPRESSION_PREDEFINED",
)
_WINDOWS = ("1d", "7d", "14d", "30d")


@dataclass(frozen=True)
class GroupBy:
    """What a grouping adds to a report: a finer grain, columns, filters with their values."""

    grain: Grain
    columns: tuple[str, ...] = ()
    filters: Filters = field(default_factory=dict)


@dataclass(frozen=True)
class ReportType:
    """One ``reportTypeId``."""

    report_type_id: str
    ad_product: AdProduct
    columns: tuple[str, ...]
    """Allowed with every grouping."""
    group_by: dict[str, GroupBy]
    retention_days: int
    told_days: int
    """Older days may be asked for and have no rows (Amazon's known issue for SP: 65)."""
    max_days: int = 31
    """Days per request, both ends included."""


def columns(text: str) -> tuple[str, ...]:
    """Column names written one after the other, windows spelt out."""
    return tuple(
        column
        for name in text.split()
        for column in ([name.format(W=w) for w in _WINDOWS] if "{W}" in name else [name])
    )


BORROWS = "qualifiedBorrows royaltyQualifiedBorrows"
BORROWS_FROM_CLICKS = "qualifiedBorrowsFromClicks royaltyQualifiedBorrowsFromClicks"
BORROWS_FROM_VIEWS = "qualifiedBorrowsFromViews royaltyQualifiedBorrowsFromViews"
KINDLE = "kindleEditionNormalizedPagesRead14d kindleEditionNormalizedPagesRoyalties14d"
VIDEO = """videoFirstQuartileViews videoMidpointViews videoThirdQuartileViews videoCompleteViews
    videoUnmutes"""


def gross_and_invalids(prefix: str, ad_product: AdProduct) -> ReportType:
    """The report of what was struck out, which every ad product has and none by campaign id."""
    return ReportType(
        f"{prefix}GrossAndInvalids",
        ad_product,
        columns(
            """campaignName campaignStatus clicks date endDate grossClickThroughs grossImpressions
            impressions invalidClickThroughRate invalidClickThroughs invalidImpressionRate
            invalidImpressions startDate"""
        ),
        {"campaign": GroupBy(Grain.GROSS, filters={"campaignStatus": STATUSES})},
        retention_days=365,
        told_days=365,
        max_days=365,
    )
