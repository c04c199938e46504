"""What the report queue needs of an asynchronous API of Amazon's: create, find, poll, locate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Protocol

from amazon_client.downloads import DocumentLocation
from amazon_client.extraction.datasets import Request


class Progress(Enum):
    """How far a report is. A status that the backend does not know is RUNNING."""

    RUNNING = "running"
    DONE = "done"
    NO_DATA = "no_data"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True)
class ReportStatus:
    """Amazon's answer to a poll.

    Attributes:
        progress: what it means.
        raw_status: what Amazon said, for logs.
        generated_at: when Amazon finished it (UTC), where it says so.
        reason: why it failed, where Amazon says so.
        handle: what `locate` needs to find the document (a document id, a URL); never shown.
        continuation: token with which a further request gives the rest of the result (Data
            Kiosk's pages): the queue asks for it, and the delivery holds all parts.
    """

    progress: Progress
    raw_status: str
    generated_at: datetime | None = None
    reason: str | None = None
    handle: str | None = field(default=None, repr=False)
    continuation: str | None = None


class ReportBackend(Protocol):
    """An asynchronous report API. One instance serves every account that shares its limits.

    Every method may raise any `AmazonError`; transient failures have been retried by then.
    Methods are called from several threads.
    """

    @property
    def name(self) -> str:
        """For logs and thread names, such as `data_kiosk eu`."""

    @property
    def max_in_flight(self) -> int | None:
        """How many reports may be under way at once; None for no bound but the rate limit."""

    def create(self, request: Request) -> str:
        """Ask for a report and return its id; a duplicate under way is adopted, not an error.

        Use an `Operation` with `repeatable=False`: after `ServerUnavailable` the queue looks with
        `find` whether the report was made, before it asks once more.
        """

    def find(self, request: Request, since: datetime) -> str | None:
        """Return the id of a report asked for by this very request at or after `since`, if any.

        Called when a former run, or a call without answer, may have created the report without
        its id getting known. A backend whose `create` adopts duplicates may return None.
        """

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return how far the report is. An id that Amazon no longer knows is EXPIRED."""

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        """Return where a DONE report's document is; `fresh` asks for a new presigned URL."""
