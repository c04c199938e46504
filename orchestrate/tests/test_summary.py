from __future__ import annotations

import io
from collections.abc import Iterator
from decimal import Decimal

import psycopg
import pytest
from rich.console import Console

from tandem import summary
from tandem.database import Address, Database
from tandem.paths import Project
from tandem.testing import open_folder


@pytest.fixture
def database(address: Address, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A migrated database with one raw table and the two marts that are summed up."""
    monkeypatch.setenv("TANDEM_DATABASE_URL", address.url())
    with psycopg.connect(address.url()) as connection:
        connection.execute("set role tandem_loader")
        connection.execute("create table amazon_sp.orders as select generate_series(1, 1200) as a")
        connection.execute("set role tandem_transformer")
        connection.execute(
            "create table marts.rpt_storefronts_daily as select channel, 'US' as country_code,"
            " 'USD' as currency_code, sales as ordered_product_sales, units as units_ordered,"
            " orders, null::bigint as sessions, ad_spend, revenue as shop_revenue,"
            " null::bigint as shop_units, shop_orders, null::bigint as shop_sessions from"
            " (values ('amazon', 1000.25, 2, 1, 5.00, null, null),"
            " ('amazon', 999.75, 2, 1, 5.00, null, null),"
            " ('shopify', null, null, null, null, 70.00, 3))"
            " as day (channel, sales, units, orders, ad_spend, revenue, shop_orders)"
        )
        connection.execute(
            "create table marts.rpt_campaigns_amazon as select 'US' as country_code,"
            " 'USD' as currency_code, 'SPONSORED_BRANDS' as ad_product, 'c' as campaign_id,"
            " 7.50 as spend, 30.00 as sales_default"
        )
    with open_folder() as folder:
        yield Database(Project(folder))


def test_it_counts_raw_rows_and_adds_up_the_marts(database: Database) -> None:
    printed = io.StringIO()
    console = Console(file=printed, width=120, markup=False)
    summary.show(database.project, database, console)
    text = printed.getvalue()
    assert "amazon_sp: 1,200 rows in 1 tables" in text
    assert "rpt_storefronts_daily 3" in text
    # 1000.25 + 999.75 = 2000; 2 + 2 units; 1 + 1 orders; sessions unknown; 10 / 2000 = 0.5 %
    assert ["US", "USD", "2,000", "4", "2", "-", "10", "0.50"] in map(str.split, text.splitlines())
    assert ["Shop", "USD", "70", "-", "3", "-", "-", "-"] in map(str.split, text.splitlines())
    # Brands alone: 7.50 / 30.00 = 25 %
    assert ["US", "USD", "1", "-", "7.50", "-", "30", "25"] in map(str.split, text.splitlines())
    assert database.address.password not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "-"), (0, "0"), (12345, "12,345"), (Decimal("0.5"), "0.50"), (Decimal(7), "7")],
)
def test_a_number_is_told_as_a_person_reads_it(value: object, text: str) -> None:
    assert summary._text(value) == text
