"""Calling Amazon's APIs: every call signed in, paced, checked, retried and logged in one place.

`AmazonHttp` is one account's way to one API in one region.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
import requests

from amazon_client import read_only, records
from amazon_client.clock import Clock
from amazon_client.documents import decode_json
from amazon_client.error_bodies import parse_error, request_id_of
from amazon_client.errors import (
    AccessDenied,
    AmazonError,
    DuplicateRequest,
    InvalidRequest,
    MalformedResponse,
    NotFound,
    ServerUnavailable,
    Throttled,
)
from amazon_client.lwa import AccessTokens
from amazon_client.operations import Operation
from amazon_client.rate_limits import RateLimits, TokenBucket
from amazon_client.retry import DEFAULT_RETRIES, RetryPolicy
from amazon_client.transport import TIMEOUT, TransportFailure, send

logger = logging.getLogger(__name__)

_WRONG_SCOPE = (
    "not authorized to access scope",
    "no matching advertiser found for scope",
    "scope header is missing",
)
"""What the Ads API says, with 400 or 401, of a profile that this login may not read: another
token would not help."""
_BY_STATUS: Mapping[int, type[AmazonError]] = {
    401: AccessDenied,
    403: AccessDenied,
    404: NotFound,
    410: NotFound,
    425: DuplicateRequest,
    429: Throttled,
}


@dataclass(frozen=True)
class TokenAuth:
    """How an access token travels.

    Selling Partner API: `TokenAuth(tokens)`. Ads API: `TokenAuth(tokens, "Authorization",
    "Bearer ", {"Amazon-Advertising-API-ClientId": client_id})`.
    """

    tokens: AccessTokens
    header: str = "x-amz-access-token"
    prefix: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """A successful answer."""

    status: int
    data: Any
    """The decoded JSON: numbers with a fraction are `Decimal`, exactly as sent. None for 204."""
    headers: Mapping[str, str]
    """Names in any case."""
    request_id: str | None


class AmazonHttp:
    """One account's way to one API in one region. Shared by threads."""

    def __init__(
        self,
        base_url: str,
        auth: TokenAuth,
        limits: RateLimits,
        clock: Clock,
        *,
        user_agent: str,
        account: str,
        session: requests.Session | None = None,
        retries: RetryPolicy = DEFAULT_RETRIES,
        rng: random.Random | None = None,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        """Describe the way.

        Args:
            base_url: for example https://sellingpartnerapi-eu.amazon.com.
            auth: whose token, in which header.
            limits: the process's buckets.
            clock: for waiting.
            user_agent: sent with each call; Amazon wants one.
            account: whose buckets are used, for example a seller id with its region.
            session: a `ReadOnlySession` to share; None for one of its own.
            retries: how often transient failures are tried again.
            rng: source of the retries' jitter.
            timeout: seconds to connect, and between two bytes of an answer.
        """
        self._base_url = base_url
        self._auth = auth
        self._limits = limits
        self._clock = clock
        self._user_agent = user_agent
        self._account = account
        self._session = session or read_only.ReadOnlySession()
        self._retries = retries
        self._rng = rng or random.Random()
        self._timeout = timeout

    def call(
        self,
        operation: Operation,
        *,
        path_params: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
        account: str | None = None,
    ) -> Response:
        """Call `operation` and return its answer, or raise; there is no empty answer for failure.

        Args:
            operation: what to call.
            path_params: values of the path's placeholders.
            query: parameters; None is left out, lists are joined by commas, aware datetimes
                become UTC with Z, booleans true and false.
            json: the body.
            headers: added to the usual ones, such as the Ads API's scope.
            account: whose bucket to use, where it is not this object's (an Ads profile).

        Raises:
            ReadOnlyViolation: the operation is not on the allow-list; nothing was sent.
            NeedsReauth, BadClient, ConfigurationError: no access token to be had.
            AccessDenied: 401 or 403, after one renewal of the token if that could help.
            InvalidRequest: 400 and the other refusals of the request itself.
            DuplicateRequest: 425.
            NotFound: 404, 410.
            Throttled: 429 again and again, each time after waiting for the bucket.
            ServerUnavailable: 5xx, timeout or broken connection after all retries.
            MalformedResponse: success that is not JSON (HTML, empty) after all retries.
        """
        url = operation.url(self._base_url, path_params)
        if query:
            url += "?" + _encode(query)
        read_only.check(operation.method, url)
        body = None if json is None else msgspec.json.encode(json)
        extra = {} if body is None else {"Content-Type": operation.content_type}
        extra |= headers or {}
        bucket = self._limits.bucket(operation, account or self._account)
        failures = throttles = 0
        renewed = False
        while True:
            with bucket.call():
                token = self._auth.tokens.get()
                own = {"User-Agent": self._user_agent, "Accept": operation.accept}
                own |= {self._auth.header: self._auth.prefix + token, **self._auth.extra}
                result = self._try(operation, url, body, own | extra, bucket)
            if isinstance(result, Response):
                bucket.succeeded()
                return result
            if isinstance(result, Throttled) and throttles < self._retries.throttle_retries:
                throttles += 1
                backoff = operation.throttle_backoff * 2.0 ** (throttles - 1)
                # Amazon's own word, where it gives one, before our guess.
                patience = result.retry_after or min(backoff, operation.throttle_backoff_max)
                # Never sooner than the bucket allows, and not all threads and processes at once.
                patience = max(1 / bucket.rate, patience) * self._rng.uniform(1.0, 1.25)
                wait = bucket.throttled(patience)
                logger.warning("%s Its bucket stays closed for %.1f s", result.facts, wait)
            elif (
                isinstance(result, ServerUnavailable | MalformedResponse)
                and operation.repeatable
                and failures < self._retries.retries
            ):
                failures += 1
                pause = self._retries.delay(failures, self._rng)
                logger.warning("%s Trying again in %.1f s", result.facts, pause)
                self._clock.sleep(pause)
            elif not renewed and self._is_stale(token, result):
                renewed = True
                logger.info("%s Renewing the access token", result.facts)
                self._auth.tokens.invalidate(token)
            else:
                logger.warning("%s", result.facts)
                raise result

    def _try(
        self,
        operation: Operation,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        bucket: TokenBucket,
    ) -> Response | AmazonError:
        """Send once: the answer, or the error that it amounts to."""
        try:
            answer = send(
                self._session,
                operation.method,
                url,
                data=body,
                headers=headers,
                timeout=self._timeout,
            )
        except TransportFailure as failure:
            return ServerUnavailable(f"{operation.name}: {failure}")
        bucket.observe(_number(answer.headers.get("x-amzn-RateLimit-Limit")))
        if not 200 <= answer.status_code < 300:
            return _refusal(operation, answer)
        request_id = request_id_of(answer)
        try:
            # 204 is the one answer that has nothing to say.
            data = None if answer.status_code == 204 else decode_json(answer.content)
        except ValueError:
            return MalformedResponse(
                f"{operation.name} answered something else than JSON",
                request_id=request_id,
                status=answer.status_code,
            )
        return Response(answer.status_code, data, answer.headers, request_id)

    def _is_stale(self, token: str, refusal: AmazonError) -> bool:
        """Whether a newer token could change the answer."""
        if not isinstance(refusal, AccessDenied) or _is_wrong_scope(refusal.message):
            return False
        if refusal.status == 401 or "expired" in refusal.message.lower():
            return True
        return self._auth.tokens.is_ageing(token)


def _refusal(operation: Operation, answer: requests.Response) -> AmazonError:
    """The error that an answer outside 2xx amounts to."""
    status = answer.status_code
    body = parse_error(answer)
    kind = _BY_STATUS.get(status, InvalidRequest)
    if status >= 500:
        kind = ServerUnavailable
    elif status < 400:
        kind = MalformedResponse
    elif kind is InvalidRequest and _is_wrong_scope(body.text):
        kind = AccessDenied
    error = kind(
        f"{operation.name}: {body.text}",
        request_id=body.request_id,
        status=status,
        code=body.code,
    )
    if isinstance(error, Throttled):
        error.retry_after = _number(answer.headers.get("Retry-After"))
    return error


def _is_wrong_scope(text: str) -> bool:
    return any(phrase in text.lower() for phrase in _WRONG_SCOPE)


def _number(header: str | None) -> float:
    """A header's number; 0 where there is none (Retry-After may also be a date)."""
    try:
        return float(header or 0)
    except ValueError:
        return 0.0


def _encode(query: Mapping[str, Any]) -> str:
    """A query string as both APIs read it."""

    def text(value: Any) -> str:
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, datetime):
            return records.utc_timestamp(value) or ""
        if isinstance(value, list | tuple | set | frozenset):
            return ",".join(text(item) for item in value)
        return str(value)

    present = {name: text(value) for name, value in query.items() if value is not None}
    return urlencode(present, quote_via=quote, safe=",:")
