"""The root fields: what a query starts from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError, GraphQLResolveInfo

from simulator.shopify.access import require
from simulator.shopify.connections import page
from simulator.shopify.search import matching
from simulator.shopify.values import Node, gid, number_of
from simulator.shopify.view import ShopView
from simulator.world.shop import SHOP_CURRENCY, SHOP_DOMAIN, SHOP_ZONE

if TYPE_CHECKING:
    from simulator.shopify.bulk import BulkOperations

RECENT = timedelta(days=60)
"""How far back orders are told to an app without ``read_all_orders``."""
_SORTS = {"UPDATED_AT": "updatedAt", "CREATED_AT": "createdAt", "PROCESSED_AT": "processedAt"}


def roots(view: ShopView, bulk: BulkOperations) -> dict[str, Callable[..., Any]]:
    """A resolver per root field."""
    return {
        "shop": lambda info: shop_node(view),
        "currentAppInstallation": _installation,
        "orders": _list(view, "orders", "read_orders"),
        "products": _list(view, "products", "read_products"),
        "productVariants": _list(view, "variants", "read_products"),
        "inventoryItems": _list(view, "items", "read_inventory"),
        "locations": _list(view, "locations", "read_locations"),
        "node": lambda info, id: _node(view, bulk, info, id),
        "currentBulkOperation": lambda info, type="QUERY": bulk.latest(info.context.token),
    }


def _list(view: ShopView, kind: str, scope: str) -> Callable[..., Node]:
    def resolve(info: GraphQLResolveInfo, **arguments: Any) -> Node:
        require(info, scope)
        nodes = matching(_visible(view, kind, info, arguments), arguments.get("query"), _warn(info))
        return page(nodes, info, arguments, _sort_key(arguments.get("sortKey", "ID")))

    return resolve


def _visible(
    view: ShopView, kind: str, info: GraphQLResolveInfo, arguments: dict[str, Any]
) -> list[Node]:
    nodes: list[Node] = getattr(view, kind)
    if kind == "orders" and "read_all_orders" not in info.context.token.scopes:
        oldest = view.world.now - RECENT
        return [n for n in nodes if datetime.fromisoformat(n["createdAt"]) >= oldest]
    if kind == "locations":
        services, closed = arguments.get("includeLegacy"), arguments.get("includeInactive")
        return [
            node
            for node in nodes
            if (closed or node["isActive"]) and (services or not node["isFulfillmentService"])
        ]
    return nodes


def _warn(info: GraphQLResolveInfo) -> Callable[[dict[str, Any]], None]:
    return lambda warning: info.context.warnings.append({"path": info.path.as_list(), **warning})


def _sort_key(name: str) -> Callable[[Node], Any]:
    field = _SORTS.get(name)

    def by(node: Node) -> Any:
        number = int(number_of(node["id"]))
        return (node[field], number) if field else (number,)

    return by


def _installation(info: GraphQLResolveInfo) -> Node:
    scopes = sorted(info.context.token.scopes)
    return {
        "id": gid("AppInstallation", 1),
        "accessScopes": [{"handle": s, "description": s.replace("_", " ")} for s in scopes],
    }


def _node(view: ShopView, bulk: BulkOperations, info: GraphQLResolveInfo, wanted: str) -> Any:
    kind = wanted.removeprefix("gid://shopify/").split("/")[0]
    if kind == "BulkOperation":
        return bulk.get(info.context.token, wanted)
    kinds = {"Order": ("orders", "read_orders"), "Product": ("products", "read_products")}
    if kind not in kinds:
        raise GraphQLError(f"Invalid id: {wanted}", extensions={"code": "RESOURCE_NOT_FOUND"})
    attribute, scope = kinds[kind]
    require(info, scope)
    nodes = _visible(view, attribute, info, {})
    found = next((node for node in nodes if node["id"] == wanted), None)
    return None if found is None else {"__typename": kind, **found}


def shop_node(view: ShopView) -> Node:
    """The shop itself."""
    offset = view.world.now.astimezone(SHOP_ZONE).strftime("%z")
    return {
        "id": gid("Shop", 70_000_001),
        "name": "Northwind Home",
        "email": "owner@northwind-home.example",
        "myshopifyDomain": SHOP_DOMAIN,
        "primaryDomain": {
            "id": gid("Domain", 1),
            "host": "northwind-home.example",
            "url": "https://northwind-home.example",
        },
        "currencyCode": SHOP_CURRENCY,
        "ianaTimezone": SHOP_ZONE.key,
        "timezoneAbbreviation": view.world.now.astimezone(SHOP_ZONE).tzname(),
        "timezoneOffset": offset,
        "billingAddress": {
            "id": gid("ShopAddress", 1),
            "countryCodeV2": "US",
        },
        "createdAt": "2023-08-01T14:00:00Z",
        "updatedAt": "2025-02-04T15:00:00Z",
        "taxesIncluded": False,
        "plan": {"publicDisplayName": "Shopify", "partnerDevelopment": False, "shopifyPlus": False},
    }
