from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from singer_sdk import typing as th

from amazon_client.singer.extractor import Extractor
from amazon_client.singer.schema import (
    Columns,
    boolean,
    day,
    decimal,
    decimals,
    flatten,
    integer,
    json_,
    json_schema,
    leftovers,
    money,
    stamp,
    text,
    texts,
    timestamp,
)


def extract(columns: Columns, row: dict[str, Any], **stamps: Any) -> dict[str, Any]:
    return Extractor(list(flatten(columns))).bind(stamps)(row)


def test_columns_are_named_after_amazons_last_name() -> None:
    row = {"salesChannel": {"marketplaceId": "M1"}, "attributedSalesSameSku14d": Decimal("1.50")}
    columns = (text("salesChannel.marketplaceId"), decimals("attributedSalesSameSku14d"))
    assert extract(columns, row) == {
        "marketplace_id": "M1",
        "attributed_sales_same_sku_14d": "1.50",
    }


@pytest.mark.parametrize(
    ("column", "given", "expected"),
    [
        (text("v"), "Ada", "Ada"),
        (text("v"), 400_000_000_000_000_001, "400000000000000001"),
        (text("v"), True, "true"),
        (integer("v"), 12, 12),
        (integer("v"), "12", 12),
        (integer("v"), Decimal("12.0"), 12),
        (integer("v"), "", None),
        (decimal("v"), Decimal("0.10"), "0.10"),
        (decimal("v"), 3, "3"),
        (decimal("v"), "19.99", "19.99"),
        (decimal("v"), "", None),
        (boolean("v"), False, False),
        (boolean("v"), "true", True),
        (boolean("v"), "No", False),
        (timestamp("v"), "2026-11-24T10:00:00-08:00", "2026-11-24T18:00:00Z"),
        (timestamp("v"), 1_795_543_200_000, "2026-11-24T18:00:00Z"),
        (day("v"), "20261124", "2026-11-24"),
        (json_("v"), ["a"], ["a"]),
        (json_("v"), {"a": 1}, {"a": 1}),
    ],
)
def test_values_become_what_their_column_promises(column: Any, given: Any, expected: Any) -> None:
    record = extract(column, {"v": given})
    assert record == {"v": expected}
    schema = json_schema([column], [])
    th.DEFAULT_JSONSCHEMA_VALIDATOR(schema).validate(record)


@pytest.mark.parametrize("kind", [text, integer, decimal, boolean, timestamp, day, json_])
def test_what_is_missing_or_null_is_null(kind: Any) -> None:
    column = kind("v")
    assert extract(column, {}) == extract(column, {"v": None}) == {"v": None}


def test_below_a_missing_object_everything_is_null() -> None:
    columns = (money("proceeds.grandTotal"), text("proceeds.status"))
    for row in ({}, {"proceeds": None}, {"proceeds": {"grandTotal": {}}}):
        assert set(extract(columns, row).values()) == {None}


@pytest.mark.parametrize(
    ("column", "given"),
    [
        (text("v"), {"a": 1}),
        (integer("v"), "1.5"),
        (integer("v"), True),
        (decimal("v"), "1,50"),
        (decimal("v"), 0.1),
        (decimal("v"), "NaN"),
        (boolean("v"), "perhaps"),
        (timestamp("v"), "2026-11-24T10:00:00"),
        (day("v"), "2026-11-24T00:00:00Z"),
        (json_("v"), "text"),
    ],
)
def test_what_does_not_fit_is_an_error_that_names_the_column_not_the_value(
    column: Any, given: Any
) -> None:
    extractor = Extractor([column])
    with pytest.raises((TypeError, ValueError)) as failure:
        extractor.bind({})({"v": given})
    explained = extractor.explain({"v": given}, failure.value)
    assert explained.message.startswith(f"v is no {column.kind}: ")


def test_money_is_an_amount_and_its_currency() -> None:
    row = {"unitPrice": {"amount": "19.90", "currencyCode": "EUR"}}
    assert extract(money("unitPrice"), row) == {
        "unit_price_amount": "19.90",
        "unit_price_currency_code": "EUR",
    }


def test_leftovers_hold_what_no_column_takes_at_any_depth() -> None:
    row = {
        "id": 1,
        "budget": {"amount": 5, "policy": "DAILY", "rules": [{"percent": 10}]},
        "tags": {"season": "winter"},
        "price": {"currencyCode": "EUR"},
    }
    columns = (text("id"), decimal("budget.amount"), json_("tags"), money("price"), leftovers())
    assert extract(columns, row)["leftovers"] == {
        "budget": {"policy": "DAILY", "rules": [{"percent": 10}]}
    }
    assert extract(columns, {"id": 1})["leftovers"] == {}


def test_stamps_are_the_same_for_every_row_and_must_be_given() -> None:
    extractor = Extractor([stamp("store_id"), text("id")])
    bound = extractor.bind({"store_id": "acme", "unused": 1})
    assert [bound({"id": n}) for n in (1, 2)] == [
        {"store_id": "acme", "id": "1"},
        {"store_id": "acme", "id": "2"},
    ]
    with pytest.raises(KeyError, match="store_id"):
        extractor.bind({})


def test_columns_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two columns are called amount"):
        Extractor(list(flatten((text("a.amount"), text("b.amount")))))


def test_the_schema_requires_keys_and_lets_everything_else_be_null() -> None:
    schema = json_schema(list(flatten(texts("id", "name"))), ["id"])
    assert schema["properties"]["id"]["type"] == ["string"]
    assert schema["properties"]["name"]["type"] == ["string", "null"]
    assert schema["required"] == ["id"]


def test_a_key_without_a_column_is_refused() -> None:
    with pytest.raises(ValueError, match="keys without a column: nothing"):
        json_schema([text("id")], ["nothing"])
