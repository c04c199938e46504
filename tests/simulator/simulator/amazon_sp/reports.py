"""Reports 2021-06-30: create, list, poll, and the document's presigned URL."""

from __future__ import annotations

import gzip
import json
from datetime import datetime, timedelta
from typing import Any

from flask import Response

from simulator.amazon_sp import (
    all_orders,
    fba_charges,
    fba_reports,
    listings,
    operations,
    settlement_reports,
)
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import check_marketplaces, invalid, not_found
from simulator.amazon_sp.parameters import Parameter, instant, iso, json_body, read
from simulator.amazon_sp.report_types import Asked, ReportType
from simulator.amazon_sp.tasks import STATUSES, Task, Tasks
from simulator.faults import Fault, Kind
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation

URL_SECONDS = 300
_TOKEN_SECONDS = 86_400
_DEFAULT_WINDOW = timedelta(days=30)
_ERROR_DETAILS = "The requested data is unavailable. Please try a different date range."

REPORT_TYPES: dict[str, ReportType] = {
    **all_orders.REPORT_TYPES,
    **fba_reports.REPORT_TYPES,
    **fba_charges.REPORT_TYPES,
    **listings.REPORT_TYPES,
}
"""What createReport takes; each family of reports has its own."""

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
    cursors: Cursors[dict[str, Any]] = Cursors(simulation.clock, _TOKEN_SECONDS)

    def made_by_amazon(call: Call) -> list[dict[str, Any]]:
        now = simulation.clock.now()
        return settlement_reports.listed(simulation.world, call.caller.region, now)

    asked_for: dict[str, Asked] = {}

    @gateway.operation(operations.CREATE_REPORT)
    def create_report(call: Call) -> Response:
        body = json_body(_MEMBERS, frozenset({"reportType", "marketplaceIds"}))
        made, region, world = _report_type(body), call.caller.region, simulation.world
        _check_body(body, region, made)
        end = _instant(body, "dataEndTime") or world.now
        start = _instant(body, "dataStartTime") or end - _DEFAULT_WINDOW
        if start > end:
            raise invalid("Invalid input", "dataStartTime must not be after dataEndTime.")

        asked = Asked(
            world, region, tuple(body["marketplaceIds"]), start, end,
            body.get("reportOptions", {}), call.fault,
        )  # fmt: skip
        fault = call.fault
        if fault is None and _is_too_soon(tasks, call, body, made, simulation.clock.now()):
            fault = Fault(operations.CREATE_REPORT.name, Kind.REPORT_FATAL_BARE)

        def render() -> bytes | None:
            return made.render(asked)

        task = tasks.create(call.caller.account, body["reportType"], body, render, fault)
        asked_for[task.task_id] = asked
        return json_response({"reportId": task.task_id}, 202)

    @gateway.operation(operations.GET_REPORT)
    def get_report(call: Call, report_id: str) -> Response:
        read({})
        if tasks.find(call.caller.account, report_id) is None:
            for report in made_by_amazon(call):
                if report["reportId"] == report_id:
                    return json_response(report)
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
            known = [_report(tasks, task) for task in tasks.of(call.caller.account)]
            if not settlement_reports.UNREQUESTABLE.isdisjoint(arguments["reportTypes"]):
                known += made_by_amazon(call)
            matching = [report for report in known if _fits(report, arguments)]
            page = cursors.first(matching, arguments.get("pageSize", 10), None, call)
        body: dict[str, Any] = {"reports": page.rows}
        if page.next_token:
            body["nextToken"] = page.next_token
        return json_response(body)

    @gateway.operation(operations.GET_REPORT_DOCUMENT)
    def get_report_document(call: Call, document_id: str) -> Response:
        arguments = read({"enableContentEncodingUrlHeader": Parameter("boolean")})
        found = settlement_reports.document(simulation.world, call.caller.region, document_id)
        if found is None:
            task = _found(tasks, call, document_id.removeprefix(Task.DOCUMENT_PREFIX))
            found = _document(tasks, task, asked_for[task.task_id])
        content, media_type = found
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
    if body["reportType"] in settlement_reports.UNREQUESTABLE:
        raise invalid("Invalid input", "Amazon makes this report; it cannot be requested.")
    made = REPORT_TYPES.get(body["reportType"])
    if made is None:
        raise invalid("Invalid input", f"Report type {body['reportType']} is not supported.")
    return made


def _is_too_soon(
    tasks: Tasks, call: Call, body: dict[str, Any], made: ReportType, now: datetime
) -> bool:
    """Whether the same report was made so lately that Amazon lets another one fail."""
    if made.regeneration is None:
        return False
    return any(
        task.what == body["reportType"]
        and task.request == body
        and now - task.created_at < made.regeneration
        and tasks.status(task) not in ("FATAL", "CANCELLED")
        for task in tasks.of(call.caller.account)
    )


def _check_body(body: dict[str, Any], region: str, made: ReportType) -> None:
    markets = body["marketplaceIds"]
    if not isinstance(markets, list) or not 1 <= len(markets) <= 25:
        raise invalid("Invalid input", "marketplaceIds takes 1 to 25 values.")
    check_marketplaces(markets, region)
    options = body.get("reportOptions", {})
    if not isinstance(options, dict) or not all(isinstance(v, str) for v in options.values()):
        raise invalid("Invalid input", "reportOptions maps text to text.")
    for name, value in options.items():
        if value not in made.options.get(name, ()):
            raise invalid("Invalid input", f"Report option {name}={value} is not supported.")
    if made.has_window and not {"dataStartTime", "dataEndTime"} <= body.keys():
        raise invalid("Invalid input", "dataStartTime and dataEndTime are required.")
    if made.one_marketplace and len(markets) != 1:
        raise invalid("Invalid input", "This report takes exactly one marketplace.")


def _instant(body: dict[str, Any], name: str) -> datetime | None:
    return instant(name, body[name]) if name in body else None


def _found(tasks: Tasks, call: Call, task_id: str) -> Task:
    task = tasks.find(call.caller.account, task_id)
    if task is None:
        raise not_found(f"Report {task_id} does not exist.")
    return task


def _fits(report: dict[str, Any], arguments: dict[str, Any]) -> bool:
    statuses, markets = arguments.get("processingStatuses"), arguments.get("marketplaceIds")
    created = datetime.fromisoformat(report["createdTime"])
    return (
        report["reportType"] in arguments["reportTypes"]
        and (statuses is None or report["processingStatus"] in statuses)
        and (markets is None or not set(markets).isdisjoint(report["marketplaceIds"]))
        and arguments.get("createdSince", created) <= created
        and arguments.get("createdUntil", created) >= created
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


def _document(tasks: Tasks, task: Task, asked: Asked) -> tuple[bytes, str]:
    if tasks.document_of(task, tasks.status(task)) == "error":
        return json.dumps({"errorDetails": _ERROR_DETAILS}).encode(), "application/json"
    content = tasks.content(task)
    if content is None:
        raise not_found("The document does not exist.")
    return content, REPORT_TYPES[task.what].content_type(asked)
