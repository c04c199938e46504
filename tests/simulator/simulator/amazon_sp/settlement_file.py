"""The settlement report, flat file V2: what each marketplace's file looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from simulator.world.finance import Settlement
from simulator.world.finance.events import AccountType, Charge, Kind, Part, Sort, Transaction
from simulator.world.marketplaces import Market

COLUMNS = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date",
    "total-amount", "currency", "transaction-type", "order-id", "merchant-order-id",
    "adjustment-id", "shipment-id", "marketplace-name", "amount-type", "amount-description",
    "amount", "fulfillment-id", "posted-date", "posted-date-time", "order-item-code",
    "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased",
)  # fmt: skip
GERMAN_COLUMNS = (
    "Abrechnungsnummer", "Startdatum der Abrechnung", "Enddatum der Abrechnung",
    "Einzahlungsdatum", "Gesamtbetrag", "Währung", "Transaktionstyp", "Bestellnummer",
    "Händler-Bestellnummer", "Anpassungsnummer", "Versandnummer", "Name des Marketplace",
    "Betragsart", "Betragsbeschreibung", "Betrag", "Versandkennung", "Buchungsdatum",
    "Buchungsdatum und Uhrzeit", "Bestellposten-Code", "Händler-Bestellpostennummer",
    "Händler-Anpassungspostennummer", "SKU", "Gekaufte Menge",
)  # fmt: skip
_OTHER = "other-transaction"
_REIMBURSED = "FBA Inventory Reimbursement"
_NAMES: dict[Kind, tuple[str, str]] = {
    Kind.PRINCIPAL: ("ItemPrice", "Principal"),
    Kind.TAX: ("ItemPrice", "Tax"),
    Kind.SHIPPING: ("ItemPrice", "Shipping"),
    Kind.SHIPPING_TAX: ("ItemPrice", "ShippingTax"),
    Kind.GIFT_WRAP: ("ItemPrice", "GiftWrap"),
    Kind.GIFT_WRAP_TAX: ("ItemPrice", "GiftWrapTax"),
    Kind.PROMOTION: ("Promotion", "Principal"),
    Kind.SHIPPING_PROMOTION: ("Promotion", "Shipping"),
    Kind.WITHHELD_TAX: ("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal"),
    Kind.WITHHELD_SHIPPING_TAX: ("ItemWithheldTax", "MarketplaceFacilitatorTax-Shipping"),
    Kind.WITHHELD_GIFT_WRAP_TAX: ("ItemWithheldTax", "MarketplaceFacilitatorTax-Other"),
    Kind.COMMISSION: ("ItemFees", "Commission"),
    Kind.REFUND_COMMISSION: ("ItemFees", "RefundCommission"),
    Kind.FBA_FEE: ("ItemFees", "FBAPerUnitFulfillmentFee"),
    Kind.SHIPPING_CHARGEBACK: ("ItemFees", "ShippingChargeback"),
    Kind.GIFT_WRAP_CHARGEBACK: ("ItemFees", "GiftwrapChargeback"),
    Kind.POINTS: ("ItemFees", "CostOfPointsGranted"),
    Kind.SUBSCRIPTION: (_OTHER, "Subscription Fee"),
    Kind.STORAGE: (_OTHER, "Storage Fee"),
    Kind.AGED_STORAGE: (_OTHER, "StorageRenewalBilling"),
    Kind.INBOUND: (_OTHER, "FBAInboundTransportationFee"),
    Kind.REMOVAL: (_OTHER, "RemovalComplete"),
    Kind.DISPOSAL: (_OTHER, "DisposalComplete"),
    Kind.WAREHOUSE_DAMAGE: (_REIMBURSED, "WAREHOUSE_DAMAGE"),
    Kind.WAREHOUSE_LOST: (_REIMBURSED, "WAREHOUSE_LOST"),
    Kind.CLAWBACK: (_REIMBURSED, "COMPENSATED_CLAWBACK"),
    Kind.SAFE_T: (_OTHER, "SAFE-T Reimbursement"),
    Kind.ADVERTISING: ("Cost of Advertising", "TransactionTotalAmount"),
    Kind.UNFORESEEN: (_OTHER, "Regulatory Operating Cost True-Up"),
    Kind.PREVIOUS_RESERVE: (_OTHER, "Previous Reserve Amount Balance"),
    Kind.CURRENT_RESERVE: (_OTHER, "Current Reserve Amount"),
    Kind.CARRIED: (_OTHER, "Payable to Amazon"),
    Kind.FAILED_TRANSFER: (_OTHER, "Transfer of funds unsuccessful"),
}
_LOCAL_NAMES = {
    ("DE", Kind.STORAGE): "Lagergebühr",
    ("DE", Kind.SUBSCRIPTION): "Abonnementgebühr",
    ("JP", Kind.STORAGE): "FBA保管手数料",
    ("JP", Kind.SUBSCRIPTION): "月間登録料",
    ("UK", Kind.STORAGE): "storage fee",
}
_SORTS = {Sort.SHIPMENT: "Order", Sort.REFUND: "Refund", Sort.ADVERTISING: "ServiceFee"}


@dataclass(frozen=True)
class Style:
    """How a file writes numbers, times and rows."""

    charset: str = "UTF-8"
    decimal_mark: str = "."
    thousands: str = ""
    parentheses: bool = False
    time: str = "%Y-%m-%d %H:%M:%S UTC"
    date: str = "%Y-%m-%d"
    columns: tuple[str, ...] = COLUMNS
    has_promotion: bool = False
    ragged: bool = False
    """Empty cells at the end of a row are left out."""
    newline: str = "\n"

    def number(self, amount: Decimal) -> str:
        """An amount as the marketplace writes it."""
        text = f"{abs(amount):,f}".replace(",", "T").replace(".", self.decimal_mark)
        text = text.replace("T", self.thousands)
        if amount < 0:
            return f"({text})" if self.parentheses else f"-{text}"
        return text


_AMERICAN = Style(date="%m/%d/%y", has_promotion=True)
_GERMAN = Style(
    charset="Cp1252", decimal_mark=",", thousands=".", time="%d.%m.%Y %H:%M:%S UTC", date="%d.%m.%Y"
)
STYLES: dict[tuple[str, AccountType], Style] = {
    ("US", AccountType.STANDARD): _AMERICAN,
    ("US", AccountType.INVOICED): _AMERICAN,
    ("CA", AccountType.STANDARD): Style(ragged=True),
    ("UK", AccountType.STANDARD): Style(parentheses=True, date="%d/%m/%Y"),
    ("DE", AccountType.STANDARD): _GERMAN,
    ("DE", AccountType.INVOICED): Style(
        charset="Cp1252", decimal_mark=",", thousands=".", parentheses=True,
        time="%d.%m.%Y %H:%M:%S UTC", date="%d.%m.%Y", columns=GERMAN_COLUMNS,
    ),
    ("JP", AccountType.STANDARD): Style(
        charset="windows-31j", thousands=",", time="%Y/%m/%d %H:%M:%S UTC", date="%Y/%m/%d",
        newline="\r\n",
    ),
}  # fmt: skip


def style_of(settlement: Settlement) -> Style:
    """The style of a settlement's file."""
    return STYLES[settlement.market.country_code, settlement.period.account_type]


def content_type(settlement: Settlement) -> str:
    """The media type, with the charset in Amazon's spelling."""
    return f"text/plain;charset={style_of(settlement).charset}"


def render(settlement: Settlement) -> bytes:
    """The whole file."""
    style = style_of(settlement)
    columns = (*style.columns, "promotion-id") if style.has_promotion else style.columns
    rows = [columns, _header(settlement, style), *_lines(settlement, style)]
    width = len(columns)
    texts = []
    for row in rows:
        padded = [*row, *[""] * (width - len(row))][:width]
        text = "\t".join(padded)
        texts.append(text.rstrip("\t") if style.ragged else text)
    codec = {"windows-31j": "cp932"}.get(style.charset, style.charset)
    return (style.newline.join(texts) + style.newline).encode(codec)


def _header(settlement: Settlement, style: Style) -> list[str]:
    period = settlement.period
    moments = (period.start, period.end, settlement.transferred_at)
    return [
        settlement.settlement_id,
        *(moment.strftime(style.time) for moment in moments),
        style.number(settlement.total),
        settlement.market.currency_code,
    ]


def _lines(settlement: Settlement, style: Style) -> Iterator[list[str]]:
    for transaction in settlement.transactions:
        for part in transaction.parts:
            for charge in part.charges:
                yield _line(settlement, style, transaction, part, charge)
        for charge in transaction.charges:
            yield _line(settlement, style, transaction, None, charge)


def _line(
    settlement: Settlement,
    style: Style,
    transaction: Transaction,
    part: Part | None,
    charge: Charge,
) -> list[str]:
    market = settlement.market
    amount_type, description = _NAMES[charge.kind]
    description = _LOCAL_NAMES.get((market.country_code, charge.kind), description)
    posted: datetime = transaction.posted_at
    is_promotion = charge.kind in (Kind.PROMOTION, Kind.SHIPPING_PROMOTION)
    return [
        settlement.settlement_id, "", "", "", "", "",
        _SORTS.get(transaction.sort, _OTHER),
        transaction.order_id or transaction.reference or "",
        transaction.merchant_order_id or "",
        (transaction.refund_id or "")[-9:],
        _shipment_id(transaction),
        _marketplace_name(transaction, market),
        amount_type,
        description,
        style.number(charge.amount),
        ("AFN" if part.is_fba else "MFN") if part and part.order_item_id else "",
        posted.strftime(style.date),
        posted.strftime(style.time),
        (part and part.order_item_id) or "",
        "",
        (part and part.adjustment_id) or "",
        part.sku if part else "",
        str(part.quantity) if part and charge.kind is Kind.PRINCIPAL else "",
        (part.promotion_id or "") if part and is_promotion else "",
    ]  # fmt: skip


def _marketplace_name(transaction: Transaction, market: Market) -> str:
    if transaction.is_multi_channel:
        return f"Non-Amazon {market.country_code}"
    return market.name if transaction.names_marketplace else ""


def _shipment_id(transaction: Transaction) -> str:
    return transaction.transaction_id[:9] if transaction.sort is Sort.SHIPMENT else ""
