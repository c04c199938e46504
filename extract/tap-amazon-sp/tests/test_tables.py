"""Tab-separated reports in every charset and language, ragged, quoted, and wrong."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amazon_client.downloads import Document
from amazon_client.errors import MalformedResponse
from amazon_client.extraction import Account
from simulator.world.events import FulfilledBy
from simulator.world.ledger import ledger
from tap_amazon_sp.tables import read_table

DE, JP = "A1PA6795UKMFR9", "A1VC38T7YXB528"
SELLER = Account("default", "eu", "A1", marketplace_ids=(DE,))


def document(folder: Path, text: str, encoding: str = "utf-8", charset: str | None = None) -> Any:
    path = folder / "table"
    path.write_bytes(text.encode(encoding))
    return Document(path, charset, path.stat().st_size)


def test_columns_are_found_by_name_and_empty_cells_are_absent(tmp_path: Path) -> None:
    told = document(tmp_path, "price\tseller-sku\tquantity\r\n9.99\tA-1\t\r\n")
    assert list(read_table(told, SELLER, ("seller-sku",))) == [
        {"price": "9.99", "seller-sku": "A-1"}
    ]


def test_a_german_header_is_understood(tmp_path: Path) -> None:
    told = document(
        tmp_path, "Artikelbezeichnung\tHändler-SKU\tPreis\nBecher\t007\t12,99\n", "cp1252", "cp1252"
    )
    assert list(read_table(told, SELLER, ("seller-sku",))) == [
        {"item-name": "Becher", "seller-sku": "007", "price": "12,99"}
    ]


def test_a_japanese_table_without_declared_charset_is_cp932(tmp_path: Path) -> None:
    japan = Account("default", "fe", "A1", marketplace_ids=(JP,))
    told = document(tmp_path, "商品名\t出品者SKU\n陶器マグ\tA\n", "cp932")
    assert list(read_table(told, japan, ("seller-sku",))) == [
        {"item-name": "陶器マグ", "seller-sku": "A"}
    ]


def test_a_header_without_a_column_that_is_needed_says_which_and_what_there_is(
    tmp_path: Path,
) -> None:
    told = document(tmp_path, "Nimi\tHinta\nMuki\t1\n")
    with pytest.raises(MalformedResponse, match=r"no column seller-sku: its header is Nimi, Hinta"):
        list(read_table(told, SELLER, ("seller-sku",)))


# The same against the simulator


def offers(simulator: Any, marketplace_id: str) -> dict[str, Any]:
    found = [o for o in simulator.world.listings if o.marketplace_id == marketplace_id]
    return {offer.seller_sku: offer for offer in found}


def listed(run: Any, marketplace_id: str) -> dict[str, dict[str, Any]]:
    rows = [r for r in run.records["listings"] if r["marketplace_id"] == marketplace_id]
    return {row["seller_sku"]: row for row in rows}


def test_a_japanese_listing_keeps_its_title(sync: Any, simulator: Any) -> None:
    run = sync("listings", regions=("fe",))
    expected = offers(simulator, JP)
    rows = listed(run, JP)
    assert {sku: row["item_name"] for sku, row in rows.items()} == {
        sku: offer.title for sku, offer in expected.items()
    }
    assert any("陶器" in row["item_name"] for row in rows.values())
    assert {sku: row["asin_1"] for sku, row in rows.items()} == {
        sku: offer.asin for sku, offer in expected.items()
    }


@pytest.mark.parametrize(("region", "marketplace_id"), [("eu", DE), ("fe", JP)])
def test_a_localised_header_gives_the_same_rows(
    sync: Any, simulator: Any, region: str, marketplace_id: str
) -> None:
    english = sync("listings", regions=(region,))
    simulator.faults.add("createReport", "report_localised", containing=marketplace_id, times=None)
    simulator.simulation.limits.refill()
    localised = sync("listings", regions=(region,))
    assert localised.exit_code == 0

    def told(run: Any) -> Any:
        still = {"report_id": "", "extracted_at": ""}
        return {sku: {**row, **still} for sku, row in listed(run, marketplace_id).items()}

    assert told(localised) == told(english)


def test_listings_say_who_ships_and_leave_amazons_stock_out(sync: Any, simulator: Any) -> None:
    rows = listed(sync("listings"), "ATVPDKIKX0DER")
    for sku, offer in offers(simulator, "ATVPDKIKX0DER").items():
        by_amazon = offer.fulfilled_by is FulfilledBy.AMAZON
        assert rows[sku]["fulfillment_channel"] == ("AMAZON_NA" if by_amazon else "DEFAULT")
        assert (rows[sku]["quantity"] is None) == by_amazon
        assert Decimal(rows[sku]["price"]) == offer.price


@pytest.mark.parametrize("name", ["listings", "fba_inventory_ledger"])
def test_ragged_rows_are_read_like_whole_ones(sync: Any, simulator: Any, name: str) -> None:
    whole = sync(name)
    simulator.faults.add("createReport", "report_ragged", times=None)
    ragged = sync(name)
    assert ragged.exit_code == 0
    still = {"report_id": "", "extracted_at": ""}
    first, second = ([{**row, **still} for row in run.records[name]] for run in (whole, ragged))
    assert first == second


def test_the_ledger_is_asked_for_by_day_and_country_and_is_the_worlds(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    run = sync("fba_inventory_ledger")
    (asked,) = [a.body for a in requests_sent if a.method == "POST" and "reportType" in a.body]
    assert asked["reportOptions"] == {
        "aggregatedByTimePeriod": "DAILY",
        "aggregateByLocation": "COUNTRY",
    }
    expected = {
        (day.day.isoformat(), day.country, day.fn_sku, day.disposition): (
            day.starting, day.receipts, day.shipments, day.returns, day.ending
        )
        for day in ledger(simulator.world)
        if day.country in ("US", "CA")
    }  # fmt: skip
    assert expected
    assert {
        tuple(row[k] for k in ("date", "location", "fnsku", "disposition")): (
            row["starting_warehouse_balance"], row["receipts"], row["customer_shipments"],
            row["customer_returns"], row["ending_warehouse_balance"],
        )
        for row in run.records["fba_inventory_ledger"]
    } == expected  # fmt: skip


def test_customers_comments_are_dropped(sync: Any, simulator: Any) -> None:
    run = sync("fba_returns", regions=("na", "eu"))
    assert run.records["fba_returns"]
    for row in run.records["fba_returns"]:
        assert not any("comment" in name for name in (*row, *row["leftovers"]))


def test_a_reversal_takes_back_what_a_reimbursement_gave(sync: Any) -> None:
    rows = sync("fba_reimbursements").records["fba_reimbursements"]
    reversals = [row for row in rows if row["reason"] == "Reimbursement_Reversal"]
    given = {row["reimbursement_id"]: row for row in rows}
    assert reversals
    for row in reversals:
        if original := given.get(row["original_reimbursement_id"]):
            assert Decimal(row["amount_total"]) == -Decimal(original["amount_total"])


def test_storage_fees_add_up_to_what_was_charged(sync: Any, simulator: Any) -> None:
    run = sync("fba_storage_fees", regions=("na", "eu", "fe"))
    told: Counter[str] = Counter()
    for row in run.records["fba_storage_fees"]:
        assert row["month_of_charge"] == "2026-10"
        told[row["currency_code"]] += Decimal(row["estimated_monthly_storage_fee"])  # type: ignore[assignment]
    charged: Counter[str] = Counter()
    for region in ("na", "eu", "fe"):
        for transaction in simulator.world.finance.transactions(region):
            if transaction.description == "FBA storage fee" and transaction.posted_at.month == 11:
                charged[transaction.market.currency_code] -= transaction.total  # type: ignore[assignment]
    assert told == charged
