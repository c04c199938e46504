"""The two Sponsored Brands lists with a manner of their own: targets (v3), and creatives (v4)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import (
    json_object,
    known_fields,
    require_accept,
    require_content_type,
    whole_number,
)
from simulator.amazon_ads.pages import Row, opened, page, token
from simulator.amazon_ads.sponsored_brands import SB, creatives
from simulator.amazon_ads.sponsored_brands_v3 import DEFAULT_STATES, STATES, TARGET_LISTS
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Profile

CREATIVES = "application/vnd.sbAdCreativeResource.v4+json"
PAGE_LIMIT = 100
_FIELD_OF_FILTER = {
    "TARGETING_STATE": "state",
    "CAMPAIGN_ID": "campaignId",
    "AD_GROUP_ID": "adGroupId",
}


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the target lists and the creatives list."""
    for name, path, key, rows in TARGET_LISTS:
        _serve_targets(gateway, simulation, f"ads.sb.{name}", path, key, rows)
    operation = Operation("ads.sb.creatives", "POST", "/sb/ads/creatives/list", rate=10, burst=30)

    @gateway.operation(operation)
    def of_one_ad(call: Call) -> Response:
        profile = advertiser(call, SB)
        require_content_type(CREATIVES)
        require_accept(CREATIVES)
        filters = ("creativeTypeFilter", "creativeVersionFilter", "creativeStatusFilter")
        body = json_object(("adId", "nextToken", "maxResults", *filters))
        if not isinstance(body.get("adId"), str):
            raise Refusal(400, message="adId is required")
        found = [
            row
            for row in creatives(simulation.world, profile, body["adId"])
            if all(
                row[name.removesuffix("Filter")] in body[name] for name in filters if name in body
            )
        ]
        return _told(
            call, body, "creatives", found, CREATIVES, profile, {"totalResults": len(found)}
        )


def _serve_targets(
    gateway: Gateway,
    simulation: Simulation,
    name: str,
    path: str,
    key: str,
    rows: Callable[[World, Profile], Iterator[Row]],
) -> None:
    media = tuple(f"application/vnd.sblist{key.lower()}response.v{v}+json" for v in ("3", "3.2"))

    @gateway.operation(Operation(name, "POST", path, rate=10, burst=30))
    def listed(call: Call) -> Response:
        profile = advertiser(call, SB)
        require_content_type(*media)
        require_accept(*media)
        body = json_object(("nextToken", "maxResults", "filters"))
        found = list(rows(simulation.world, profile))
        for field, values in _filters(body.get("filters", [])).items():
            found = [row for row in found if str(row[field]) in values]
        return _told(call, body, key, found, media[0], profile, {})


def _filters(given: Any) -> dict[str, list[str]]:
    """The values wanted by field; states have a default."""
    wanted: dict[str, list[str]] = {"state": list(DEFAULT_STATES)}
    if not isinstance(given, list):
        raise Refusal(400, message="filters must be a list")
    for entry in given:
        known = known_fields(entry, ("filterType", "values"), "filters")
        field = _FIELD_OF_FILTER.get(known.get("filterType", ""))
        values = known.get("values")
        if field is None or not isinstance(values, list):
            raise Refusal(400, message=f"Invalid filter {known.get('filterType')}")
        wanted[field] = [str(value) for value in values]
    if not set(wanted["state"]) <= set(STATES):
        raise Refusal(400, message="TARGETING_STATE has an invalid value")
    return wanted


def _told(
    call: Call,
    body: dict[str, Any],
    key: str,
    rows: list[Row],
    media: str,
    profile: Profile,
    totals: dict[str, int],
) -> Response:
    size = whole_number(body.get("maxResults", PAGE_LIMIT), "maxResults", 1, PAGE_LIMIT)
    asked = {name: value for name, value in body.items() if name not in ("nextToken", "maxResults")}
    seal = f"{profile.profile_id} {key} {json.dumps(asked, sort_keys=True)}"
    start = opened(body.get("nextToken"), seal)
    told: dict[str, Any] = {key: page(call, rows, start, size), **totals}
    if start + size < len(rows):
        told["nextToken"] = token(start + size, seal)
    return json_response(told, mimetype=media)
