"""Where transactions come from: Finances 2024-06-19, which windows of it, and how they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from amazon_client.extraction import Cadence, InstantWindows, Page, Planning, Request, Window
from amazon_client.operations import Operation
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.datasets import SellerSearch

ROLE = "Finance and Accounting"
LIST_TRANSACTIONS = Operation(
    "listTransactions", "GET", "/finances/2024-06-19/transactions", rate=0.5, burst=10
)
LONGEST = timedelta(days=180)
"""Of a longer window Amazon finds nothing, and does not say so."""
SWEPT = timedelta(days=60)
"""How far back the statuses of old transactions are looked at: the longest deferral is a month."""


class Sweep(Window):
    """A window of which only the transactions set free since they were posted are wanted."""


@dataclass(frozen=True, kw_only=True)
class TransactionWindows(InstantWindows):
    """From the bookmark less a look-back by cadence; then, daily and weekly, a sweep before it."""

    max_span: timedelta = LONGEST
    delay: timedelta = timedelta(minutes=3)
    overlaps: Mapping[Cadence, timedelta] = field(
        default_factory=lambda: {
            # Orders of the last 48 hours may be missing.
            Cadence.HOURLY: timedelta(days=2),
            Cadence.DAILY: timedelta(days=14),
            Cadence.WEEKLY: timedelta(days=60),
            Cadence.FIRST_SYNC: timedelta(days=14),
        }
    )

    def begin(self, planning: Planning) -> datetime | None:
        """Return from when on to read."""
        again = InstantWindows(overlap=self.overlaps[planning.cadence])
        return again.begin(planning)

    def windows(self, planning: Planning) -> list[Window]:
        """Return the windows to read, and at their end the one to sweep."""
        windows = super().windows(planning)
        since = planning.now.replace(microsecond=0) - SWEPT
        if windows and planning.cadence in (Cadence.DAILY, Cadence.WEEKLY):
            start = min(windows).start
            assert isinstance(start, datetime)
            if since < start:
                windows.append(Sweep(since, start))
        return windows

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return up to when all has been delivered; the sweep moves nothing."""
        read = [window for window in windows if not isinstance(window, Sweep)]
        return super().bookmark(planning, read, min(delivered, len(read)))


def _transactions(partner: SellingPartner, request: Request) -> Iterator[Page]:
    query: dict[str, Any] = {
        "postedAfter": request.window.start,
        "postedBefore": request.window.end,
        "transactionStatus": "DEFERRED_RELEASED" if isinstance(request.window, Sweep) else None,
    }
    token = None
    while True:  # An empty page may have a next one.
        answer = partner.http.call(LIST_TRANSACTIONS, query={**query, "nextToken": token}).data
        payload = answer["payload"]
        yield Page(payload.get("transactions") or ())
        token = payload.get("nextToken")
        if not token:
            return


TRANSACTIONS = SellerSearch(
    name="financial_transactions",
    report_type="listTransactions",
    role=ROLE,
    windows=TransactionWindows(),
    fetch=_transactions,
)
