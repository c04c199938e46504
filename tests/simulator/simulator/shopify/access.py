"""Who may ask: access tokens of custom apps, and the scopes that open a field."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import request
from graphql import GraphQLError, GraphQLResolveInfo

from simulator.credentials import SHOPIFY, SHOPIFY_TOKENS, Grant, ShopifyToken
from simulator.gateway import Caller, Operation, Refusal

API_VERSION = "2025-07"
_WRONG_TOKEN = "[API] Invalid API key or access token (unrecognized login or wrong password)"


class Dialect:
    """The Admin API's conventions: a token in a header, refusals as ``errors``."""

    def __init__(self, shop: str) -> None:
        self._shop = shop

    def authenticate(self, operation: Operation, region: str) -> Caller:
        """The app whose token it is. The shop's name stands in the path; ours is the only one."""
        view_args: dict[str, Any] = request.view_args or {}
        if view_args.get("shop") != self._shop or view_args.get("version") != API_VERSION:
            raise Refusal(404, message="Not Found")
        token = request.headers.get("X-Shopify-Access-Token", "")
        if token not in SHOPIFY_TOKENS:
            raise Refusal(401, message=_WRONG_TOKEN)
        grant = Grant(SHOPIFY_TOKENS[token].name, SHOPIFY, token, frozenset())
        return Caller(grant, "", token)

    def expired(self) -> Refusal:
        """401, as for a token that was never given out."""
        return Refusal(401, message=_WRONG_TOKEN)

    def throttled(self) -> Refusal:
        """429 of the REST resources; GraphQL throttles by cost, with 200."""
        return Refusal(429, message="Exceeded 2 calls per second for api client.")

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """A refusal as one text."""
        return {"errors": refusal.message}

    def headers(self, status: int, request_id: str, rate: str | None) -> dict[str, str]:
        """The request id, in Shopify's spelling."""
        return {"X-Request-ID": request_id, "X-Shopify-API-Version": API_VERSION}


@dataclass
class Context:
    """What the resolvers of one query share."""

    token: ShopifyToken
    is_bulk: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)


def require(info: GraphQLResolveInfo, scope: str) -> None:
    """Refuse a field to an app without the scope.

    Raises:
        GraphQLError: ACCESS_DENIED, naming the scope.
    """
    if scope not in info.context.token.scopes:
        raise GraphQLError(
            f"Access denied for {info.field_name} field. Required access: `{scope}` access scope.",
            extensions={
                "code": "ACCESS_DENIED",
                "documentation": "https://shopify.dev/api/usage/access-scopes",
                "requiredAccess": f"`{scope}` access scope.",
            },
        )
