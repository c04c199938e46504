"""The text of Data Kiosk queries: valid for Amazon's schema, stable, and short enough."""

from __future__ import annotations

from datetime import date

import pytest

from amazon_client.extraction import Account, Window
from amazon_client.singer.schema import money, text
from tap_amazon_sp import streams
from tap_amazon_sp.data_kiosk import DateGranularity, query_text

SELLER = Account(
    store_id="default",
    region="eu",
    account_id="A1",
    marketplace_ids=("A1PA6795UKMFR9", "A1F83G8C2ARO7P"),
)


def by_date() -> str:
    dataset = streams.SalesTrafficByDate.dataset
    window = Window(date(2026, 11, 11), date(2026, 11, 24))
    return str(dataset.request(SELLER, window).body["query"])


def test_a_query_selects_what_the_columns_take() -> None:
    columns = (text("marketplaceId"), money("sales.total"), text("sales.note"), money("cost"))
    arguments = {
        "aggregateBy": DateGranularity.DAY,
        "filters": [{"marketplaceId": "M", "asins": ["B1", "B2"]}],
    }
    assert query_text("schema_v1", "rows", arguments, columns) == (
        '{schema_v1{rows(aggregateBy:DAY filters:[{marketplaceId:"M" asins:["B1" "B2"]}])'
        "{marketplaceId sales{total{amount currencyCode} note} cost{amount currencyCode}}}}"
    )


def test_a_query_longer_than_amazon_takes_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match="Amazon takes 8000"):
        query_text("s", "rows", {"asins": ["B000000000"] * 700}, text("asin"))


def test_the_marketplaces_and_days_of_a_window_are_in_the_query() -> None:
    assert (
        'aggregateBy:DAY startDate:"2026-11-11" endDate:"2026-11-24" '
        'marketplaceIds:["A1F83G8C2ARO7P" "A1PA6795UKMFR9"]'
    ) in by_date()


def test_equal_requests_have_equal_texts_whatever_the_order_of_marketplaces() -> None:
    dataset = streams.SalesTrafficByDate.dataset
    window = Window(date(2026, 11, 11), date(2026, 11, 24))
    turned = Account("default", "eu", "A1", marketplace_ids=SELLER.marketplace_ids[::-1])
    assert dataset.request(turned, window).body == {"query": by_date()}
