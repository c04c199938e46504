"""Exports: entities in bulk, made while the client waits; five at a time per endpoint."""

from __future__ import annotations

import base64
import gzip
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, request

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import json_object, require_accept, require_content_type
from simulator.amazon_ads.entities import iso
from simulator.amazon_ads.export_rows import EXPORTS
from simulator.amazon_ads.pages import Row
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world.ads.entities import Profile
from simulator.world.events import AdProduct
from simulator.world.randomness import chance

MAX_IN_FLIGHT = 5
"""Unfinished exports per endpoint of one client."""
URL_SECONDS = 3600
KEPT_SECONDS = 24 * 3600
"""How long after its end an export mints URLs."""
_SHARE_OF_REPORT = 0.25
"""An export takes a quarter of the time of a report."""
_STATES = ("ENABLED", "PAUSED", "ARCHIVED")
_LEVELS = ("AD_GROUP", "CAMPAIGN")
_TYPES = (
    "AUDIENCE", "AUTO", "KEYWORD", "PRODUCT", "PRODUCT_AUDIENCE", "PRODUCT_CATEGORY",
    "PRODUCT_CATEGORY_AUDIENCE", "THEME",
)  # fmt: skip
_BASE: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    # Filter: what it takes, and what it is where absent.
    "adProductFilter": (tuple(product.value for product in AdProduct),) * 2,
    "stateFilter": (_STATES, ("ENABLED", "PAUSED")),
}
_OF_TARGETS: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "negativeFilter": ((False, True),) * 2,
    "targetLevelFilter": (_LEVELS,) * 2,
    "targetTypeFilter": (_TYPES,) * 2,
}
_FIELDS = {
    "stateFilter": "state",
    "negativeFilter": "negative",
    "targetLevelFilter": "targetLevel",
    "targetTypeFilter": "targetType",
}


def media_type(kind: str) -> str:
    """The one type of a kind's requests, answers and status."""
    return f"application/vnd.{kind.lower()}export.v1+json"


@dataclass
class Export:
    """One export that was asked for."""

    export_id: str
    kind: str
    profile: Profile
    filters: dict[str, list[Any]]
    created_at: datetime
    ready: float
    """Scaled seconds of the simulator's clock."""
    fate: Kind | None
    content: bytes | None = None


class Exports:
    """All exports of a running simulator."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._exports: dict[str, Export] = {}
        self._lock = threading.Lock()

    def create(self, call: Call, kind: str, profile: Profile, filters: dict[str, Any]) -> Row:
        """Accept an export, unless five of its kind are under way (429)."""
        clock = self._simulation.clock
        with self._lock:
            under_way = [
                export
                for export in self._exports.values()
                if export.kind == kind and not self._is_over(export)
            ]
            if len(under_way) >= MAX_IN_FLIGHT:
                raise Refusal(429, message="Too Many Requests")
            random = chance(self._simulation.world.seed, "ads export", len(self._exports), kind)
            seconds = random.uniform(*self._simulation.latencies.ads_reports) * _SHARE_OF_REPORT
            export = Export(
                base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="),
                kind, profile, filters, clock.now(), clock.elapsed() + seconds,
                call.fault.fault if call.fault else None,
            )  # fmt: skip
            self._exports[export.export_id] = export
        return self._told(export)

    def get(self, export_id: str, profile_id: str) -> tuple[Export, Row]:
        """An export and its state; each look at a finished one mints another URL."""
        export = self._exports.get(export_id)
        is_gone = (
            export is None
            or export.profile.profile_id != profile_id
            or self._simulation.clock.elapsed() > export.ready + KEPT_SECONDS
        )
        if export is None or is_gone:
            raise Refusal(404, message="Could not find resource based on request")
        return export, self._told(export)

    def _is_over(self, export: Export) -> bool:
        is_stuck = export.fate is Kind.REPORT_STUCK
        return not is_stuck and self._simulation.clock.elapsed() >= export.ready

    def _told(self, export: Export) -> Row:
        told = {"exportId": export.export_id, "createdAt": iso(export.created_at)}
        if not self._is_over(export):
            # The guide's word for what the contract calls PROCESSING.
            is_unknown = export.fate is Kind.REPORT_UNKNOWN
            return {**told, "status": "IN_PROGRESS" if is_unknown else "PROCESSING"}
        if export.fate in {Kind.REPORT_FATAL, Kind.REPORT_FATAL_BARE}:
            error = {"errorCode": "INTERNAL_ERROR", "message": "The export has failed."}
            return {**told, "status": "FAILED", "error": error}
        clock, storage = self._simulation.clock, self._simulation.documents
        key = f"ads-exports/{export.export_id}/{export.kind}.json.gz"
        with self._lock:
            if export.content is None:
                export.content = gzip.compress(self._document(export), compresslevel=1, mtime=0)
                storage.put(key, export.content, "application/octet-stream")
        lifetime = clock.expiry(URL_SECONDS) - clock.elapsed()
        return {
            **told,
            "status": "COMPLETED",
            "generatedAt": iso(clock.now()),
            "fileSize": len(export.content),
            "url": storage.presign(key, URL_SECONDS),
            "urlExpiresAt": iso(clock.now() + timedelta(seconds=lifetime)),
        }

    def _document(self, export: Export) -> bytes:
        rows = [] if export.fate is Kind.REPORT_EMPTY else list(self._rows(export))
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":")).encode()

    def _rows(self, export: Export) -> Iterator[Row]:
        filters = {_FIELDS[n]: v for n, v in export.filters.items() if n in _FIELDS}
        for product in export.filters["adProductFilter"]:
            rows = EXPORTS[export.kind](self._simulation.world, export.profile, AdProduct(product))
            for row in rows:
                if all(row[field] in values for field, values in filters.items()):
                    yield {name: value for name, value in row.items() if name != "targetLevel"}


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the four kinds as ``ads.exports.<kind>``, and the look at one."""
    exports = Exports(simulation)
    for kind in EXPORTS:
        _serve_kind(gateway, exports, kind)

    @gateway.operation(
        Operation("ads.exports.get", "GET", "/exports/<export_id>", rate=10, burst=30)
    )
    def get(call: Call, export_id: str) -> Response:
        export, told = exports.get(export_id, call.caller.account)
        require_accept(media_type(export.kind))
        return json_response(told, mimetype=media_type(export.kind))


def _serve_kind(gateway: Gateway, exports: Exports, kind: str) -> None:
    @gateway.operation(
        Operation(f"ads.exports.{kind}", "POST", f"/{kind}/export", rate=2, burst=10)
    )
    def create(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_content_type(media_type(kind))
        require_accept(media_type(kind))
        filters = _filters({**_BASE, **(_OF_TARGETS if kind == "targets" else {})})
        told = exports.create(call, kind, profile, filters)
        return json_response(told, 202, media_type(kind))


def _filters(known: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]]) -> dict[str, list[Any]]:
    body = json_object(known) if request.get_data() else {}
    filters: dict[str, list[Any]] = {}
    for name, (taken, default) in known.items():
        values = body.get(name, list(default))
        if not isinstance(values, list) or not values or any(v not in taken for v in values):
            raise Refusal(400, message=f"{name} takes a list of {', '.join(map(str, taken))}")
        filters[name] = values
    return filters
