"""Bulk operations: one at a time, whole, children after their parent."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import requests

from simulator.testing import Running

Bulk = Callable[..., dict[str, Any]]
QUERY = """{ orders(query: "updated_at:>='2026-10-01T00:00:00Z'") { edges { node { id name
  lineItems { edges { node { id quantity } } }
  discountApplications { edges { node {
    index ... on DiscountCodeApplication { __typename code } } } }
} } } }"""


def lines(operation: dict[str, Any]) -> list[dict[str, Any]]:
    answer = requests.get(operation["url"], timeout=10)
    return [json.loads(line) for line in answer.text.splitlines()]


def test_a_result_holds_every_order_with_its_lines_beneath_it(sim: Running, run_bulk: Bulk) -> None:
    operation = run_bulk(QUERY)
    found = lines(operation)
    assert operation["status"] == "COMPLETED"
    assert len(found) == int(operation["objectCount"])
    expected = {
        f"gid://shopify/Order/{order.order.order_id}": len(order.order.lines)
        for order in sim.world.shop_details
        if order.updated_at(sim.world.now).isoformat() >= "2026-10-01"
    }
    counted, parent = dict.fromkeys(expected, 0), None
    for line in found:
        if "__parentId" not in line:
            parent = line["id"]
            assert "lineItems" not in line
        else:
            assert line["__parentId"] == parent
            counted[parent] += "quantity" in line
    assert counted == expected
    assert any(line.get("__typename") == "DiscountCodeApplication" for line in found)


def test_ungrouped_children_come_anywhere(run_bulk: Bulk) -> None:
    found = lines(run_bulk(QUERY, group=False))
    parents = [line for line in found if "__parentId" not in line]
    assert found[: len(parents)] == parents


def test_a_result_without_rows_has_no_url(run_bulk: Bulk) -> None:
    operation = run_bulk(QUERY.replace("2026-10-01", "2027-10-01"))
    assert (operation["status"], operation["objectCount"], operation["url"]) == ("COMPLETED", "0", None)  # fmt: skip  # noqa: E501


def test_only_one_operation_of_an_app_runs_at_a_time(
    sim: Running, ask: Callable[..., Any], run_bulk: Bulk
) -> None:
    sim.faults.add("shopify.graphql", "report_stuck", containing="bulkOperationRunQuery")
    begin = "mutation ($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { message } } }"  # noqa: E501
    running = ask(begin, "recent_orders", q=QUERY)["data"]["bulkOperationRunQuery"]["bulkOperation"]
    message = run_bulk(QUERY, "recent_orders")["message"]
    assert "already in progress" in message
    assert running["id"] in message
    assert run_bulk(QUERY, "all")["status"] == "COMPLETED"


def test_queries_that_are_no_bulk_queries_are_user_errors(run_bulk: Bulk) -> None:
    assert "at least one connection" in run_bulk("{ shop { name } }")["message"]
    assert "colour" in run_bulk("{ orders { edges { node { colour } } } }")["message"]
    deep = "{ products { edges { node { variants { edges { node { product { media { edges { node { id } } } } } } } } } } }"  # noqa: E501
    assert "nested" in run_bulk(deep)["message"]


def test_operations_fail_when_told_to_and_without_their_scope(sim: Running, run_bulk: Bulk) -> None:
    sim.faults.add("shopify.graphql", "report_fatal", containing="bulkOperationRunQuery")
    failed = run_bulk(QUERY)
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "INTERNAL_SERVER_ERROR")
    assert run_bulk(QUERY, "no_orders")["errorCode"] == "ACCESS_DENIED"
