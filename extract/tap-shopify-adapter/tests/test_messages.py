"""The tap's messages in our style. What runs inside tap-shopify is tested in `tests/pipeline`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tap_shopify_adapter.messages import Messages, snake_case
from tap_shopify_adapter.schemas import exact, landed

MONEY = {
    "type": ["null", "object"],
    "properties": {
        "amount": {"type": ["null", "number"]},
        "currencyCode": {"type": ["null", "string"]},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": ["null", "string"]},
        "updatedAt": {"type": ["null", "string"], "format": "date-time"},
        "totalPriceSet": MONEY,
        "lineItems": {
            "type": ["null", "array"],
            "items": {
                "type": ["null", "object"],
                "properties": {
                    "quantity": {"type": ["null", "number"]},
                    "price": MONEY,
                    "customAttributes": {"type": ["null", "array"], "items": {"type": "object"}},
                },
            },
        },
        "price": {"type": ["null", "string"], "format": "singer.decimal"},
        "number": {"type": ["null", "number"]},
        "email": {"type": ["null", "string"]},
        "test": {"type": ["null", "boolean"]},
        "_sdc_shop_id": {"type": ["null", "integer"]},
    },
}


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("totalPriceSet", "total_price_set"),
        ("id", "id"),
        ("localPickupSettingsV2", "local_pickup_settings_v2"),
        ("legacyResourceId", "legacy_resource_id"),
    ],
)
def test_columns_are_in_snake_case(name: str, column: str) -> None:
    assert snake_case(name) == column


def test_no_number_stays_a_float() -> None:
    schema = exact(SCHEMA)
    line = schema["properties"]["lineItems"]["items"]["properties"]
    assert line["quantity"] == {"type": ["null", "integer"]}
    assert line["price"]["properties"]["amount"]["format"] == "singer.decimal"
    assert schema["properties"]["number"] == {"type": ["null", "integer"]}
    assert '"number"]' not in str(schema).replace("'", '"')


def test_what_is_personal_inside_objects_is_kept_only_on_request() -> None:
    def line(schema: dict[str, Any]) -> dict[str, Any]:
        return dict(schema["properties"]["lineItems"]["items"]["properties"])

    assert "customAttributes" not in line(exact(SCHEMA))
    assert "customAttributes" in line(exact(SCHEMA, with_personal_data=True))


def test_a_stream_lands_with_store_id_first_and_only_the_selected_columns() -> None:
    wanted = {"updatedAt", "totalPriceSet", "lineItems", "price"}
    schema, key = Messages("acme", lambda stream: wanted).schema("orders", SCHEMA, ["id"])
    json = {"type": ["object", "array", "null"]}
    assert key == ["store_id", "id"]
    assert schema["properties"] == {
        "store_id": {"type": ["string"]},
        "id": {"type": ["string"]},
        "updated_at": {"type": ["string", "null"], "format": "date-time"},
        "total_price_set": json,
        "line_items": json,
        "price": {"type": ["string", "null"], "format": "x-singer.decimal"},
        "extracted_at": {"type": ["string", "null"], "format": "date-time"},
    }


def test_a_list_of_texts_is_one_json_column_too() -> None:
    assert landed({"type": ["null", "array"], "items": {"type": "string"}}) == landed(MONEY)


def test_a_record_says_whose_it_is_and_when_it_was_read() -> None:
    read = datetime(2026, 11, 24, 13, tzinfo=timezone(timedelta(hours=-5)))
    row = Messages("acme", lambda stream: set()).record({"id": "gid://1", "_sdc_shop_id": 7}, read)
    assert row == {
        "store_id": "acme",
        "id": "gid://1",
        "extracted_at": "2026-11-24T18:00:00.000000Z",
    }
    assert datetime(2026, 11, 24, 18, tzinfo=UTC) == read
