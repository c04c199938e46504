"""Sales v1: getOrderMetrics, the quickest word of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.dialect import check_marketplaces, invalid
from simulator.amazon_sp.parameters import Parameter, instant, read
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.events import ZERO, Channel, Order
from simulator.world.marketplaces import MARKETS, Market

OLDEST_HOUR = timedelta(days=30)
OLDEST = timedelta(days=2 * 365)
_PARAMETERS = {
    "marketplaceIds": Parameter("list", required=True, most=1),
    "interval": Parameter(required=True),
    "granularity": Parameter(required=True, choices=frozenset({"Hour", "Day", "Total"})),
    "granularityTimeZone": Parameter(),
    "buyerType": Parameter(choices=frozenset({"B2B", "B2C", "All"})),
    "fulfillmentNetwork": Parameter(choices=frozenset({"AFN", "MFN"})),
    "firstDayOfWeek": Parameter(choices=frozenset({"Monday", "Sunday"})),
    "asin": Parameter(),
    "sku": Parameter(),
}
Span = tuple[datetime, datetime]


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""

    @gateway.operation(operations.GET_ORDER_METRICS)
    def get_order_metrics(call: Call) -> Response:
        arguments = read(_PARAMETERS)
        (marketplace_id,) = arguments["marketplaceIds"]
        check_marketplaces([marketplace_id], call.caller.region)
        granularity, world = arguments["granularity"], simulation.world
        start, end = _interval(arguments)
        is_hourly = granularity == "Hour"
        # Of the world's now: a slow reader's hours would else fall out of reach at a time scale.
        if start < world.now - (OLDEST_HOUR if is_hourly else OLDEST):
            raise invalid("Invalid input", f"The interval begins too early for {granularity}.")
        market = MARKETS[marketplace_id]
        orders = _orders(world, market, arguments)
        loose = call.suffers(Kind.LOOSE_AMOUNTS)
        spans = [(start, end)] if granularity == "Total" else _spans(start, end, is_hourly)
        payload = [_metrics(market, span, orders, loose) for span in spans]
        return json_response({"payload": payload})


def _interval(arguments: dict[str, Any]) -> Span:
    """Both ends, in the zone asked for. Raises 400 where their offsets are not the zone's."""
    first, separator, last = arguments["interval"].partition("--")
    if not separator:
        raise invalid("Invalid input", "interval must be two times separated by --.")
    start, end = instant("interval", first), instant("interval", last)
    if start >= end:
        raise invalid("Invalid input", "The interval ends before it begins.")
    # The offsets as they were written: what is parsed is in UTC.
    written = [datetime.fromisoformat(text) for text in (first, last)]
    name = arguments.get("granularityTimeZone")
    if name is None:
        return written[0], written[1]
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise invalid("Invalid input", f"Unknown time zone {name}.") from None
    for moment in written:
        if moment.utcoffset() != moment.astimezone(zone).utcoffset():
            raise invalid("Invalid input", "The interval's offset is not that of the time zone.")
    return written[0].astimezone(zone), written[1].astimezone(zone)


def _spans(start: datetime, end: datetime, is_hourly: bool) -> Iterator[Span]:
    """Whole hours by the clock's passing, or days by the calendar."""
    while start < end:
        if is_hourly:
            following = (start.astimezone(UTC) + timedelta(hours=1)).astimezone(start.tzinfo)
        else:
            following = start + timedelta(days=1)
        yield start, min(following, end)
        start = following


def _orders(world: World, market: Market, arguments: dict[str, Any]) -> list[Order]:
    shipper = {"AFN": "AMAZON", "MFN": "MERCHANT"}.get(arguments.get("fulfillmentNetwork", ""))
    business = {"B2B": True, "B2C": False}.get(arguments.get("buyerType", "All"))
    return [
        order
        for order in world.orders
        if order.marketplace_id == market.marketplace_id
        and order.channel is Channel.AMAZON
        and not order.replaces_order_id
        and (shipper is None or order.fulfilled_by.value == shipper)
        and (business is None or order.is_business is business)
    ]


def _metrics(market: Market, span: Span, orders: list[Order], loose: bool) -> dict[str, Any]:
    placed = [order for order in orders if span[0] <= order.placed_at < span[1]]
    items = [item for order in placed for item in order.items]
    units = sum(item.quantity for item in items)
    total = sum((item.principal for item in items), ZERO)
    average = (total / units).quantize(market.minor_unit) if units else ZERO
    return {
        "interval": "--".join(_without_seconds(moment) for moment in span),
        "unitCount": units,
        "orderItemCount": len(items),
        "orderCount": len(placed),
        "averageUnitPrice": _money(market, average, loose),
        "totalSales": _money(market, total, loose),
    }


def _money(market: Market, amount: Decimal, loose: bool) -> dict[str, Any]:
    if not loose:
        return {"amount": str(amount), "currencyCode": market.currency_code}
    return {"amount": float(amount), "currencyCode": market.currency_code} if amount else {}


def _without_seconds(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
