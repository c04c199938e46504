"""Settings → Integrations: connections with their states and remedies; refresh and disconnect."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from tandem_dashboard import control, queries
from tandem_dashboard.database import query

TITLES = {"amazon_sp": "Amazon seller account", "amazon_ads": "Amazon Ads", "shopify": "Shopify"}
WORDS = {"amazon_sp": "amazon-sp", "amazon_ads": "amazon-ads", "shopify": "shopify"}
STATES = {
    "connected": ("Connected", "green"),
    "syncing": ("Syncing", "blue"),
    "needs_reauth": ("Needs reauth", "orange"),
    "no_ads_profile": ("No advertising profile found", "orange"),
    "partial": ("Connected in part", "orange"),
    "error": ("Failing", "red"),
    "disconnected": ("Disconnected, history kept", "gray"),
    "deleted": ("Disconnected, history deleted", "gray"),
}


def show() -> None:
    """The page."""
    st.title("Integrations")
    stores = list(query(queries.STORES)["store_id"])
    if not stores:
        st.info("Nothing is connected yet: `tandem connect` begins, `make run` shows a demo.")
        return
    store = st.selectbox("Store", stores, key="store")
    connections = query(queries.CONNECTIONS, {"store": store})
    _refresh(store)
    for _, row in connections.iterrows():
        _card(store, row)


def _refresh(store: str) -> None:
    if not control.is_admin():
        st.caption("You may look; an admin may refresh and disconnect.")
        return
    if st.button("Refresh now", help="Reads today's figures; at most once in 15 minutes per store"):
        with st.status("Refreshing …"):
            outcome = control.tandem("refresh", "--store", store)
        (st.success if outcome.succeeded else st.warning)(outcome.said or "Done.")
        st.cache_data.clear()


def _card(store: str, row: pd.Series) -> None:
    is_connected = isinstance(row["state"], str)
    title, colour = STATES[row["state"]] if is_connected else ("Set up in .env", "gray")
    with st.container(border=True):
        region = f" · {row['region']}" if isinstance(row["region"], str) and row["region"] else ""
        st.markdown(f"**{TITLES.get(row['api'], row['api'])}**{region} :{colour}-badge[{title}]")
        if isinstance(row["account_name"], str):
            st.text(row["account_name"])
        for label in ("reason", "remedy"):
            if isinstance(row[label], str) and row[label]:
                st.text(row[label])
        facts = {
            "Last success": row["last_success_at"],
            "Complete through": row["complete_through_date"],
            "Authorised": row["authorised_at"],
            "Runs out": row["expires_at"],
            "Next refresh": row["next_refresh_at"],
        }
        told = [
            f"{label}: {value:%Y-%m-%d}" for label, value in facts.items() if not pd.isna(value)
        ]
        st.caption(" · ".join(told) or "Nothing was read yet.")
        is_active = is_connected and row["state"] not in ("disconnected", "deleted")
        if control.is_admin() and is_active:
            _disconnect(store, row)


def _disconnect(store: str, row: pd.Series) -> None:
    region = row["region"] if isinstance(row["region"], str) else ""
    key = f"{row['api']} {region}"
    if st.button("Disconnect …", key=f"disconnect {key}"):
        _confirm(store, str(row["api"]), region)


@st.dialog("Disconnect")
def _confirm(store: str, api: str, region: str) -> None:
    st.write("Syncs stop at once and the credentials are destroyed. The history stays readable.")
    deleting = st.checkbox("Delete the history too")
    name = st.text_input("The store's name, to confirm") if deleting else store
    if st.button("Disconnect", type="primary", disabled=name != store):
        words = ["disconnect", "--store", store, "--api", WORDS[api]]
        if region and api != "shopify":
            words += ["--region", region]
        if deleting:
            words += ["--delete-history", "--confirm", name]
        outcome = control.tandem(*words)
        (st.success if outcome.succeeded else st.error)(outcome.said)
        st.cache_data.clear()
