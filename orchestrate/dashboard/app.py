"""The dashboard: `make dashboard`."""

from __future__ import annotations

import streamlit as st

from tandem_dashboard import control, page
from tandem_dashboard.pages import (
    attribution,
    campaigns,
    data_quality,
    financials,
    integrations,
    inventory,
    storefronts,
)

PAGES = {
    "": [
        ("Financials", "financials", financials.show),
        ("Inventory", "inventory", inventory.show),
        ("Storefronts", "storefronts", storefronts.show),
        ("Campaigns → Amazon", "campaigns", campaigns.show),
        ("Attribution", "attribution", attribution.show),
        ("Data quality", "data-quality", data_quality.show),
    ],
    "Settings": [("Integrations", "integrations", integrations.show)],
}

st.set_page_config("Tandem", layout="wide")
if control.signs_in() and not st.user.is_logged_in:
    st.title("Tandem")
    st.button("Sign in", on_click=st.login)
    st.stop()


def _page(title: str, path: str, show: object) -> object:
    return st.Page(lambda: page.run(show), title=title, url_path=path)  # type: ignore[arg-type]


pages = {area: [_page(*one) for one in listed] for area, listed in PAGES.items()}
st.navigation(pages).run()  # type: ignore[arg-type]
