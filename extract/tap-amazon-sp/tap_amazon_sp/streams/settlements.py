"""Settlement reports: what Amazon paid out, line by line, tied to the deposit.

Amazon makes one per settlement (every fortnight, for each account) and lists it for every
marketplace of the account; nobody can ask for one. Settlements of one marketplace overlap: the id
tells them apart, the period does not.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Delivery
from amazon_client.extraction.ready_reports import ReadyReportWindows
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import (
    TIMESTAMP,
    day,
    decimal,
    integer,
    leftovers,
    stamp,
    text,
    texts,
    timestamp,
)
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.datasets import READY_REPORTS, SellerReport
from tap_amazon_sp.ready_reports import list_ready
from tap_amazon_sp.settlement_file import SettlementFile

logger = logging.getLogger(__name__)

_TYPE = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
_ROLE = "Finance and Accounting"
SETTLEMENTS = SellerReport(
    name="settlements",
    report_type=_TYPE,
    role=_ROLE,
    backend=READY_REPORTS,
    windows=ReadyReportWindows(list_ready=list_ready(_TYPE, _ROLE)),
)
_JAPANESE = {"fe": "cp932"}


def _files(delivery: Delivery) -> Iterator[SettlementFile]:
    fallback = _JAPANESE.get(delivery.request.account.region, "cp1252")
    for document in delivery.documents:
        yield SettlementFile(document, fallback=fallback)


class Settlements(AmazonStream):
    """One row per settlement: the header of its report, and what its lines add up to."""

    name = "settlements"
    dataset = SETTLEMENTS
    keys = ("settlement_id",)
    replication_key = "report_finished_at"
    columns = (
        text("settlement-id"),
        timestamp("settlement-start-date"),
        timestamp("settlement-end-date"),
        timestamp("deposit-date"),
        decimal("total-amount", description="The deposit, or with - what is owed to Amazon"),
        text("currency"),
        decimal("lines-total", description="Sum of the settlement's lines"),
        decimal("tie-out-difference", description="lines_total less total_amount: 0"),
        integer("line-count"),
        stamp("report_finished_at", TIMESTAMP, "When Amazon had made the report"),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return when the report was made."""
        return {"report_finished_at": utc_timestamp(delivery.generated_at)}

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the settlements; one that does not tie out is landed with a warning."""
        for file in _files(delivery):
            for settlement in file.settlements():
                if settlement["tie-out-difference"]:
                    logger.warning(
                        "settlement %s does not tie out: its %d lines add up to %s, its total is "
                        "%s %s",
                        settlement["settlement-id"],
                        settlement["line-count"],
                        settlement["lines-total"],
                        settlement["total-amount"],
                        settlement["currency"],
                    )
                yield settlement


class SettlementLines(AmazonStream):
    """The lines of settlements; two that are equal in every column stay two."""

    name = "settlement_lines"
    dataset = SETTLEMENTS
    keys = ("settlement_id", "line_no")
    replication_key = "report_finished_at"
    columns = (
        text("settlement-id"),
        integer("line-no", description="Place in the settlement's file, from 1"),
        timestamp("settlement-start-date"),
        timestamp("settlement-end-date"),
        timestamp("deposit-date"),
        text("currency"),
        texts(
            "transaction-type",
            "order-id",
            "merchant-order-id",
            "adjustment-id",
            "shipment-id",
            "marketplace-name",
            "amount-type",
            "amount-description",
        ),
        decimal("amount", description="+ to the seller"),
        text("fulfillment-id"),
        day("posted-date"),
        timestamp("posted-date-time"),
        texts(
            "order-item-code",
            "merchant-order-item-id",
            "merchant-adjustment-item-id",
            "sku",
        ),
        integer("quantity-purchased"),
        text("promotion-id"),
        stamp("report_finished_at", TIMESTAMP, "When Amazon had made the report"),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return when the report was made."""
        return {"report_finished_at": utc_timestamp(delivery.generated_at)}

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the lines, each with its settlement's period and currency."""
        for file in _files(delivery):
            yield from file.lines()
