"""Financials: from gross sales to contribution; every settlement tied to its deposit."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tandem_dashboard import charts, page, queries
from tandem_dashboard.database import query

TILES = [
    ("net_sales", "Net sales", ",.2f", ""),
    ("amazon_fees", "Amazon fees", ",.2f", ""),
    ("net_revenue", "Net revenue", ",.2f", ""),
    ("ad_spend", "Ad spend", ",.2f", ""),
    ("cogs", "Cost of goods", ",.2f", ""),
    ("contribution", "Contribution", ",.2f", ""),
]
STEPS = [
    ("net_sales", "Net sales"),
    ("other_sales", "Shipping and gift wrap"),
    ("amazon_fees", "Amazon fees"),
    ("reimbursements", "Reimbursements"),
    ("ad_spend", "Ad spend"),
    ("cogs", "Cost of goods"),
]


def show() -> None:
    """The page."""
    choice = page.choose()
    page.head("Financials", choice)
    channel = st.radio("Channel", ["amazon", "shopify"], format_func=str.title, horizontal=True)
    now = query(queries.FINANCIAL_TOTALS, choice.parameters(channel=channel)).iloc[0]
    before = query(queries.FINANCIAL_TOTALS, choice.before().parameters(channel=channel)).iloc[0]
    days = query(queries.FINANCIAL_DAYS, choice.parameters(channel=channel))
    if days.empty:
        st.info("No money is known of these days and marketplaces.")
        return
    page.tiles(now, before, TILES)
    _say_what_is_missing(now)
    st.subheader("From net sales to contribution")
    steps = [(label, float(now[name])) for name, label in STEPS if not pd.isna(now[name])]
    total = "Sum of what is known" if pd.isna(now["contribution"]) else "Contribution"
    steps.append((total, sum(value for _, value in steps)))
    if pd.isna(now["net_sales"]):
        st.info("Net sales of these days are not known in whole.")
    charts.waterfall(steps, {"Net sales", total}, choice.currency)
    st.subheader("By day of the sale")
    charts.lines(
        days,
        {"net_sales": "Net sales", "net_revenue": "Net revenue", "contribution": "Contribution"},
        choice.currency,
    )
    st.subheader("By SKU")
    page.table(query(queries.MARGINS, choice.parameters(channel=channel)), "margins")
    if channel == "amazon":
        st.subheader("Settlements")
        st.caption(
            "Each settlement's lines add up to its header; a difference is shown, not hidden."
        )
        page.table(query(queries.SETTLEMENTS, {"store": choice.store}), "settlements")


def _say_what_is_missing(now: pd.Series) -> None:
    if now["units_without_cost"]:
        st.caption(
            f"Of {now['units_without_cost']:,.0f} units the cost is not known, so contribution of "
            "their days is not either: give it in Shopify or in the seed product_costs."
        )
    if now["untaxed_days"]:
        st.caption(
            f"On {now['untaxed_days']:,.0f} marketplace days the VAT of a line is unknown, so net "
            "sales are not either: the seed vat_rates tells rates."
        )
    if now["deferred"]:
        st.caption(f"Of these amounts Amazon still holds back {now['deferred']:,.2f}.")
