"""Invoices, their lines and their adjustments: what was billed, to check reported spend against."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from amazon_client.extraction import Cadence, DayWindows, Page, Request
from amazon_client.singer.schema import (
    Column,
    day,
    decimal,
    integer,
    json_,
    leftovers,
    money,
    moneys,
    text,
    texts,
)
from tap_amazon_ads import invoices as api
from tap_amazon_ads.sources import Sources
from tap_amazon_ads.streams.base import EntityStream, PartStream

WINDOWS = DayWindows(
    # Invoices come at least once a month, and are paid within weeks.
    lookback={Cadence.DAILY: 62, Cadence.WEEKLY: 124, Cadence.FIRST_SYNC: 60},
    max_days=366,
)


class Invoices(EntityStream):
    """Invoices by the day they were issued, which is one of UTC."""

    name = "invoices"
    keys = ("invoice_id",)
    replication_key = "invoice_date"
    permission = "nemo_transactions_view"
    windows = WINDOWS
    columns = (
        text("id", "invoice_id"),
        day("invoiceDate"),
        day("fromDate", description="First day that is billed"),
        day("toDate", description="Last day that is billed"),
        day("dueDate"),
        texts("status", "paymentMethod", "paymentTermsType", "purchaseOrderNumber"),
        integer("paymentTermsDays"),
        moneys("amountDue", "taxAmountDue", "remainingAmountDue", "remainingTaxAmountDue"),
        decimal("taxRate"),
        text("billingAggregation.billingLevel"),
        text("billingAggregation.billingAggregationId"),
        json_("fees"),
        json_("remainingFees"),
        json_("payments"),
        json_("promotions"),
        json_("portfolios"),
        json_("downloadableDocuments"),
        leftovers(),
    )

    @classmethod
    def fetch(cls, sources: Sources, request: Request) -> Iterable[Page]:
        """Read the invoices of the window."""
        return map(Page, api.invoices(sources.api, request.window))

    def rows(self, delivery: Any) -> Iterable[Mapping[str, Any]]:
        """Yield the invoices without the parts that have streams of their own."""
        own = ("invoiceLines", "adjustments")
        for row in super().rows(delivery):
            yield {name: value for name, value in row.items() if name not in own}


class _InvoicePart(PartStream):
    """A numbered part of an invoice."""

    name = "invoice_parts"
    parent = Invoices
    replication_key = "invoice_date"
    keys = ("invoice_id", "ordinal")
    list_of: str
    """Where an invoice has its parts."""

    def parts(self, row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield an invoice's parts, numbered from 0 as Amazon gives them."""
        for ordinal, part in enumerate(row.get(self.list_of) or []):
            yield {**part, "ordinal": ordinal, "invoice": row}


def _of_invoice() -> tuple[Column, ...]:
    return (
        text("invoice.id", "invoice_id"),
        integer("ordinal", description="Its number in the invoice, from 0"),
        day("invoice.invoiceDate"),
        day("invoice.fromDate"),
        day("invoice.toDate"),
    )


class InvoiceLines(_InvoicePart):
    """What an invoice bills, campaign by campaign."""

    name = "invoice_lines"
    list_of = "invoiceLines"
    columns = (
        _of_invoice(),
        texts("programName", "campaignId", "campaignName", "name", "portfolioId"),
        money("cost"),
        texts("priceType", "costEventType", "purchaseOrderNumber"),
        integer("costEventCount"),
        decimal("costPerEventType"),
        decimal("costPerUnit"),
        money("promotionAmount", "promotion"),
        money("supplyCost"),
        money("commissionAmount", "commission"),
        decimal("commissionRate"),
        json_("fees"),
        json_("campaignTags"),
    )


class InvoiceAdjustments(_InvoicePart):
    """What an invoice corrects of earlier ones."""

    name = "invoice_adjustments"
    list_of = "adjustments"
    columns = (
        _of_invoice(),
        day("accountingDate"),
        money("amount", "adjustment"),
        texts("comments", "portfolioId"),
        json_("fees"),
    )
