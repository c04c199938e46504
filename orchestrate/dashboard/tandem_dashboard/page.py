"""What every page has: what is looked at (store, days, marketplaces), and how figures look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from tandem_dashboard import queries
from tandem_dashboard.database import NoAnswer, query

TILES_A_ROW = 4
PROVISIONAL = "Provisional: Amazon still restates these days."


@dataclass(frozen=True)
class Choice:
    """What is looked at: a store, days, and marketplaces that share a currency."""

    store: str
    first: date
    last: date
    countries: tuple[str, ...]
    currency: str

    def parameters(self, **more: Any) -> dict[str, Any]:
        """For a query."""
        return {
            "store": self.store,
            "first": self.first,
            "last": self.last,
            "countries": list(self.countries),
            "currency": self.currency,
            **more,
        }

    def before(self) -> Choice:
        """As many days before."""
        days = self.last - self.first + timedelta(days=1)
        return Choice(
            self.store, self.first - days, self.last - days, self.countries, self.currency
        )


def choose(*, by_day: bool = True) -> Choice:
    """The sidebar's choice; a page without figures by day shows less of it.

    Stops the page where there is nothing to choose from, and says so.
    """
    stores = list(query(queries.STORES)["store_id"])
    if not stores:
        st.info(
            "No store is connected yet. `tandem connect` connects one; `make run` shows a demo."
        )
        st.stop()
    with st.sidebar:
        store = st.selectbox("Store", stores, key="store")
        span = query(queries.SPAN, {"store": store}).iloc[0]
        if pd.isna(span["last"]):
            last = date.today()
            first = last
        else:
            last, first = span["last"], span["first"]
        begin, end = max(first, last - timedelta(days=29)), last
        if by_day:
            picked = st.date_input(
                "Days", (begin, end), min_value=first, max_value=last, key="days"
            )
            if isinstance(picked, tuple) and len(picked) == 2:
                begin, end = picked
        places = query(queries.COUNTRIES, {"store": store})
        currencies = list(dict.fromkeys(places["currency_code"].dropna())) or ["USD"]
        default = currencies.index("USD") if "USD" in currencies else 0
        currency = st.selectbox(
            "Currency",
            currencies,
            index=default,
            key="currency",
            help="Amounts of different currencies are never added up.",
        )
        offered = list(places.loc[places["currency_code"] == currency, "country_code"])
        countries = st.multiselect("Marketplaces", offered, offered, key=f"places {currency}")
    return Choice(store, begin, end, tuple(countries), currency)


def head(title: str, choice: Choice) -> None:
    """The page's title and how fresh its data are."""
    st.title(title)
    as_of = query(queries.AS_OF, {"store": choice.store}).iloc[0]["as_of"]
    told = "never" if pd.isna(as_of) else f"{as_of:%Y-%m-%d %H:%M} UTC"
    st.caption(
        f"Data as of {told} · {choice.first} to {choice.last} · {', '.join(choice.countries)} · "
        f"amounts in {choice.currency}"
    )


def number(value: Any, form: str = ",.0f", unit: str = "") -> str:
    """A figure as a person reads it; a dash where it is not known."""
    return "-" if value is None or pd.isna(value) else f"{value:{form}}{unit}"


def change(now: Any, before: Any) -> str | None:
    """By how much a figure changed, in percent; None where that cannot be said."""
    if now is None or before is None or pd.isna(now) or pd.isna(before) or not before:
        return None
    return f"{100 * (now - before) / abs(before):+.1f} %"


def tiles(
    now: pd.Series,
    before: pd.Series,
    shown: list[tuple[str, str, str, str]],
    *,
    lower_is_better: tuple[str, ...] = (),
) -> None:
    """A row of figures with their change against the days before.

    Args:
        now: the figures.
        before: the same of the days before.
        shown: column, label, format, unit.
        lower_is_better: columns whose growth is bad news.
    """
    for begin in range(0, len(shown), TILES_A_ROW):
        for place, (name, label, form, unit) in zip(
            st.columns(TILES_A_ROW), shown[begin : begin + TILES_A_ROW], strict=False
        ):
            place.metric(
                label,
                number(now[name], form, unit),
                change(now[name], before[name]),
                delta_color="inverse" if name in lower_is_better else "normal",
            )
    st.caption("Change against as many days before.")


def table(frame: pd.DataFrame, name: str, **columns: Any) -> None:
    """A table to sort and search, with a button to export it."""
    named = {column: _named(frame, column) for column in frame.columns} | columns
    st.dataframe(frame, hide_index=True, column_config=named, use_container_width=True)
    st.download_button(
        "Export CSV", frame.to_csv(index=False), f"{name}.csv", "text/csv", key=f"export {name}"
    )


def _named(frame: pd.DataFrame, column: str) -> Any:
    """A column's title in words; figures with two places where they have any."""
    title = column.replace("_", " ").capitalize()
    if pd.api.types.is_float_dtype(frame[column]):
        known = frame[column].dropna()
        form = "%d" if (known % 1 == 0).all() else "%.2f"
        return st.column_config.NumberColumn(title, format=form)
    return st.column_config.Column(title)


def run(page: Callable[[], None]) -> None:
    """Show a page; what goes wrong is one sentence, never a traceback."""
    try:
        page()
    except NoAnswer as error:
        st.info(str(error))
