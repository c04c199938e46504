"""Attribution: the shop's orders by source, and what Amazon's ads report beside them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tandem_dashboard import charts, page, queries
from tandem_dashboard.database import query

MODELS = {
    "last_click": "Last click",
    "first_click": "First click",
    "linear": "Linear",
    "time_decay": "Time decay",
}
WINDOWS = {"1d": "1 day", "7d": "7 days", "14d": "14 days", "30d": "30 days"}


def show() -> None:
    """The page."""
    choice = page.choose()
    page.head("Attribution", choice)
    model = st.radio("Model", list(MODELS), format_func=MODELS.get, horizontal=True)
    found = query(queries.ATTRIBUTION, choice.parameters(model=model, window="journey"))
    if found.empty:
        st.info("No order of a shop is known of these days.")
    else:
        _shop(found)
    st.subheader("What Amazon's ads report")
    st.caption(
        "Amazon's own word on sales on Amazon: no part of the shop's orders, never added to them."
    )
    window = st.radio(
        "Window", list(WINDOWS), index=2, format_func=WINDOWS.get, horizontal=True,
        help="Sponsored Brands and Display have 14 days only.",
    )  # fmt: skip
    reported = query(
        queries.ATTRIBUTION, choice.parameters(model="platform_reported", window=window)
    )
    page.table(
        reported.drop(columns=["uncredited_orders", "uncredited_revenue"]), "reported by Amazon"
    )


def _shop(found: pd.DataFrame) -> None:
    columns = st.columns(4)
    columns[0].metric("Credited orders", page.number(found["orders"].sum(), ",.1f"))
    columns[1].metric("Credited revenue", page.number(found["revenue"].sum(), ",.2f"))
    columns[2].metric("Orders without a journey", page.number(found["uncredited_orders"].sum()))
    columns[3].metric("Their revenue", page.number(found["uncredited_revenue"].sum(), ",.2f"))
    credited = found.dropna(subset=["orders"])
    by_source = credited.groupby("source", as_index=False)["revenue"].sum()
    charts.ranked(
        by_source.sort_values("revenue", ascending=False), "source", "revenue", "Credited revenue"
    )
    page.table(credited.drop(columns=["uncredited_orders", "uncredited_revenue"]), "attribution")
