"""What lists of entities the tap reads agrees with Amazon's contracts, where those are at hand.

The columns are compared with the field lists of the OpenAPI contracts, media types and requests
with the contracts themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from amazon_client.singer.schema import (
    BOOLEAN,
    DAY,
    DECIMAL,
    INTEGER,
    JSON,
    TEXT,
    TIMESTAMP,
    Column,
    flatten,
)
from tap_amazon_ads.listing import IndexList, TokenList
from tap_amazon_ads.lists import LISTS
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.streams.base import EntityStream

Contract = Callable[[str], Any]

LISTED: list[type[EntityStream]] = [
    stream for stream in STREAMS if issubclass(stream, EntityStream) and stream.name in LISTS
]
ENTITIES: list[type[EntityStream]] = [
    stream
    for stream in STREAMS
    if issubclass(stream, EntityStream) and (stream.name in LISTS or stream.name == "profiles")
]
PROFILE = Profile("na", "1111111111111111", "US", "USD", "America/Los_Angeles")

ENTITY_TYPES = {
    "string": {TEXT, DAY, TIMESTAMP},
    "integer": {INTEGER, TEXT, TIMESTAMP},
    "number": {DECIMAL, TIMESTAMP, TEXT},
    "boolean": {BOOLEAN},
    "object": {JSON},
    "array": {JSON},
}
"""JSON types and what they may land as; numbers land as text where they are ids, as timestamps
where they are milliseconds."""

by_name: Any = {"ids": lambda stream: stream.name}


@pytest.mark.parametrize("stream", LISTED, **by_name)
def test_lists_are_called_as_the_contract_says(
    stream: type[EntityStream], contract: Contract
) -> None:
    facts = contract("facts/entities.json")["entities"][stream.name]
    listing = LISTS[stream.name]
    assert (listing.operation.method, listing.operation.path) == (facts["method"], facts["path"])
    assert listing.operation.accept == facts["accept"].split()[0]
    assert facts["id_field"].split()[0] in listing.id_fields
    if isinstance(listing, TokenList):
        assert listing.operation.content_type == facts["content_type"]
        assert listing.key == facts["response_key"]
    else:
        assert isinstance(listing, IndexList)


def test_bodies_of_sponsored_products_lists_are_those_of_the_contract(
    contract: Contract, amazon: Any
) -> None:
    document = contract("openapi/SponsoredProducts_prod_3p.2025-12.json")
    schemas = document["components"]["schemas"]
    for name, listing in LISTS.items():
        if not (isinstance(listing, TokenList) and name.startswith("sp_")):
            continue
        operation = document["paths"][listing.operation.path]["post"]
        content = operation["requestBody"]["content"][listing.operation.content_type]
        schema = schemas[content["schema"]["$ref"].rsplit("/", 1)[-1]]
        for asked in bodies(amazon, listing):
            assert set(asked) <= set(schema["properties"])


def test_bodies_of_sponsored_brands_lists_are_those_of_the_contract(
    contract: Contract, amazon: Any
) -> None:
    document = contract("openapi/sponsored-brands-extra.2022-12.json")
    schemas = document["components"]["schemas"]
    for listing in LISTS.values():
        if not (isinstance(listing, TokenList) and listing.operation.path.startswith("/sb/v4/")):
            continue
        # The contract at hand is of the time when the same operations were under /sb/beta.
        path = listing.operation.path.replace("/sb/v4/", "/sb/beta/")
        content = document["paths"][path]["post"]["requestBody"]["content"]
        schema = schemas[
            content[listing.operation.content_type]["schema"]["$ref"].rsplit("/", 1)[-1]
        ]
        for asked in bodies(amazon, listing):
            assert set(asked) <= set(schema["properties"])
            assert asked["maxResults"] <= int(schema["properties"]["maxResults"]["maximum"])


@pytest.mark.parametrize("name", ["sb_targets", "sb_negative_targets"])
def test_bodies_of_brands_targets_are_those_of_the_contract(
    name: str, contract: Contract, amazon: Any
) -> None:
    document = contract("openapi/sponsored-brands.2022-12.json")
    listing = LISTS[name]
    assert isinstance(listing, TokenList)
    content = document["paths"][listing.operation.path]["post"]["requestBody"]["content"]
    common, own = content[listing.operation.content_type]["schema"]["allOf"]
    common = document["components"]["schemas"][common["$ref"].rsplit("/", 1)[-1]]
    for asked in bodies(amazon, listing):
        assert set(asked) <= {*common["properties"], *own["properties"]}
        (states,) = asked["filters"]
        assert states["filterType"] == "TARGETING_STATE"
        assert "archived" in states["values"]


def bodies(amazon: Any, listing: TokenList) -> list[dict[str, Any]]:
    """The bodies of a list of two pages."""
    asked = len(amazon.script.requests)
    amazon.answers({listing.key: [], "nextToken": "more"}, {listing.key: []})
    list(listing.pages(amazon.region.profile(PROFILE), extended=False))
    return list(amazon.script.bodies[asked:])


@pytest.mark.parametrize(
    "stream", [s for s in LISTED if isinstance(LISTS[s.name], IndexList)], **by_name
)
def test_parameters_of_indexed_lists_are_those_of_the_contract(
    stream: type[EntityStream], contract: Contract, amazon: Any
) -> None:
    brands = stream.name.startswith("sb_")
    name = "sponsored-brands" if brands else "sponsored-display"
    document = contract(f"openapi/{name}.2022-12.json")
    listing = LISTS[stream.name]
    assert isinstance(listing, IndexList)
    amazon.answers([])
    list(listing.pages(amazon.region.profile(PROFILE), extended=False))
    query = dict(parse_qsl(urlsplit(amazon.script.requests[-1].url).query))
    parameters = document["paths"][listing.operation.path]["get"]["parameters"]
    known = {p["name"]: p.get("schema", {}) for p in parameters if "name" in p}
    assert set(query) <= set(known)
    if "stateFilter" in query:
        states = known["stateFilter"]
        if "$ref" in states:
            states = document["components"]["schemas"][states["$ref"].rsplit("/", 1)[-1]]
        # Display wants one of its lists word for word, Brands a list of states.
        asked = query["stateFilter"].split(",") if brands else [query["stateFilter"]]
        assert set(asked) <= set(states["enum"])
        assert "archived" in query["stateFilter"]
    if listing.extended_operation:
        assert listing.extended_operation.path in document["paths"]


def field(fields: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The contract's description of the value at `path`; KeyError when it has none."""
    found: dict[str, Any] = {"properties": fields}
    for step in path:
        found = found["properties"][step]
    return found


NOT_AT_HAND = {
    ("sd_negative_targets", "creationDate"),
    ("sd_negative_targets", "lastUpdatedDate"),
    ("sd_negative_targets", "servingStatus"),
}
"""Extended fields of the one list whose extended fields the facts do not have."""


def our_own(column: Column) -> bool:
    return not column.path or column.path[0] in {"isSelected", "selectionReason"}


@pytest.mark.parametrize("stream", ENTITIES, **by_name)
def test_entity_columns_are_fields_of_the_contract_and_of_its_types(
    stream: type[EntityStream], contract: Contract
) -> None:
    entities = contract("facts/entities.json")["entities"]
    fields = {
        **entities.get(f"{stream.name}_extended", {}).get("fields", {}),
        **entities[stream.name]["fields"],
    }
    for column in flatten(stream.columns):
        if our_own(column) or (stream.name, column.path[0]) in NOT_AT_HAND:
            continue
        kind = field(fields, column.path)["type"]
        assert column.kind in ENTITY_TYPES[kind], column.name
        if column.path[-1].endswith("Id"):
            assert column.kind == TEXT, column.name


@pytest.mark.parametrize("stream", ENTITIES, **by_name)
def test_every_field_of_the_contract_is_a_column_or_inside_one(
    stream: type[EntityStream], contract: Contract
) -> None:
    fields = contract("facts/entities.json")["entities"][stream.name]["fields"]
    taken = {column.path[0] for column in flatten(stream.columns) if column.path}
    assert set(fields) <= taken
