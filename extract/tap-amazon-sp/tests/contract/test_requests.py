"""Every request that the tap sends is one that Amazon's models allow, as often as they allow."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import graphql
import jsonschema
import pytest

from amazon_client import read_only
from amazon_client.extraction import Account, Window
from amazon_client.operations import Operation
from tap_amazon_sp import asin_queries, client, data_kiosk, reports, streams
from tap_amazon_sp.streams import (
    catalog,
    fba_inventory,
    finance_checks,
    finances_source,
    order_metrics,
    orders,
)
from tap_amazon_sp.streams.sales_traffic_by_asin import BY_ASIN

OPERATIONS = {
    "sellers": (client.GET_PARTICIPATIONS,),
    "orders_2026-01-01": (orders.SEARCH_ORDERS,),
    "fbaInventory": (fba_inventory.GET_SUMMARIES,),
    "finances_2024-06-19": (
        finances_source.LIST_TRANSACTIONS,
        finance_checks.LIST_BALANCES,
        finance_checks.LIST_SUMMARY,
    ),
    "financesV0": (finance_checks.LIST_EVENT_GROUPS,),
    "catalogItems_2022-04-01": (catalog.SEARCH_ITEMS,),
    "sales": (order_metrics.GET_METRICS,),
    "reports_2021-06-30": (
        reports.CREATE_REPORT,
        reports.GET_REPORT,
        reports.GET_REPORTS,
        reports.GET_DOCUMENT,
    ),
    "dataKiosk_2023-11-15": (
        data_kiosk.CREATE_QUERY,
        data_kiosk.GET_QUERY,
        data_kiosk.GET_QUERIES,
        data_kiosk.GET_DOCUMENT,
    ),
}
ALL = [(model, operation) for model, declared in OPERATIONS.items() for operation in declared]


def names(case: Any) -> str:
    return getattr(case, "name", str(case))


@pytest.mark.parametrize(("model", "operation"), ALL, ids=names)
def test_an_operation_is_where_and_as_fast_as_the_model_says(
    contracts: Any, model: str, operation: Operation
) -> None:
    method, path, described = contracts.swagger(model).operations[operation.name]
    assert (operation.method, operation.path) == (method, path)
    plan = re.search(r"\| ([\d.]+) \| (\d+) \|", described["description"])
    assert plan is not None
    assert (operation.rate, operation.burst) == (float(plan[1]), int(plan[2]))


@pytest.mark.parametrize(("model", "operation"), ALL, ids=names)
def test_an_operation_only_reads(model: str, operation: Operation) -> None:
    values = dict.fromkeys(re.findall(r"{(\w+)}", operation.path), "x")
    read_only.check(operation.method, operation.url("https://example.com", values))


def check_query(asked: Any, described: dict[str, Any]) -> list[str]:
    """What is wrong with a request's parameters."""
    known = {p["name"]: p for p in described["parameters"] if p["in"] == "query"}
    wrong = [f"unknown parameter {name}" for name in asked.query.keys() - known.keys()]
    required = {name for name, parameter in known.items() if parameter.get("required")}
    wrong += [f"missing {name}" for name in required - asked.query.keys()]
    for name in asked.query.keys() & known.keys():
        wrong += check_value(name, asked.query[name], known[name])
    return wrong


def check_value(name: str, text: str, parameter: dict[str, Any]) -> list[str]:
    values = text.split(",") if parameter["type"] == "array" else [text]
    of_each = parameter.get("items", parameter)
    wrong = []
    if len(values) > parameter.get("maxItems", len(values)):
        wrong.append(f"{name}: {len(values)} values")
    for value in values:
        if "enum" in of_each and value not in of_each["enum"]:
            wrong.append(f"{name}: {value}")
        if of_each.get("format") == "date-time" and not datetime.fromisoformat(value).tzinfo:
            wrong.append(f"{name}: {value} has no zone")
        if of_each["type"] == "integer" and not (
            of_each.get("minimum", 1) <= int(value) <= of_each.get("maximum", 100)
        ):
            wrong.append(f"{name}: {value}")
        if of_each["type"] == "boolean" and value not in ("true", "false"):
            wrong.append(f"{name}: {value}")
    return wrong


def check_body(asked: Any, described: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    """What is wrong with a request's body."""
    bodies = [p["schema"] for p in described["parameters"] if p["in"] == "body"]
    if not bodies:
        return [] if asked.body is None else ["a body where none belongs"]
    schema = {**bodies[0], "definitions": definitions}
    wrong = [error.message for error in jsonschema.Draft4Validator(schema).iter_errors(asked.body)]
    name = bodies[0]["$ref"].rsplit("/", 1)[-1]
    unknown = asked.body.keys() - definitions[name]["properties"].keys()
    return [*wrong, *(f"unknown member {member}" for member in unknown)]


def test_every_request_of_a_run_is_allowed(
    contracts: Any, simulator: Any, sync: Any, requests_sent: list[Any]
) -> None:
    sync(regions=("na", "eu", "fe"))
    sync("orders", orders_source="api", start_date="2026-11-01")
    simulator.faults.add("createReport", "dropped", late=True)
    simulator.faults.add("createQuery", "dropped", late=True)
    sync("orders_bulk", "sales_traffic_by_date", start_date="2026-11-01")
    described = {
        name: (contracts.swagger(model), *contracts.swagger(model).operations[name])
        for model, operation in ALL
        for name in [operation.name]
    }
    used, wrong = set(), []
    for asked in requests_sent:
        path = re.sub(r"^/sp/\w+", "", asked.path)
        for name, (model, method, template, operation) in described.items():
            pattern = re.sub(r"{\w+}", "[^/]+", template)
            if method == asked.method and re.fullmatch(pattern, path):
                used.add(name)
                wrong += [(name, error) for error in check_query(asked, operation)]
                definitions = model.document["definitions"]
                wrong += [(name, error) for error in check_body(asked, operation, definitions)]
                break
        else:
            wrong.append(("", f"{asked.method} {path} is in no model"))
    assert wrong == []
    assert used == {operation.name for _, operation in ALL}


def test_a_search_gives_exactly_one_of_the_two_instants(
    contracts: Any, sync: Any, requests_sent: list[Any]
) -> None:
    sync("orders", orders_source="api", start_date="2026-11-01")
    for asked in requests_sent:
        if asked.path.endswith("/orders/2026-01-01/orders"):
            assert len({"createdAfter", "lastUpdatedAfter"} & asked.query.keys()) == 1


SELLER = Account("default", "eu", "A1", marketplace_ids=("A1PA6795UKMFR9", "A1F83G8C2ARO7P"))
TWO_WEEKS = Window(date(2026, 11, 11), date(2026, 11, 24))
PRODUCTS = {place: [f"B0{n:08d}" for n in range(70)] for place in SELLER.marketplace_ids or ()}
QUERIES = {
    "by date": streams.SalesTrafficByDate.dataset.request(SELLER, TWO_WEEKS).body,
    "active": streams.SalesTrafficByAsin.dataset.request(SELLER, TWO_WEEKS).body,
    "totals": asin_queries.by_date(SELLER.marketplace_ids, TWO_WEEKS),
    "by day": asin_queries.per_day(SELLER.marketplace_ids, [date(2026, 11, 11)], BY_ASIN)[0],
    "trends": asin_queries.trends(PRODUCTS, TWO_WEEKS, BY_ASIN)[0],
    "economics": streams.Economics.dataset.request(SELLER, TWO_WEEKS).body,
}


@pytest.mark.parametrize("name", QUERIES)
def test_the_query_is_valid_for_amazons_schema(contracts: Any, name: str) -> None:
    text = QUERIES[name]["query"]
    version = re.search(r"analytics_\w+", text)
    assert version is not None
    schema = graphql.build_schema(contracts.text(f"schemas/data-kiosk/{version[0]}.graphql"))
    assert graphql.validate(schema, graphql.parse(text)) == []
