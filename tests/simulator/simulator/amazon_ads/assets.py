"""The creative asset library: a search by pages, and single assets; presigned URLs expire."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import (
    JSON,
    json_object,
    known_fields,
    known_parameters,
    require_accept,
    require_content_type,
    whole_number,
)
from simulator.amazon_ads.entities import epoch_millis, known_campaigns
from simulator.amazon_ads.pages import Row, opened, page, token
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world.ads.creatives import Asset
from simulator.world.ads.entities import Profile
from simulator.world.events import AdProduct

SEARCH = "application/vnd.creativeassetssearchassetsresponse.v3+json"
GET = "application/vnd.creativeassetsgetresponse.v3+json"
URL_SECONDS = 3600
DEFAULT_SIZE, LARGEST_SIZE = 25, 500
_FILTERS: dict[str, Callable[[Asset], set[str]]] = {
    "ASSET_TYPE": lambda asset: {asset.kind},
    "ASSET_SUB_TYPE": lambda asset: {asset.sub_type},
    "ASSET_EXTENSION": lambda asset: {asset.name.rpartition(".")[2].upper()},
}
_ANY = (JSON, "application/*", "*/*", "")


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the search and the single asset."""

    @gateway.operation(Operation("ads.assets.search", "POST", "/assets/search", rate=5, burst=15))
    def search(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_content_type(JSON)
        require_accept(SEARCH, *_ANY)
        body = json_object(("text", "filterCriteria", "sortCriteria", "pageCriteria"))
        found = _found(simulation, profile, body)
        criteria = known_fields(
            body.get("pageCriteria", {}), ("identifier", "size"), "pageCriteria"
        )
        size = whole_number(criteria.get("size", DEFAULT_SIZE), "size", 1, LARGEST_SIZE)
        asked = {name: value for name, value in body.items() if name != "pageCriteria"}
        seal = f"{profile.profile_id} assets {json.dumps(asked, sort_keys=True)}"
        start = _start(criteria.get("identifier", {}), seal, size)
        told: dict[str, Any] = {
            "totalRecords": len(found),
            "assetList": page(call, [_row(simulation, profile, a) for a in found], start, size),
        }
        if start + size < len(found):
            told["token"] = token(start + size, seal)
        return json_response(told, mimetype=SEARCH)

    @gateway.operation(Operation("ads.assets.get", "GET", "/assets", rate=5, burst=15))
    def get(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_accept(GET, *_ANY)
        asked = known_parameters(("assetId", "version"))
        if "assetId" not in asked:
            raise Refusal(400, message="assetId is required")
        found = [
            asset
            for asset in simulation.world.ads.assets(profile)
            if asset.asset_id == asked["assetId"]
            and asked.get("version", asset.version) == asset.version
        ]
        if not found:
            raise Refusal(404, message="Asset not found")
        versions = [_version(simulation, profile, asset) for asset in found]
        return json_response({"assetVersionList": versions}, mimetype=GET)


def _found(simulation: Simulation, profile: Profile, body: dict[str, Any]) -> list[Asset]:
    today = profile.day_of(simulation.world.now)
    found = [asset for asset in simulation.world.ads.assets(profile) if asset.created <= today]
    if "text" in body:
        found = [asset for asset in found if str(body["text"]).lower() in asset.name.lower()]
    criteria = known_fields(
        body.get("filterCriteria", {}), ("valueFilters", "rangeFilters"), "filterCriteria"
    )
    for entry in criteria.get("valueFilters", []):
        told = _FILTERS.get(entry.get("valueField"))
        if told is None:
            raise Refusal(501, message=f"The simulator does not filter by {entry}")
        found = [asset for asset in found if told(asset) & set(entry.get("values", []))]
    if criteria.get("rangeFilters") or "sortCriteria" in body:
        raise Refusal(501, message="The simulator neither filters assets by range nor sorts them")
    return found


def _start(identifier: Any, seal: str, size: int) -> int:
    given = known_fields(identifier, ("pageNumber", "token"), "identifier")
    if "token" in given:
        return opened(given["token"], seal, "token")
    return whole_number(given.get("pageNumber", 0), "pageNumber", 0, 10**6) * size


def _urls(simulation: Simulation, asset: Asset) -> Row:
    """Every look mints other URLs; all of them expire."""
    key = f"ads-assets/{asset.asset_id}/{asset.name.encode('ascii', 'ignore').decode()}"
    simulation.documents.put(key, asset.content, asset.content_type)
    url = simulation.documents.presign(key, URL_SECONDS)
    processed = {"IMAGE_THUMBNAIL_500": url} if asset.kind == "IMAGE" else {}
    return {"defaultUrl": url, "processedUrls": processed}


def _file(asset: Asset) -> Row:
    extension = asset.name.rpartition(".")[2]
    return {
        "extension": extension,
        "contentType": "image/png" if extension == "png" else extension,
        "fileSize": len(asset.content),
        "width": asset.width,
        "height": asset.height,
    }


def _times(profile: Profile, asset: Asset) -> Row:
    created = profile.midnight(asset.created) + timedelta(hours=9)
    return {"creationTime": epoch_millis(created), "lastUpdatedTime": epoch_millis(created)}


def _row(simulation: Simulation, profile: Profile, asset: Asset) -> Row:
    first = next(known_campaigns(simulation.world, profile, AdProduct.SPONSORED_BRANDS), None)
    contexts = {"campaigns": [first.campaign_id]} if first and asset.sub_type == "LOGO" else {}
    return {
        "assetId": asset.asset_id,
        "version": asset.version,
        "assetType": asset.kind,
        "assetSubTypes": [asset.sub_type],
        "name": asset.name,
        "status": "ARCHIVED" if asset.is_archived else "ACTIVE",
        "marketplaces": [profile.market.marketplace_id],
        "tags": [],
        "associatedContexts": contexts,
        "fileMetadata": _file(asset),
        "storageLocationUrls": _urls(simulation, asset),
        **_times(profile, asset),
    }


def _version(simulation: Simulation, profile: Profile, asset: Asset) -> Row:
    urls = _urls(simulation, asset)
    return {
        "assetIdentifier": {"assetId": asset.asset_id, "version": asset.version},
        "url": urls["defaultUrl"],
        "storageLocationUrls": urls,
        "name": asset.name,
        "assetSubTypes": [asset.sub_type],
        "assetStatus": "ARCHIVED" if asset.is_archived else "ACTIVE",
        "fileMetadata": _file(asset),
        **_times(profile, asset),
    }
