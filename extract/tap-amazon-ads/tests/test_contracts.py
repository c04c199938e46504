"""What the tap declares agrees with Amazon's contracts, where those are at hand.

The report columns are compared with the guide's lists per report type and groupBy, the entity
columns with the field lists of the OpenAPI contracts, media types and request bodies with the
OpenAPI contracts themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from amazon_client.extraction import Account, Window
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
from tap_amazon_ads.entities import LISTS, IndexList, TokenList
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.reporting import CREATE, GET
from tap_amazon_ads.streams import STREAMS, Profiles
from tap_amazon_ads.streams.base import DailyReport, EntityStream

Contract = Callable[[str], Any]

REPORTS = [stream for stream in STREAMS if issubclass(stream, DailyReport)]
ENTITIES = [stream for stream in STREAMS if issubclass(stream, EntityStream)]
LISTED = [stream for stream in ENTITIES if stream is not Profiles]
WINDOW = Window(date(2026, 10, 1), date(2026, 10, 31))
PROFILE = Profile("na", "1111111111111111", "US", "USD", "America/Los_Angeles")
ACCOUNT = Account("default", "na", "1111111111111111", "America/Los_Angeles")

REPORT_TYPES = {"Integer": {INTEGER, TEXT}, "Decimal": {DECIMAL}, "String": {TEXT, DAY}}
"""The guide's types and what they may land as; an Integer lands as text where it is an id."""
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


def body(stream: type[DailyReport]) -> dict[str, Any]:
    return dict(stream.dataset.request(ACCOUNT, WINDOW).body)


def asked_columns(stream: type[DailyReport]) -> list[str]:
    return list(body(stream)["configuration"]["columns"])


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_every_column_asked_for_is_allowed_for_the_report_and_its_grouping(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    report_type = facts[stream.report.report_type]
    allowed = set(report_type["base_columns"])
    for group in stream.report.group_by:
        allowed |= set(report_type["group_by"][group]["extra_columns"])
    columns = asked_columns(stream)
    assert set(columns) <= allowed
    assert len(columns) == len(set(columns))
    # startDate and endDate exist in summaries only; one refused column refuses the report.
    assert not {"startDate", "endDate"} & set(columns)


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_every_column_asked_for_is_in_amazons_own_example_too(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    examples = facts[stream.report.report_type]["openapi_examples"]
    in_examples = {
        column
        for example in examples
        if example["groupBy"] == list(stream.report.group_by)
        for column in example["columns"]
    }
    assert set(asked_columns(stream)) <= in_examples | {"date"}


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_report_columns_land_as_the_types_the_guide_gives(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    types = facts[stream.report.report_type]["column_types"]
    wrong = {
        column.name: (types[column.path[0]], column.kind)
        for column in flatten(stream.columns)
        if column.path and column.kind not in REPORT_TYPES[types[column.path[0]]]
    }
    assert not wrong
    ids = [c.kind for c in flatten(stream.columns) if c.path and c.path[0].endswith("Id")]
    assert set(ids) == {TEXT}


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_reports_stay_inside_range_and_retention(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    report_type = facts[stream.report.report_type]
    windows: Any = stream.dataset.windows
    assert f"{windows.max_days} days" == report_type["max_range"]
    assert f"{windows.retention_days} days" == report_type["retention"]
    assert report_type["adProduct"] == stream.report.ad_product


def test_every_attribution_window_of_sponsored_products_is_a_column_of_its_own() -> None:
    sp = next(stream for stream in REPORTS if stream.name == "sp_campaigns_daily")
    columns = {column.name: column.path for column in flatten(sp.columns)}
    for window in ("1d", "7d", "14d", "30d"):
        for ours, theirs in (
            ("sales", "sales"),
            ("purchases", "purchases"),
            ("purchases_same_sku", "purchasesSameSku"),
            ("units_sold_clicks", "unitsSoldClicks"),
            ("units_sold_same_sku", "unitsSoldSameSku"),
            ("attributed_sales_same_sku", "attributedSalesSameSku"),
        ):
            assert columns[f"{ours}_{window}"] == (f"{theirs}{window}",)


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_the_report_request_is_one_of_the_contract(
    stream: type[DailyReport], contract: Contract
) -> None:
    document = contract("openapi/OfflineReport_prod_3p.2025-12.json")
    schemas = document["components"]["schemas"]
    asked = body(stream)
    assert set(asked) <= set(schemas["CreateAsyncReportRequest"]["properties"])
    assert set(schemas["CreateAsyncReportRequest"]["required"]) <= set(asked)
    configuration = schemas["AsyncReportConfiguration"]
    assert set(asked["configuration"]) <= set(configuration["properties"])
    assert set(configuration["required"]) <= set(asked["configuration"])
    properties = configuration["properties"]
    assert asked["configuration"]["format"] in properties["format"]["enum"]
    assert asked["configuration"]["timeUnit"] in properties["timeUnit"]["enum"]
    assert asked["configuration"]["adProduct"] in schemas["AsyncReportAdProduct"]["enum"]


def test_the_report_request_has_the_shape_of_the_sample(contract: Contract) -> None:
    sample = contract("samples/report_create.request.json")
    sp = next(stream for stream in REPORTS if stream.name == "sp_campaigns_daily")
    ours = body(sp)
    assert {**ours, "configuration": None, "name": None} == {
        **sample,
        "configuration": None,
        "name": None,
    }
    unlike = ("columns",)
    assert {k: v for k, v in ours["configuration"].items() if k not in unlike} == {
        k: v for k, v in sample["configuration"].items() if k not in unlike
    }


def test_media_types_of_the_report_operations_are_those_of_the_contract(
    contract: Contract,
) -> None:
    paths = contract("openapi/OfflineReport_prod_3p.2025-12.json")["paths"]
    create = paths["/reporting/reports"]["post"]
    assert CREATE.content_type in create["requestBody"]["content"]
    assert CREATE.accept in create["responses"]["200"]["content"]
    get = paths["/reporting/reports/{reportId}"]["get"]
    assert GET.accept in get["responses"]["200"]["content"]
    assert GET.path in paths


@pytest.mark.parametrize("stream", LISTED, **by_name)
def test_lists_are_called_as_the_contract_says(
    stream: type[EntityStream], contract: Contract
) -> None:
    facts = contract("facts/entities.json")["entities"][stream.name]
    listing = LISTS[stream.name]
    assert (listing.operation.method, listing.operation.path) == (facts["method"], facts["path"])
    assert listing.operation.accept == facts["accept"]
    assert facts["id_field"] in listing.id_fields
    if isinstance(listing, TokenList):
        assert listing.operation.content_type == facts["content_type"]
        assert listing.key == facts["response_key"]
    else:
        assert isinstance(listing, IndexList)
        extended = contract("facts/entities.json")["entities"][f"{stream.name}_extended"]
        assert listing.extended_operation.path == extended["path"]


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
    for name, listing in LISTS.items():
        if not (isinstance(listing, TokenList) and name.startswith("sb_")):
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


def bodies(amazon: Any, listing: TokenList) -> list[dict[str, Any]]:
    """The bodies of a list of two pages."""
    asked = len(amazon.script.requests)
    amazon.answers({listing.key: [], "nextToken": "more"}, {listing.key: []})
    list(listing.pages(amazon.region.profile(PROFILE), extended=False))
    return list(amazon.script.bodies[asked:])


def test_parameters_of_sponsored_display_lists_are_those_of_the_contract(
    contract: Contract, amazon: Any
) -> None:
    paths = contract("openapi/sponsored-display.2022-12.json")["paths"]
    for listing in LISTS.values():
        if not isinstance(listing, IndexList):
            continue
        amazon.answers([])
        list(listing.pages(amazon.region.profile(PROFILE), extended=False))
        query = dict(parse_qsl(urlsplit(amazon.script.requests[-1].url).query))
        known = {p["name"]: p for p in paths[listing.operation.path]["get"]["parameters"][2:]}
        assert set(query) <= set(known)
        assert query["stateFilter"] in known["stateFilter"]["schema"]["enum"]
        assert listing.extended_operation.path in paths


def field(fields: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The contract's description of the value at `path`; KeyError when it has none."""
    found: dict[str, Any] = {"properties": fields}
    for step in path:
        found = found["properties"][step]
    return found


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
        if our_own(column):
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
