"""`report_runs`: one record per ended delivery of every stream, which makes no rows mean no rows.

Without it nothing would tell a day without data from a day not asked for, nor which rows of a day a
newer report no longer has.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from singer_sdk import Stream
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.helpers.types import Context, Record

from amazon_client.errors import InvalidRequest, ReportExpired, ReportFailed
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.run import Pending
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import DAY, INTEGER, TIMESTAMP, json_schema, stamp

if TYPE_CHECKING:
    from amazon_client.singer.tap import AmazonTap

NAME = "report_runs"
INCOMPLETE = "incomplete"
"""Status of what came but is not to be built on."""
EMITTED = "emitted"
"""Key of the stream's state: the run whose rows have been emitted."""
PLANS = "plans"
"""Key of the stream's state: the plans that this run has come to the end of."""


class ReportRuns(Stream):
    """What was asked, for which window, how it ended and how many rows came of it."""

    name = NAME
    sync_order = 1_000
    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE

    _tap: AmazonTap

    def __init__(self, tap: AmazonTap) -> None:
        """Make the stream of a tap."""
        keys = ["store_id", tap.account_column, "stream", "report_id"]
        columns = (
            stamp("store_id"),
            stamp(tap.account_column),
            stamp("stream", description="Stream whose delivery it is"),
            stamp("report_id", description="As in the stream's records"),
            stamp("report_type", description="Amazon's name of what was asked"),
            stamp("region"),
            stamp("marketplace_ids", description="Comma-joined; null for all of the region"),
            stamp("window_start", TIMESTAMP),
            stamp("window_end", TIMESTAMP, "The last day's midnight where the window is of days"),
            stamp("window_start_date", DAY, "First day, where the window is of days"),
            stamp("window_end_date", DAY, "Last day, included, where the window is of days"),
            stamp("day_basis", description="Whose midnight the dates mean"),
            stamp("status", description="done, no_data, failed, expired or incomplete"),
            stamp("row_count", INTEGER, "Records emitted for it"),
            stamp("requested_at", TIMESTAMP),
            stamp("generated_at", TIMESTAMP),
            stamp("extracted_at", TIMESTAMP),
        )
        super().__init__(tap, schema=json_schema(columns, keys))
        self.primary_keys = keys

    @property
    def partitions(self) -> None:
        """One state for all accounts."""

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """Yield the rows of this run, and those that earlier runs did not bring home."""
        with self._tap.collecting(self.name, "all"):
            outbox = self._tap.outbox
            for record in outbox.take():
                yield dict(record)
            plans = sorted(self._tap.extraction.plans)
            self.get_context_state(context).update({EMITTED: outbox.run_id, PLANS: plans})


def status_of(error: Exception) -> str:
    """The status of a delivery that ended with an error."""
    if isinstance(error, ReportFailed | InvalidRequest):
        return "failed"
    return "expired" if isinstance(error, ReportExpired) else INCOMPLETE


def run_record(
    pending: Pending,
    *,
    stream: str,
    account_column: str,
    status: str,
    row_count: int,
    extracted_at: datetime,
    delivery: Delivery | None,
) -> dict[str, Any]:
    """Return the record of an ended delivery.

    Args:
        pending: the delivery as it was waited for.
        stream: whose it is.
        account_column: of the tap.
        status: how it ended.
        row_count: how many records the stream made of it.
        extracted_at: when.
        delivery: what came, None if nothing did.
    """
    request = pending.request
    account, window, dataset = request.account, request.window, request.dataset
    never = f"none-{pending.plan.id}-{pending.position}"
    return {
        "store_id": account.store_id,
        account_column: account.account_id,
        "stream": stream,
        "report_id": (delivery and delivery.report_id) or pending.report_id or never,
        "report_type": dataset.report_type,
        "region": account.region,
        "marketplace_ids": ",".join(account.marketplace_ids) if account.marketplace_ids else None,
        "window_start": utc_timestamp(_midnight(window.start)),
        "window_end": utc_timestamp(_midnight(window.end)),
        "window_start_date": window.start.isoformat() if window.is_days else None,
        "window_end_date": window.end.isoformat() if window.is_days else None,
        "day_basis": dataset.day_basis,
        "status": status,
        "row_count": row_count,
        "requested_at": utc_timestamp(pending.requested_at),
        "generated_at": utc_timestamp(delivery and delivery.generated_at),
        "extracted_at": utc_timestamp(extracted_at),
    }


def _midnight(moment: date | datetime) -> str:
    """An instant as it is, a date as its midnight, whose zone `day_basis` tells, not the Z."""
    if isinstance(moment, datetime):
        return moment.isoformat()
    return f"{datetime.combine(moment, time()).isoformat()}Z"
