"""Presigned storage: what a report's or query's URL points at."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from flask import Blueprint, Response, request

from simulator.calls import Calls
from simulator.clock import Clock
from simulator.faults import Fault, Faults, Kind
from simulator.gateway import drop_connection, interrupted

OPERATION = "download"
_CREDENTIAL_HEADERS = ("Authorization", "x-amz-access-token")


@dataclass(frozen=True)
class Document:
    """One stored object."""

    key: str
    content: Callable[[], bytes]
    content_type: str
    content_encoding: str | None = None


@dataclass
class Storage:
    """Documents and the signatures that open them for a while."""

    clock: Clock
    base_url: str = ""
    _documents: dict[str, Document] = field(default_factory=dict)
    _signatures: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(
        self,
        key: str,
        content: bytes | Callable[[], bytes],
        content_type: str,
        content_encoding: str | None = None,
    ) -> None:
        """Store an object; a callable is rendered at each download."""
        render = content if callable(content) else lambda: content
        with self._lock:
            self._documents[key] = Document(key, render, content_type, content_encoding)

    def presign(self, key: str, seconds: int) -> str:
        """A URL that opens an object for so many scaled seconds. Needs no other credential."""
        signature = secrets.token_hex(32)
        with self._lock:
            self._signatures[signature] = (key, self.clock.expiry(seconds))
        date = self.clock.now().strftime("%Y%m%dT%H%M%SZ")
        query = (
            f"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date={date}&X-Amz-SignedHeaders=host"
            f"&X-Amz-Expires={seconds}&X-Amz-Signature={signature}"
        )
        return f"{self.base_url}/documents/{key}?{query}"

    def open(self, key: str, signature: str) -> tuple[Document | None, bool]:
        """The object that a signature opens, and whether it still does."""
        with self._lock:
            signed, expires = self._signatures.get(signature, ("", 0.0))
            document = self._documents.get(key) if signed == key else None
        return document, self.clock.elapsed() < expires


def blueprint(storage: Storage, faults: Faults, calls: Calls) -> Blueprint:
    """GET of presigned URLs, strict about what S3 is strict about."""
    routes = Blueprint("documents", __name__)

    @routes.get("/documents/<path:key>")
    def download(key: str) -> Response:
        fault = faults.draw(OPERATION, request.full_path)
        response = _download(storage, key, fault)
        calls.record(OPERATION, response.status_code)
        return response

    return routes


def _download(storage: Storage, key: str, fault: Fault | None) -> Response:
    if any(header in request.headers for header in _CREDENTIAL_HEADERS):
        return _error(
            400, "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, "
            "Signature query string parameter or the Authorization header should be specified",
        )  # fmt: skip
    document, fresh = storage.open(key, request.args.get("X-Amz-Signature", ""))
    if document is None:
        return _error(403, "SignatureDoesNotMatch", "The request signature does not match")
    if not fresh or (fault and fault.fault is Kind.EXPIRED_URL):
        return _error(403, "AccessDenied", "Request has expired")
    if fault and fault.fault is Kind.STATUS:
        return _error(fault.status, fault.code or "InternalError", fault.message or "Try again.")
    return (fault and interrupted(fault)) or _sent(document, fault)


def _sent(document: Document, fault: Fault | None) -> Response:
    content = document.content()
    half = content[: len(content) // 2]
    if fault and fault.fault is Kind.CUT_GZIP:
        content = half
    response = Response(content, mimetype=None, content_type=document.content_type)
    if document.content_encoding:
        response.headers["Content-Encoding"] = document.content_encoding
    if fault and fault.fault is Kind.CUT_BODY:
        response.response = _breaking_off(half)
        response.headers["Content-Length"] = str(len(content))
    return response


def _breaking_off(half: bytes) -> Iterator[bytes]:
    yield half
    drop_connection()


def _error(status: int, code: str, message: str) -> Response:
    request_id = secrets.token_hex(8).upper()
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<Error><Code>{code}</Code><Message>{message}</Message>"
        f"<RequestId>{request_id}</RequestId></Error>"
    )
    response = Response(body, status, mimetype="application/xml")
    response.headers["x-amz-request-id"] = request_id
    return response
