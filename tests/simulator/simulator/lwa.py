"""Login with Amazon: refresh-token and authorisation-code grants, and who a token stands for."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, request

from simulator.calls import Calls
from simulator.clock import Clock
from simulator.credentials import BY_REFRESH_TOKEN, CLIENTS, Client, Grant
from simulator.faults import Faults
from simulator.gateway import Call, Caller, Gateway, Operation, Refusal, json_response
from simulator.limits import Limits

ACCESS_TOKEN_SECONDS = 3600
AUTHORISATION_CODE_SECONDS = 300
TOKEN = Operation("lwa.token", "POST", "/auth/o2/token", rate=None)

_ANYBODY = Caller(Grant("anybody", "lwa", "", frozenset()), "", "anybody")


@dataclass(frozen=True)
class _Lease:
    grant: Grant
    expires: float
    redirect_uri: str | None = None


class Login:
    """Issues access tokens and authorisation codes, and knows what they are worth."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._access: dict[str, _Lease] = {}
        self._codes: dict[str, _Lease] = {}
        self.at_consent: dict[str, str | None] = {}
        """Who sits before an API's consent page, where it is not the store's own user."""
        self._lock = threading.Lock()

    def authorise(self, grant: Grant, redirect_uri: str | None = None) -> str:
        """A single-use authorisation code, good for five minutes."""
        code = f"AN{secrets.token_hex(9)}"
        expires = self._clock.expiry(AUTHORISATION_CODE_SECONDS)
        with self._lock:
            self._codes[code] = _Lease(grant, expires, redirect_uri)
        return code

    def issue(self, grant: Grant) -> str:
        """A fresh access token of a grant."""
        token = f"Atza|{secrets.token_urlsafe(48)}"
        with self._lock:
            self._access[token] = _Lease(grant, self._clock.expiry(ACCESS_TOKEN_SECONDS))
        return token

    def grant_of(self, access_token: str) -> tuple[Grant, bool] | None:
        """Whom a token stands for and whether it is still good; None for an unknown one."""
        with self._lock:
            lease = self._access.get(access_token)
        return (lease.grant, self._clock.elapsed() < lease.expires) if lease else None

    def expire_all(self) -> None:
        """Let every access token be expired from now on."""
        with self._lock:
            self._access = {
                token: replace(lease, expires=0.0) for token, lease in self._access.items()
            }

    def exchange(self, form: dict[str, str]) -> dict[str, object]:
        """Answer a token request, or refuse it in OAuth's words."""
        client = _client(form)
        match form.get("grant_type"):
            case "refresh_token":
                grant = _refreshed(form, client)
            case "authorization_code":
                grant = self._redeemed(form, client)
            case None:
                raise _missing("grant_type")
            case _:
                raise Refusal(
                    400,
                    "unsupported_grant_type",
                    "The authorization grant type is not supported by the authorization server",
                )
        left = self._clock.expiry(ACCESS_TOKEN_SECONDS) - self._clock.elapsed()
        return {
            "access_token": self.issue(grant),
            "refresh_token": grant.refresh_token,
            "token_type": "bearer",
            # On the client's own clock, so that a scaled-up run renews in time.
            "expires_in": int(self._clock.real_seconds(left)),
        }

    def _redeemed(self, form: dict[str, str], client: Client) -> Grant:
        if "code" not in form:
            raise _missing("code")
        with self._lock:
            lease = self._codes.pop(form["code"], None)
        if (
            lease is None
            or lease.grant.api != client.api
            or lease.expires <= self._clock.elapsed()
            or lease.redirect_uri not in (None, form.get("redirect_uri"))
        ):
            raise _invalid_grant("code")
        return lease.grant


def _client(form: dict[str, str]) -> Client:
    client = CLIENTS.get(form.get("client_id", ""))
    if client is None or client.client_secret != form.get("client_secret"):
        raise Refusal(401, "invalid_client", "Client authentication failed")
    return client


def _refreshed(form: dict[str, str], client: Client) -> Grant:
    if "refresh_token" not in form:
        raise _missing("refresh_token")
    grant = BY_REFRESH_TOKEN.get(form["refresh_token"])
    if grant is None or grant.revoked:
        raise _invalid_grant("refresh_token")
    if grant.api != client.api:
        raise Refusal(400, "unauthorized_client", "Not authorized for requested operation")
    return grant


def _missing(parameter: str) -> Refusal:
    message = f"The request is missing a required parameter : {parameter}"
    return Refusal(400, "invalid_request", message)


def _invalid_grant(parameter: str) -> Refusal:
    return Refusal(
        400,
        "invalid_grant",
        f"The request has an invalid grant parameter : {parameter}."
        " User may have revoked or didn't grant the permission.",
    )


class _OAuth:
    """LWA's dialect: the form authenticates the client, refusals are OAuth's."""

    def authenticate(self, operation: Operation, region: str) -> Caller:
        return _ANYBODY

    def expired(self) -> Refusal:
        return _invalid_grant("refresh_token")

    def throttled(self) -> Refusal:
        return Refusal(429, "temporarily_unavailable", "Too many requests")

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        return {
            "error": refusal.code,
            "error_description": refusal.message,
            "request_id": request_id,
        }

    def headers(self, status: int, request_id: str, rate: str | None) -> dict[str, str]:
        return {"x-amzn-RequestId": request_id, "Cache-Control": "no-store"}


def blueprint(login: Login, faults: Faults, limits: Limits, calls: Calls) -> Blueprint:
    """The token endpoint, the same for every region and API."""
    routes = Blueprint("lwa", __name__)

    @Gateway(routes, _OAuth(), faults, limits, calls).operation(TOKEN)
    def token(call: Call) -> Response:
        if request.mimetype != "application/x-www-form-urlencoded":
            raise Refusal(400, "invalid_request", "The Content-Type is not supported")
        return json_response(login.exchange(request.form.to_dict()))

    return routes
