"""Settlement files as marketplaces write them. Amounts that must come out are written beside."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amazon_client.downloads import Document
from amazon_client.errors import MalformedResponse
from tap_amazon_sp.settlement_file import COLUMNS, GERMAN, SettlementFile

PLAIN = COLUMNS[:-1]
GERMAN_NAMES = [name.replace("-", " ").title() for name in GERMAN]


def line(columns: Any = PLAIN, **cells: str) -> str:
    named = {name.replace("_", "-"): value for name, value in cells.items()}
    return "\t".join(named.get(name, "") for name in columns)


def header(total: str, currency: str = "USD", **cells: str) -> str:
    period = {
        "settlement_start_date": "2026-07-01 00:00:00 UTC",
        "settlement_end_date": "2026-07-15 00:00:00 UTC",
        "deposit_date": "2026-07-17 00:00:00 UTC",
    }
    told = {"settlement_id": "12345", "total_amount": total, "currency": currency}
    return line(**{**period, **told, **cells})


def sale(amount: str, **cells: str) -> str:
    told = {
        "settlement_id": "12345",
        "transaction_type": "Order",
        "amount_type": "ItemPrice",
        "amount_description": "Principal",
        "amount": amount,
        "posted_date": "07/05/26",
        "posted_date_time": "2026-07-05 10:00:00 UTC",
    }
    return line(**{**told, **cells})


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def reading(*rows: str, names: Any = PLAIN, charset: str = "utf-8", declared: Any = None,
                fallback: str = "cp1252") -> SettlementFile:  # fmt: skip
        path = tmp_path / "settlement.txt"
        path.write_bytes("\n".join(["\t".join(names), *rows, ""]).encode(charset))
        document = Document(path, declared, path.stat().st_size)
        return SettlementFile(document, fallback=fallback)

    return reading


def test_the_header_row_is_no_line(read: Any) -> None:
    file = read(header("30.00"), sale("10.00"), sale("20.00"))
    (settlement,) = file.settlements()
    assert settlement["total-amount"] == settlement["lines-total"] == Decimal("30.00")
    assert (settlement["line-count"], settlement["tie-out-difference"]) == (2, 0)
    assert [found["line-no"] for found in file.lines()] == [1, 2]
    assert settlement["settlement-end-date"] == datetime(2026, 7, 15, tzinfo=UTC)


def test_lines_carry_their_settlements_period_and_currency_but_not_its_total(read: Any) -> None:
    (found,) = read(header("10.00", "CAD"), sale("10.00")).lines()
    assert found["currency"] == "CAD"
    assert found["deposit-date"] == datetime(2026, 7, 17, tzinfo=UTC)
    assert "total-amount" not in found


def test_two_lines_equal_in_every_column_stay_two(read: Any) -> None:
    fee = sale("-3.22", amount_type="ItemFees", amount_description="FBAPerUnitFulfillmentFee")
    found = list(read(header("-6.44"), fee, fee).lines())
    assert [row.pop("line-no") for row in found] == [1, 2]
    assert found[0] == found[1]


def test_a_german_file_has_decimal_commas_dots_in_dates_and_parentheses(read: Any) -> None:
    dotted = {"posted_date": "05.07.2026", "posted_date_time": "05.07.2026 07:49:55 UTC"}
    file = read(
        header("1.086,18", "EUR", settlement_start_date="01.07.2026 07:49:55 UTC",
               settlement_end_date="15.07.2026 07:49:55 UTC", deposit_date="17.07.2026"),
        sale("1.141,18", **dotted),
        sale("(55,00)", amount_description="Gebühr", **dotted),
        charset="cp1252", declared="Cp1252",
    )  # fmt: skip
    first, second = file.lines()
    assert (first["amount"], second["amount"]) == (Decimal("1141.18"), Decimal("-55.00"))
    assert first["posted-date"] == date(2026, 7, 5)
    assert first["posted-date-time"] == datetime(2026, 7, 5, 7, 49, 55, tzinfo=UTC)
    assert second["amount-description"] == "Gebühr"
    (settlement,) = file.settlements()
    assert settlement["settlement-start-date"] == datetime(2026, 7, 1, 7, 49, 55, tzinfo=UTC)
    assert settlement["tie-out-difference"] == 0


@pytest.mark.parametrize("declared", ["windows-31j", None])
def test_a_japanese_file_has_thousands_marks_and_no_fractions(read: Any, declared: Any) -> None:
    file = read(
        header("921", "JPY"), sale("1,141"), sale("-220", amount_description="月間登録料"),
        charset="cp932", declared=declared, fallback="cp932",
    )  # fmt: skip
    first, second = file.lines()
    assert (first["amount"], second["amount"]) == (Decimal(1141), Decimal(-220))
    assert second["amount-description"] == "月間登録料"
    (settlement,) = file.settlements()
    assert settlement["tie-out-difference"] == 0


def test_a_header_in_german_names_the_same_columns(read: Any) -> None:
    file = read(header("10,50", "EUR"), sale("10,50", sku="SKU-1"), names=GERMAN_NAMES)
    (found,) = file.lines()
    assert set(found) == {*PLAIN, "line-no"} - {"total-amount"}
    assert (found["sku"], found["amount"], found["currency"]) == ("SKU-1", Decimal("10.50"), "EUR")


def test_a_header_in_an_unknown_language_goes_by_amazons_order(read: Any, caplog: Any) -> None:
    names = [f"Colonne {number}" for number in range(len(PLAIN))]
    (found,) = read(header("10,50", "EUR"), sale("10,50"), names=names).lines()
    assert (found["amount"], found["amount-type"]) == (Decimal("10.50"), "ItemPrice")
    assert "unknown language" in caplog.text


def test_other_orders_further_columns_and_short_rows_are_fine(read: Any) -> None:
    names = ("amount", "settlement-id", "total-amount", "currency", "amount-type", "new-column")
    rows = ("\t12345\t7.00\tUSD", "7.00\t12345\t\t\tItemPrice\tsurprise")
    (found,) = read(*rows, names=names).lines()
    assert (found["amount"], found["new-column"]) == (Decimal("7.00"), "surprise")
    assert found["posted-date"] is None


def test_a_file_that_does_not_add_up_says_by_how_much(read: Any) -> None:
    (settlement,) = read(header("30.00"), sale("10.00"), sale("19.99")).settlements()
    assert settlement["tie-out-difference"] == Decimal("-0.01")


def test_two_settlements_in_one_file_count_their_own_lines(read: Any) -> None:
    other = {"settlement_id": "54321"}
    file = read(header("10.00"), sale("10.00"), header("5.00", **other), sale("5.00", **other))
    assert [(s["settlement-id"], s["lines-total"]) for s in file.settlements()] == [
        ("12345", Decimal("10.00")),
        ("54321", Decimal("5.00")),
    ]
    assert [found["line-no"] for found in file.lines()] == [1, 1]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ((sale("10.00"),), PLAIN),  # a line before its header row
        ((header("10.00"), sale("")), PLAIN),
        ((header("10.00"), sale("ten")), PLAIN),
        ((header("10,00"), sale("10.00")), PLAIN),
        ((header("10.00"), sale("10.00", posted_date="soon")), PLAIN),
        ((), ("sku", "fnsku", "asin")),
    ],
)
def test_what_is_not_a_settlement_report_is_refused(read: Any, rows: Any, names: Any) -> None:
    with pytest.raises(MalformedResponse):
        list(read(*rows, names=names).lines())
