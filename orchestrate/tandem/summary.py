"""What to say at the end of a run: how much lies where, the headline numbers, where to look."""

from __future__ import annotations

from decimal import Decimal

import psycopg
from psycopg.sql import SQL, Identifier
from rich.console import Console
from rich.table import Table

from tandem.database import Database
from tandem.paths import Project

_STOREFRONTS = """
    select case channel when 'shopify' then 'Shop' else country_code end, currency_code,
        sum(coalesce(ordered_product_sales, shop_revenue)),
        sum(coalesce(units_ordered, shop_units)), sum(coalesce(orders, shop_orders)),
        sum(coalesce(sessions, shop_sessions)), sum(ad_spend),
        100 * sum(ad_spend) / nullif(sum(ordered_product_sales), 0)
    from marts.rpt_storefronts_daily
    group by channel, 1, currency_code
    order by channel, 1
"""
_CAMPAIGNS = """
    select country_code, currency_code, count(distinct campaign_id),
        sum(spend) filter (where ad_product = 'SPONSORED_PRODUCTS'),
        sum(spend) filter (where ad_product = 'SPONSORED_BRANDS'),
        sum(spend) filter (where ad_product = 'SPONSORED_DISPLAY'),
        sum(sales_default), 100 * sum(spend) / nullif(sum(sales_default), 0)
    from marts.rpt_campaigns_amazon
    group by country_code, currency_code
    order by country_code
"""
_RAW = ("amazon_sp", "amazon_ads", "shopify")
_HEADLINES = (
    (
        "Storefronts",
        _STOREFRONTS,
        ("", "", "Sales", "Units", "Orders", "Sessions", "Ad spend", "TACoS %"),
    ),
    (
        "Campaigns",
        _CAMPAIGNS,
        ("", "", "Campaigns", "SP spend", "SB spend", "SD spend", "Sales", "ACoS %"),
    ),
)


def show(project: Project, database: Database, console: Console) -> None:
    """Print the summary of what the database holds."""
    with database.connect() as connection:
        for schema in _RAW:
            if counts := row_counts(connection, schema):
                rows = sum(count for _, count in counts)
                console.print(f"{schema}: {rows:,} rows in {len(counts)} tables")
        words = (f"{name} {count:,}" for name, count in row_counts(connection, "marts"))
        console.print(f"marts: {', '.join(words)}")
    with database.connect(role="tandem_reader") as connection:
        for title, query, columns in _HEADLINES:
            console.print(_table(connection, title, query, columns))
    docs = project.root / "transform" / "target" / "static_index.html"
    if docs.exists():
        console.print(f"Docs:     {docs}")
    console.print(f"Database: {database.address}")
    console.print("Try:      .venv/bin/tandem database shell -c 'table marts.rpt_data_freshness'")
    console.print("Stop:     make stop")


def row_counts(connection: psycopg.Connection, schema: str) -> list[tuple[str, int]]:
    """Every table of a schema with its number of rows."""
    tables = connection.execute(
        "select table_name from information_schema.tables where table_schema = %s order by 1",
        [schema],
    ).fetchall()
    counts = []
    for (name,) in tables:
        query = SQL("select count(*) from {}").format(Identifier(schema, name))
        row = connection.execute(query).fetchone()
        counts.append((str(name), int(row[0]) if row else 0))
    return counts


def _table(
    connection: psycopg.Connection, title: str, query: str, columns: tuple[str, ...]
) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for position, name in enumerate(columns):
        table.add_column(name, justify="left" if position < 2 else "right")
    for row in connection.execute(query):
        table.add_row(*map(_text, row))
    return table


def _text(value: object) -> str:
    """A number as a person reads it; what is missing is a dash."""
    if value is None:
        return "-"
    if isinstance(value, Decimal) and value % 1:
        return f"{value:,.2f}"
    if isinstance(value, int | Decimal):
        return f"{int(value):,}"
    return str(value)
