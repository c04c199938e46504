"""Connections: pages of nodes with opaque cursors, all of them inside a bulk operation."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from simulator.shopify.values import Node

MAX_PAGE = 250
SortKey = Callable[[Node], Any]


def connection(nodes: Sequence[Node]) -> Callable[..., Node]:
    """A connection inside an object; its nodes keep their order."""

    def resolve(info: GraphQLResolveInfo, **arguments: Any) -> Node:
        return page(nodes, info, arguments)

    return resolve


def page(
    nodes: Sequence[Node],
    info: GraphQLResolveInfo,
    arguments: dict[str, Any],
    sort_key: SortKey | None = None,
) -> Node:
    """The part of the nodes that ``first`` and ``after`` (or their mirror images) ask for.

    With a ``sort_key`` the nodes are brought into its order, and a cursor is a place in that order:
    it stays valid when nodes come or go. Without, it is a position.

    Raises:
        GraphQLError: neither ``first`` nor ``last``, too large a page, or a foreign cursor.
    """
    if sort_key is not None:
        nodes = sorted(nodes, key=sort_key, reverse=bool(arguments.get("reverse")))
    places = [list(sort_key(node)) if sort_key else [at] for at, node in enumerate(nodes)]
    if info.context.is_bulk:
        return _page(nodes, places, False, False)
    first, last = arguments.get("first"), arguments.get("last")
    size = first if last is None else last
    if size is None or (first is not None and last is not None):
        raise _bad("you must provide one of first or last")
    if not 0 < size <= MAX_PAGE:
        raise _bad(f"first cannot exceed {MAX_PAGE}")
    begin, end, falling = 0, len(nodes), bool(arguments.get("reverse"))
    if after := arguments.get("after"):
        place = _place(after)
        begin = sum(1 for at in places if (at >= place if falling else at <= place))
    if before := arguments.get("before"):
        place = _place(before)
        end = sum(1 for at in places if (at > place if falling else at < place))
    if last is None:
        end = min(end, begin + size)
    else:
        begin = max(begin, end - size)
    return _page(nodes[begin:end], places[begin:end], end < len(nodes), begin > 0)


def _page(nodes: Sequence[Node], places: list[list[Any]], more: bool, less: bool) -> Node:
    cursors = [_cursor(place) for place in places]
    return {
        "edges": [{"cursor": c, "node": node} for c, node in zip(cursors, nodes, strict=True)],
        "nodes": list(nodes),
        "pageInfo": {
            "hasNextPage": more,
            "hasPreviousPage": less,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _bad(message: str) -> GraphQLError:
    return GraphQLError(message, extensions={"code": "BAD_REQUEST"})


def _cursor(place: list[Any]) -> str:
    return base64.b64encode(json.dumps(place).encode()).decode()


def _place(cursor: str) -> list[Any]:
    try:
        place = json.loads(base64.b64decode(cursor, validate=True))
    except (ValueError, binascii.Error):
        place = None
    if not isinstance(place, list):
        raise GraphQLError("Invalid cursor for current pagination sort.")
    return place
