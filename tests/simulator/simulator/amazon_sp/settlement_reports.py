"""Settlement reports in the Reports API: Amazon makes them, nobody can ask for one.

One document is listed once for each marketplace of the account's region, under report ids of their
own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from simulator.amazon_sp import settlement_file
from simulator.amazon_sp.parameters import iso
from simulator.amazon_sp.tasks import RETENTION
from simulator.world import World
from simulator.world.finance import Settlement
from simulator.world.randomness import chance
from simulator.world.sellers import SHADOW_MARKETPLACE_IDS

REPORT_TYPE = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
UNREQUESTABLE = frozenset({REPORT_TYPE})
_DOCUMENT_PREFIX = "amzn1.spdoc.1.4.settlement-"
_TAKES = timedelta(seconds=41)

Listed = dict[str, Any]


def listed(world: World, region: str, now: datetime) -> list[Listed]:
    """Every listed report of a seller, newest first."""
    found = [
        _report(world, settlement, position, participation.marketplace_id)
        for settlement in world.finance.settlements(region)
        if now - settlement.reported_at <= RETENTION
        for position, participation in enumerate(world.sellers[region].participations)
        if participation.marketplace_id not in SHADOW_MARKETPLACE_IDS
    ]
    return sorted(found, key=lambda report: (report["createdTime"], report["reportId"]))[::-1]


def document(world: World, region: str, document_id: str) -> tuple[bytes, str] | None:
    """A document and its media type; None for ids of other documents."""
    if not document_id.startswith(_DOCUMENT_PREFIX):
        return None
    for settlement in world.finance.settlements(region):
        if _document_id(settlement) == document_id:
            return settlement_file.render(settlement), settlement_file.content_type(settlement)
    return None


def _document_id(settlement: Settlement) -> str:
    return f"{_DOCUMENT_PREFIX}{settlement.group_id[:12]}"


def _report(world: World, settlement: Settlement, position: int, marketplace_id: str) -> Listed:
    period = settlement.period
    later = chance(world.seed, settlement.settlement_id, position).randrange(50)
    created = settlement.reported_at + timedelta(seconds=later)
    return {
        "reportId": str(settlement.report_id + position),
        "reportType": REPORT_TYPE,
        "processingStatus": "DONE",
        "createdTime": iso(created),
        "marketplaceIds": [marketplace_id],
        "dataStartTime": iso(period.start),
        "dataEndTime": iso(period.end),
        "processingStartTime": iso(created),
        "processingEndTime": iso(created + _TAKES),
        "reportDocumentId": _document_id(settlement),
    }
