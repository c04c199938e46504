"""Extraction from Amazon's APIs, independent of Singer: datasets, windows, reports, deliveries."""

from amazon_client.extraction.accounts import Account
from amazon_client.extraction.backends import Progress, ReportBackend, ReportStatus
from amazon_client.extraction.datasets import (
    Dataset,
    Page,
    PagedDataset,
    ReportDataset,
    Request,
)
from amazon_client.extraction.deliveries import Answer, Delivery
from amazon_client.extraction.window_policies import DayWindows, InstantWindows
from amazon_client.extraction.windows import (
    ALL_CADENCES,
    Cadence,
    Planning,
    Snapshot,
    Window,
    WindowPolicy,
)

__all__ = [
    "ALL_CADENCES",
    "Account",
    "Answer",
    "Cadence",
    "Dataset",
    "DayWindows",
    "Delivery",
    "InstantWindows",
    "Page",
    "PagedDataset",
    "Planning",
    "Progress",
    "ReportBackend",
    "ReportDataset",
    "ReportStatus",
    "Request",
    "Snapshot",
    "Window",
    "WindowPolicy",
]
