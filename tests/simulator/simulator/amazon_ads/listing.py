"""``POST …/list`` of Sponsored Products v3 and Brands v4: filters, pages and their tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
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
from simulator.amazon_ads.weights import EXTENDED_DATA, weigh
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Profile, State
from simulator.world.events import AdProduct

DEFAULT_STATES = (State.ENABLED, State.PAUSED)
"""What a list shows unless asked for more; the contracts do not say, and archived ones are many."""
_EXTENDED = "includeExtendedDataFields"
_PAGING = ("maxResults", "nextToken", _EXTENDED)
# Filters whose name is not that of the field they look at.
_FIELDS = {
    "negativeKeywordIdFilter": "keywordId",
    "campaignNegativeKeywordIdFilter": "keywordId",
    "negativeTargetIdFilter": "targetId",
    "campaignNegativeTargetIdFilter": "targetId",
}


@dataclass(frozen=True, kw_only=True)
class EntityList:
    """One list operation, as its contract bounds it."""

    operation: Operation
    product: AdProduct
    media_type: str
    key: str
    """Under which the response holds its rows."""
    rows: Callable[[World, Profile], Iterable[Row]]
    """All entities known now, ``extendedData`` included."""
    page_limit: int
    id_filters: dict[str, int]
    """Filters by an id field of the rows (``<field>Filter``) and how many ids each takes."""
    states: tuple[str, ...] = ("ENABLED", "PAUSED", "ARCHIVED")
    """What ``stateFilter`` may ask for."""
    total_key: str = "totalResults"
    has_names: bool = False
    """Whether ``nameFilter`` is one of its filters."""
    other_filters: tuple[str, ...] = ()
    """Filters that are taken and, as the contract says of them, have no effect."""
    unsupported: tuple[str, ...] = ()
    """Filters of the contract that this simulator does not follow, and says so (501)."""
    always_extended: bool = False
    """Whether ``extendedData`` comes unasked."""


def serve(listing: EntityList, gateway: Gateway, simulation: Simulation) -> None:
    """Register a list operation."""
    names = ("nameFilter",) if listing.has_names else ()

    @gateway.operation(listing.operation)
    def entities(call: Call) -> Response:
        profile = advertiser(call, listing.product)
        require_content_type(listing.media_type)
        require_accept(listing.media_type)
        body = json_object(
            (
                *_PAGING, "stateFilter", *names, *listing.id_filters, *listing.other_filters,
                *listing.unsupported,
            )
        )  # fmt: skip
        is_extended = _flag(body, _EXTENDED)
        if is_extended:
            weigh(call, listing.operation, simulation, EXTENDED_DATA)
        filters = {name: value for name, value in body.items() if name not in _PAGING}
        rows = _filtered(listing, list(listing.rows(simulation.world, profile)), filters)
        if not is_extended and not listing.always_extended:
            rows = [_without_extended_data(row) for row in rows]
        size = whole_number(
            body.get("maxResults", listing.page_limit), "maxResults", 1, listing.page_limit
        )
        seal = (
            f"{profile.profile_id} {listing.operation.name} {json.dumps(filters, sort_keys=True)}"
        )
        start = opened(body.get("nextToken"), seal)
        told = {listing.key: page(call, rows, start, size), listing.total_key: len(rows)}
        if start + size < len(rows):
            told["nextToken"] = token(start + size, seal)
        return json_response(told, mimetype=listing.media_type)


def _filtered(listing: EntityList, rows: list[Row], filters: dict[str, Any]) -> list[Row]:
    ignored = sorted(set(filters) & set(listing.unsupported))
    if ignored:
        raise Refusal(501, message=f"The simulator does not follow {', '.join(ignored)}")
    wanted = _include(filters.get("stateFilter"), "stateFilter", 10, DEFAULT_STATES)
    unknown = sorted(set(wanted) - set(listing.states))
    if unknown:
        raise Refusal(400, message=f"stateFilter includes invalid values: {', '.join(unknown)}")
    rows = [row for row in rows if row["state"] in wanted]
    for name, limit in listing.id_filters.items():
        if name in filters:
            ids = set(_include(filters[name], name, limit))
            field = _FIELDS.get(name, name.removesuffix("Filter"))
            rows = [row for row in rows if row.get(field) in ids]
    if "nameFilter" in filters:
        rows = [row for row in rows if _matches(filters["nameFilter"], row.get("name", ""))]
    return rows


def _include(
    value: Any, name: str, limit: int, default: tuple[str, ...] = (), others: tuple[str, ...] = ()
) -> list[str]:
    if value is None:
        return list(default)
    if not isinstance(value, dict):
        raise Refusal(400, message=f"{name} must be an object")
    include = known_fields(value, ("include", *others), name).get("include")
    if not isinstance(include, list) or not all(isinstance(entry, str) for entry in include):
        raise Refusal(400, message=f"{name}.include must be a list of strings")
    if len(include) > limit:
        raise Refusal(400, message=f"{name}.include takes at most {limit} values")
    return include


def _matches(filters: Any, name: str) -> bool:
    names = _include(filters, "nameFilter", 100, others=("queryTermMatchType",))
    match filters.get("queryTermMatchType", "BROAD_MATCH"):
        case "EXACT_MATCH":
            return name in names
        case "BROAD_MATCH":
            return any(part in name for part in names[:1])
        case unknown:
            raise Refusal(400, message=f"queryTermMatchType has the invalid value {unknown}")


def _flag(body: dict[str, Any], name: str) -> bool:
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise Refusal(400, message=f"{name} must be a boolean")
    return value


def _without_extended_data(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "extendedData"}
