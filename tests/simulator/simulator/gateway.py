"""The front door of every simulated API: faults, authentication, rate limit, handler, headers.

An API brings its ``Dialect`` (how it authenticates and words a refusal) and declares its
``Operation``s; everything that is the same for all of them happens here, once.
"""

from __future__ import annotations

import functools
import json
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Blueprint, Response, request

from simulator.calls import Calls
from simulator.credentials import Grant
from simulator.faults import Fault, Faults, Kind
from simulator.limits import Limits

HTML_PAGE = (
    "<html><head><title>Service Unavailable</title></head>"
    "<body><h1>Http/1.1 Service Unavailable</h1></body></html>"
)


@dataclass(frozen=True)
class Operation:
    """One documented operation. ``rate`` is None where Amazon publishes no fixed limit."""

    name: str
    method: str
    path: str
    """A Flask rule below the API's prefix, such as ``/reports/2021-06-30/reports/<report_id>``."""
    rate: float | None
    burst: int = 1


class Refusal(Exception):
    """A request that the API turns down."""

    def __init__(
        self,
        status: int,
        code: str = "",
        message: str = "",
        details: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.details = status, code, message, details
        self.headers = headers or {}


@dataclass(frozen=True)
class Caller:
    """Who calls, from what, and whose bucket pays."""

    grant: Grant
    region: str
    account: str
    """The seller id or profile id: buckets are per operation and account."""


@dataclass(frozen=True)
class Call:
    """What a handler learns about one call, beside Flask's ``request``."""

    caller: Caller
    fault: Fault | None

    def suffers(self, kind: Kind) -> bool:
        """Whether a fault of this kind happens to the call."""
        return self.fault is not None and self.fault.fault is kind


class Dialect(Protocol):
    """How one API authenticates, words a refusal, and signs its answers."""

    def authenticate(self, operation: Operation, region: str) -> Caller:
        """The caller of the current request; raises ``Refusal``."""

    def expired(self) -> Refusal:
        """The refusal of an expired access token."""

    def throttled(self) -> Refusal:
        """The refusal of a call beyond the rate limit."""

    def body(self, refusal: Refusal, request_id: str) -> dict[str, Any]:
        """A refusal as the API's JSON."""

    def headers(self, status: int, request_id: str, rate: str | None) -> dict[str, str]:
        """The headers of every answer; ``rate`` is what x-amzn-RateLimit-Limit would say."""


Handler = Callable[..., Response]


def json_response(body: object, status: int = 200, mimetype: str = "application/json") -> Response:
    """A compact JSON answer that keeps the order of keys."""
    text = json.dumps(body, separators=(",", ":"), ensure_ascii=False)
    return Response(text, status, mimetype=mimetype)


class Gateway:
    """Registers the operations of one API on a blueprint."""

    def __init__(
        self, routes: Blueprint, dialect: Dialect, faults: Faults, limits: Limits, calls: Calls
    ) -> None:
        self._routes, self._dialect = routes, dialect
        self._faults, self._limits, self._calls = faults, limits, calls

    def operation(self, operation: Operation) -> Callable[[Handler], Handler]:
        """Register ``handler(call, **path_parameters)`` for an operation."""

        def register(handler: Handler) -> Handler:
            @functools.wraps(handler)
            def view(region: str = "", **path: str) -> Response:
                return self._serve(operation, handler, region, path)

            self._routes.add_url_rule(
                operation.path,
                operation.name.replace(".", "_"),
                view,
                methods=[operation.method],
            )
            return handler

        return register

    def _serve(
        self, operation: Operation, handler: Handler, region: str, path: dict[str, str]
    ) -> Response:
        request_id = secrets.token_hex(16)
        fault = self._faults.draw(operation.name, _text_of_request())
        response: Response | None = None
        if fault:
            response = interrupted(fault) or failed(fault, self._dialect, request_id)
        if response is None:
            try:
                response = self._answer(operation, handler, region, path, fault)
            except Refusal as refusal:
                response = self._refuse(refusal, request_id)
        if fault:
            after(fault, response)
        if not fault or fault.headers:
            rate = operation.rate and self._limits.header(operation.rate)
            headers = self._dialect.headers(response.status_code, request_id, rate or None)
            response.headers.update(headers)
        dropped = fault is not None and fault.fault is Kind.DROPPED
        self._calls.record(operation.name, "dropped" if dropped else response.status_code)
        return response

    def _answer(
        self,
        operation: Operation,
        handler: Handler,
        region: str,
        path: dict[str, str],
        fault: Fault | None,
    ) -> Response:
        if fault and fault.fault is Kind.TOKEN_EXPIRED:
            raise self._dialect.expired()
        caller = self._dialect.authenticate(operation, region)
        if operation.rate is not None and not self._limits.take(
            operation.name, f"{region}/{caller.account}", operation.rate, operation.burst
        ):
            raise self._dialect.throttled()
        return handler(Call(caller, fault), **path)

    def _refuse(self, refusal: Refusal, request_id: str) -> Response:
        response = json_response(self._dialect.body(refusal, request_id), refusal.status)
        response.headers.update(refusal.headers)
        return response


def interrupted(fault: Fault) -> Response | None:
    """What a fault of the transport does before the operation: its own answer, or None to go on."""
    match fault.fault:
        case Kind.SLOW:
            time.sleep(fault.seconds)
        case Kind.DROPPED if not fault.late:
            drop_connection()
            return Response("", 500)
        case Kind.HTML:
            return Response(HTML_PAGE, 200, mimetype="text/html")
        case Kind.EMPTY:
            return Response("", 200, mimetype="application/json")
    return None


def after(fault: Fault, response: Response) -> None:
    """What a fault does to an answer on its way out."""
    if fault.fault is Kind.TRUNCATED_JSON:
        whole = response.get_data()
        response.set_data(whole[: len(whole) // 2])
    elif fault.fault is Kind.DROPPED and fault.late:
        drop_connection()


def drop_connection() -> None:
    """Close the client's connection under it."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.shutdown(socket.SHUT_RDWR)


def failed(fault: Fault, dialect: Dialect, request_id: str) -> Response | None:
    """The answer of a status fault, in the API's words, a gateway's or none."""
    if fault.fault is not Kind.STATUS:
        return None
    if fault.body == "html":
        response = Response(HTML_PAGE, fault.status, mimetype="text/html")
    elif fault.body == "empty":
        response = Response("", fault.status)
    elif fault.status == 429 and fault.code is None:
        response = json_response(dialect.body(dialect.throttled(), request_id), 429)
    else:
        refusal = Refusal(
            fault.status, fault.code or _CODES.get(fault.status, "InternalFailure"),
            fault.message or "We encountered an internal error. Please try again.",
        )  # fmt: skip
        response = json_response(dialect.body(refusal, request_id), fault.status)
    if fault.retry_after is not None:
        response.headers["Retry-After"] = str(fault.retry_after)
    return response


_CODES = {400: "InvalidInput", 403: "Unauthorized", 404: "NotFound", 503: "ServiceUnavailable"}


def _text_of_request() -> str:
    return f"{request.full_path} {request.get_data(as_text=True)}"
