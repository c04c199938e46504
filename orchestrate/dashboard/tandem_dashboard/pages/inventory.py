"""Inventory: stock now, how long it lasts, what to send in."""

from __future__ import annotations

import streamlit as st

from tandem_dashboard import charts, page, queries
from tandem_dashboard.database import query


def show() -> None:
    """The page."""
    choice = page.choose(by_day=False)
    page.head("Inventory", choice)
    stock = query(queries.INVENTORY, {"store": choice.store})
    if stock.empty:
        st.info("No stock is known: the next daily sync reads it.")
        return
    text, place = st.columns(2)
    words = text.text_input("SKU, ASIN or title contains")
    places = sorted(stock["stock_location"].unique())
    wanted = place.multiselect(
        "Pool", places, places, help="pan_eu is one stock for several countries"
    )
    found = stock[stock["stock_location"].isin(wanted)]
    if words:
        named = found[["sku", "asin", "product_name"]].fillna("").agg(" ".join, axis=1)
        found = found[named.str.contains(words, case=False, regex=False)]
    sold_out = found[(found["fulfillable_quantity"] == 0) & (found["velocity"] > 0)]
    columns = st.columns(4)
    columns[0].metric("Fulfillable units", page.number(found["fulfillable_quantity"].sum()))
    columns[1].metric("Inbound units", page.number(found["inbound_quantity"].sum()))
    columns[2].metric("Unfulfillable units", page.number(found["unfulfillable_quantity"].sum()))
    columns[3].metric("Sold out, with demand", page.number(len(sold_out)))
    st.subheader("Days of supply")
    charts.ranked(
        found.dropna(subset=["days_of_supply"]).assign(
            label=lambda f: f["sku"].fillna("") + " · " + f["stock_location"]
        ),
        "label",
        "days_of_supply",
        "Days until the stock is sold, the shortest first",
    )
    page.table(
        found,
        "inventory",
        image_url=st.column_config.ImageColumn(""),
        velocity=st.column_config.NumberColumn("Units a day", format="%.2f"),
        days_of_supply=st.column_config.NumberColumn("Days of supply", format="%.0f"),
        restock_qty=st.column_config.NumberColumn("Send in"),
    )
