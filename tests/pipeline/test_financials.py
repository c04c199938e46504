"""Amazon's money after a first sync, against the world's own ledger, to the cent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from simulator.world.finance import truth
from simulator.world.finance.truth import finance_days
from simulator.world.marketplaces import MARKETS

if TYPE_CHECKING:
    from pipeline import Pipeline, Row

ZERO = Decimal()
Key = tuple[str, date, str, str]


@pytest.fixture(scope="module")
def settled(loaded: Pipeline) -> dict[str, Row]:
    """The world's settlements by id."""
    return {row["settlement_id"]: row for row in truth(loaded.simulator.world)["settlements"]}


@pytest.fixture(scope="module")
def begin(loaded: Pipeline) -> datetime:
    """From when on a first sync reads transactions: what is older is told by settlements alone."""
    first = loaded.simulator.world.now.date() - timedelta(days=59)
    return datetime.combine(first, time(), UTC)


def days_of_the_world(loaded: Pipeline, begin: datetime) -> Iterator[Row]:
    """The days that transactions tell whole, in every zone."""
    for row in finance_days(loaded.simulator.world, begin):
        if row["day"] > begin.date() + timedelta(days=1):
            yield row


def test_every_settlement_is_in_the_ledger_and_ties_to_the_cent(
    loaded: Pipeline, settled: dict[str, Row]
) -> None:
    found = loaded.rows("select * from marts.fct_settlements")
    assert len(found) > 25
    assert {row["currency_code"] for row in found} == {"USD", "CAD", "GBP", "EUR", "JPY"}
    for row in found:
        world = settled[row["settlement_id"]]
        assert row["ledger_state"] == "in_ledger", row["settlement_id"]
        assert (row["tie_out_diff"], row["group_diff"] or ZERO) == (ZERO, ZERO)
        assert {
            "marketplace_id": row["marketplace_id"],
            "account_type": row["account_type"] or world["account_type"],
            "currency_code": row["currency_code"],
            "total": row["header_total"],
            "lines": row["ledger_lines"],
            "orders_part": row["orders_part"],
            "unallocated_part": row["unallocated_part"],
            "carried_in": row["carried_in"],
        }.items() <= world.items()


def test_a_settlement_says_what_became_of_its_money(
    loaded: Pipeline, settled: dict[str, Row]
) -> None:
    """Transfers of the last days are still under way: how they end is not known yet."""
    found = loaded.rows("select * from marts.fct_settlements where event_group_id is not null")
    fates = set()
    for row in found:
        fates.add(row["transfer_fate"])
        young = row["transferred_at"] and loaded.simulator.world.now - timedelta(days=3) < row[
            "transferred_at"
        ].replace(tzinfo=UTC)
        expected = "under_way" if young else settled[row["settlement_id"]]["transfer"]
        assert row["transfer_fate"] == expected, row["settlement_id"]
    assert fates >= {"paid", "sent_back", "carried_on", "charged"}


def test_each_line_of_a_settlement_is_in_the_ledger_once(
    loaded: Pipeline, settled: dict[str, Row]
) -> None:
    sums: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in loaded.rows(
        "select settlement_id, class, sum(amount) as amount from marts.fct_financial_lines "
        "where source = 'settlement' group by 1, 2"
    ):
        sums[row["settlement_id"]][row["class"]] = row["amount"]
    for settlement_id, classes in sums.items():
        assert classes == settled[settlement_id]["classes"], settlement_id
    (raw,) = loaded.rows("select count(*) as lines from amazon_sp.settlement_lines")
    (told,) = loaded.rows(
        "select count(*) as lines, count(distinct (settlement_id, settlement_line_no)) as places "
        "from marts.fct_financial_lines where source = 'settlement'"
    )
    assert told == {"lines": raw["lines"], "places": raw["lines"]}


def test_the_parts_of_a_settlement_by_marketplace_add_up_to_its_header(loaded: Pipeline) -> None:
    rows = loaded.rows(
        "select settlement_id, min(status) as status, sum(orders_part + unallocated_part "
        "+ balance_part) as parts, max(settlement_header_total) as header, max(difference) as off "
        "from marts.rpt_settlement_tie_out group by 1"
    )
    assert rows
    for row in rows:
        assert (row["status"], row["parts"], row["off"]) == ("ties", row["header"], ZERO)


@pytest.mark.parametrize(("basis", "day"), [("event", "event_date"), ("cash", "released_date")])
def test_the_ledger_is_the_worlds_per_day_and_class(
    loaded: Pipeline, begin: datetime, basis: str, day: str
) -> None:
    """Every sale once, on its own day or on the day of its release, whichever source tells it."""
    expected = {
        (row["marketplace_id"], row["day"], row["class"], row["currency_code"]): (
            row["amount"],
            row["unallocated"],
        )
        for row in days_of_the_world(loaded, begin)
        if row["basis"] == basis
    }
    found = {
        (row["marketplace_id"], row["day"], row["class"], row["currency_code"]): (
            row["amount"],
            row["unallocated"],
        )
        for row in loaded.rows(
            f"select marketplace_id, {day} as day, class, currency_code, sum(amount) as amount, "
            "coalesce(sum(amount) filter (where not is_of_order), 0) as unallocated "
            f"from marts.fct_financial_lines where not is_balance_move and {day} > "
            f"'{begin.date() + timedelta(days=1)}' group by 1, 2, 3, 4"
        )
    }
    assert found == expected
    assert len(expected) > 1500


def test_financials_per_day_are_the_worlds(loaded: Pipeline, begin: datetime) -> None:
    days: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in days_of_the_world(loaded, begin):
        sums = days[row["marketplace_id"], row["day"]]
        if row["basis"] == "cash":
            sums["released"] += row["amount"]
        else:
            sums["total"] += row["amount"]
            sums["unallocated"] += row["unallocated"]
            sums[row["class"]] += row["amount"]
    found = {
        (row["marketplace_id"], row["date"]): row
        for row in loaded.rows(
            "select * from marts.rpt_financials_daily where channel = 'amazon' "
            f"and date > '{begin.date() + timedelta(days=1)}'"
        )
    }
    assert days.keys() <= found.keys()
    for key, world in days.items():
        row, net = found[key], net_of(key)
        sales = sum(world[name] for name in NET_SALES)
        others = sum(world[name] for name in OTHER_SALES)
        assert {
            "gross_sales": row["gross_sales"],
            "net_sales_with_tax": row["net_sales_with_tax"],
            "fees": row["amazon_fees"],
            "reimbursements": row["reimbursements"],
            "tax": row["tax_collected"] + row["tax_withheld"],
            "advertising": row["advertising_settled"],
            "unmapped": row["other_unmapped"],
            "total": row["total_amount"],
            "unallocated": row["unallocated_amount"],
            "released": row["released_amount"],
        } == {
            "gross_sales": world["product_sales"],
            "net_sales_with_tax": sales,
            "fees": sum((world[name] for name in FEES), ZERO),
            "reimbursements": world["reimbursement"] + world["safe_t"],
            "tax": ZERO,  # what Amazon collects it keeps: it is the marketplace's to pay
            "advertising": world["advertising"],
            "unmapped": world["other_unmapped"],
            "total": world["total"],
            "unallocated": world["unallocated"],
            "released": world["released"],
        }, key
        # every line rounds to four places
        assert abs(row["net_sales"] - sales * net) < Decimal("0.01"), key
        assert abs(row["other_sales"] - others * net) < Decimal("0.01"), key
        assert row["net_revenue"] == row["net_sales"] + row["other_sales"] + row["amazon_fees"]
    assert len(days) > 5 * 50


def net_of(key: tuple[str, date]) -> Decimal:
    """The share of a price that is not VAT."""
    return 1 / (1 + (MARKETS[key[0]].vat or ZERO))


NET_SALES = ("product_sales", "promotion", "product_sales_refund", "promotion_refund")
OTHER_SALES = (
    "shipping", "shipping_promotion", "gift_wrap", "shipping_refund", "shipping_promotion_refund",
    "gift_wrap_refund",
)  # fmt: skip
FEES = (
    "referral_fee", "fba_fulfilment", "storage", "inbound", "removal", "points", "other_fee",
)  # fmt: skip


def test_margins_per_sku_add_up_to_the_account(loaded: Pipeline) -> None:
    columns = (
        "units_sold", "net_sales_with_tax", "amazon_fees", "reimbursements", "ad_spend",
        "total_amount", "released_amount",
    )  # fmt: skip
    sums = ", ".join(f"sum({name}) as {name}" for name in columns)
    grain = "channel, marketplace_id, date, currency_code"

    def rows(mart: str) -> list[dict[str, Any]]:
        return loaded.rows(
            f"select {grain}, {sums} from marts.{mart} group by {grain} order by 1,2,3"
        )

    assert rows("rpt_product_margins_daily") == rows("rpt_financials_daily")


def test_advertising_counts_once_and_is_the_ads_apis(loaded: Pipeline) -> None:
    """The account's own advertising stands beside it, of the same campaigns at another time."""
    (row,) = loaded.rows(
        "select count(*) filter (where f.ad_spend <> -s.ad_spend) as differing, count(*) as days, "
        "count(*) filter (where f.advertising_settled <> 0) as charged "
        "from marts.rpt_financials_daily f join marts.rpt_storefronts_daily s "
        "using (store_id, marketplace_id, date) "
        "where s.ad_spend is not null and f.ad_spend_source = 'ads_api'"
    )
    assert row["differing"] == 0
    assert row["days"] > 200
    assert row["charged"] > 5
    assert loaded.rows(
        "select distinct allocation from marts.rpt_product_margins_daily "
        "where ad_spend <> 0 order by 1"
    ) == [{"allocation": "advertising"}, {"allocation": "sku"}]


def test_money_has_an_amount_in_the_reporting_currency(loaded: Pipeline) -> None:
    assert (
        loaded.rows(
            "select * from marts.fct_financial_lines l join intermediate.int_exchange_rates r "
            "on r.store_id = l.store_id and r.currency_code = l.currency_code "
            "and r.date = l.event_date where l.amount_reporting is distinct from "
            "cast(l.amount * r.fx_rate as numeric(18, 4)) limit 5"
        )
        == []
    )
