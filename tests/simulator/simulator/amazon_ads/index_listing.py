"""``GET`` lists of Sponsored Display and Brands v3: start index and count, root arrays.

Ids are 64-bit numbers, states lower-case, filters comma lists in the query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import (
    JSON,
    known_parameters,
    require_accept,
    whole_parameter,
)
from simulator.amazon_ads.pages import Row, page
from simulator.amazon_ads.weights import EXTENDED_DATA, weigh
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Profile
from simulator.world.events import AdProduct

ANY = (JSON, "application/*", "*/*", "")
EXTENDED_FIELDS = ("servingStatus", "creationDate", "lastUpdatedDate")
_STATES = ("enabled", "paused", "archived")


@dataclass(frozen=True, kw_only=True)
class IndexList:
    """One list operation and, where there is one, its ``/extended`` twin."""

    operation: Operation
    product: AdProduct
    rows: Callable[[World, Profile], Iterable[Row]]
    """All entities known now, with the fields of both lists."""
    filters: tuple[str, ...]
    """Filters by a field of the rows: ``<field>Filter``, or a field's own name."""
    media_types: tuple[str, ...] = ANY
    """What the client may accept; the first one is sent."""
    states: tuple[str, ...] = _STATES
    """What ``stateFilter`` may ask for; none where rows have no state."""
    default_states: tuple[str, ...] = _STATES
    page_limit: int = 5000
    not_extended: tuple[str, ...] = ()
    """Fields that the extended list leaves out."""
    has_extended: bool = False


def serve(listing: IndexList, gateway: Gateway, simulation: Simulation) -> None:
    """Register a list, and its extended twin as ``<operation>_extended``."""

    @gateway.operation(listing.operation)
    def plain(call: Call) -> Response:
        rows = _asked(listing, call, simulation.world)
        return json_response(
            [{name: row[name] for name in row if name not in EXTENDED_FIELDS} for row in rows],
            mimetype=listing.media_types[0],
        )

    if not listing.has_extended:
        return
    own = listing.operation
    heavy = Operation(
        f"{own.name}_extended", own.method, f"{own.path}/extended", own.rate, own.burst
    )

    @gateway.operation(heavy)
    def extended(call: Call) -> Response:
        weigh(call, heavy, simulation, EXTENDED_DATA)
        # The extended models know no nulls.
        return json_response(
            [
                {k: v for k, v in row.items() if v is not None and k not in listing.not_extended}
                for row in _asked(listing, call, simulation.world)
            ]
        )


def _asked(listing: IndexList, call: Call, world: World) -> list[Row]:
    profile = advertiser(call, listing.product)
    require_accept(*listing.media_types)
    stateful = ("stateFilter",) if listing.states else ()
    asked = known_parameters(("startIndex", "count", *stateful, *listing.filters))
    rows = list(listing.rows(world, profile))
    if listing.states:
        states = _parts(asked.get("stateFilter", ",".join(listing.default_states)))
        if not states <= set(listing.states):
            raise Refusal(400, message="stateFilter has an invalid value")
        rows = [row for row in rows if row["state"] in states]
    for name in listing.filters:
        if name in asked:
            wanted = _parts(asked[name]) if name.endswith("Filter") else {asked[name]}
            rows = [row for row in rows if str(row.get(name.removesuffix("Filter"))) in wanted]
    start = whole_parameter(asked.get("startIndex"), 0, "startIndex", 0, 2**31 - 1)
    limit = listing.page_limit
    count = whole_parameter(asked.get("count"), limit, "count", 1, limit)
    return page(call, rows, start, count)


def _parts(text: str) -> set[str]:
    return {part.strip() for part in text.split(",")}
