"""The Shopify Admin API: GraphQL 2025-07, bulk operations, the one REST resource clients need.

``admin_2025_07.graphql`` is what may be asked; ``engine`` answers a call; ``roots`` are where a
query starts; ``view`` projects the world with ``orders``, ``lines``, ``refunds``, ``journeys`` and
``shelf``; ``bulk``, ``cost`` and ``access`` are what Shopify is strict about.
"""

from __future__ import annotations

from flask import Blueprint, Response, request

from simulator.credentials import (
    SHOPIFY_CLIENT,
    SHOPIFY_SCOPES,
    SHOPIFY_TOKENS,
    shopify_access_token,
)
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.shopify.access import API_VERSION, Dialect
from simulator.shopify.bulk import BulkOperations
from simulator.shopify.engine import SCHEMA, Bucket, Engine
from simulator.shopify.roots import shop_node
from simulator.shopify.values import number_of
from simulator.shopify.view import ShopView
from simulator.simulation import Simulation
from simulator.world.shop import SHOP_DOMAIN

__all__ = ["API_VERSION", "GRAPHQL", "SHOP", "SHOP_NAME", "blueprint"]

SHOP_NAME = SHOP_DOMAIN.removesuffix(".myshopify.com")
_BASE = "/<shop>/admin/api/<version>"
GRAPHQL = Operation("shopify.graphql", "POST", f"{_BASE}/graphql.json", None)
SHOP = Operation("shopify.shop", "GET", f"{_BASE}/shop.json", None)
TOKEN_PATH = "/<shop>/admin/oauth/access_token"
_FATES = (Kind.REPORT_FATAL, Kind.REPORT_CANCELLED, Kind.REPORT_STUCK, Kind.REPORT_EMPTY)


def blueprint(simulation: Simulation) -> Blueprint:
    """Both operations, below ``/shopify/<shop>``."""
    routes = Blueprint("shopify", __name__, url_prefix="/shopify")
    gateway = Gateway(
        routes, Dialect(SHOP_NAME), simulation.faults, simulation.limits, simulation.calls
    )
    seconds = simulation.latencies.shopify_bulk
    bulk = BulkOperations(simulation.clock, simulation.documents, seconds)
    bulk.schema = SCHEMA
    engine = Engine(Bucket(simulation.clock), bulk)
    views: list[ShopView] = []

    def view() -> ShopView:
        world = simulation.world
        if not views or views[0].world is not world:
            views[:] = [ShopView(world)]
        return views[0]

    @gateway.operation(GRAPHQL)
    def graphql(call: Call, shop: str, version: str) -> Response:
        body = request.get_json(silent=True)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            raise Refusal(400, message="query is required")
        if call.fault and call.fault.fault in _FATES:
            bulk.next_fate = call.fault.fault
        return json_response(
            engine.answer(
                view(),
                SHOPIFY_TOKENS[call.caller.grant.refresh_token],
                body["query"],
                body.get("variables") or {},
                body.get("operationName"),
                is_throttled=call.suffers(Kind.THROTTLED),
            )
        )

    @gateway.operation(SHOP)
    def rest_shop(call: Call, shop: str, version: str) -> Response:
        told = shop_node(view())
        return json_response(
            {
                "shop": {
                    "id": int(number_of(told["id"])),
                    "name": told["name"],
                    "email": told["email"],
                    "domain": told["primaryDomain"]["host"],
                    "myshopify_domain": told["myshopifyDomain"],
                    "currency": told["currencyCode"],
                    "iana_timezone": told["ianaTimezone"],
                    "country_code": told["billingAddress"]["countryCodeV2"],
                }
            }
        )

    @routes.post(TOKEN_PATH)
    def token(shop: str) -> Response:
        form = request.form.to_dict()
        known = (SHOPIFY_CLIENT.client_id, SHOPIFY_CLIENT.client_secret)
        if shop != SHOP_NAME or form.get("grant_type") != "client_credentials":
            return json_response({"error": "invalid_request"}, 400)
        if (form.get("client_id"), form.get("client_secret")) != known:
            return json_response({"error": "invalid_client"}, 401)
        scopes = ",".join(sorted(SHOPIFY_SCOPES))
        told = {"access_token": shopify_access_token(), "scope": scopes, "expires_in": 86_399}
        return json_response(told)

    return routes
