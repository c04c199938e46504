"""Data Kiosk 2023-11-15: GraphQL queries that end in a document of JSON lines."""

from __future__ import annotations

import gzip
import json
import re
from typing import Any

from flask import Response
from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    execute_sync,
    parse,
    validate,
)
from graphql.execution.values import get_argument_values

from simulator.amazon_sp import economics, operations, sales_traffic
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import denied, invalid, not_found, over_quota
from simulator.amazon_sp.kiosk_pages import Pages
from simulator.amazon_sp.kiosk_schema import KioskSchema
from simulator.amazon_sp.parameters import Parameter, json_body, read
from simulator.amazon_sp.tasks import STATUSES, Task, Tasks
from simulator.gateway import Call, Gateway, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World

SCHEMAS: tuple[KioskSchema, ...] = (sales_traffic.KIOSK, economics.KIOSK)
BUSINESS_ROLE = "amazon_business"
"""Who lacks it may not read fields that end in B2B."""
LONGEST_QUERY = 8000
URL_SECONDS = 300
_TOKEN_SECONDS = 86_400
_LIST = {
    "processingStatuses": Parameter("list", choices=STATUSES),
    "pageSize": Parameter("integer", most=100),
    "createdSince": Parameter("instant"),
    "createdUntil": Parameter("instant"),
    "paginationToken": Parameter(),
}


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""
    # A query without data ends DONE, only without a document.
    tasks = Tasks(simulation, "DKQ", ends_without_data="DONE")
    cursors: Cursors[Task] = Cursors(simulation.clock, _TOKEN_SECONDS)
    pages = Pages(tasks, simulation)

    @gateway.operation(operations.CREATE_QUERY)
    def create_query(call: Call) -> Response:
        body = json_body(frozenset({"query", "paginationToken"}), frozenset({"query"}))
        text = body["query"]
        schema, document = _parsed(text)
        _check(schema, document, call, simulation)
        twins = (task for task in tasks.of(call.caller.account) if task.what == text)
        if any(tasks.is_open(task) for task in twins):
            raise over_quota("An identical query is being processed.")
        world = simulation.world
        render = pages.continued(body, call.caller.account) or (
            lambda: _lines(schema, world, document)
        )
        task = tasks.create(call.caller.account, text, body, render, call.fault)
        return json_response({"queryId": task.task_id}, 202)

    @gateway.operation(operations.GET_QUERY)
    def get_query(call: Call, query_id: str) -> Response:
        read({})
        return json_response(pages.query(_found(tasks, call, query_id)))

    @gateway.operation(operations.GET_QUERIES)
    def get_queries(call: Call) -> Response:
        arguments = read(_LIST)
        token = arguments.pop("paginationToken", None)
        size = arguments.pop("pageSize", 10)
        if token:
            page = cursors.next(token, arguments, call)
        else:
            matching = [t for t in tasks.of(call.caller.account) if _fits(tasks, t, arguments)]
            page = cursors.first(matching, size, arguments, call)
        body: dict[str, Any] = {"queries": [pages.query(task) for task in page.rows]}
        if page.next_token:
            body["pagination"] = {"nextToken": page.next_token}
        return json_response(body)

    @gateway.operation(operations.GET_QUERY_DOCUMENT)
    def get_document(call: Call, document_id: str) -> Response:
        read({})
        task = _found(tasks, call, document_id.removeprefix(Task.DOCUMENT_PREFIX))
        content, media_type = pages.document(task)
        simulation.documents.put(
            document_id, gzip.compress(content, 6, mtime=0), media_type, content_encoding="gzip"
        )
        url = simulation.documents.presign(document_id, URL_SECONDS)
        return json_response({"documentId": document_id, "documentUrl": url})


def _parsed(text: object) -> tuple[KioskSchema, DocumentNode]:
    """The query as a valid document of its schema. Raises 400 with GraphQL's own words."""
    if not isinstance(text, str) or len(re.sub(r"\s+", "", text)) > LONGEST_QUERY:
        raise invalid("The provided query is invalid.", "A query has at most 8000 characters.")
    try:
        document = parse(text)
    except GraphQLError as error:
        raise invalid("The provided query is invalid.", error.message) from None
    asked = {field.name.value for node in document.definitions for field in _selected(node)}
    schema = next((schema for schema in SCHEMAS if schema.root in asked), SCHEMAS[0])
    if errors := validate(schema.schema, document):
        raise invalid("The provided query is invalid.", "; ".join(e.message for e in errors))
    return schema, document


def _check(schema: KioskSchema, document: DocumentNode, call: Call, simulation: Simulation) -> None:
    """What the schema cannot say: one query at a time, its arguments, and the role."""
    definitions = document.definitions
    fields = _selected(definitions[0]) if len(definitions) == 1 else []
    queries = _selected(fields[0]) if len(fields) == 1 else []
    if len(queries) != 1:
        raise invalid("The provided query is invalid.", "Exactly one query is supported.")
    name, roles = queries[0].name.value, call.caller.grant.roles
    if schema.role not in roles:
        raise _unauthorized([f"{schema.root}.{name}"])
    if BUSINESS_ROLE not in roles and (hidden := sorted(_of_business(queries[0]))):
        raise _unauthorized(hidden)
    root_type = schema.schema.type_map[schema.root_type]
    definition = root_type.fields.get(name)  # type: ignore[attr-defined]
    if definition is None:
        raise invalid("The provided query is invalid.", f"Query '{name}' is not supported.")
    arguments = get_argument_values(definition, queries[0])
    today = simulation.world.now.date()
    schema.check(name, arguments, today, call.caller.region)


def _unauthorized(fields: list[str]) -> Refusal:
    refusal = denied(", ".join(fields))
    refusal.message = "Unauthorized to access requested fields."
    return refusal


def _of_business(node: FieldNode, path: str = "") -> set[str]:
    """Paths of the selected fields that tell of business customers."""
    found = set()
    for field in _selected(node):
        here = f"{path}.{field.name.value}" if path else field.name.value
        found |= {here} if here.endswith("B2B") else _of_business(field, here)
    return found


def _selected(node: object) -> list[FieldNode]:
    assert isinstance(node, OperationDefinitionNode | FieldNode)
    chosen = node.selection_set.selections if node.selection_set else ()
    return [field for field in chosen if isinstance(field, FieldNode)]


def _lines(schema: KioskSchema, world: World, document: DocumentNode) -> bytes | None:
    """One line per element of the queried list, without GraphQL's wrapper."""
    result = execute_sync(schema.schema, document, {schema.root: schema.resolver(world)})
    if result.errors:
        raise result.errors[0]
    (told,) = (result.data or {}).values()
    (rows,) = told.values()
    lines = (json.dumps(row, separators=(",", ":")) for row in rows)
    return ("\n".join(lines) + "\n").encode() if rows else None


def _found(tasks: Tasks, call: Call, task_id: str) -> Task:
    task = tasks.find(call.caller.account, task_id)
    if task is None:
        raise not_found(f"Query {task_id} does not exist.")
    return task


def _fits(tasks: Tasks, task: Task, arguments: dict[str, Any]) -> bool:
    statuses = arguments.get("processingStatuses")
    return (
        (statuses is None or tasks.status(task) in statuses)
        and arguments.get("createdSince", task.created_at) <= task.created_at
        and arguments.get("createdUntil", task.created_at) >= task.created_at
    )
