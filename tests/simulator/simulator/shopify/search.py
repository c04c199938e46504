"""Shopify's search syntax, as far as readers of ours use it: terms that must all hold.

``updated_at:>='2026-11-01T00:00:00Z' AND updated_at:<'2026-12-01'``, ``id:5600001030000``. A field
that the search does not know is ignored, and a warning says so, as in Shopify.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from simulator.shopify.values import Node, number_of

Warn = Callable[[dict[str, Any]], None]
_TERM = re.compile(
    r"""\s*(?:AND\s+)?(?P<field>\w+):(?P<sign>>=|<=|>|<)?(?:'(?P<a>[^']*)'|"(?P<b>[^"]*)"|(?P<c>\S+))"""
)
_INSTANTS = {"updated_at": "updatedAt", "created_at": "createdAt", "processed_at": "processedAt"}
_TEXTS = {"name": "name", "sku": "sku", "status": "status", "source_name": "sourceName"}


def matching(nodes: list[Node], query: str | None, warn: Warn) -> list[Node]:
    """The nodes for which every term holds.

    Raises:
        GraphQLError: the text is none that is understood here.
    """
    found, rest = nodes, (query or "").strip()
    while rest:
        term = _TERM.match(rest)
        if term is None:
            raise GraphQLError(f"the simulated search does not understand: {rest[:60]}")
        rest = rest[term.end() :].strip()
        wanted = term["a"] or term["b"] or term["c"] or ""
        test = _test(term["field"], term["sign"] or "", wanted)
        if test is None:
            warn(
                {
                    "field": term["field"],
                    "message": "Invalid search field for this query.",
                    "code": "invalid_field",
                }
            )
        else:
            found = [node for node in found if test(node)]
    return found


def _test(field: str, sign: str, wanted: str) -> Callable[[Node], bool] | None:
    compare = _COMPARE[sign]
    if field in _INSTANTS:
        name, moment = _INSTANTS[field], _instant(wanted)
        return lambda node: name in node and compare(_instant(node[name]), moment)
    if field == "id":
        number = int(number_of(wanted))
        return lambda node: compare(int(number_of(node["id"])), number)
    if field in _TEXTS:
        text = _TEXTS[field]
        return lambda node: str(node.get(text, "")).lower() == wanted.lower()
    return None


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "": lambda a, b: a == b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
}


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise GraphQLError(f"'{text}' is not a date") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
