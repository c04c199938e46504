"""``/product/metadata``: what a shopper sees of the products that a profile may advertise."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import (
    json_object,
    require_accept,
    require_content_type,
    whole_number,
)
from simulator.amazon_ads.entities import present
from simulator.amazon_ads.pages import Row, opened, page, token
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.events import AdProduct, Listing

REQUEST = "application/vnd.productmetadatarequest.v1+json"
RESPONSE = "application/vnd.productmetadataresponse.v1+json"
LIMIT = 300
"""ASINs or SKUs per call, and products per page."""
_FIELDS = (
    "asins", "skus", "pageIndex", "pageSize", "checkItemDetails", "checkEligibility",
    "cursorToken", "adType", "searchStr", "sortBy", "sortOrder", "locale",
)  # fmt: skip
_DETAILS = ("title", "brand", "category", "imageUrl", "availability", "priceToPay", "basisPrice",
            "bestSellerRank", "variationList")  # fmt: skip


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the one operation."""

    @gateway.operation(
        Operation("ads.product_metadata", "POST", "/product/metadata", rate=5, burst=15)
    )
    def metadata(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_content_type(REQUEST)
        require_accept(RESPONSE)
        body = json_object(_FIELDS)
        for name in ("pageIndex", "pageSize"):
            if name not in body:
                raise Refusal(400, message=f"{name} is required")
        size = whole_number(body["pageSize"], "pageSize", 1, LIMIT)
        index = whole_number(body["pageIndex"], "pageIndex", 0, 10**6)
        rows = [_row(simulation.world, offer, body) for offer in _offers(simulation, call, body)]
        seal = f"{profile.profile_id} products {size} {body.get('asins')} {body.get('skus')}"
        start = (
            opened(body["cursorToken"], seal, "cursorToken")
            if "cursorToken" in body
            else index * size
        )
        told: dict[str, Any] = {
            "ProductMetadataList": page(call, rows, start, size),
            "cursorToken": token(start + size, seal) if start + size < len(rows) else None,
        }
        return json_response(present(told), mimetype=RESPONSE)


def _offers(simulation: Simulation, call: Call, body: dict[str, Any]) -> list[Listing]:
    """The offers asked for, by ASIN (its first offer) or by SKU; unknown ones are left out."""
    if "asins" in body and "skus" in body:
        raise Refusal(400, message="Only one of asins and skus can be given")
    profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
    offers = simulation.world.ads.offers(profile)
    by_asin = {offer.asin: offer for offer in reversed(offers)}
    by_sku = {offer.seller_sku: offer for offer in offers}
    for name, known in (("asins", by_asin), ("skus", by_sku)):
        if name in body:
            wanted = body[name]
            if not isinstance(wanted, list) or not 1 <= len(wanted) <= LIMIT:
                raise Refusal(400, message=f"{name} takes 1 to {LIMIT} values")
            return [known[entry] for entry in dict.fromkeys(wanted) if entry in known]
    return list(by_asin.values())


def _row(world: World, offer: Listing, body: dict[str, Any]) -> Row:
    product = next(p for p in world.products if p.asin == offer.asin)
    siblings = [p.asin for p in world.products if p.parent_asin == product.parent_asin]
    price = {"amount": float(offer.price), "currency": offer.currency_code}
    stock = [level for level in world.stock.values() if level.asin == offer.asin]
    is_there = offer.fn_sku is None or any(level.fulfillable for level in stock)
    row: Row = {
        "asin": offer.asin,
        "sku": offer.seller_sku,
        "title": offer.title,
        "brand": product.brand,
        "category": product.category,
        # A rendition of 60 pixels.
        "imageUrl": f"https://m.media-amazon.com/images/I/{product.ean}._SS60_.jpg",
        "availability": "IN_STOCK" if is_there else "OUT_OF_STOCK",
        "priceToPay": price,
        "basisPrice": {**price, "amount": round(float(offer.price) * 1.25, 2)},
        "bestSellerRank": str(product.number * 37),
        "variationList": siblings,
        "eligibilityStatus": "ELIGIBLE",
    }
    hidden = {*(() if body.get("checkItemDetails") else _DETAILS)}
    if not body.get("checkEligibility"):
        hidden.add("eligibilityStatus")
    return {name: value for name, value in row.items() if name not in hidden}
