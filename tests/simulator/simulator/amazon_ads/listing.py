"""``POST …/list`` of Sponsored Products v3 and Brands v4: filters, pages and their tokens."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable
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
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Profile, State
from simulator.world.events import AdProduct

Row = dict[str, Any]
DEFAULT_STATES = (State.ENABLED, State.PAUSED)
"""What a list shows unless asked for more; the contracts do not say, and archived ones are many."""
_PAGING = ("maxResults", "nextToken", "includeExtendedDataFields")
_OVERLAP = 3


@dataclass(frozen=True)
class EntityList:
    """One list operation, as its contract bounds it."""

    operation: Operation
    product: AdProduct
    media_type: str
    key: str
    """Under which the response holds its rows."""
    total_key: str
    page_limit: int
    id_filters: dict[str, int]
    """Filters by an id field of the rows (``<field>Filter``) and how many ids each takes."""
    states: tuple[str, ...]
    """What ``stateFilter`` may ask for."""
    rows: Callable[[World, Profile], list[Row]]
    """All entities known now, ``extendedData`` included."""
    other_filters: tuple[str, ...] = ()
    """Filters that are taken and, as the contract says of them, have no effect."""


def serve(listing: EntityList, gateway: Gateway, simulation: Simulation) -> None:
    """Register a list operation."""

    @gateway.operation(listing.operation)
    def entities(call: Call) -> Response:
        profile = advertiser(call, listing.product)
        require_content_type(listing.media_type)
        require_accept(listing.media_type)
        body = json_object(
            (*_PAGING, "stateFilter", "nameFilter", *listing.id_filters, *listing.other_filters)
        )
        filters = {name: value for name, value in body.items() if name not in _PAGING}
        rows = _filtered(listing, listing.rows(simulation.world, profile), filters)
        if not _flag(body, "includeExtendedDataFields"):
            rows = [_without_extended_data(row) for row in rows]
        size = whole_number(
            body.get("maxResults", listing.page_limit), "maxResults", 1, listing.page_limit
        )
        seal = (
            f"{profile.profile_id} {listing.operation.name} {json.dumps(filters, sort_keys=True)}"
        )
        start = _opened(body.get("nextToken"), seal)
        page = {listing.key: _page(call, rows, start, size), listing.total_key: len(rows)}
        if start + size < len(rows):
            page["nextToken"] = _token(start + size, seal)
        return json_response(page, mimetype=listing.media_type)


def _page(call: Call, rows: list[Row], start: int, size: int) -> list[Row]:
    first = max(0, start - _OVERLAP) if call.suffers(Kind.REPEATED_PAGE) else start
    page = rows[first : start + size][:size]
    return page[::-1] if call.suffers(Kind.UNSORTED_PAGES) else page


def _filtered(listing: EntityList, rows: list[Row], filters: dict[str, Any]) -> list[Row]:
    wanted = _include(filters.get("stateFilter"), "stateFilter", 10, DEFAULT_STATES)
    unknown = sorted(set(wanted) - set(listing.states))
    if unknown:
        raise Refusal(400, message=f"stateFilter includes invalid values: {', '.join(unknown)}")
    rows = [row for row in rows if row["state"] in wanted]
    for name, limit in listing.id_filters.items():
        if name in filters:
            ids = set(_include(filters[name], name, limit))
            rows = [row for row in rows if row.get(name.removesuffix("Filter")) in ids]
    if "nameFilter" in filters:
        rows = [row for row in rows if _matches(filters["nameFilter"], row["name"])]
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


def _token(start: int, seal: str) -> str:
    digest = hashlib.sha256(f"{start} {seal}".encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(f"{start}.{digest}".encode()).decode()


def _opened(token: Any, seal: str) -> int:
    """Where a page starts; a token is good for the same profile, operation and filters only."""
    if token is None:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(token).decode().partition(".")[0])
    except (TypeError, ValueError, binascii.Error):
        start = -1
    if start < 0 or token != _token(start, seal):
        raise Refusal(400, message="nextToken is invalid for this request")
    return start
