"""What goes wrong is named, with what to do; what passes is waited for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simulator.credentials import shopify_access_token
from simulator.testing import Running
from tap_shopify_journeys.client import Client
from tap_shopify_journeys.errors import (
    AccessDenied,
    InvalidQuery,
    NeedsReauth,
    QueryTooDear,
    ShopNotFound,
    Unavailable,
)
from tap_shopify_journeys.settings import Settings

Run = Callable[..., Any]


def client(config: dict[str, Any], waits: list[float], **changes: Any) -> Client:
    return Client(Settings.of({**config, **changes}), waits.append)


def test_a_throttled_call_is_asked_again_when_its_points_are_back(
    shop: Running, config: dict[str, Any]
) -> None:
    shop.faults.add("shopify.graphql", "throttled", times=2)
    waits: list[float] = []
    assert client(config, waits).ask("{ shop { name } }") == {"shop": {"name": "Northwind Home"}}
    assert len(waits) == 2


@pytest.mark.parametrize(
    "fault",
    [
        {"fault": "status", "status": 502, "body": "html"},
        {"fault": "html"},
        {"fault": "truncated_json"},
        {"fault": "dropped"},
    ],
)
def test_what_passes_is_tried_again(
    shop: Running, config: dict[str, Any], fault: dict[str, Any]
) -> None:
    shop.faults.add("shopify.graphql", times=2, **fault)
    waits: list[float] = []
    assert client(config, waits).ask("{ shop { name } }")["shop"]
    assert waits == [2.0, 4.0]


def test_what_does_not_pass_is_given_up(shop: Running, config: dict[str, Any]) -> None:
    shop.faults.add("shopify.graphql", "status", status=503, times=None)
    with pytest.raises(Unavailable, match="503"):
        client(config, []).ask("{ shop { name } }")


@pytest.mark.parametrize(
    ("changes", "query", "error", "said"),
    [
        ({"access_token": "nobody"}, "{ shop { name } }", NeedsReauth, "install the app"),
        ({"shop": "another"}, "{ shop { name } }", ShopNotFound, "SHOPIFY_SHOP"),
        (
            {"access_token": shopify_access_token("no_orders")},
            "{ orders(first: 1) { nodes { id } } }",
            AccessDenied,
            "read_orders",
        ),
        ({}, "{ shop { colour } }", InvalidQuery, "colour"),
        (
            {"access_token": None, "client_id": "x", "client_secret": "y"},
            "{ shop { name } }",
            NeedsReauth,
            "client id",
        ),
    ],
)
def test_what_is_final_is_not_tried_again_and_says_what_to_do(
    shop: Running,
    config: dict[str, Any],
    changes: dict[str, Any],
    query: str,
    error: type[Exception],
    said: str,
) -> None:
    waits: list[float] = []
    with pytest.raises(error, match=said):
        client(config, waits, **changes).ask(query)
    assert waits == []


def test_a_page_that_costs_too_much_is_halved(
    shop: Running, config: dict[str, Any], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run().records["order_journeys"]
    ask, sizes = Client.ask, []

    def dear(self: Client, document: str, /, **variables: Any) -> Any:
        if variables.get("first", 0) > 30:
            sizes.append(variables["first"])
            raise QueryTooDear("Query cost is 1001")
        return ask(self, document, **variables)

    monkeypatch.setattr(Client, "ask", dear)
    assert len(run().records["order_journeys"]) == len(whole)
    assert sizes == [100, 50]


def test_an_app_without_orders_still_tells_of_the_shop(
    run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    output = run(access_token=shopify_access_token("no_orders"))
    assert output.code == AccessDenied.exit_code
    assert output.records.keys() == {"shops"}
    assert "order_journeys (global): the app has not the scope read_orders" in caplog.text
    assert output.state["bookmarks"].get("order_journeys", {}) == {}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"shop": ""}, "`shop` is missing"),
        ({"access_token": ""}, "`access_token` is missing"),
        ({"start_date": "yesterday"}, "`start_date` is no date"),
    ],
)
def test_a_wrong_setting_ends_the_run_before_it_begins(
    run: Run, caplog: pytest.LogCaptureFixture, changes: dict[str, Any], said: str
) -> None:
    output = run(**changes)
    assert output.code == 1
    assert said in caplog.text
    assert not output.records


def test_no_secret_is_told(config: dict[str, Any], run: Run, caplog: Any, capsys: Any) -> None:
    run(access_token="shpat_simulated_unknown")
    told = caplog.text + capsys.readouterr().err + repr(Settings.of(config))
    assert "shpat_simulated" not in told
