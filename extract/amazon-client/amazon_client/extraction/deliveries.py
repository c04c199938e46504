"""What Amazon delivered for one window, on disk, for every stream of its dataset to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amazon_client.downloads import Document
from amazon_client.extraction.datasets import Request


@dataclass(frozen=True)
class Delivery:
    """Everything for one window of one account.

    Attributes:
        request: what was asked.
        report_id: Amazon's id of the report, of its first part where there are several; or
            `api-<dataset>-<account>-<UTC instant>` for a paged dataset. Records carry it.
        documents: one per part; empty when Amazon says there is no data.
        requested_at: when the report was asked for, or the first page (UTC).
        generated_at: when Amazon finished it, or the last page came (UTC).
        covered_until: see `Page.covered_until`.
    """

    request: Request
    report_id: str
    documents: tuple[Document, ...]
    requested_at: datetime
    generated_at: datetime | None
    covered_until: datetime | None = None

    @property
    def no_data(self) -> bool:
        """Whether Amazon said that there is nothing."""
        return not self.documents
