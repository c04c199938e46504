"""The raw columns that the models read are columns that the taps write, in the same types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tap_amazon_ads.tap import TapAmazonAds
from tap_amazon_sp.tap import TapAmazonSP

TAPS = {"amazon_sp": TapAmazonSP, "amazon_ads": TapAmazonAds}
CONFIG = {"client_id": "id", "client_secret": "secret", "region": "na", "refresh_token": "token"}


def column_type(schema: dict[str, Any]) -> str:
    """The column that the loader makes of a property."""
    kinds = {kind for kind in schema["type"] if kind != "null"}
    if kinds & {"object", "array"} and "items" not in schema:
        return "jsonb"
    (kind,) = kinds
    formats = {"date-time": "timestamp", "date": "date", "x-singer.decimal": "numeric"}
    if kind == "string":
        return formats.get(schema.get("format", ""), "text")
    return {"integer": "bigint", "boolean": "boolean"}[kind]


@pytest.fixture(scope="module")
def streams() -> dict[tuple[str, str], dict[str, Any]]:
    """Every stream of both taps by (schema, table)."""
    return {
        (schema, entry["stream"]): entry
        for schema, tap in TAPS.items()
        for entry in tap(config=CONFIG, validate_config=False).catalog_dict["streams"]
    }


Table = tuple[str, str]


@pytest.fixture
def sources(sources: dict[Table, dict[str, str]]) -> dict[Table, dict[str, str]]:
    """The raw columns that the models read from these taps."""
    return {table: columns for table, columns in sources.items() if table[0] in TAPS}


def test_every_source_is_a_stream_of_its_tap(
    sources: dict[Table, dict[str, str]], streams: dict[Table, Any]
) -> None:
    assert set(sources) <= set(streams)


def test_sources_declare_columns_that_their_stream_writes(
    sources: dict[Table, dict[str, str]], streams: dict[Table, Any]
) -> None:
    for table, read in sources.items():
        properties = streams[table]["schema"]["properties"]
        written = {name: column_type(schema) for name, schema in properties.items()}
        assert {name: written.get(name) for name in read} == read, table


def test_the_tests_warehouse_has_the_streams_keys(
    sources: dict[Table, dict[str, str]],
    streams: dict[Table, Any],
    raw_key: Callable[[str, str], list[str]],
) -> None:
    for table in sources:
        assert raw_key(*table) == streams[table]["key_properties"], table
