"""Bulk operations: one query at a time, worked off in the background, told as JSON lines."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    execute_sync,
    get_named_type,
    parse,
    validate,
    visit,
)

from simulator.clock import Clock
from simulator.credentials import ShopifyToken
from simulator.documents import Storage
from simulator.faults import Kind
from simulator.shopify.access import Context
from simulator.shopify.values import Node, gid, instant

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

RESULT_SECONDS = 7 * 86_400
_MAX_CONNECTIONS, _MAX_DEPTH = 5, 2
_FATES = {Kind.REPORT_FATAL: "FAILED", Kind.REPORT_CANCELLED: "CANCELED"}


@dataclass
class Operation:
    """One bulk query and its result."""

    number: int
    query: str
    created_at: datetime
    ready_at: float
    """On the clock's ``elapsed``."""
    fate: Kind | None
    rendered: threading.Event = field(default_factory=threading.Event)
    lines: list[str] = field(default_factory=list)
    roots: int = 0
    error: bool = False

    @property
    def id(self) -> str:
        """The global id."""
        return gid("BulkOperation", self.number)


class BulkOperations:
    """Every bulk operation of the shop, by app."""

    def __init__(self, clock: Clock, storage: Storage, seconds: float) -> None:
        self._clock, self._storage, self._seconds = clock, storage, seconds
        self._operations: dict[str, list[Operation]] = {}
        self._lock = threading.Lock()
        self.schema: GraphQLSchema | None = None
        self.next_fate: Kind | None = None
        """What a fault does to the operation that is created next."""

    def run(
        self,
        view: ShopView,
        token: ShopifyToken,
        query: str,
        groupObjects: bool = True,
    ) -> Node:
        """The mutation: refuse, or begin."""
        with self._lock:
            mine = self._operations.setdefault(token.access_token, [])
            if mine and self._status(mine[-1]) in ("CREATED", "RUNNING"):
                under_way = "A bulk query operation for this app and shop is already in progress"
                return _refusal(None, f"{under_way}: {mine[-1].id}.", "OPERATION_IN_PROGRESS")
            document, mistake = self._parsed(query)
            if document is None:
                return _refusal(["query"], mistake, "INVALID")
            fate, self.next_fate = self.next_fate, None
            number = 5_000_000_000_000 + sum(map(len, self._operations.values())) + 1
            ready = self._clock.elapsed() + self._seconds
            operation = Operation(number, query, self._clock.now(), ready, fate)
            mine.append(operation)
        worker = threading.Thread(
            target=self._render, args=(operation, view, token, document, groupObjects), daemon=True
        )
        worker.start()
        return {"bulkOperation": self._node(operation), "userErrors": []}

    def latest(self, token: ShopifyToken) -> Node | None:
        """The app's youngest operation."""
        mine = self._operations.get(token.access_token, [])
        return self._node(mine[-1]) if mine else None

    def get(self, token: ShopifyToken, wanted: str) -> Node | None:
        """An operation of the app by its id."""
        mine = self._operations.get(token.access_token, [])
        return next((self._node(operation) for operation in mine if operation.id == wanted), None)

    def _parsed(self, query: str) -> tuple[DocumentNode | None, str]:
        assert self.schema is not None
        try:
            document = parse(query)
        except GraphQLError as mistake:
            return None, f"Invalid bulk query: {mistake.message}"
        if mistakes := validate(self.schema, document):
            return None, f"Invalid bulk query: {mistakes[0].message}"
        counter = _Connections(self.schema)
        visit(document, TypeInfoVisitor(counter.types, counter))
        if not counter.count:
            return None, "Invalid bulk query: must contain at least one connection field."
        if counter.count > _MAX_CONNECTIONS or counter.deepest > _MAX_DEPTH:
            return None, "Bulk queries cannot contain more than 5 connections, nested 2 deep."
        return document, ""

    def _render(
        self,
        operation: Operation,
        view: ShopView,
        token: ShopifyToken,
        document: DocumentNode,
        is_grouped: bool,
    ) -> None:
        from simulator.shopify.roots import roots

        assert self.schema is not None
        try:
            result = execute_sync(
                self.schema,
                document,
                root_value=roots(view, self),
                context_value=Context(token, is_bulk=True),
            )
            operation.error = bool(result.errors)
            found = [node for part in (result.data or {}).values() for node in _nodes(part) or []]
            if operation.fate is Kind.REPORT_EMPTY:
                found = []
            operation.roots = len(found)
            objects = [line for node in found for line in _flat(node, None)]
            if not is_grouped:
                objects.sort(key=lambda line: "__parentId" in line)
            operation.lines = [json.dumps(line, ensure_ascii=False) for line in objects]
            if operation.lines:
                text = "\n".join(operation.lines) + "\n"
                name = f"shopify/bulk-{operation.number}.jsonl"
                self._storage.put(name, text.encode(), "application/jsonl")
        finally:
            operation.rendered.set()

    def _status(self, operation: Operation) -> str:
        if operation.fate is Kind.REPORT_STUCK:
            return "RUNNING"
        if self._clock.elapsed() < operation.ready_at or not operation.rendered.is_set():
            return "RUNNING"
        if operation.error:
            return "FAILED"
        return _FATES.get(operation.fate, "COMPLETED") if operation.fate else "COMPLETED"

    def _node(self, operation: Operation) -> Node:
        status = self._status(operation)
        done = status == "COMPLETED"
        url = size = None
        if done and operation.lines:
            url = self._storage.presign(f"shopify/bulk-{operation.number}.jsonl", RESULT_SECONDS)
            size = str(sum(len(line.encode()) + 1 for line in operation.lines))
        ended = operation.created_at + timedelta(seconds=self._seconds)
        failed = "ACCESS_DENIED" if operation.error else "INTERNAL_SERVER_ERROR"
        return {
            "__typename": "BulkOperation",
            "id": operation.id,
            "type": "QUERY",
            "query": operation.query,
            "status": status,
            "errorCode": failed if status == "FAILED" else None,
            "createdAt": instant(operation.created_at),
            "completedAt": instant(ended) if done else None,
            "objectCount": str(len(operation.lines)) if done else "0",
            "rootObjectCount": str(operation.roots) if done else "0",
            "fileSize": size,
            "url": url,
            "partialDataUrl": None,
        }


def _refusal(field_: list[str] | None, message: str, code: str) -> Node:
    return {
        "bulkOperation": None,
        "userErrors": [{"field": field_, "message": message, "code": code}],
    }


class _Connections(Visitor):
    """Counts the connections of a document, and how deep they lie in each other."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.count = self.deepest = self._depth = 0

    def _is_connection(self) -> bool:
        type_ = self.types.get_type()
        return type_ is not None and get_named_type(type_).name.endswith("Connection")

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        if self._is_connection():
            self.count, self._depth = self.count + 1, self._depth + 1
            self.deepest = max(self.deepest, self._depth)

    def leave_field(self, node: FieldNode, *_: Any) -> None:
        if self._is_connection():
            self._depth -= 1


def _nodes(value: Any) -> list[Node] | None:
    """The nodes of a connection's result; None for anything else."""
    if not isinstance(value, dict) or not value.keys() & {"edges", "nodes"}:
        return None
    return [edge["node"] for edge in value.get("edges", [])] or list(value.get("nodes", []))


def _flat(node: Node, parent: str | None) -> Iterator[Node]:
    """An object without its connections, then what these hold, each naming its parent."""
    children = {name: found for name, value in node.items() if (found := _nodes(value)) is not None}
    line = {name: value for name, value in node.items() if name not in children}
    yield line if parent is None else {**line, "__parentId": parent}
    for found in children.values():
        for child in found:
            yield from _flat(child, node["id"])
