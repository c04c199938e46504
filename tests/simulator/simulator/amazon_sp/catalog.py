"""Catalog Items 2022-04-01: search by ASIN, with pictures and relationships."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.dialect import check_marketplaces, invalid
from simulator.amazon_sp.parameters import Parameter, read
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.events import Listing
from simulator.world.marketplaces import MARKETS
from simulator.world.pictures import pictures
from simulator.world.randomness import chance

DATASETS = frozenset(
    {"attributes", "classifications", "dimensions", "identifiers", "images", "productTypes",
     "relationships", "salesRanks", "summaries", "vendorDetails"}
)  # fmt: skip
_KINDS = frozenset({"ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"})
_PARAMETERS = {
    "identifiers": Parameter("list", most=20),
    "identifiersType": Parameter(choices=_KINDS),
    "marketplaceIds": Parameter("list", required=True, most=1),
    "includedData": Parameter("list", choices=DATASETS),
    "locale": Parameter(),
    "sellerId": Parameter(),
    "pageSize": Parameter("integer", most=20),
    "pageToken": Parameter(),
}
ABSENT = 0.03
"""Part of the listed ASINs that a marketplace's catalog does not know."""
_FEWER = 10


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""

    @gateway.operation(operations.SEARCH_CATALOG_ITEMS)
    def search_catalog_items(call: Call) -> Response:
        arguments = read(_PARAMETERS)
        (marketplace_id,) = arguments["marketplaceIds"]
        check_marketplaces([marketplace_id], call.caller.region)
        if "identifiers" not in arguments or "identifiersType" not in arguments:
            raise invalid("Invalid input", "identifiers and identifiersType are required.")
        if arguments["identifiersType"] != "ASIN":
            raise invalid("Invalid input", "Only ASINs are simulated.")
        if "pageToken" in arguments:
            raise invalid("Invalid input", "The page token is not known.")
        size = arguments.get("pageSize", _FEWER)
        included = frozenset(arguments.get("includedData", ("summaries",)))
        shelf = _Shelf(simulation.world, marketplace_id)
        known = [asin for asin in dict.fromkeys(arguments["identifiers"]) if shelf.knows(asin)]
        items = [shelf.item(asin, included) for asin in known[:size]]
        return json_response({"numberOfResults": len(known), "items": items})


class _Shelf:
    """The catalog of one marketplace, as far as the merchant's own products go."""

    def __init__(self, world: World, marketplace_id: str) -> None:
        self._world, self._market = world, MARKETS[marketplace_id]
        self._offers: dict[str, Listing] = {}
        self._children: dict[str, list[str]] = defaultdict(list)
        for offer in world.listings:
            if offer.marketplace_id == marketplace_id and offer.asin not in self._offers:
                self._offers[offer.asin] = offer
                self._children[offer.parent_asin].append(offer.asin)
        self._products = {product.asin: product for product in world.products}

    def knows(self, asin: str) -> bool:
        """Whether the marketplace has a page for the ASIN."""
        if asin in self._offers:
            return is_known(self._world, self._market.marketplace_id, asin)
        return asin in self._children

    def item(self, asin: str, included: frozenset[str]) -> dict[str, Any]:
        """One item with the datasets asked for, each told for the one marketplace."""
        here = {"marketplaceId": self._market.marketplace_id}
        parts: dict[str, Any] = {
            "identifiers": {"identifiers": self._identifiers(asin)},
            "images": {"images": self._images(asin)},
            "productTypes": {"productType": "KITCHEN"},
            "relationships": {"relationships": self._relationships(asin)},
            "summaries": self._summary(asin),
        }
        return {"asin": asin} | {
            name: [here | part] for name, part in parts.items() if name in included
        }

    def _images(self, asin: str) -> list[dict[str, Any]]:
        return [
            {"variant": p.variant, "link": p.link, "height": p.height, "width": p.width}
            for p in pictures(self._world.seed, asin)
        ]

    def _identifiers(self, asin: str) -> list[dict[str, str]]:
        if asin not in self._products:
            return []
        return [{"identifierType": "EAN", "identifier": self._products[asin].ean}]

    def _relationships(self, asin: str) -> list[dict[str, Any]]:
        theme = {"attributes": ["color"], "theme": "COLOR"}
        if asin in self._offers:
            parents = [self._offers[asin].parent_asin]
            return [{"type": "VARIATION", "parentAsins": parents, "variationTheme": theme}]
        children = self._children[asin]
        return [{"type": "VARIATION", "childAsins": children, "variationTheme": theme}]

    def _summary(self, asin: str) -> dict[str, Any]:
        offer = self._offers.get(asin) or self._offers[self._children[asin][0]]
        name, _, colour = offer.title.rpartition(", ")
        is_child = asin in self._offers
        product = self._products[offer.asin]
        summary = {
            "brand": product.brand,
            "browseClassification": {"displayName": product.category, "classificationId": "284507"},
            "itemClassification": "BASE_PRODUCT" if is_child else "VARIATION_PARENT",
            "itemName": offer.title if is_child else name or offer.title,
            "manufacturer": product.brand,
            "packageQuantity": 1,
            "websiteDisplayGroup": "kitchen_display_on_website",
        }
        return summary | ({"color": colour} if is_child else {})


def is_known(world: World, marketplace_id: str, asin: str) -> bool:
    """Whether a marketplace's catalog has a listed ASIN; a few are always missing."""
    return chance(world.seed, "absent", marketplace_id, asin).random() >= ABSENT
