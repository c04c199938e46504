"""The ledger from day to day, over rows worked out by hand: held back, set free, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from finance_rows import (
    load_deferred,
    load_german_group,
    load_german_release,
    load_german_sale,
    load_german_settlement,
    load_release,
    load_settlement,
    settlement,
)
from finance_rows import line as settlement_line

if TYPE_CHECKING:
    from warehouse import Row, Warehouse

pytestmark = pytest.mark.slow
Stage = dict[str, list["Row"]]

QUERIES = {
    "days": "select date::text, country_code, gross_sales::text as sales, net_sales::text as net, "
    "total_amount::text as total, deferred_amount::text as deferred, "
    "released_amount::text as released, is_final from marts.rpt_financials_daily "
    "where store_id = 'acme' order by 2, 1",
    "lines": "select line_id, class, amount::text, status, event_date::text as event, "
    "released_date::text as released, order_id, reference_id, quantity, is_of_order "
    "from marts.fct_financial_lines where store_id = 'acme' order by 1",
    "settlements": "select settlement_id, ledger_state as state, tie_out_diff::text as diff, "
    "orders_part::text as orders, unallocated_part::text as rest, transfer_fate as fate "
    "from marts.fct_settlements where store_id = 'acme' order by 1",
}
FINANCE = ("--select", "+tag:finance")
LEDGER = (
    *(*FINANCE, "--exclude", "resource_type:seed", "path:models/marts/campaigns"),
    *(f"path:models/{layer}/amazon_ads" for layer in ("staging", "intermediate")),
)
"""Without what the first build has made once and for all: this store has no advertising."""


@pytest.fixture(scope="module")
def stages(warehouse: Warehouse) -> dict[str, Stage]:
    """What finance says after each of a store's builds."""
    found: dict[str, Stage] = {}

    def look(name: str) -> None:
        found[name] = {query: warehouse.query(sql) for query, sql in QUERIES.items()}

    def build(name: str, as_of: str, *, tested: bool = False) -> None:
        warehouse.build(*(LEDGER if found else FINANCE), as_of=as_of, tested=tested)
        look(name)

    load_deferred(warehouse, "DEFERRED", "2026-11-03 06:00:00")
    load_german_sale(warehouse, "2026-11-06 06:00:00")
    build("held back", "2026-11-06T07:00:00Z")
    load_release(warehouse, "2026-11-16 06:00:00")
    build("set free", "2026-11-16T07:00:00Z")
    load_settlement(warehouse, 5, "2026-11-19 06:00:00")
    load_german_settlement(warehouse, "2026-11-19 06:00:00")
    build("half loaded", "2026-11-19T07:00:00Z")
    load_settlement(warehouse, 7, "2026-11-19 08:00:00")
    load_german_group(warehouse, "2026-11-19 08:00:00")
    look("killed before dbt")
    warehouse.build(*LEDGER, "path:models/marts/finance", as_of="2026-11-19T08:30:00Z")
    look("killed amid dbt")
    build("settled", "2026-11-19T09:00:00Z", tested=True)
    load_german_release(warehouse, "2026-11-20 06:00:00")
    build("told late", "2026-11-20T07:00:00Z")
    return found


def american(stage: Stage) -> list[Row]:
    return [row for row in stage["days"] if row["country_code"] == "US"]


def german(stage: Stage) -> list[Row]:
    return [row for row in stage["days"] if row["country_code"] == "DE"]


def day(date: str, country: str, **more: object) -> Row:
    nothing = dict.fromkeys(("sales", "net", "total", "deferred", "released"), "0.0000")
    return {"date": date, "country_code": country, **nothing, "is_final": False} | more


def test_money_held_back_counts_on_its_day_and_is_no_cash(stages: dict[str, Stage]) -> None:
    # 20:00 UTC is noon of 1 November in Los Angeles
    assert american(stages["held back"]) == [
        day("2026-11-01", "US", sales="25.0000", net="25.0000", total="20.0000", deferred="20.0000")
    ]


def test_a_release_is_cash_on_its_day_and_no_second_sale(stages: dict[str, Stage]) -> None:
    assert american(stages["set free"]) == [
        day("2026-11-01", "US", sales="25.0000", net="25.0000", total="20.0000"),
        day("2026-11-15", "US", released="20.0000"),
    ]


def test_a_settlement_of_which_a_line_is_missing_changes_nothing(stages: dict[str, Stage]) -> None:
    assert american(stages["half loaded"]) == american(stages["set free"])
    state = {row["settlement_id"]: row["state"] for row in stages["half loaded"]["settlements"]}
    assert state == {"777": "incomplete", "888": "waits_for_group"}
    # without its group nobody knows that fee F2 and line 2 of 888 are one
    assert german(stages["half loaded"]) == german(stages["held back"])


def test_a_whole_settlement_takes_over_and_the_sale_keeps_its_day(stages: dict[str, Stage]) -> None:
    assert american(stages["settled"]) == [
        day("2026-11-01", "US", sales="25.0000", net="25.0000", total="20.0000", is_final=True),
        day("2026-11-10", "US", total="-3.0000", released="-3.0000", is_final=True),
        # 15 November: the release, and the odd line of the same instant
        day("2026-11-15", "US", total="-0.5000", released="19.5000", is_final=True),
    ]
    lines = [row for row in stages["settled"]["lines"] if "/777/" in row["line_id"]]
    assert [(row["line_id"][-1], row["class"], row["amount"], row["event"]) for row in lines] == [
        ("1", "product_sales", "25.0000", "2026-11-01"),
        ("2", "referral_fee", "-5.0000", "2026-11-01"),
        ("3", "tax_collected", "2.0000", "2026-11-01"),
        ("4", "tax_withheld", "-2.0000", "2026-11-01"),
        ("5", "inbound", "-1.5000", "2026-11-10"),
        ("6", "inbound", "-1.5000", "2026-11-10"),
        ("7", "other_unmapped", "-0.5000", "2026-11-15"),
    ]
    assert {row["released"] for row in lines[:4]} == {"2026-11-15"}
    assert [row["quantity"] for row in lines] == [2, None, None, None, None, None, None]


def test_a_run_killed_before_dbt_or_amid_it_leaves_what_was_there(stages: dict[str, Stage]) -> None:
    """The next build takes up what is loaded, and what the broken one has made of it."""
    assert stages["killed before dbt"] == stages["half loaded"]
    assert stages["killed amid dbt"] == stages["half loaded"]


def test_the_parts_of_a_settlement_add_up_to_its_header(stages: dict[str, Stage]) -> None:
    assert stages["settled"]["settlements"] == [
        {"settlement_id": "777", "state": "in_ledger", "diff": "0.0000", "orders": "20.0000",
         "rest": "-3.5000", "fate": None},
        {"settlement_id": "888", "state": "in_ledger", "diff": "0.0000", "orders": "119.0000",
         "rest": "-3.0000", "fate": "paid"},
    ]  # fmt: skip


def test_what_stands_in_the_place_of_an_order_id_is_no_order(stages: dict[str, Stage]) -> None:
    lines = {row["line_id"]: row for row in stages["settled"]["lines"]}
    inbound = lines["settlement/777/5"]
    assert (inbound["order_id"], inbound["reference_id"], inbound["is_of_order"]) == (
        None, "FBA15XYZ", False,
    )  # fmt: skip


def test_prices_with_vat_give_gross_and_net(stages: dict[str, Stage]) -> None:
    # 23:30 UTC is 00:30 of 3 November in Berlin; 119.00 / 1.19 = 100.00
    sale = day("2026-11-03", "DE", sales="119.0000", net="100.0000", total="119.0000")
    fee = day("2026-11-05", "DE", total="-3.0000", released="-3.0000")
    assert german(stages["held back"]) == [sale | {"deferred": "119.0000"}, fee]
    assert german(stages["settled"]) == [
        sale | {"is_final": True},
        fee | {"is_final": True},
        day("2026-11-17", "DE", released="119.0000"),
    ]


def test_a_release_that_the_settlement_tells_first_is_known_by_order_and_amount(
    stages: dict[str, Stage],
) -> None:
    assert stages["told late"] == stages["settled"]


def test_a_full_refresh_gives_what_incremental_builds_gave(
    warehouse: Warehouse, stages: dict[str, Stage]
) -> None:
    incremental = warehouse.contents(without=("built_at",))
    warehouse.build(*LEDGER, "--full-refresh", as_of="2026-11-20T07:00:00Z")
    assert warehouse.contents(without=("built_at",)) == incremental
    assert stages


@pytest.mark.usefixtures("stages")
def test_settlements_that_several_marketplaces_list_are_counted_once(warehouse: Warehouse) -> None:
    """12345 and 54321, listed for the US, Canada, Mexico and Brazil alike: 1,000.00 dollars."""
    for marketplace in ("US", "CA", "MX", "BR"):
        at = {"extracted_at": "2026-11-19 06:00:00", "report_id": f"r-{marketplace}"}
        for settlement_id, total in (("12345", "600.00"), ("54321", "400.00")):
            named = {"store_id": "many", "selling_partner_id": "A3"}
            warehouse.load(
                "amazon_sp.settlements",
                settlement(settlement_id, total, 1, "2026-11-19 06:00:00", **named) | at,
            )
            what = "other-transaction/FBA Inventory Reimbursement/WAREHOUSE_LOST"
            warehouse.load(
                "amazon_sp.settlement_lines",
                settlement_line(settlement_id, 1, what, total, **named) | at,
            )
    warehouse.build(*LEDGER, as_of="2026-11-20T08:00:00Z")
    found = warehouse.query(
        "select count(*) as settlements, sum(header_total)::text as total, "
        "sum(lines_total)::text as lines from marts.fct_settlements where store_id = 'many'"
    )
    assert found == [{"settlements": 2, "total": "1000.0000", "lines": "1000.0000"}]
    daily = warehouse.query(
        "select sum(reimbursements)::text as paid from marts.rpt_financials_daily "
        "where store_id = 'many'"
    )
    assert daily == [{"paid": "1000.0000"}]
