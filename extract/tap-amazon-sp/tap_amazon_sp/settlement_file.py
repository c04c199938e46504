"""The settlement report (flat file V2): a header row per settlement, then its lines.

The header row has the period, the total and the currency, and is no line; the lines leave those
cells empty. Names of columns may be localised. How the file writes amounts and dates is decided
from all of them (`local_formats`), so a file is read twice.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from amazon_client.charsets import open_text
from amazon_client.documents import read_tsv
from amazon_client.downloads import Document
from amazon_client.errors import MalformedResponse
from tap_amazon_sp.local_formats import Amounts, Dates

logger = logging.getLogger(__name__)

COLUMNS = (
    "settlement-id",
    "settlement-start-date",
    "settlement-end-date",
    "deposit-date",
    "total-amount",
    "currency",
    "transaction-type",
    "order-id",
    "merchant-order-id",
    "adjustment-id",
    "shipment-id",
    "marketplace-name",
    "amount-type",
    "amount-description",
    "amount",
    "fulfillment-id",
    "posted-date",
    "posted-date-time",
    "order-item-code",
    "merchant-order-item-id",
    "merchant-adjustment-item-id",
    "sku",
    "quantity-purchased",
    "promotion-id",
)
"""Amazon's columns in their documented order; the last one is not in every file."""
_NEEDED = ("settlement-id", "total-amount", "currency", "amount")
_PERIOD = ("settlement-start-date", "settlement-end-date", "deposit-date")
GERMAN = dict(
    zip(
        (
            "abrechnungsnummer",
            "startdatum-der-abrechnung",
            "enddatum-der-abrechnung",
            "einzahlungsdatum",
            "gesamtbetrag",
            "währung",
            "transaktionstyp",
            "bestellnummer",
            "händler-bestellnummer",
            "anpassungsnummer",
            "versandnummer",
            "name-des-marketplace",
            "betragsart",
            "betragsbeschreibung",
            "betrag",
            "versandkennung",
            "buchungsdatum",
            "buchungsdatum-und-uhrzeit",
            "bestellposten-code",
            "händler-bestellpostennummer",
            "händler-anpassungspostennummer",
            "sku",
            "gekaufte-menge",
        ),
        COLUMNS,
        strict=False,
    )
)
"""Amazon publishes no list of translations; other languages go by the documented order."""

Row = dict[str, Any]


@dataclass
class _Sums:
    """What the lines of one settlement add up to."""

    header: Row
    total: Decimal
    lines: int = 0
    amounts: Decimal = field(default_factory=Decimal)


class SettlementFile:
    """One settlement report."""

    def __init__(self, document: Document, *, fallback: str) -> None:
        """Find out how the file is written.

        Args:
            document: the report.
            fallback: charset of a file that neither declares its own nor is UTF-8.

        Raises:
            MalformedResponse: not a settlement report, or not readable without guessing.
        """
        self._document, self._fallback = document, fallback
        self._amounts, self._dates = Amounts(), Dates()
        settlements = 0
        for row in self._rows():
            settlements += _is_header(row)
            for name in ("total-amount", "amount"):
                if row.get(name):
                    self._checked(self._amounts.see, row[name])
            for name in _PERIOD:
                if row.get(name):
                    self._checked(self._dates.see, row[name])
            if row.get("posted-date"):
                self._checked(self._dates.see, row["posted-date"], row.get("posted-date-time"))
        if not settlements:
            raise MalformedResponse("a settlement report without the header row of a settlement")

    def settlements(self) -> Iterator[Row]:
        """Yield each settlement's header with `lines-total`, `line-count`, `tie-out-difference`.

        The difference is Σ lines less the header's total: 0 unless Amazon or the download erred.
        """
        found: dict[str, _Sums] = {}
        for row in self._rows():
            if _is_header(row):
                header = self._header(row)
                found[header["settlement-id"]] = _Sums(header, header["total-amount"])
            else:
                sums = self._settlement_of(row, found)
                sums.lines += 1
                sums.amounts += self._amount(row)
        for sums in found.values():
            yield {
                **sums.header,
                "lines-total": sums.amounts,
                "line-count": sums.lines,
                "tie-out-difference": sums.amounts - sums.total,
            }

    def lines(self) -> Iterator[Row]:
        """Yield each line with its `line-no` in the settlement, its period and its currency."""
        found: dict[str, _Sums] = {}
        for row in self._rows():
            if _is_header(row):
                header = self._header(row)
                found[header["settlement-id"]] = _Sums(header, header["total-amount"])
                continue
            sums = self._settlement_of(row, found)
            sums.lines += 1
            carried = {name: sums.header.get(name) for name in (*_PERIOD, "currency")}
            yield {
                **{name: value for name, value in row.items() if name != "total-amount"},
                **carried,
                "settlement-id": sums.header["settlement-id"],
                "line-no": sums.lines,
                "amount": self._amount(row),
                "posted-date": self._value(self._dates.day, row.get("posted-date")),
                "posted-date-time": self._value(self._dates.instant, row.get("posted-date-time")),
            }

    def _header(self, row: Row) -> Row:
        if not row.get("settlement-id"):
            raise MalformedResponse("a settlement without id")
        return {
            **{name: value for name, value in row.items() if value is not None},
            **{name: self._value(self._dates.instant, row.get(name)) for name in _PERIOD},
            "total-amount": self._checked(self._amounts.parse, row["total-amount"]),
        }

    @staticmethod
    def _settlement_of(row: Row, found: dict[str, _Sums]) -> _Sums:
        named = row.get("settlement-id") or next(reversed(found), "")
        if named not in found:
            raise MalformedResponse("a line before the header row of its settlement")
        return found[named]

    def _amount(self, row: Row) -> Decimal:
        if not row.get("amount"):
            raise MalformedResponse("a line without amount")
        value: Decimal = self._checked(self._amounts.parse, row["amount"])
        return value

    def _value(self, parse: Any, text: str | None) -> Any:
        return self._checked(parse, text) if text else None

    @staticmethod
    def _checked(function: Any, *texts: str | None) -> Any:
        try:
            return function(*texts)
        except ValueError as error:
            raise MalformedResponse(f"settlement report: {error}") from None

    def _rows(self) -> Iterator[Row]:
        """The file's rows by Amazon's names; what is in a column without one keeps its own."""
        names: dict[str, str] | None = None
        with open_text(self._document, fallback=self._fallback) as text:
            for row in read_tsv(text):
                if names is None:
                    names = _names(tuple(row))
                yield {names[name]: cell for name, cell in row.items()}


def _is_header(row: Row) -> bool:
    return bool(row.get("total-amount")) and not row.get("amount")


def _names(header: tuple[str, ...]) -> dict[str, str]:
    """Amazon's name of each column of a header.

    Raises:
        MalformedResponse: not the header of a settlement report.
    """
    found = {}
    for name in header:
        plain = name.casefold().replace("_", "-").replace(" ", "-")
        found[name] = plain if plain in COLUMNS else GERMAN.get(plain, name)
    known = set(found.values()) & set(COLUMNS)
    if known <= {"sku"} and len(COLUMNS) - 1 <= len(header) <= len(COLUMNS):
        logger.warning("settlement report in an unknown language: columns go by their order")
        return dict(zip(header, COLUMNS, strict=False))
    missing = [name for name in _NEEDED if name not in known]
    if missing:
        raise MalformedResponse(f"a settlement report without {', '.join(missing)}")
    return found
