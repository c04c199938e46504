"""Invoices: what Amazon billed, to check reported spend against.

Source: Amazon Ads API, the billing contract of 2025-12.
"""

from __future__ import annotations

from collections.abc import Iterator

from amazon_client.extraction import Window
from tap_amazon_ads.client import AdsProfile, operation
from tap_amazon_ads.listing import Row

LIST = operation(
    "GET",
    "/invoices",
    "getAdvertiserInvoices",
    accept="application/vnd.invoices.v1.1+json",
)
GET = operation(
    "GET",
    "/invoices/{invoiceId}",
    "getInvoice",
    accept="application/vnd.invoice.v1.1+json",
)
INVOICES = "INVOICES"
PARTS = ("invoiceLines", "adjustments", "payments", "promotions", "portfolios")
"""Of an invoice; its addresses and tax ids are nobody's business here."""


def invoices(api: AdsProfile, window: Window) -> Iterator[list[Row]]:
    """Yield the invoices of some days (UTC), whole, page by page."""
    start, end = window.to_text()
    query = {"startDate": start, "endDate": end, "count": 100}
    while True:
        answer = api.call(LIST, ad_product=INVOICES, query=query).data
        yield [_whole(api, summary) for summary in answer.get("invoiceSummaries") or []]
        if not answer.get("nextCursor"):
            return
        query = {"startDate": start, "endDate": end, "cursor": answer["nextCursor"]}


def _whole(api: AdsProfile, summary: Row) -> Row:
    """An invoice's summary with its parts."""
    path = {"invoiceId": summary["id"]}
    answer = api.call(GET, ad_product=INVOICES, path_params=path).data
    parts = {name: answer.get(name) for name in PARTS}
    return {**summary, **(answer.get("invoiceSummary") or {}), **parts}
