"""Calls of the GraphQL Admin API: within its budget, and tried again where that helps."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import requests

from tap_shopify_journeys.errors import (
    AccessDenied,
    InvalidQuery,
    NeedsReauth,
    QueryTooDear,
    ShopifyError,
    ShopNotFound,
    Unavailable,
)
from tap_shopify_journeys.settings import Settings

LOGGER = logging.getLogger("tap_shopify_journeys")
API_VERSION = "2025-07"
_TRIES = 5
_PATIENCE = 30
_TRANSIENT = {408, 423, 429, 500, 502, 503, 504, 520, 522, 524, 530}
_CODES: dict[str, type[ShopifyError]] = {
    "ACCESS_DENIED": AccessDenied,
    "MAX_COST_EXCEEDED": QueryTooDear,
    "INTERNAL_SERVER_ERROR": Unavailable,
}


class Client:
    """The API of one shop."""

    def __init__(self, settings: Settings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings, self._sleep = settings, sleep
        self._session = requests.Session()
        self._session.headers["User-Agent"] = settings.user_agent
        self._token = settings.access_token

    def ask(self, document: str, /, **variables: Any) -> dict[str, Any]:
        """The data that answer a query.

        Raises:
            NeedsReauth: the token is refused.
            AccessDenied: a scope is missing; the message names it.
            QueryTooDear: the query costs too much, whatever the budget.
            ShopifyError: anything else, after what can pass has been tried again.
        """
        for _ in range(_PATIENCE):
            answer, request_id = self._posted({"query": document, "variables": variables})
            errors = answer.get("errors")
            if not errors and isinstance(answer.get("data"), dict):
                return dict(answer["data"])
            wait = _throttled_for(answer)
            if wait is None:
                raise _error(errors, request_id)
            LOGGER.info("Shopify's budget is used up: waiting %.1f s", wait)
            self._sleep(wait)
        raise Unavailable("Shopify throttles without end", request_id)

    def _posted(self, body: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """The JSON of an answer; what may pass is tried again."""
        address = f"{self._settings.api_url}/admin/api/{API_VERSION}/graphql.json"
        problem: ShopifyError = Unavailable("Shopify was not asked")
        for attempt in range(_TRIES):
            if attempt:
                self._sleep(2.0**attempt)
            try:
                headers = {"X-Shopify-Access-Token": self._access()}
                answer = self._session.post(address, json=body, headers=headers, timeout=90)
            except requests.RequestException as error:
                problem = Unavailable(f"Shopify cannot be reached ({type(error).__name__})")
                continue
            request_id = answer.headers.get("X-Request-ID")
            if answer.status_code == 401:
                raise NeedsReauth("Shopify refuses the access token", request_id)
            if answer.status_code == 403:
                raise AccessDenied("Shopify refuses the app (403)", request_id)
            if answer.status_code == 404:
                raise ShopNotFound(f"there is no shop {self._settings.shop}", request_id)
            try:
                read = answer.json()
            except requests.JSONDecodeError:
                read = None
            if answer.status_code == 200 and isinstance(read, dict):
                return read, request_id
            problem = Unavailable(f"Shopify answered {answer.status_code}", request_id)
            if answer.status_code != 200 and answer.status_code not in _TRANSIENT:
                break
            LOGGER.warning("%s; trying again", problem.message)
        raise problem

    def _access(self) -> str:
        """The access token; one is got first where there is a client id only."""
        if self._token is None:
            assert self._settings.client is not None
            client_id, client_secret = self._settings.client
            form = {"grant_type": "client_credentials", "client_id": client_id}
            answer = self._session.post(
                f"{self._settings.api_url}/admin/oauth/access_token",
                data={**form, "client_secret": client_secret},
                timeout=60,
            )
            if answer.status_code >= 500:
                answer.raise_for_status()
            if answer.status_code != 200:
                raise NeedsReauth("the shop gives no token for the client id")
            self._token = str(answer.json()["access_token"])
        return self._token


def _throttled_for(answer: dict[str, Any]) -> float | None:
    """Seconds until the points of a throttled query have come back; None if it was not."""
    if not any(_code(error) == "THROTTLED" for error in _list(answer.get("errors"))):
        return None
    cost = (answer.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    missing = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    return float(min(60.0, max(0.5, missing / (status.get("restoreRate") or 50))))


def _error(errors: Any, request_id: str | None) -> ShopifyError:
    found = _list(errors)
    text = "; ".join(str(error.get("message")) for error in found) or str(errors)
    kinds = [_CODES.get(str(_code(error))) for error in found]
    kind = next((kind for kind in kinds if kind), InvalidQuery)
    return kind(text[:500], request_id)


def _list(errors: Any) -> list[dict[str, Any]]:
    return (
        [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    )


def _code(error: dict[str, Any]) -> Any:
    return (error.get("extensions") or {}).get("code")
