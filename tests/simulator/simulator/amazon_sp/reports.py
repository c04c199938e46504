"""Reports 2021-06-30: create, list, poll, and the document's presigned URL."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from simulator.amazon_sp import all_orders, operations
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import check_marketplaces, invalid, not_found
from simulator.amazon_sp.parameters import Parameter, instant, iso, json_body, read
from simulator.amazon_sp.tasks import STATUSES, Task, Tasks
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World

URL_SECONDS = 300
_TOKEN_SECONDS = 86_400
_DEFAULT_WINDOW = timedelta(days=30)
_ERROR_DETAILS = "The requested data is unavailable. Please try a different date range."

Render = Callable[[World, str, datetime, datetime], bytes | None]


@dataclass(frozen=True)
class ReportType:
    """How one report is made: from a world, a region and a window."""

    render: Render
    content_type: Callable[[str], str]


REPORT_TYPES: dict[str, ReportType] = {
    "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": ReportType(
        all_orders.by_last_update, all_orders.content_type
    ),
    "GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": ReportType(
        all_orders.by_order_date, all_orders.content_type
    ),
}
"""Each further report (settlements, ledger, listings, …) adds its entry here."""

_LIST = {
    "reportTypes": Parameter("list", most=10),
    "processingStatuses": Parameter("list", choices=STATUSES),
    "marketplaceIds": Parameter("list", most=10),
    "pageSize": Parameter("integer", most=100),
    "createdSince": Parameter("instant"),
    "createdUntil": Parameter("instant"),
    "nextToken": Parameter(),
}
_MEMBERS = frozenset(
    {"reportType", "marketplaceIds", "dataStartTime", "dataEndTime", "reportOptions"}
)


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""
    # An all-orders report without any order ends CANCELLED, and Amazon never says why.
    tasks = Tasks(simulation, "5", ends_without_data="CANCELLED")
    cursors: Cursors[Task] = Cursors(simulation.clock, _TOKEN_SECONDS)

    @gateway.operation(operations.CREATE_REPORT)
    def create_report(call: Call) -> Response:
        body = json_body(_MEMBERS, frozenset({"reportType", "marketplaceIds"}))
        made, region, world = _report_type(body), call.caller.region, simulation.world
        _check_body(body, region)
        end = _instant(body, "dataEndTime") or world.now
        start = _instant(body, "dataStartTime") or end - _DEFAULT_WINDOW
        if start > end:
            raise invalid("Invalid input", "dataStartTime must not be after dataEndTime.")

        def render() -> bytes | None:
            return made.render(world, region, start, end)

        task = tasks.create(call.caller.account, body["reportType"], body, render, call.fault)
        return json_response({"reportId": task.task_id}, 202)

    @gateway.operation(operations.GET_REPORT)
    def get_report(call: Call, report_id: str) -> Response:
        read({})
        return json_response(_report(tasks, _found(tasks, call, report_id)))

    @gateway.operation(operations.GET_REPORTS)
    def get_reports(call: Call) -> Response:
        arguments = read(_LIST)
        if token := arguments.get("nextToken"):
            if len(arguments) > 1:
                raise invalid("Invalid input", "nextToken must be the only parameter.")
            page = cursors.next(token, None, call)
        elif "reportTypes" not in arguments:
            raise invalid("Invalid input", "Either reportTypes or nextToken is required.")
        else:
            matching = [
                task for task in tasks.of(call.caller.account) if _fits(tasks, task, arguments)
            ]
            page = cursors.first(matching, arguments.get("pageSize", 10), None, call)
        body: dict[str, Any] = {"reports": [_report(tasks, task) for task in page.rows]}
        if page.next_token:
            body["nextToken"] = page.next_token
        return json_response(body)

    @gateway.operation(operations.GET_REPORT_DOCUMENT)
    def get_report_document(call: Call, document_id: str) -> Response:
        arguments = read({"enableContentEncodingUrlHeader": Parameter("boolean")})
        task = _found(tasks, call, document_id.removeprefix(Task.DOCUMENT_PREFIX))
        content, media_type = _document(tasks, task, call.caller.region)
        encoded = arguments.get("enableContentEncodingUrlHeader", False)
        key = f"{document_id}.gz" if encoded else document_id
        packed = gzip.compress(content, compresslevel=6, mtime=0)
        simulation.documents.put(key, packed, media_type, "gzip" if encoded else None)
        return json_response(
            {
                "reportDocumentId": document_id,
                "url": simulation.documents.presign(key, URL_SECONDS),
                "compressionAlgorithm": "GZIP",
            }
        )


def _report_type(body: dict[str, Any]) -> ReportType:
    made = REPORT_TYPES.get(body["reportType"])
    if made is None:
        raise invalid("Invalid input", f"Report type {body['reportType']} is not supported.")
    return made


def _check_body(body: dict[str, Any], region: str) -> None:
    markets = body["marketplaceIds"]
    if not isinstance(markets, list) or not 1 <= len(markets) <= 25:
        raise invalid("Invalid input", "marketplaceIds takes 1 to 25 values.")
    check_marketplaces(markets, region)
    options = body.get("reportOptions", {})
    if not isinstance(options, dict) or not all(isinstance(v, str) for v in options.values()):
        raise invalid("Invalid input", "reportOptions maps text to text.")
    if options:
        raise invalid("Invalid input", f"Unknown report option: {', '.join(sorted(options))}")


def _instant(body: dict[str, Any], name: str) -> datetime | None:
    return instant(name, body[name]) if name in body else None


def _found(tasks: Tasks, call: Call, task_id: str) -> Task:
    task = tasks.find(call.caller.account, task_id)
    if task is None:
        raise not_found(f"Report {task_id} does not exist.")
    return task


def _fits(tasks: Tasks, task: Task, arguments: dict[str, Any]) -> bool:
    statuses, markets = arguments.get("processingStatuses"), arguments.get("marketplaceIds")
    return (
        task.what in arguments["reportTypes"]
        and (statuses is None or tasks.status(task) in statuses)
        and (markets is None or not set(markets).isdisjoint(task.request["marketplaceIds"]))
        and arguments.get("createdSince", task.created_at) <= task.created_at
        and arguments.get("createdUntil", task.created_at) >= task.created_at
    )


def _report(tasks: Tasks, task: Task) -> dict[str, Any]:
    status = tasks.status(task)
    body = {
        "reportId": task.task_id,
        "reportType": task.what,
        "processingStatus": status,
        "createdTime": iso(task.created_at),
        "marketplaceIds": task.request["marketplaceIds"],
        **{name: iso(moment) for name, moment in tasks.times(task, status).items()},
    }
    for name in ("dataStartTime", "dataEndTime"):
        if name in task.request:
            body[name] = iso(instant(name, task.request[name]))
    if tasks.document_of(task, status):
        body["reportDocumentId"] = task.document_id
    return body


def _document(tasks: Tasks, task: Task, region: str) -> tuple[bytes, str]:
    if tasks.document_of(task, tasks.status(task)) == "error":
        return json.dumps({"errorDetails": _ERROR_DETAILS}).encode(), "application/json"
    content = tasks.content(task)
    if content is None:
        raise not_found("The document does not exist.")
    return content, REPORT_TYPES[task.what].content_type(region)
