"""Who may call the Ads API, and how each of its generations words a refusal.

Sponsored Products v3 and Brands v4 say ``{code: WORD, message}``, the classic APIs and Display
``{code: status, details}``, Reporting v3 ``{code: status, detail}``.
"""

from __future__ import annotations

from typing import Any

from flask import request

from simulator.amazon_ads.access import is_seen
from simulator.credentials import ADS_CLIENT, AMAZON_ADS, Grant
from simulator.gateway import Caller, Operation, Refusal
from simulator.lwa import Login
from simulator.world.ads.profiles import BY_ID
from simulator.world.marketplaces import REGIONS

AUTHORIZATION = "Authorization"
CLIENT_ID = "Amazon-Advertising-API-ClientId"
SCOPE = "Amazon-Advertising-API-Scope"
_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHORIZED",
    403: "ACCESS_DENIED",
    404: "NOT_FOUND",
    406: "NOT_ACCEPTABLE",
    415: "UNSUPPORTED_MEDIA_TYPE",
    429: "THROTTLED",
    500: "INTERNAL_SERVER_EXCEPTION",
    503: "SERVICE_UNAVAILABLE_EXCEPTION",
}


class Classic:
    """The classic APIs (profiles) and Sponsored Display."""

    def __init__(self, login: Login, needs_scope: bool = True) -> None:
        self._login, self._needs_scope = login, needs_scope

    def authenticate(self, operation: Operation, region: str) -> Caller:
        """Check token, client and scope, in this order, each with Amazon's own words."""
        if region not in REGIONS:
            raise Refusal(404, message="Not Found")
        grant = self._granted()
        if request.headers.get(CLIENT_ID) != ADS_CLIENT.client_id:
            raise self.expired()
        scope = _scope(grant, region) if self._needs_scope else grant.name
        return Caller(grant, region, scope)

    def expired(self) -> Refusal:
        """The one answer to a token that is missing, unknown, expired or of another client."""
        return Refusal(401, message="Authentication failed")

    def throttled(self) -> Refusal:
        """Too many calls; Amazon does not say how many would be right."""
        return Refusal(429, message="Too Many Requests")

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """``details``, with the HTTP status as its code."""
        return {
            "code": str(refusal.status),
            "details": refusal.message,
            "requestId": request_id[:20].upper(),
        }

    def headers(self, status: int, request_id: str, rate: str | None) -> dict[str, str]:
        """A request id; the Ads API names no rate limits."""
        return {"x-amzn-RequestId": request_id}

    def _granted(self) -> Grant:
        scheme, _, token = request.headers.get(AUTHORIZATION, "").partition(" ")
        leased = self._login.grant_of(token)
        if scheme != "Bearer" or leased is None or leased[0].api != AMAZON_ADS or not leased[1]:
            raise self.expired()
        return leased[0]


class Worded(Classic):
    """Sponsored Products v3 and Sponsored Brands v4."""

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """``message``, with a word as its code."""
        return {"code": _WORDS.get(refusal.status, "OTHER"), "message": refusal.message}


class Reporting(Classic):
    """Reporting v3."""

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """``detail`` in the singular, with the HTTP status as its code."""
        return {"code": str(refusal.status), "detail": refusal.message}


def _scope(grant: Grant, region: str) -> str:
    scope = request.headers.get(SCOPE)
    if not scope:
        raise Refusal(401, message="Scope header is missing")
    profile = BY_ID.get(scope)
    if profile is None or profile.market.region != region:
        raise Refusal(401, message="No matching advertiser found for scope")
    if not is_seen(grant, profile):
        raise Refusal(401, message="Not authorized to access scope")
    return scope
