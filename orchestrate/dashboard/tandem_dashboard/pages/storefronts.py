"""Storefronts: sales, traffic and conversion of the marketplaces, the shop beside them."""

from __future__ import annotations

import streamlit as st

from tandem_dashboard import charts, page, queries
from tandem_dashboard.database import query

TILES = [
    ("sales", "Sales", ",.2f", ""),
    ("units", "Units", ",.0f", ""),
    ("orders", "Orders", ",.0f", ""),
    ("sessions", "Sessions", ",.0f", ""),
    ("unit_session_pct", "Unit-session rate", ".1f", " %"),
    ("buy_box_pct", "Buy Box", ".1f", " %"),
    ("tacos", "TACoS", ".1f", " %"),
]
SHOP_TILES = [
    ("sales", "Shop revenue", ",.2f", ""),
    ("orders", "Shop orders", ",.0f", ""),
    ("units", "Shop units", ",.0f", ""),
    ("aov", "Average order value", ",.2f", ""),
]


def show() -> None:
    """The page."""
    choice = page.choose()
    page.head("Storefronts", choice)
    now = query(queries.STOREFRONT_TOTALS, choice.parameters()).iloc[0]
    before = query(queries.STOREFRONT_TOTALS, choice.before().parameters()).iloc[0]
    page.tiles(now, before, TILES, lower_is_better=("tacos",))
    days = query(queries.STOREFRONT_DAYS, choice.parameters())
    if days.empty:
        st.info("No sales are known of these days and marketplaces.")
        return
    st.subheader("Sales and advertising")
    days["tacos"] = 100 * days["ad_spend"] / days["sales"].where(days["sales"] > 0)
    charts.bars_and_line(
        days, {"sales": "Sales", "ad_spend": "Ad spend"}, ("tacos", "TACoS %"), choice.currency
    )
    st.subheader("Sessions and conversion")
    charts.bars_and_line(
        days, {"sessions": "Sessions"}, ("unit_session_pct", "Unit-session rate %"), "Sessions"
    )
    if not days["is_final"].fillna(False).all():
        st.caption(f"Shaded days. {page.PROVISIONAL}")
    shop = query(queries.SHOP_DAYS, choice.parameters())
    if not shop.empty:
        total = query(queries.SHOP_TOTALS, choice.parameters()).iloc[0]
        earlier = query(queries.SHOP_TOTALS, choice.before().parameters()).iloc[0]
        st.subheader(f"Shopify, in {total['currency_code']}")
        page.tiles(total, earlier, SHOP_TILES)
        charts.lines(shop, {"sales": "Shop revenue"}, str(total["currency_code"]))
    st.subheader("Days")
    rows = query(queries.STOREFRONT_ROWS, choice.parameters())
    page.table(
        rows,
        "storefronts",
        ordered_product_sales=st.column_config.NumberColumn("Sales", format="%.2f"),
        ad_spend=st.column_config.NumberColumn("Ad spend", format="%.2f"),
        is_final=st.column_config.CheckboxColumn("Final", help=page.PROVISIONAL),
    )
