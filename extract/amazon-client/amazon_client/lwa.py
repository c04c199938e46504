"""Login with Amazon: from an authorisation to access tokens.

`LwaClient` talks to the token endpoint, `AccessTokens` keeps one token per authorisation and
process. Errors are told apart: `NeedsReauth`, `BadClient` and `ConfigurationError` are final and
never retried; 5xx, 429 and a broken connection are retried a limited number of times.
"""

from __future__ import annotations

import copy
import logging
import random
import threading
from typing import Any

import msgspec
import requests

from amazon_client.clock import Clock
from amazon_client.error_bodies import parse_error, request_id_of
from amazon_client.errors import (
    AmazonError,
    BadClient,
    ConfigurationError,
    NeedsReauth,
    ServerUnavailable,
)
from amazon_client.retry import DEFAULT_RETRIES, RetryPolicy
from amazon_client.transport import TIMEOUT, TransportFailure, send

logger = logging.getLogger(__name__)

_RENEW_BEFORE = 60.0
"""Seconds before its end at which a token is renewed."""
_TRANSIENT_CODES = frozenset({"server_error", "temporarily_unavailable"})
_CLIENT_CODES = frozenset({"invalid_client", "unauthorized_client"})
_FINAL = (NeedsReauth, BadClient, ConfigurationError)
_STALE_CODE = "The code works once and for five minutes: start connecting again."


class Grant(msgspec.Struct, frozen=True):
    """What the token endpoint answers (`expires_in` in seconds). Its repr hides the tokens."""

    access_token: str
    expires_in: float
    refresh_token: str | None = None

    def __repr__(self) -> str:
        """Without tokens."""
        return f"Grant(expires_in={self.expires_in})"


class LwaClient:
    """The token endpoint, for one application. Shared by threads."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        session: requests.Session,
        clock: Clock,
        *,
        retries: RetryPolicy = DEFAULT_RETRIES,
        rng: random.Random | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        """Describe the application.

        Args:
            token_url: for example https://api.amazon.com/auth/o2/token.
            client_id: the application's id.
            client_secret: its secret; sent in bodies only.
            session: a `ReadOnlySession`.
            clock: for pauses between retries and the age of tokens.
            retries: how often transient failures are tried again.
            rng: source of the retries' jitter.
            timeout: seconds to connect, and between two bytes of an answer.
        """
        self.clock = clock
        self._token_url = token_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._session = session
        self._retries = retries
        self._rng = rng or random.Random()
        self._timeout = timeout

    def refresh(self, refresh_token: str) -> Grant:
        """A new access token for a refresh token.

        Raises:
            NeedsReauth: the authorisation was revoked or has expired.
            BadClient: client id or secret are wrong or expired.
            ConfigurationError: Amazon refuses the request otherwise.
            ServerUnavailable: no useful answer after all retries.
        """
        return self._grant({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def exchange_code(self, code: str, redirect_uri: str | None = None) -> Grant:
        """The tokens for an authorisation code (single use, five minutes).

        Raises:
            NeedsReauth: the code was used before or is too old.
            BadClient, ConfigurationError, ServerUnavailable: see `refresh`.
        """
        form = {"grant_type": "authorization_code", "code": code}
        return self._grant(form | ({"redirect_uri": redirect_uri} if redirect_uri else {}))

    def _grant(self, form: dict[str, str]) -> Grant:
        form = form | {"client_id": self._client_id, "client_secret": self._client_secret}
        failures = 0
        while True:
            try:
                answer = send(
                    self._session, "POST", self._token_url, data=form, timeout=self._timeout
                )
            except TransportFailure as failure:
                problem: AmazonError = ServerUnavailable(f"Login with Amazon: {failure}")
            else:
                result = _judge(answer, form["grant_type"])
                if isinstance(result, Grant):
                    return result
                problem = result
            failures += 1
            if not isinstance(problem, ServerUnavailable) or failures > self._retries.retries:
                raise problem
            pause = self._retries.delay(failures, self._rng)
            logger.warning("%s Trying again in %.1f s", problem.facts, pause)
            self.clock.sleep(pause)


def _judge(answer: requests.Response, grant_type: str) -> Grant | AmazonError:
    """The grant, or the error to raise; `ServerUnavailable` means that it may be tried again."""
    if answer.ok and not answer.is_redirect:
        try:
            return msgspec.json.decode(answer.content, type=Grant)
        except msgspec.DecodeError:
            return ServerUnavailable(
                "Login with Amazon answered something else than a token",
                request_id=request_id_of(answer),
                status=answer.status_code,
            )
    body = parse_error(answer)
    facts: dict[str, Any] = {
        "request_id": body.request_id,
        "status": answer.status_code,
        "code": body.code,
    }
    said = f"Login with Amazon refuses: {body.text}"
    if answer.status_code >= 500 or answer.status_code == 429 or body.code in _TRANSIENT_CODES:
        return ServerUnavailable(f"Login with Amazon is not available: {body.text}", **facts)
    if body.code == "invalid_grant":
        stale_code = grant_type == "authorization_code"
        return NeedsReauth(said, remedy=_STALE_CODE if stale_code else None, **facts)
    if body.code in _CLIENT_CODES:
        return BadClient(said, **facts)
    return ConfigurationError(said, **facts)


class AccessTokens:
    """The access token of one authorisation, renewed a minute before its end.

    Shared by all threads of a process: however many ask at once, one request is made, and they
    share its failure as well.
    """

    def __init__(self, lwa: LwaClient, refresh_token: str) -> None:
        """Nothing is requested before the first `get`."""
        self._lwa = lwa
        self._refresh_token = refresh_token
        self._lock = threading.Lock()
        self._requests = 0
        self._failure: AmazonError | None = None
        self._token: str | None = None
        self._since = 0.0
        self._lifetime = 0.0

    def get(self) -> str:
        """A token that is valid for a minute more (a tenth of its life, if that is less).

        Raises:
            AmazonError: see `LwaClient.refresh`. A final one is raised to each later caller
                without asking Amazon again.
        """
        requests_before = self._requests
        with self._lock:
            if self._failure and (
                isinstance(self._failure, _FINAL) or self._requests > requests_before
            ):
                raise copy.copy(self._failure)
            age = self._lwa.clock.monotonic() - self._since
            if self._token is None or age >= self._lifetime - self._margin:
                self._renew()
            assert self._token is not None
            return self._token

    def invalidate(self, token: str) -> None:
        """Forget `token`, which Amazon has refused; a newer one is kept."""
        with self._lock:
            if token == self._token:
                self._token = None

    def is_ageing(self, token: str) -> bool:
        """Whether `token` has used up five sixths of its life, or is no longer the latest."""
        with self._lock:
            age = self._lwa.clock.monotonic() - self._since
            return token != self._token or age > self._lifetime * 5 / 6

    @property
    def _margin(self) -> float:
        return min(_RENEW_BEFORE, self._lifetime / 10)

    def _renew(self) -> None:
        # Counted from before the request: the token's life begins while Amazon answers.
        since = self._lwa.clock.monotonic()
        try:
            grant = self._lwa.refresh(self._refresh_token)
        except AmazonError as error:
            self._failure = error
            raise
        finally:
            self._requests += 1
        self._failure = None
        self._token, self._since, self._lifetime = grant.access_token, since, grant.expires_in
