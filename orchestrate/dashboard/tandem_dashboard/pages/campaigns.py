"""Campaigns → Amazon: one list of Sponsored Products, Brands and Display, down to keywords."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tandem_dashboard import charts, page, queries
from tandem_dashboard.database import query

TILES = [
    ("spend", "Spend", ",.2f", ""),
    ("sales", "Ad sales", ",.2f", ""),
    ("acos", "ACoS", ".1f", " %"),
    ("roas", "ROAS", ".2f", ""),
    ("clicks", "Clicks", ",.0f", ""),
    ("cpc", "CPC", ".2f", ""),
]
PRODUCTS = {
    "SPONSORED_PRODUCTS": "Sponsored Products",
    "SPONSORED_BRANDS": "Sponsored Brands",
    "SPONSORED_DISPLAY": "Sponsored Display",
}
MONEY = {
    name: st.column_config.NumberColumn(label, format="%.2f")
    for name, label in (("spend", "Spend"), ("sales", "Ad sales"), ("budget", "Budget"))
}
WINDOWS = (
    "Ad sales count Amazon's own window: 7 days after a click for a seller's Sponsored Products, "
    "14 days for the rest."
)


def show() -> None:
    """The page."""
    choice = page.choose()
    page.head("Campaigns → Amazon", choice)
    connections = query(queries.CONNECTIONS, {"store": choice.store})
    _say_why_there_is_none(connections)
    now = query(queries.CAMPAIGN_TOTALS, choice.parameters()).iloc[0]
    before = query(queries.CAMPAIGN_TOTALS, choice.before().parameters()).iloc[0]
    page.tiles(now, before, TILES, lower_is_better=("acos", "cpc"))
    days = query(queries.CAMPAIGN_DAYS, choice.parameters())
    if days.empty:
        st.info("No campaign is known of these days and marketplaces.")
        return
    charts.bars_and_line(
        days, {"sales": "Ad sales", "spend": "Spend"}, ("acos", "ACoS %"), choice.currency
    )
    st.caption(WINDOWS)
    _list(choice, query(queries.CAMPAIGNS, choice.parameters()))


def _say_why_there_is_none(connections: pd.DataFrame) -> None:
    for _, row in connections.loc[connections["api"] == "amazon_ads"].iterrows():
        if row["state"] == "no_ads_profile":
            st.warning(f"No advertising profile found. {row['remedy'] or ''}")
        elif row["is_spend_zero"] and not pd.isna(row["is_spend_zero"]):
            st.warning(f"Spend is zero. {row['why_spend_is_zero'] or ''}")


def _list(choice: page.Choice, campaigns: pd.DataFrame) -> None:
    kind, state, text = st.columns(3)
    kinds = kind.multiselect("Ad product", list(PRODUCTS), list(PRODUCTS), PRODUCTS.get)
    states = sorted(campaigns["state"].dropna().unique())
    wanted = state.multiselect("State", states, states)
    words = text.text_input("Campaign or portfolio contains")
    found = campaigns[campaigns["ad_product"].isin(kinds)]
    found = found[found["state"].isin(wanted) | found["state"].isna()]
    if words:
        named = found["campaign"].fillna("") + " " + found["portfolio"].fillna("")
        found = found[named.str.contains(words, case=False, regex=False)]
    shown = found.assign(ad_product=found["ad_product"].map(PRODUCTS)).drop(columns=["profile_id"])
    page.table(shown, "campaigns", **MONEY)
    if found.empty:
        return
    names = {
        (row.profile_id, row.campaign_id): f"{row.campaign} ({row.country_code})"
        for row in found.itertuples()
    }
    profile, campaign = st.selectbox("Look into a campaign", list(names), format_func=names.get)
    _look_into(choice, profile, campaign)


def _look_into(choice: page.Choice, profile: str, campaign: str) -> None:
    where = choice.parameters(profile=profile, campaign=campaign)
    groups = query(queries.AD_GROUPS, where)
    if groups.empty:
        st.info("No ad group of it has activity on these days.")
        return
    st.subheader("Ad groups")
    page.table(groups, "ad groups", **MONEY)
    names = dict(zip(groups["ad_group_id"], groups["ad_group"], strict=True))
    chosen = st.selectbox(
        "Look into an ad group", list(names), format_func=lambda group: names[group] or group
    )
    keywords = query(queries.KEYWORDS, {**where, "ad_group": chosen})
    st.subheader("Keywords and targets")
    if keywords.empty:
        st.info("No keyword or target of it has activity on these days.")
    else:
        page.table(keywords, "keywords", **MONEY)
