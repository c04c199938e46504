"""What Amazon delivered for one window, on disk, for every stream of its dataset to read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amazon_client.downloads import Document
from amazon_client.extraction.datasets import Request


@dataclass(frozen=True)
class Answer:
    """The answer to one of a window's questions: its body, and the documents that came."""

    body: Mapping[str, Any]
    documents: tuple[Document, ...]


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
        answers: the same documents by question, where the dataset asks in stages.
    """

    request: Request
    report_id: str
    documents: tuple[Document, ...]
    requested_at: datetime
    generated_at: datetime | None
    covered_until: datetime | None = None
    answers: tuple[Answer, ...] = ()

    @property
    def no_data(self) -> bool:
        """Whether Amazon said that there is nothing."""
        return not self.documents
