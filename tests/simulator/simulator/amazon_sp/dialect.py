"""How SP-API authenticates a caller and words its refusals."""

from __future__ import annotations

from typing import Any

from flask import request

from simulator.credentials import AMAZON_SP
from simulator.gateway import Caller, Operation, Refusal
from simulator.lwa import Login
from simulator.world.marketplaces import MARKETS, REGIONS
from simulator.world.sellers import SELLER_IDS, SHADOW_MARKETPLACE_IDS

_DENIED = "Access to requested resource is denied."
_EXPIRED = "The access token you provided has expired."
_MALFORMED = "The access token you provided is revoked, malformed or invalid."


def invalid(message: str, details: str = "") -> Refusal:
    """400: the request is not one that the API's model allows."""
    return Refusal(400, "InvalidInput", message, details)


def denied(details: str = "") -> Refusal:
    """403: token, role, region or marketplace."""
    return Refusal(403, "Unauthorized", _DENIED, details)


def not_found(message: str) -> Refusal:
    """404: no such report, query or document of this seller."""
    return Refusal(404, "NotFound", message)


def over_quota(details: str = "") -> Refusal:
    """429: too many calls, or too many tasks at once. Amazon sends no Retry-After."""
    return Refusal(
        429,
        "QuotaExceeded",
        "You exceeded your quota for the requested resource.",
        details,
        {"x-amzn-ErrorType": "TooManyRequestsException"},
    )


class Dialect:
    """SP-API's conventions. ``roles`` says which role opens an operation (any one of them)."""

    def __init__(self, login: Login, roles: dict[str, frozenset[str]]) -> None:
        self._login, self._roles = login, roles

    def authenticate(self, operation: Operation, region: str) -> Caller:
        """The seller of the region that the access token stands for."""
        if region not in REGIONS:
            raise not_found(f"No such endpoint: {region}")
        if not request.headers.get("user-agent"):
            raise denied("User-Agent header is missing in the request.")
        token = request.headers.get("x-amz-access-token")
        if not token:
            raise denied("Access token is missing in the request header.")
        known = self._login.grant_of(token)
        if known is None or known[0].api != AMAZON_SP:
            raise denied(_MALFORMED)
        grant, is_fresh = known
        if not is_fresh:
            raise self.expired()
        if region not in grant.regions or not self._roles[operation.name] & grant.roles:
            raise denied()
        return Caller(grant, region, SELLER_IDS[region])

    def expired(self) -> Refusal:
        """403 with the details by which a client knows to renew its token."""
        return denied(_EXPIRED)

    def throttled(self) -> Refusal:
        """429 for a call that finds its bucket empty."""
        return over_quota()

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """The error list of every SP-API model."""
        error = {"code": refusal.code, "message": refusal.message}
        if refusal.details is not None:
            error["details"] = refusal.details
        return {"errors": [error]}

    def headers(self, status: int, request_id: str, rate: str | None) -> dict[str, str]:
        """The request id always; the rate (never the burst) on 20x, 400 and 404 only."""
        headers = {"x-amzn-RequestId": request_id, "x-amz-rid": request_id[:20].upper()}
        if rate and (status < 300 or status in (400, 404)):
            headers["x-amzn-RateLimit-Limit"] = rate
        return headers


def check_marketplaces(marketplace_ids: list[str], region: str) -> None:
    """Refuse marketplaces that do not exist (400) or are another region's (403)."""
    for marketplace_id in marketplace_ids:
        if marketplace_id in SHADOW_MARKETPLACE_IDS:
            raise denied()
        market = MARKETS.get(marketplace_id)
        if market is None:
            raise invalid("Request is invalid.", f"Marketplace {marketplace_id} is invalid.")
        if market.region != region:
            raise denied()
