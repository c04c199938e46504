"""Orders 2026-01-01: searchOrders, with its items inline and its pages in no order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Response

from simulator.amazon_sp import operations, order_json
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import check_marketplaces, invalid
from simulator.amazon_sp.order_facts import OrderFacts, tell
from simulator.amazon_sp.parameters import Parameter, iso, read
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.marketplaces import in_region
from simulator.world.randomness import chance

TOKEN_SECONDS = 86_400
_SETTLING = timedelta(minutes=2)
"""Amazon does not answer for the last two minutes."""
_PARAMETERS = {
    "createdAfter": Parameter("instant"),
    "createdBefore": Parameter("instant"),
    "lastUpdatedAfter": Parameter("instant"),
    "lastUpdatedBefore": Parameter("instant"),
    "fulfillmentStatuses": Parameter(
        "list",
        choices=frozenset(
            {"PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED",
             "CANCELLED", "UNFULFILLABLE"}
        ),
    ),
    "marketplaceIds": Parameter("list", most=50),
    "fulfilledBy": Parameter("list", choices=frozenset({"MERCHANT", "AMAZON"})),
    "maxResultsPerPage": Parameter("integer", most=100),
    "paginationToken": Parameter(),
    "includedData": Parameter("list", choices=order_json.DATASETS),
}  # fmt: skip


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""
    cursors: Cursors[OrderFacts] = Cursors(simulation.clock, TOKEN_SECONDS)
    held_back: dict[str, dict[str, Any]] = {}

    @gateway.operation(operations.SEARCH_ORDERS)
    def search_orders(call: Call) -> Response:
        arguments = read(_PARAMETERS)
        world = simulation.world
        basis, after, before = _window(arguments, simulation.clock.now(), world.now)
        markets = arguments.get("marketplaceIds") or [
            market.marketplace_id for market in in_region(call.caller.region)
        ]
        check_marketplaces(markets, call.caller.region)
        token = arguments.pop("paginationToken", None)
        if token:
            page = cursors.next(token, arguments, call)
        else:
            found = _found(world, basis, after, before, markets, arguments)
            size = arguments.get("maxResultsPerPage", 100)
            page = cursors.first(found, size, arguments, call)
        included = frozenset(arguments.get("includedData", ()))
        told = [order_json.order(facts, included) for facts in page.rows]
        if rest := held_back.pop(token or "", None):
            told.insert(0, rest)
        if page.next_token and call.suffers(Kind.SPLIT_ORDER):
            held_back[page.next_token] = _split(told)
        body: dict[str, Any] = {"orders": told, f"{basis}Before": iso(before)}
        if page.next_token:
            body["pagination"] = {"nextToken": page.next_token}
        return json_response(body)


def _split(told: list[dict[str, Any]]) -> dict[str, Any]:
    """Take the last lines of one order away, and return the order with just these."""
    longest = max(told, key=lambda order: len(order["orderItems"]))
    lines = longest["orderItems"]
    longest["orderItems"] = lines[:1]
    return longest | {"orderItems": lines[1:]}


def _window(
    arguments: dict[str, Any], now: datetime, world_now: datetime
) -> tuple[str, datetime, datetime]:
    """Which instant decides (``created`` or ``lastUpdated``), and its bounds, both included."""
    bases = [basis for basis in ("created", "lastUpdated") if f"{basis}After" in arguments]
    if len(bases) != 1:
        raise invalid("Invalid Input", "Provide exactly one of createdAfter and lastUpdatedAfter.")
    basis = bases[0]
    other = "lastUpdated" if basis == "created" else "created"
    if f"{other}Before" in arguments:
        raise invalid("Invalid Input", f"{other}Before needs {other}After.")
    after, before = arguments[f"{basis}After"], arguments.get(f"{basis}Before")
    if before is None:
        before = world_now - _SETTLING
    elif before > now - _SETTLING:
        raise invalid("Invalid Input", f"{basis}Before must be at least two minutes ago.")
    if after > before:
        raise invalid("Invalid Input", f"{basis}After must not be later than {basis}Before.")
    # Nothing is known beyond the world's own instant, so nothing beyond it is promised.
    return basis, after, min(before, world_now - _SETTLING)


def _found(
    world: World,
    basis: str,
    after: datetime,
    before: datetime,
    marketplace_ids: list[str],
    arguments: dict[str, Any],
) -> list[OrderFacts]:
    statuses = arguments.get("fulfillmentStatuses")
    shippers = arguments.get("fulfilledBy")
    told = (
        tell(order, world.now)
        for order in world.orders
        if order.marketplace_id in marketplace_ids
        and (shippers is None or order.fulfilled_by.value in shippers)
    )
    found = [
        facts
        for facts in told
        if after
        <= (facts.order.placed_at if basis == "created" else facts.last_updated_at)
        <= before
        and (statuses is None or facts.status.value in statuses)
    ]
    # Amazon promises no order; a client that relies on one must fail here.
    chance("pages", after, before).shuffle(found)
    return found
