"""Data quality: what was compared with what, and how fresh every stream is."""

from __future__ import annotations

import streamlit as st

from tandem_dashboard import page, queries
from tandem_dashboard.database import query


def show() -> None:
    """The page."""
    choice = page.choose(by_day=False)
    page.head("Data quality", choice)
    checks = query(queries.RECONCILIATION, {"store": choice.store})
    st.subheader("Reconciliation")
    if checks.empty:
        st.info("Nothing could be compared yet.")
    else:
        columns = st.columns(3)
        columns[0].metric("Agree", int((checks["status"] == "agrees").sum()))
        columns[1].metric("Differ", int((checks["status"] == "differs").sum()))
        columns[2].metric("Not comparable yet", int((checks["status"] == "not_comparable").sum()))
        page.table(checks, "reconciliation")
    st.subheader("Freshness")
    page.table(query(queries.FRESHNESS, {"store": choice.store}), "freshness")
