"""Any failure of the references, switched on for the n-th call of an operation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What goes wrong."""

    # Any operation.
    STATUS = "status"
    """Answer with ``status``; ``body`` is json (the API's own shape), html or empty."""
    HTML = "html"
    """200 with a gateway's HTML page."""
    EMPTY = "empty"
    """200 with no body."""
    TRUNCATED_JSON = "truncated_json"
    """The right answer, cut in the middle."""
    SLOW = "slow"
    """The right answer after ``seconds`` of real time."""
    DROPPED = "dropped"
    """The connection is closed without an answer (after the operation took effect if ``late``)."""
    TOKEN_EXPIRED = "token_expired"
    """The access token is refused as expired, once more than its age justifies."""
    THROTTLED = "throttled"
    """Shopify's GraphQL: 200, no data, and an error that says THROTTLED."""
    # Operation ``download``.
    CUT_GZIP = "cut_gzip"
    """The document ends early and its length says so: only the gzip trailer tells."""
    CUT_BODY = "cut_body"
    """The connection breaks in the middle of the document."""
    EXPIRED_URL = "expired_url"
    # Operations that create a report or query: its fate.
    REPORT_FATAL = "report_fatal"
    """Ends FATAL (FAILED in the Ads API) with an error document or reason."""
    REPORT_FATAL_BARE = "report_fatal_bare"
    """Ends FATAL without any document, as after a request inside the regeneration time."""
    REPORT_CANCELLED = "report_cancelled"
    REPORT_UNKNOWN = "report_unknown"
    """Shows a status that no documentation names before it ends DONE."""
    REPORT_STUCK = "report_stuck"
    """Never ends."""
    REPORT_EMPTY = "report_empty"
    """Ends DONE without data."""
    REPORT_DUPLICATE = "report_duplicate"
    """Is made, and answered (Ads API: 425) as if it had been asked for before."""
    REPORT_LOCALISED = "report_localised"
    """Its header is in the marketplace's language, whatever was asked for."""
    REPORT_RAGGED = "report_ragged"
    """Some rows lack their last empty cells, some have one too many."""
    REPORT_HALVED = "report_halved"
    """It stops in the middle of the rows, and looks whole."""
    # Operations that page.
    UNSORTED_PAGES = "unsorted_pages"
    REPEATED_PAGE = "repeated_page"
    """A page holds rows of the one before it again."""
    MISSING_ROWS = "missing_rows"
    """A page leaves out its first rows: what was listed has changed in between."""
    UNKNOWN_ENUM = "unknown_enum"
    """The first row of a page has a state that no documentation names."""
    PAGES_END_EARLY = "pages_end_early"
    """A page in the middle says that it is the last one."""
    SPLIT_ORDER = "split_order"
    """The lines of one order of the page are told half here, half on the next page."""
    # getOrderMetrics.
    LOOSE_AMOUNTS = "loose_amounts"
    """Amounts are numbers, and an hour without sales has an empty object."""


@dataclass
class Fault:
    """One failure: from the ``nth`` matching call on, ``times`` times (None: from then on)."""

    operation: str
    fault: Kind
    nth: int = 1
    times: int | None = 1
    containing: str = ""
    """Only calls whose path, query or body contain this text count."""
    status: int = 503
    body: str = "json"
    headers: bool = True
    """Whether the answer carries request id and rate limit."""
    code: str | None = None
    message: str | None = None
    retry_after: int | None = None
    seconds: float = 1.0
    late: bool = False
    seen: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        """Accept the kind as plain text, and refuse one that does not exist."""
        self.fault = Kind(self.fault)

    def strikes(self, operation: str, request: str) -> bool:
        """Count a call and say whether the fault happens to it."""
        if operation != self.operation or self.containing not in request:
            return False
        self.seen += 1
        past = self.seen - self.nth
        return past >= 0 and (self.times is None or past < self.times)


class Faults:
    """The failures that are switched on."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, operation: str, fault: str, **details: object) -> Fault:
        """Switch a failure on; see ``Fault`` for the details. Unknown names are refused."""
        added = Fault(operation, Kind(fault), **details)  # type: ignore[arg-type]
        with self._lock:
            self._faults.append(added)
        return added

    def clear(self) -> None:
        """Switch every failure off."""
        with self._lock:
            self._faults.clear()

    def draw(self, operation: str, request: str) -> Fault | None:
        """The failure that happens to this call, if any; every fault counts every call."""
        with self._lock:
            striking = [fault for fault in self._faults if fault.strikes(operation, request)]
        return striking[0] if striking else None
