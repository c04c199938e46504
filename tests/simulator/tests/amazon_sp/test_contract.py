"""Every answer has the shape of Amazon's own models, and every limit is the documented one."""

from __future__ import annotations

import copy
import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from graphql import GraphQLObjectType, build_schema

from simulator.amazon_sp import operations
from simulator.amazon_sp.data_kiosk import SCHEMAS
from simulator.amazon_sp.kiosk_schema import KioskSchema
from simulator.amazon_sp.sales_traffic_schema import SCHEMA
from simulator.gateway import Operation
from simulator.world import World

CONTRACTS = Path(__file__).parents[5] / "shared" / "contracts" / "sp-api"
pytestmark = pytest.mark.skipif(
    not CONTRACTS.is_dir(), reason=f"Amazon's models are not at {CONTRACTS}"
)

MODELS = {
    "/sellers/": "sellers.json",
    "/catalog/": "catalogItems_2022-04-01.json",
    "/sales/": "sales.json",
    "/orders/": "orders_2026-01-01.json",
    "/reports/": "reports_2021-06-30.json",
    "/dataKiosk/": "dataKiosk_2023-11-15.json",
    "/fba/": "fbaInventory.json",
    "/finances/2024-06-19/": "finances_2024-06-19.json",
    "/finances/v0/": "financesV0.json",
}
EVERYTHING = (
    "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT"
)
QUERY = (
    "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate(aggregateBy:DAY "
    'startDate:"2026-11-01" endDate:"2026-11-02" marketplaceIds:["ATVPDKIKX0DER"]){startDate}}}'
)
US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
ALL_OPERATIONS = [op for op in vars(operations).values() if isinstance(op, Operation)]


@lru_cache
def model(file: str) -> dict[str, Any]:
    whole = json.loads((CONTRACTS / file).read_text(encoding="utf-8"))
    whole["definitions"] = {
        name: _merged(definition, whole["definitions"])
        for name, definition in whole.get("definitions", {}).items()
    }
    return _closed(whole)


def _merged(schema: Any, definitions: dict[str, Any]) -> Any:
    """A definition made of several (`allOf`) as one, which can then be closed."""
    if "allOf" not in schema:
        return schema
    parts = [
        definitions[part["$ref"].rsplit("/", 1)[-1]] if "$ref" in part else part
        for part in schema["allOf"]
    ]
    properties = {name: kind for part in parts for name, kind in part["properties"].items()}
    required = [name for part in parts for name in part.get("required", [])]
    return {"type": "object", "properties": properties, "required": required or ["contextType"]}


def _closed(schema: Any) -> Any:
    """The model with every object closed, so that a member it does not name is a failure."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(part) for name, part in schema.items()}
    if isinstance(closed.get("properties"), dict):
        closed.setdefault("additionalProperties", False)
    return closed


def described(operation: Operation) -> tuple[dict[str, Any], dict[str, Any]]:
    """The model of an operation's API, and what it says of the operation."""
    file = next(file for prefix, file in MODELS.items() if operation.path.startswith(prefix))
    whole = model(file)
    for path, methods in whole["paths"].items():
        pattern = re.sub(r"\{\w+\}", "<[a-z_]+>", path)
        if re.fullmatch(pattern, operation.path):
            return whole, methods[operation.method.lower()]
    raise AssertionError(f"{operation} is in no model")


def check(operation: Operation, answer: Any) -> None:
    """Validate an answer against the model's schema of its status."""
    whole, said = described(operation)
    schema = copy.copy(said["responses"][str(answer.status_code)]["schema"])
    schema["definitions"] = whole["definitions"]
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(
        answer.json
    )


@pytest.mark.parametrize("operation", ALL_OPERATIONS, ids=lambda operation: operation.name)
def test_an_operation_has_amazons_name_rate_and_burst(operation: Operation) -> None:
    _, said = described(operation)
    assert said["operationId"] == operation.name
    table = re.search(r"\|\s*([\d.]+)\s*\|\s*(\d+)\s*\|", said["description"])
    assert table, "the model names no usage plan"
    assert (float(table[1]), int(table[2])) == (operation.rate, operation.burst)


def test_participations_match_the_model(api: Any) -> None:
    for region in ("na", "eu", "fe"):
        answer = api.of(region).get("/sellers/v1/marketplaceParticipations")
        check(operations.MARKETPLACE_PARTICIPATIONS, answer)


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_orders_match_the_model(api: Any, region: str) -> None:
    query, token = {"createdAfter": "2026-09-10T00:00:00Z", "includedData": EVERYTHING}, None
    for _ in range(8):
        page: dict[str, str] = {"paginationToken": token} if token else {}
        answer = api.of(region).get("/orders/2026-01-01/orders", **query, **page)
        assert answer.status_code == 200
        check(operations.SEARCH_ORDERS, answer)
        token = answer.json.get("pagination", {}).get("nextToken")
        if not token:
            break


def test_reports_match_the_model(api: Any) -> None:
    api.simulation.faults.add("createReport", "report_fatal", nth=2)
    created = [api.create_report(), api.create_report()]
    path = "/reports/2021-06-30/reports"
    kind = "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
    for answer in created:
        check(operations.CREATE_REPORT, answer)
    for seconds in (0, 30, 30):
        api.time.seconds += seconds
        for answer in created:
            check(operations.GET_REPORT, api.get(f"{path}/{answer.json['reportId']}"))
    check(operations.GET_REPORTS, api.get(path, reportTypes=kind, pageSize=1))
    document = api.report(created[0].json["reportId"])["reportDocumentId"]
    check(operations.GET_REPORT_DOCUMENT, api.get(f"/reports/2021-06-30/documents/{document}"))


def test_queries_match_the_model(api: Any) -> None:
    created = api.query(QUERY)
    check(operations.CREATE_QUERY, created)
    path = "/dataKiosk/2023-11-15/queries"
    for seconds in (0, 30, 30):
        api.time.seconds += seconds
        check(operations.GET_QUERY, api.get(f"{path}/{created.json['queryId']}"))
    check(operations.GET_QUERIES, api.get(path, pageSize=1))
    state = api.get(f"{path}/{created.json['queryId']}").json
    located = api.get(f"/dataKiosk/2023-11-15/documents/{state['dataDocumentId']}")
    check(operations.GET_QUERY_DOCUMENT, located)


FINANCES = "/finances/2024-06-19"


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_finances_match_the_models(api: Any, region: str) -> None:
    caller = api.of(region)
    query, token = {"postedAfter": "2026-09-12T00:00:00Z"}, None
    while True:
        page: dict[str, str] = {"nextToken": token} if token else {}
        answer = caller.get(f"{FINANCES}/transactions", **query, **page)
        check(operations.LIST_TRANSACTIONS, answer)
        token = answer.json["payload"].get("nextToken")
        if not token:
            break
    check(operations.LIST_BALANCES, caller.get(f"{FINANCES}/balances"))
    summary = caller.get(f"{FINANCES}/summary", periodStart="2026-10-01", periodEnd="2026-10-31")
    check(operations.LIST_SUMMARY, summary)
    groups = caller.get(
        "/finances/v0/financialEventGroups", FinancialEventGroupStartedAfter="2026-09-01T00:00:00Z"
    )
    check(operations.LIST_FINANCIAL_EVENT_GROUPS, groups)


def test_listed_settlement_reports_match_the_model(api: Any) -> None:
    kind = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
    answer = api.get("/reports/2021-06-30/reports", reportTypes=kind, pageSize=100)
    assert answer.json["reports"]
    check(operations.GET_REPORTS, answer)
    document = answer.json["reports"][0]["reportDocumentId"]
    check(operations.GET_REPORT_DOCUMENT, api.get(f"/reports/2021-06-30/documents/{document}"))


def test_inventory_matches_the_model(api: Any) -> None:
    query = {
        "details": "true",
        "granularityType": "Marketplace",
        "granularityId": "ATVPDKIKX0DER",
        "marketplaceIds": "ATVPDKIKX0DER",
    }
    answer = api.get("/fba/inventory/v1/summaries", **query)
    check(operations.GET_INVENTORY_SUMMARIES, answer)


@pytest.mark.parametrize(
    ("operation", "path", "query"),
    [
        (operations.SEARCH_ORDERS, "/orders/2026-01-01/orders", {}),
        (operations.GET_REPORTS, "/reports/2021-06-30/reports", {}),
        (operations.GET_REPORT, "/reports/2021-06-30/reports/1", {}),
        (operations.GET_QUERY, "/dataKiosk/2023-11-15/queries/1", {}),
        (operations.GET_INVENTORY_SUMMARIES, "/fba/inventory/v1/summaries", {}),
        (operations.LIST_TRANSACTIONS, f"{FINANCES}/transactions", {}),
        (operations.LIST_BALANCES, f"{FINANCES}/balances", {"balanceType": "ALL"}),
        (operations.LIST_SUMMARY, f"{FINANCES}/summary", {}),
    ],
)
def test_refusals_match_the_model(
    api: Any, operation: Operation, path: str, query: dict[str, str]
) -> None:
    bad = api.get(path, **query)
    assert bad.status_code in (400, 404)
    check(operation, bad)
    denied = api.get(path, headers={"user-agent": "Test/1"}, **query)
    assert denied.status_code == 403
    check(operation, denied)
    while (throttled := api.get(path, **query)).status_code != 429:
        pass
    check(operation, throttled)


@pytest.mark.parametrize("kiosk", SCHEMAS, ids=lambda kiosk: kiosk.root)
def test_the_graphql_schema_is_amazons(kiosk: KioskSchema) -> None:
    path = CONTRACTS / "schemas" / "data-kiosk" / f"{kiosk.root}.graphql"
    official = build_schema(path.read_text(encoding="utf-8"))
    for name, own in kiosk.schema.type_map.items():
        if name.startswith("__"):
            continue
        theirs = official.type_map[name]
        assert type(own) is type(theirs)
        if isinstance(own, GraphQLObjectType):
            # Of the root's queries not all are simulated; what a row has is Amazon's, whole.
            told = own.fields if name == kiosk.root_type else theirs.fields
            assert {field: str(kind.type) for field, kind in own.fields.items()} == {
                field: str(theirs.fields[field].type) for field in told
            }
            for field, kind in own.fields.items():
                assert {a: str(arg.type) for a, arg in kind.args.items()} == {
                    a: str(arg.type) for a, arg in theirs.fields[field].args.items()
                }


def test_a_row_of_every_field_is_what_the_schema_promises(api: Any) -> None:
    sales, traffic = (SCHEMA.type_map[name] for name in ("ByDateSales", "ByDateTraffic"))

    def selection(kind: Any) -> str:
        return " ".join(
            f"{name}{{amount currencyCode}}" if "Amount" in str(field.type) else name
            for name, field in kind.fields.items()
        )

    rows = api.rows(
        "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate(aggregateBy:DAY "
        'startDate:"2026-09-20" endDate:"2026-11-23" marketplaceIds:["ATVPDKIKX0DER"])'
        "{startDate endDate marketplaceId "
        f"sales{{{selection(sales)}}} traffic{{{selection(traffic)}}}}}}}}}"
    )
    assert len(rows) > 60
    assert all(value is not None for row in rows for value in row["sales"].values())
    assert all(value is not None for row in rows for value in row["traffic"].values())


@pytest.mark.parametrize(("region", "marketplace_id"), [("na", US), ("eu", DE)])
def test_the_catalog_matches_the_model(
    api: Any, world: World, region: str, marketplace_id: str
) -> None:
    here = [offer for offer in world.listings if offer.marketplace_id == marketplace_id]
    asins = [here[0].parent_asin, *dict.fromkeys(offer.asin for offer in here)][:20]
    answer = api.of(region).get(
        "/catalog/2022-04-01/items",
        identifiersType="ASIN",
        identifiers=",".join(asins),
        marketplaceIds=marketplace_id,
        includedData="summaries,images,relationships,productTypes,identifiers",
        pageSize=20,
    )
    assert len(answer.json["items"]) > 10
    check(operations.SEARCH_CATALOG_ITEMS, answer)


def test_order_metrics_match_the_model(api: Any) -> None:
    answer = api.get(
        "/sales/v1/orderMetrics",
        marketplaceIds=US,
        interval="2026-11-23T00:00:00-08:00--2026-11-25T00:00:00-08:00",
        granularity="Hour",
        granularityTimeZone="America/Los_Angeles",
    )
    assert len(answer.json["payload"]) == 48
    check(operations.GET_ORDER_METRICS, answer)


def test_a_query_with_a_further_page_matches_the_model(api: Any) -> None:
    api.simulation.kiosk_page = 1
    created = api.query(QUERY)
    api.time.seconds += 60
    answer = api.get(f"/dataKiosk/2023-11-15/queries/{created.json['queryId']}")
    assert answer.json["pagination"]["nextToken"]
    check(operations.GET_QUERY, answer)
