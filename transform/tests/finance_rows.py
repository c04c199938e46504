"""Rows of finance for the builds: a store whose every amount is worked out here by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from warehouse import Row, Warehouse

US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
NA, EU = "A1NA", "A2EU"
"""The sellers of both regions."""


def transaction(
    transaction_id: str, status: str, posted: str, total: str, at: str, **more: object
) -> Row:
    """A transaction of the American seller unless it says otherwise."""
    return {
        "selling_partner_id": NA,
        "region": "na",
        "transaction_id": transaction_id,
        "transaction_type": "Shipment",
        "transaction_status": status,
        "description": "Order Payment",
        "posted_date": posted,
        "total_amount": total,
        "total_currency_code": "USD",
        "marketplace_id": US,
        "marketplace_name": "Amazon.com",
        "account_type": "Standard Orders",
        "account_marketplace_id": US,
        "report_id": f"api-{at}",
        "extracted_at": at,
    } | more


def item(transaction_id: str, total: str, sku: str, units: int, at: str, **more: object) -> Row:
    """The first item of a transaction."""
    return {
        "selling_partner_id": NA,
        "transaction_id": transaction_id,
        "item_ordinal": 1,
        "total_amount": total,
        "sku": sku,
        "asin": f"B0{sku}",
        "quantity_shipped": units,
        "report_id": f"api-{at}",
        "extracted_at": at,
    } | more


def leaves(
    transaction_id: str, amounts: Sequence[tuple[str, str]], at: str, **more: object
) -> list[Row]:
    """Leaves of the first item's tree, by path."""
    return [
        {
            "selling_partner_id": NA,
            "transaction_id": transaction_id,
            "item_ordinal": 1,
            "breakdown_ordinal": ordinal,
            "posted_date": "2026-11-01 20:00:00",
            "level": "item",
            "path": path,
            "breakdown_amount": amount,
            "is_leaf": True,
            "report_id": f"api-{at}",
            "extracted_at": at,
        }
        | more
        for ordinal, (path, amount) in enumerate(amounts, start=1)
    ]


def settlement(settlement_id: str, total: str, lines: int, at: str, **more: object) -> Row:
    """A settlement of the American seller unless it says otherwise."""
    return {
        "selling_partner_id": NA,
        "region": "na",
        "settlement_id": settlement_id,
        "settlement_start_date": "2026-11-04 08:00:00",
        "settlement_end_date": "2026-11-18 08:00:00",
        "deposit_date": "2026-11-20 08:00:00",
        "total_amount": total,
        "currency": "USD",
        "line_count": lines,
        "report_id": f"r-{settlement_id}",
        "extracted_at": at,
    } | more


def line(settlement_id: str, number: int, what: str, amount: str, **more: object) -> Row:
    """A line; ``what`` is the transaction type, amount type and description."""
    transaction_type, amount_type, description = what.split("/")
    return {
        "selling_partner_id": NA,
        "settlement_id": settlement_id,
        "line_no": number,
        "settlement_end_date": "2026-11-18 08:00:00",
        "currency": "USD",
        "transaction_type": transaction_type,
        "amount_type": amount_type,
        "amount_description": description,
        "amount": amount,
        "posted_date_time": "2026-11-15 20:00:00",
        "report_id": f"r-{settlement_id}",
        "extracted_at": "2026-11-19 06:00:00",
    } | more


def load_deferred(warehouse: Warehouse, status: str, at: str) -> None:
    """Two units of MUG on 1 November, held back: 25.00 less a fee of 5.00."""
    amounts = [
        ("ProductCharges/OurPricePrincipal", "25.00"),
        ("AmazonFees/Commission/Base", "-5.00"),
    ]
    warehouse.load(
        "amazon_sp.marketplace_participations",
        *(
            {"selling_partner_id": s, "marketplace_id": m, "is_participating": True}
            | {"extracted_at": at}
            for s, m in ((NA, US), (EU, DE))
        ),
    )
    warehouse.load(
        "amazon_sp.financial_transactions",
        transaction(
            "D1", status, "2026-11-01 20:00:00", "20.00", at,
            order_id="O-1", deferral_reason="DD7", maturity_date="2026-11-15 20:00:00",
        ),
    )  # fmt: skip
    warehouse.load("amazon_sp.financial_transaction_items", item("D1", "20.00", "MUG", 2, at))
    warehouse.load("amazon_sp.financial_transaction_breakdowns", *leaves("D1", amounts, at))


def load_release(warehouse: Warehouse, at: str) -> None:
    """The same money on 15 November, free, in settlement 777 of the American seller."""
    amounts = [
        ("ProductCharges/OurPricePrincipal", "25.00"),
        ("AmazonFees/Commission/Base", "-5.00"),
    ]
    load_deferred(warehouse, "DEFERRED_RELEASED", at)
    warehouse.load(
        "amazon_sp.financial_transactions",
        transaction(
            "R1", "RELEASED", "2026-11-15 20:00:00", "20.00", at,
            order_id="O-1", deferral_reason="DD7", maturity_date="2026-11-15 20:00:00",
            deferred_transaction_id="D1", settlement_id="777", financial_event_group_id="G7",
        ),
    )  # fmt: skip
    warehouse.load("amazon_sp.financial_transaction_items", item("R1", "20.00", "MUG", 2, at))
    warehouse.load("amazon_sp.financial_transaction_breakdowns", *leaves("R1", amounts, at))


def load_settlement(warehouse: Warehouse, lines: int, at: str) -> None:
    """Settlement 777 of 16.50: O-1, tax that Amazon keeps, two equal fees, one odd line.

    25.00 - 5.00 + 2.00 - 2.00 - 1.50 - 1.50 - 0.50
    """
    order = {"order_id": "O-1", "marketplace_name": "Amazon.com", "sku": "MUG"}
    warehouse.load("amazon_sp.settlements", settlement("777", "16.50", 7, at))
    warehouse.load(
        "amazon_sp.settlement_lines",
        *[
            line("777", 1, "Order/ItemPrice/Principal", "25.00", quantity_purchased=2, **order),
            line("777", 2, "Order/ItemFees/Commission", "-5.00", **order),
            line("777", 3, "Order/ItemPrice/Tax", "2.00", **order),
            line("777", 4, "Order/ItemWithheldTax/MarketplaceFacilitatorTax-Principal", "-2.00",
                 **order),
            line("777", 5, "other-transaction/other-transaction/FBAInboundTransportationFee",
                 "-1.50", order_id="FBA15XYZ", posted_date_time="2026-11-10 09:00:00"),
            line("777", 6, "other-transaction/other-transaction/FBAInboundTransportationFee",
                 "-1.50", order_id="FBA15XYZ", posted_date_time="2026-11-10 09:00:00"),
            line("777", 7, "other-transaction/other-transaction/Surprise", "-0.50"),
        ][:lines],
    )  # fmt: skip


def load_german_sale(warehouse: Warehouse, at: str) -> None:
    """119.00 euros with VAT on 2 November, held back; a day later a fee of 3.00 in group G8."""
    german = {"selling_partner_id": EU, "region": "eu", "total_currency_code": "EUR"} | {
        "marketplace_id": DE, "account_marketplace_id": DE, "marketplace_name": "Amazon.de",
    }  # fmt: skip
    warehouse.load(
        "amazon_sp.financial_transactions",
        transaction("D2", "DEFERRED", "2026-11-02 23:30:00", "119.00", at, order_id="O-2",
                    deferral_reason="B2B", **german),
        transaction("F2", "RELEASED", "2026-11-05 12:00:00", "-3.00", at,
                    transaction_type="ServiceFee", financial_event_group_id="G8", **german),
    )  # fmt: skip
    warehouse.load(
        "amazon_sp.financial_transaction_items",
        item("D2", "119.00", "PAN", 1, at, selling_partner_id=EU),
    )
    warehouse.load(
        "amazon_sp.financial_transaction_breakdowns",
        *leaves("D2", [("ProductCharges/OurPricePrincipal", "119.00")], at, selling_partner_id=EU),
        *leaves("F2", [("Expenses/FBAFees/FBAStorageFee/Base", "-3.00")], at,
                selling_partner_id=EU, item_ordinal=0, level="transaction"),
    )  # fmt: skip


def load_german_settlement(warehouse: Warehouse, at: str) -> None:
    """Settlement 888 of 116.00: the release of O-2, which no transaction tells yet, and the fee."""
    mine = {"selling_partner_id": EU, "currency": "EUR"}
    warehouse.load("amazon_sp.settlements", settlement("888", "116.00", 2, at, region="eu", **mine))
    warehouse.load(
        "amazon_sp.settlement_lines",
        line("888", 1, "Order/ItemPrice/Principal", "119.00", order_id="O-2", sku="PAN",
             quantity_purchased=1, posted_date_time="2026-11-17 09:00:00", **mine),
        line("888", 2, "other-transaction/other-transaction/LAGERGEBÜHR", "-3.00",
             posted_date_time="2026-11-05 12:00:00", **mine),
    )  # fmt: skip


def load_german_group(warehouse: Warehouse, at: str) -> None:
    """Group G8, which is settlement 888 by account, currency, period and total."""
    warehouse.load(
        "amazon_sp.financial_event_groups",
        {
            "selling_partner_id": EU,
            "financial_event_group_id": "G8",
            "processing_status": "Closed",
            "fund_transfer_status": "Succeeded",
            "original_total_amount": "116.00",
            "original_total_currency_code": "EUR",
            "converted_total_amount": "116.00",
            "converted_total_currency_code": "EUR",
            "financial_event_group_start": "2026-11-04 08:00:00",
            "financial_event_group_end": "2026-11-18 08:00:00",
            "extracted_at": at,
        },
    )


def load_german_release(warehouse: Warehouse, at: str) -> None:
    """The release of O-2, two days late, as the settlement has had it."""
    german = {"selling_partner_id": EU, "region": "eu", "total_currency_code": "EUR"} | {
        "marketplace_id": DE, "account_marketplace_id": DE, "financial_event_group_id": "G8",
    }  # fmt: skip
    warehouse.load(
        "amazon_sp.financial_transactions",
        transaction("R2", "RELEASED", "2026-11-17 09:00:00", "119.00", at, order_id="O-2",
                    deferral_reason="B2B", deferred_transaction_id="D2", **german),
    )  # fmt: skip
    warehouse.load(
        "amazon_sp.financial_transaction_items",
        item("R2", "119.00", "PAN", 1, at, selling_partner_id=EU),
    )
    warehouse.load(
        "amazon_sp.financial_transaction_breakdowns",
        *leaves("R2", [("ProductCharges/OurPricePrincipal", "119.00")], at, selling_partner_id=EU),
    )
