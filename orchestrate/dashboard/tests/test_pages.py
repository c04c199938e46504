from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

Open = Callable[[str], AppTest]
Ask = Callable[..., dict[str, Any]]
PAGES = [
    *("financials", "inventory", "storefronts", "campaigns", "attribution"),
    *("data_quality", "integrations"),
]


def figures(app: AppTest) -> dict[str, str]:
    """The tiles' values by label."""
    return {metric.label: metric.value for metric in app.metric}


def days(app: AppTest) -> tuple[date, date]:
    """The days that the sidebar has chosen."""
    first, last = app.date_input(key="days").value
    return first, last


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_without_a_failure(open_page: Open, name: str) -> None:
    app = open_page(name)
    assert not app.exception
    assert app.title
    assert app.dataframe or name == "integrations"


def test_storefront_tiles_are_their_marts_figures(open_page: Open, ask: Ask) -> None:
    app = open_page("storefronts")
    first, last = days(app)
    row = ask(
        "select sum(ordered_product_sales) as sales, sum(units_ordered) as units, "
        "sum(orders) as orders, sum(sessions) as sessions, sum(ad_spend) as spend "
        "from marts.rpt_storefronts_daily where currency_code = 'USD' and channel = 'amazon' "
        "and date between %(first)s and %(last)s",
        first=first,
        last=last,
    )
    shown = figures(app)
    assert shown["Sales"] == f"{row['sales']:,.2f}"
    assert shown["Units"] == f"{row['units']:,}"
    assert shown["Orders"] == f"{row['orders']:,}"
    assert shown["Sessions"] == f"{row['sessions']:,}"
    assert shown["TACoS"] == f"{100 * row['spend'] / row['sales']:.1f} %"


def test_other_days_have_other_figures(open_page: Open, ask: Ask) -> None:
    app = open_page("storefronts")
    _, last = days(app)
    first = last.replace(day=1)
    app.date_input(key="days").set_value((first, last)).run()
    row = ask(
        "select sum(shop_revenue) as revenue, sum(shop_orders) as orders "
        "from marts.rpt_storefronts_daily "
        "where channel = 'shopify' and date between %(first)s and %(last)s",
        first=first,
        last=last,
    )
    assert figures(app)["Shop revenue"] == f"{row['revenue']:,.2f}"
    assert figures(app)["Shop orders"] == f"{row['orders']:,}"


def test_campaign_tiles_are_their_marts_figures(open_page: Open, ask: Ask) -> None:
    app = open_page("campaigns")
    first, last = days(app)
    row = ask(
        "select sum(spend) as spend, sum(sales_default) as sales, sum(clicks) as clicks, "
        "count(distinct (profile_id, campaign_id)) as campaigns "
        "from marts.rpt_campaigns_amazon "
        "where currency_code = 'USD' and date between %(first)s and %(last)s",
        first=first,
        last=last,
    )
    shown = figures(app)
    assert shown["Spend"] == f"{row['spend']:,.2f}"
    assert shown["Ad sales"] == f"{row['sales']:,.2f}"
    assert shown["ACoS"] == f"{100 * row['spend'] / row['sales']:.1f} %"
    assert len(app.dataframe[0].value) == row["campaigns"]


def test_campaigns_can_be_searched_and_looked_into(open_page: Open) -> None:
    app = open_page("campaigns")
    every = len(app.dataframe[0].value)
    app.text_input[0].set_value("best sellers").run()
    found = app.dataframe[0].value
    assert 0 < len(found) < every
    assert found["campaign"].str.contains("Best sellers").all()
    assert len(app.dataframe) == 3  # campaigns, ad groups, keywords
    spent = found.iloc[0]["spend"]
    assert app.dataframe[1].value["spend"].sum() == pytest.approx(spent, abs=0.01)


def test_financial_tiles_are_their_marts_figures(open_page: Open, ask: Ask) -> None:
    app = open_page("financials")
    first, last = days(app)
    row = ask(
        "select sum(net_sales) as net_sales, sum(amazon_fees) as fees, sum(net_revenue) as revenue "
        "from marts.rpt_financials_daily where currency_code = 'USD' and channel = 'amazon' "
        "and (country_code = 'US' or country_code is null) "
        "and date between %(first)s and %(last)s",
        first=first,
        last=last,
    )
    shown = figures(app)
    assert shown["Net sales"] == f"{row['net_sales']:,.2f}"
    assert shown["Amazon fees"] == f"{row['fees']:,.2f}"
    assert shown["Net revenue"] == f"{row['revenue']:,.2f}"


def test_attribution_credits_are_their_marts_figures(open_page: Open, ask: Ask) -> None:
    app = open_page("attribution")
    app.radio[0].set_value("linear").run()
    first, last = days(app)
    row = ask(
        "select sum(revenue) as revenue, sum(uncredited_orders) as orders "
        "from marts.rpt_attribution_daily where model = 'linear' "
        "and date between %(first)s and %(last)s",
        first=first,
        last=last,
    )
    assert figures(app)["Credited revenue"] == f"{row['revenue']:,.2f}"
    assert figures(app)["Orders without a journey"] == f"{row['orders'] or 0:,}"


def test_stock_tiles_are_their_marts_figures(open_page: Open, ask: Ask) -> None:
    row = ask("select sum(fulfillable_quantity) as units from marts.rpt_inventory")
    assert figures(open_page("inventory"))["Fulfillable units"] == f"{row['units']:,}"


def test_a_database_that_does_not_answer_is_one_sentence(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://somebody:a-password@127.0.0.1:1/x")
    import streamlit as st

    st.cache_data.clear()
    app = open_page("storefronts")
    assert not app.exception
    assert [info.value for info in app.info] == [
        "The database does not answer. `tandem database start` starts it."
    ]
    st.cache_data.clear()
