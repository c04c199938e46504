"""Pages of any list: what is on one, its faults, and tokens that are good for one request only."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any

from simulator.faults import Kind
from simulator.gateway import Call, Refusal

Row = dict[str, Any]
_OVERLAP = 3
"""Rows that a faulty page repeats or leaves out."""


def page(call: Call, rows: list[Row], start: int, size: int) -> list[Row]:
    """The rows of one page, with what a fault does to them."""
    first = max(0, start - _OVERLAP) if call.suffers(Kind.REPEATED_PAGE) else start
    told = rows[first : start + size][:size]
    if call.suffers(Kind.MISSING_ROWS):
        told = told[_OVERLAP:]
    if call.suffers(Kind.UNKNOWN_ENUM) and told and "state" in told[0]:
        is_lower = told[0]["state"].islower()
        told = [{**told[0], "state": "quarantined" if is_lower else "QUARANTINED"}, *told[1:]]
    return told[::-1] if call.suffers(Kind.UNSORTED_PAGES) else told


def token(start: int, seal: str) -> str:
    """A token for the page that begins at a row; ``seal`` is all else that the request says."""
    digest = hashlib.sha256(f"{start} {seal}".encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(f"{start}.{digest}".encode()).decode()


def opened(given: Any, seal: str, name: str = "nextToken") -> int:
    """Where a page starts; a token of another profile, operation or filter is refused."""
    if given is None:
        return 0
    try:
        start = int(base64.urlsafe_b64decode(given).decode().partition(".")[0])
    except (TypeError, ValueError, binascii.Error):
        start = -1
    if start < 0 or given != token(start, seal):
        raise Refusal(400, message=f"{name} is invalid for this request")
    return start
