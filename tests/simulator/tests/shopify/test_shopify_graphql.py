"""What the Admin API tells of the shop, and what it refuses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import requests

from simulator.credentials import SHOPIFY_CLIENT, shopify_access_token
from simulator.shopify import SHOP_NAME
from simulator.testing import NOW, Running
from simulator.world.events import ZERO

Ask = Callable[..., dict[str, Any]]
ORDERS = """
query ($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { id name updatedAt createdAt test totalPriceSet { shopMoney { amount currencyCode } } }
    pageInfo { hasNextPage endCursor }
  }
}"""


def all_orders(ask: Ask, first: int = 250, app: str = "all", query: str | None = None) -> list[Any]:
    found, after = [], None
    while True:
        page = ask(ORDERS, app, first=first, after=after, query=query)["data"]["orders"]
        found += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return found


def test_every_order_of_the_world_is_told_once_with_its_total(sim: Running, ask: Ask) -> None:
    told = {node["name"]: node for node in all_orders(ask, first=97)}
    assert len(told) == len(all_orders(ask))
    assert told.keys() == {order.order.name for order in sim.world.shop_details}
    for order in sim.world.shop_details:
        amount = told[order.order.name]["totalPriceSet"]["shopMoney"]["amount"]
        assert Decimal(amount) == order.total


def test_pages_come_by_last_update_and_the_filter_is_half_open(ask: Ask) -> None:
    found = all_orders(ask)
    moments = [node["updatedAt"] for node in found]
    assert moments == sorted(moments)
    low, high = moments[50], moments[120]
    some = all_orders(ask, query=f"updated_at:>='{low}' AND updated_at:<'{high}'")
    assert [n["id"] for n in some] == [n["id"] for n in found if low <= n["updatedAt"] < high]


def test_a_later_now_tells_more_of_the_same_orders(sim: Running, ask: Ask) -> None:
    before = {node["id"]: node["updatedAt"] for node in all_orders(ask)}
    sim.set_now(NOW + timedelta(days=3))
    try:
        after = {node["id"]: node["updatedAt"] for node in all_orders(ask)}
    finally:
        sim.set_now(NOW)
    assert before.keys() < after.keys()
    assert all(after[key] >= moment for key, moment in before.items())
    assert any(after[key] > moment for key, moment in before.items())


def test_without_read_all_orders_only_sixty_days_are_told(ask: Ask) -> None:
    limit = (NOW - timedelta(days=60)).isoformat().replace("+00:00", "Z")
    recent = [node["id"] for node in all_orders(ask) if node["createdAt"] >= limit]
    told = [node["id"] for node in all_orders(ask, app="recent_orders")]
    assert told == recent
    assert len(told) < len(all_orders(ask))


def test_a_missing_scope_is_named(ask: Ask) -> None:
    answer = ask(ORDERS, "no_orders", first=1)
    assert answer["data"] is None
    assert answer["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert "read_orders" in answer["errors"][0]["message"]


def test_an_unknown_token_is_refused_with_401(sim: Running) -> None:
    url = f"{sim.shopify_url.format(shop=SHOP_NAME)}/admin/api/2025-07/graphql.json"
    answer = requests.post(url, json={"query": "{ shop { name } }"}, timeout=10)
    assert answer.status_code == 401
    assert "Invalid API key or access token" in answer.json()["errors"]


@pytest.mark.parametrize("path", ["another/admin/api/2025-07", f"{SHOP_NAME}/admin/api/2019-01"])
def test_another_shop_or_version_does_not_exist(sim: Running, path: str) -> None:
    headers = {"X-Shopify-Access-Token": shopify_access_token()}
    assert requests.get(f"{sim.url}/shopify/{path}/shop.json", headers=headers, timeout=10).status_code == 404  # fmt: skip  # noqa: E501


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("{ orders(first: 1) { nodes { colour } } }", "Cannot query field 'colour'"),
        ("{ orders { nodes { id } } }", "provide one of first or last"),
        ("{ orders(first: 251) { nodes { id } } }", "cannot exceed 250"),
        ("{ orders(first: 1, after: \"x\") { nodes { id } } }", "Invalid cursor"),
        ("{ orders(first: 1", "Syntax Error"),
        ("{ orders(first: 1, sortKey: COLOUR) { nodes { id } } }", "COLOUR"),
    ],
)  # fmt: skip
def test_what_shopify_refuses_is_refused(ask: Ask, query: str, said: str) -> None:
    assert said in ask(query)["errors"][0]["message"]


def test_a_search_field_that_nobody_knows_is_ignored_with_a_warning(ask: Ask) -> None:
    answer = ask(ORDERS, first=1, query="colour:blue")
    assert len(answer["data"]["orders"]["nodes"]) == 1
    assert answer["extensions"]["search"][0]["warnings"][0]["field"] == "colour"


def test_answers_tell_their_cost_and_an_empty_bucket_throttles(sim: Running, ask: Ask) -> None:
    cost = ask(ORDERS, first=250)["extensions"]["cost"]
    assert 0 < cost["actualQueryCost"] <= cost["requestedQueryCost"] <= 1000
    sim.faults.add("shopify.graphql", "throttled")
    throttled = ask(ORDERS, first=1)
    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in throttled
    assert throttled["extensions"]["cost"]["throttleStatus"]["restoreRate"] > 0


def test_a_query_that_costs_too_much_is_never_run(ask: Ask) -> None:
    deep = "{ products(first: 250) { nodes { variants(first: 250) { nodes { inventoryItem { variant { product { media(first: 250) { nodes { ... on MediaImage { image { url } } } } } } } } } } } }"  # noqa: E501
    assert ask(deep)["errors"][0]["extensions"]["code"] == "MAX_COST_EXCEEDED"


def test_the_parts_of_an_order_add_up(sim: Running, ask: Ask) -> None:
    money = "{ shopMoney { amount } }"
    answer = ask(
        f"""{{ orders(first: 100, reverse: true) {{ nodes {{
          subtotalPriceSet {money} totalTaxSet {money} totalPriceSet {money}
          totalDiscountsSet {money} totalShippingPriceSet {money}
          lineItems(first: 50) {{ nodes {{ quantity originalUnitPriceSet {money}
            discountAllocations {{ allocatedAmountSet {money} }}
            taxLines {{ priceSet {money} }} }} }}
          shippingLines(first: 5) {{ nodes {{
            discountedPriceSet {money} taxLines {{ priceSet {money} }} }} }}
        }} }} }}"""
    )

    def amount(node: Any, name: str) -> Decimal:
        return Decimal(node[name]["shopMoney"]["amount"])

    assert len(answer["data"]["orders"]["nodes"]) == 100
    for order in answer["data"]["orders"]["nodes"]:
        lines, shipping = order["lineItems"]["nodes"], order["shippingLines"]["nodes"]
        gross = sum((amount(n, "originalUnitPriceSet") * n["quantity"] for n in lines), ZERO)
        off = sum((amount(a, "allocatedAmountSet") for n in lines for a in n["discountAllocations"]), ZERO)  # fmt: skip  # noqa: E501
        tax = sum((amount(t, "priceSet") for n in (*lines, *shipping) for t in n["taxLines"]), ZERO)
        carried = sum((amount(n, "discountedPriceSet") for n in shipping), ZERO)
        assert amount(order, "subtotalPriceSet") == gross - off
        assert amount(order, "totalTaxSet") == tax
        assert amount(order, "totalPriceSet") == gross - off + tax + carried


def test_a_refund_is_its_lines_and_adjustments_and_moves_that_money(sim: Running, ask: Ask) -> None:
    money = "{ shopMoney { amount } }"
    answer = ask(
        f"""{{ orders(first: 250, reverse: true) {{ nodes {{ name
          refunds {{ createdAt
            refundLineItems(first: 20) {{ nodes {{ subtotalSet {money} totalTaxSet {money} }} }}
            orderAdjustments(first: 9) {{ nodes {{
              reason amountSet {money} taxAmountSet {money} }} }}
          }}
          transactions {{ kind createdAt amountSet {money} }}
        }} }} }}"""
    )

    def amount(node: Any, *names: str) -> Decimal:
        return sum((Decimal(node[name]["shopMoney"]["amount"]) for name in names), ZERO)

    kinds = set()
    for order in answer["data"]["orders"]["nodes"]:
        moved = {t["createdAt"]: amount(t, "amountSet") for t in order["transactions"] if t["kind"] == "REFUND"}  # fmt: skip  # noqa: E501
        for refund in order["refunds"]:
            adjustments = refund["orderAdjustments"]["nodes"]
            kinds |= {adjustment["reason"] for adjustment in adjustments}
            lines = refund["refundLineItems"]["nodes"]
            total = sum((amount(n, "subtotalSet", "totalTaxSet") for n in lines), ZERO)
            total -= sum((amount(n, "amountSet", "taxAmountSet") for n in adjustments), ZERO)
            assert moved[refund["createdAt"]] == total > 0
    assert {None, "REFUND_DISCREPANCY"} <= kinds


def test_journeys_are_told_first_to_last_and_only_when_they_are_ready(
    sim: Running, ask: Ask
) -> None:
    answer = ask(
        """{ orders(first: 250, reverse: true) { nodes { name customerJourneySummary { ready
             momentsCount { count } moments(first: 50) { nodes { occurredAt
               ... on CustomerVisit { source utmParameters { source medium campaign } } } }
        } } } }"""
    )
    details = {order.order.name: order for order in sim.world.shop_details}
    ready = Counter[str]()
    for node in answer["data"]["orders"]["nodes"]:
        summary, order = node["customerJourneySummary"], details[node["name"]]
        if summary is None:
            assert order.order.source_name != "web" or not order.order.journey
            ready["none"] += 1
        elif not summary["ready"]:
            assert summary["moments"] is None
            ready["not yet"] += 1
        else:
            moments = summary["moments"]["nodes"]
            assert len(moments) == summary["momentsCount"]["count"] == len(order.order.journey)
            assert moments == sorted(moments, key=lambda moment: moment["occurredAt"])
            ready["ready"] += 1
    assert min(ready[kind] for kind in ("none", "not yet", "ready")) > 0


def test_inventory_levels_are_the_worlds(sim: Running, ask: Ask) -> None:
    answer = ask(
        """{ locations(first: 10, includeInactive: true, includeLegacy: true) { nodes { name
             inventoryLevels(first: 250) { nodes { item { sku variant { id } }
               quantities(names: ["available", "on_hand", "committed", "incoming"]) {
                 name quantity }
        } } } } }"""
    )
    told = {
        (place["name"], level["item"]["variant"]["id"].rsplit("/")[-1]): {
            part["name"]: part["quantity"] for part in level["quantities"]
        }
        for place in answer["data"]["locations"]["nodes"]
        for level in place["inventoryLevels"]["nodes"]
    }
    assert told == {
        (level.location.name, str(level.variant.variant_id)): {
            "available": level.available,
            "on_hand": level.on_hand,
            "committed": level.committed,
            "incoming": level.incoming,
        }
        for level in sim.world.shop_levels
    }


@pytest.mark.parametrize(
    ("secret", "status"), [(SHOPIFY_CLIENT.client_secret, 200), ("another", 401)]
)
def test_a_client_id_gets_a_token_of_a_day_with_its_secret(
    sim: Running, secret: str, status: int
) -> None:
    url = f"{sim.shopify_url.format(shop=SHOP_NAME)}/admin/oauth/access_token"
    form = {"grant_type": "client_credentials", "client_id": SHOPIFY_CLIENT.client_id}
    answer = requests.post(url, data={**form, "client_secret": secret}, timeout=10)
    assert answer.status_code == status
    assert answer.json().get("access_token") == (shopify_access_token() if status == 200 else None)
