"""Reading the body of an error answer, whatever its shape.

Shapes seen: Selling Partner API `{"errors": [{code, message, details}]}`; Ads API
`{code, message}`, `{code, details, requestId}`, `{code, detail}`, and per item
`{"error": [{index, errors: [{code, message}]}]}`; Login with Amazon
`{error, error_description, request_id}`; S3 `<Error><Code/><Message/></Error>`; HTML from
gateways; nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html
import msgspec
import requests

from amazon_client.redaction import redact

MAX_TEXT = 500
"""Characters of somebody else's text that go into a message."""

_REQUEST_ID_HEADERS = ("x-amzn-RequestId", "x-amz-rid", "x-amz-request-id", "x-request-id")


@dataclass(frozen=True)
class ErrorBody:
    """What an error answer says. All text is redacted and at most `MAX_TEXT` long."""

    code: str | None
    message: str
    """Never empty: the HTTP reason where the body says nothing."""
    details: str | None
    request_id: str | None

    @property
    def text(self) -> str:
        """Message and details in one line."""
        return f"{self.message}: {self.details}" if self.details else self.message


def request_id_of(response: requests.Response) -> str | None:
    """Amazon's id of the request from the answer's headers, None where it sends none."""
    for name in _REQUEST_ID_HEADERS:
        value = response.headers.get(name)
        if value:
            return str(value)
    return None


def parse_error(response: requests.Response) -> ErrorBody:
    """What an error answer says; never raises, whatever the body."""
    said = _from_json(response.content)
    if said is None:
        said = _from_text(response.content)
    details = said.get("details")
    message = said.get("message") or details or response.reason or "no explanation"
    return ErrorBody(
        code=said.get("code"),
        message=message,
        details=details if details != message else None,
        request_id=request_id_of(response) or said.get("request_id"),
    )


def _from_json(body: bytes) -> dict[str, str] | None:
    """What a JSON body says, {} where it says nothing; None where it is no JSON."""
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    found = list(_errors(decoded))
    if not found:
        return {"message": _clip(decoded)} if decoded not in (None, "", {}, []) else {}
    first = dict(found[0])
    texts = [error["message"] for error in found if "message" in error]
    if texts:
        # Several errors of one answer are told together, each once, in their order.
        first["message"] = _clip("; ".join(dict.fromkeys(texts)))
    return first


def _errors(node: Any) -> Iterator[dict[str, str]]:
    """The errors inside a decoded body, outermost first."""
    if isinstance(node, list):
        for item in node:
            yield from _errors(item)
    if not isinstance(node, dict):
        return
    for wrapper in ("errors", "error"):
        if isinstance(node.get(wrapper), list):
            yield from _errors(node[wrapper])
            return
    names = {
        "code": ("code", "error", "errorCode"),
        "message": ("message", "Message", "error_description", "detail", "errorDetails"),
        "details": ("details",),
        "request_id": ("requestId", "request_id"),
    }
    error = {
        ours: _clip(node[theirs])
        for ours, candidates in names.items()
        for theirs in candidates[::-1]
        if node.get(theirs) not in (None, "", [], {})
    }
    if error:
        yield error


def _from_text(body: bytes) -> dict[str, str]:
    text = body.strip()
    if not text.startswith(b"<"):
        return {"message": _clip(text.decode("utf-8", errors="replace"))}
    if b"<Error>" in text[:1000]:
        # S3 also echoes key ids and signatures: nothing but these three leaves this function.
        parser = lxml.etree.XMLParser(recover=True, resolve_entities=False, no_network=True)
        root = lxml.etree.fromstring(text, parser)
        names = {"code": "Code", "message": "Message", "request_id": "RequestId"}
        if root is not None:
            found = {ours: root.findtext(theirs) for ours, theirs in names.items()}
            return {ours: _clip(value) for ours, value in found.items() if value}
    try:
        page = lxml.html.fromstring(text)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError, ValueError):
        return {}
    lxml.etree.strip_elements(page, "script", "style", with_tail=False)
    return {"message": _clip(" ".join(str(text) for text in page.itertext()))}


def _clip(value: Any) -> str:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return redact(" ".join(text.split())[:MAX_TEXT])
