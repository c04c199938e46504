"""Calls of the Admin API, at its own address or another."""

from __future__ import annotations

import json
from typing import Any

import shopify


class GraphQLError(Exception):
    """The API answered with errors; the message is theirs."""


def use_address(base: str) -> None:
    """Send every call of the library to another address than the shop's own."""
    shopify.Session.site = property(lambda session: session.version.api_path(base))


def ask(query: str, variables: dict[str, Any] | None = None, timeout: float = 300) -> Any:
    """The data of a query.

    Raises:
        GraphQLError: there are errors.
    """
    answer = json.loads(shopify.GraphQL().execute(query, variables=variables, timeout=timeout))
    if answer.get("errors") or "data" not in answer:
        raise GraphQLError(json.dumps(answer.get("errors", answer))[:500])
    return answer["data"]
