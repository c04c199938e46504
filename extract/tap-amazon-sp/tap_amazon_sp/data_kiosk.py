"""Data Kiosk 2023-11-15 as a backend of the report queue, and the text of its queries.

A query is a field of a GraphQL schema with arguments and a selection; the answer is one document
of JSON lines, each line one element of the queried list. DONE without a document means that there
is no data. A long answer has pages: the same query with a `paginationToken` gives the next.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

from amazon_client.downloads import DocumentLocation
from amazon_client.errors import AccessDenied, NotFound
from amazon_client.extraction import Progress, ReportStatus, Request
from amazon_client.operations import Operation
from amazon_client.singer.schema import Columns, flatten
from tap_amazon_sp.client import SellingPartner, needs_role
from tap_amazon_sp.datasets import KioskQuery
from tap_amazon_sp.query_fields import named_in, selected, without

logger = logging.getLogger(__name__)

_PATH = "/dataKiosk/2023-11-15"
GET_QUERIES = Operation("getQueries", "GET", f"{_PATH}/queries", rate=0.0222, burst=10)
CREATE_QUERY = Operation(
    "createQuery", "POST", f"{_PATH}/queries", rate=0.0167, burst=15, repeatable=False
)
GET_QUERY = Operation("getQuery", "GET", f"{_PATH}/queries/{{queryId}}", rate=2.0, burst=15)
GET_DOCUMENT = Operation(
    "getDocument", "GET", f"{_PATH}/documents/{{documentId}}", rate=0.0167, burst=15
)

MAX_QUERY_LENGTH = 8000
"""Characters, white space not counted, that Amazon takes."""
_LOST = ("CANCELLED", "FATAL")


class DateGranularity(Enum):
    """GraphQL enum of both schemas."""

    DAY = "DAY"


class Name(Enum):
    """Further values of GraphQL enums, which stand in a query without quotes."""

    CHILD = "CHILD"
    MSKU = "MSKU"
    FBA_FULFILLMENT_FEE = "FBA_FULFILLMENT_FEE"
    FBA_STORAGE_FEE = "FBA_STORAGE_FEE"


def query_text(schema: str, field: str, arguments: Mapping[str, Any], columns: Columns) -> str:
    """Return the query for `field` of `schema` that selects what the columns take.

    Args:
        schema: Root field with the schema's version, `analytics_salesAndTraffic_2024_04_24`.
        field: The queried list.
        arguments: Strings, numbers, enums, and lists and mappings of them.
        columns: Their paths are the selection; columns that Amazon does not fill are passed over.

    Raises:
        ValueError: The query is longer than Amazon takes.
    """
    listed = " ".join(f"{name}:{_literal(value)}" for name, value in arguments.items())
    text = f"{{{schema}{{{field}({listed}){_selection(columns)}}}}}"
    length = len("".join(text.split()))
    if length > MAX_QUERY_LENGTH:
        raise ValueError(f"The query has {length} characters, Amazon takes {MAX_QUERY_LENGTH}")
    return text


def _literal(value: Any) -> str:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Mapping):
        return "{" + " ".join(f"{key}:{_literal(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + " ".join(map(_literal, value)) + "]"
    return json.dumps(value)


def _selection(columns: Columns) -> str:
    tree: dict[str, Any] = {}
    for column in flatten(columns):
        node = tree
        for step in column.path:
            node = node.setdefault(step, {})
    return _braces(tree)


def _braces(tree: Mapping[str, Any]) -> str:
    parts = (f"{name}{_braces(below) if below else ''}" for name, below in tree.items())
    return "{" + " ".join(parts) + "}"


class DataKiosk:
    """The queries of one seller in one region. Shared by threads."""

    max_in_flight: int | None = None

    def __init__(self, region: str, partner: SellingPartner) -> None:
        """Serve the seller `partner`."""
        self.name = f"data kiosk {region}"
        self._partner = partner
        self._call = partner.http.call
        self._refused = partner.refused_fields

    def create(self, request: Request) -> str:
        """Submit the query, or the one for its next page, and return its id.

        Raises:
            AccessDenied: naming the role that the query needs.
        """
        assert isinstance(request.dataset, KioskQuery)
        while True:
            text = self._allowed(request.body["query"])
            body = {"query": text}
            if request.continuation:
                body["paginationToken"] = request.continuation
            try:
                return str(self._call(CREATE_QUERY, json=body).data["queryId"])
            except AccessDenied as error:
                role = request.dataset.role
                if not self._leave_out(text, error, role):
                    raise needs_role(error, request.dataset.report_type, role) from error

    def _allowed(self, text: str) -> str:
        """The query without fields that this run knows to be refused."""
        refused = [path for path in selected(text) if ".".join(path) in self._refused]
        return without(text, refused) if refused else text

    def _leave_out(self, text: str, refusal: AccessDenied, role: str) -> bool:
        """Remember the fields that Amazon refuses; whether there are any, and others beside them.

        The whole query is refused where the role for all of it is missing.
        """
        named = named_in(refusal.message, text)
        if not named or len(named) == len(selected(text)):
            return False
        self._refused.update(".".join(path) for path in named)
        logger.warning(
            "%s: the application may not read %s (the role %s, or one for business customers, is "
            "missing): asked without, their columns stay empty",
            self.name,
            ", ".join(sorted({".".join(path) for path in named})),
            role,
        )
        return True

    def find(self, request: Request, since: datetime) -> str | None:
        """Return the id of the first such query submitted at or after `since`.

        Further pages are not looked for. Amazon's list does not tell the pages of a query apart:
        a page asked for twice costs a call, the wrong one taken for it would cost the data.
        """
        if request.continuation:
            return None
        text = _squeezed(self._allowed(request.body["query"]))
        found = [
            query
            for query in self._list(since)
            if _squeezed(query["query"]) == text and query["processingStatus"] not in _LOST
        ]
        first = min(found, key=lambda query: str(query["createdTime"]), default=None)
        return str(first["queryId"]) if first else None

    def poll(self, request: Request, report_id: str) -> ReportStatus:
        """Return how far the query is."""
        try:
            query = self._call(GET_QUERY, path_params={"queryId": report_id}).data
        except NotFound:
            return ReportStatus(
                Progress.EXPIRED, "NotFound", reason="Amazon no longer knows the query"
            )
        status = str(query["processingStatus"])
        if status == "DONE":
            return _done(query)
        if status == "CANCELLED":
            return ReportStatus(Progress.FAILED, status, reason="the query was cancelled")
        if status == "FATAL":
            return ReportStatus(Progress.FAILED, status, reason=self._reason(query))
        return ReportStatus(Progress.RUNNING, status)

    def locate(
        self, request: Request, report_id: str, handle: str | None, *, fresh: bool
    ) -> DocumentLocation:
        """Return the document's presigned address: Amazon makes a new one with each call."""
        return self._locate(str(handle))

    def _locate(self, document_id: str) -> DocumentLocation:
        document = self._call(GET_DOCUMENT, path_params={"documentId": document_id}).data
        return DocumentLocation(document["documentUrl"])

    def _reason(self, query: Mapping[str, Any]) -> str:
        document_id = query.get("errorDocumentId")
        if not document_id:
            return "Amazon gives no reason"
        text = self._partner.read_small_document(lambda: self._locate(document_id))
        return " ".join(text.split()) or "Amazon's explanation is empty"

    def _list(self, since: datetime) -> Iterator[Mapping[str, Any]]:
        query: dict[str, Any] = {"pageSize": 100, "createdSince": since}
        while True:
            page = self._call(GET_QUERIES, query=query).data
            yield from page["queries"]
            token = (page.get("pagination") or {}).get("nextToken")
            if not token:
                return
            query["paginationToken"] = token


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _done(query: Mapping[str, Any]) -> ReportStatus:
    finished = query.get("processingEndTime")
    document_id = query.get("dataDocumentId")
    continuation = (query.get("pagination") or {}).get("nextToken")
    if continuation and not document_id:
        return ReportStatus(
            Progress.FAILED, "DONE", reason="there are more pages, but this one has no document"
        )
    return ReportStatus(
        Progress.DONE if document_id else Progress.NO_DATA,
        "DONE",
        datetime.fromisoformat(finished) if finished else None,
        handle=document_id,
        continuation=continuation,
    )


def marketplaces_argument(marketplace_ids: Iterable[str] | None) -> list[str]:
    """The `marketplaceIds` argument, in a stable order so that equal requests are equal texts."""
    return sorted(marketplace_ids or ())
