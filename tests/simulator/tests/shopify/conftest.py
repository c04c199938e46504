"""A simulated shop over HTTP, and a client that says what an answer held."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from simulator.credentials import shopify_access_token
from simulator.shopify import SHOP_NAME
from simulator.testing import Running, running

Ask = Callable[..., dict[str, Any]]


@pytest.fixture(scope="package")
def _shop() -> Iterator[Running]:
    with running(time_scale=6000) as simulator:
        yield simulator


@pytest.fixture
def sim(_shop: Running) -> Iterator[Running]:
    yield _shop
    _shop.faults.clear()
    _shop.set_now(_shop.world.now)


@pytest.fixture
def ask(sim: Running) -> Ask:
    """Ask the GraphQL API as an app; gives the whole answer."""
    url = f"{sim.shopify_url.format(shop=SHOP_NAME)}/admin/api/2025-07/graphql.json"

    def call(document: str, app: str = "all", /, **variables: Any) -> dict[str, Any]:
        headers = {"X-Shopify-Access-Token": shopify_access_token(app)}
        body = {"query": document, "variables": variables}
        answer: dict[str, Any] = requests.post(url, json=body, headers=headers, timeout=60).json()
        return answer

    return call


@pytest.fixture
def run_bulk(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Run a bulk query to its end; gives the operation."""
    mutation = """
        mutation ($query: String!, $group: Boolean! = true) {
          bulkOperationRunQuery(query: $query, groupObjects: $group) {
            bulkOperation { id status }
            userErrors { field message }
          }
        }"""
    look = "query ($id: ID!) { node(id: $id) { ... on BulkOperation { id status errorCode objectCount rootObjectCount url } } }"  # noqa: E501

    def run(query: str, app: str = "all", /, **variables: Any) -> dict[str, Any]:
        begun = ask(mutation, app, query=query, **variables)["data"]["bulkOperationRunQuery"]
        if begun["userErrors"]:
            return dict(begun["userErrors"][0])
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            operation: dict[str, Any] = ask(look, app, id=begun["bulkOperation"]["id"])["data"]
            if operation["node"]["status"] != "RUNNING":
                return dict(operation["node"])
            time.sleep(0.05)
        raise AssertionError("the bulk operation never ended")

    return run
