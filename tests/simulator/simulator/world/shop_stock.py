"""What the shop has on its shelves: a function of its orders since the last count.

Like FBA's stock (``inventory``), every item of a location lives in cycles of four weeks that begin
with a delivery and a count; a cycle that would run dry receives the missing units just in time.
What Amazon ships for the shop is counted by Amazon: that location tells the pool's stock.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from simulator.world.randomness import chance
from simulator.world.shop import Variant
from simulator.world.shop_details import ShopDetails

if TYPE_CHECKING:
    from simulator.world.history import World

_CYCLE = timedelta(days=28)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_POOL = "us"
_ORDERED_AFTER = timedelta(days=14)
"""In a cycle: from then on the next delivery is on its way."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place that holds stock."""

    location_id: int
    name: str
    country_code: str
    is_active: bool
    is_fulfillment_service: bool
    created_at: datetime
    updated_at: datetime


def _location(number: int, name: str, opened: datetime, **more: bool) -> Location:
    flags = {"is_active": True, "is_fulfillment_service": False} | more
    updated = opened + timedelta(days=40)
    return Location(
        72_000_000_000 + number, name, "US", **flags, created_at=opened, updated_at=updated
    )


WAREHOUSE = _location(1, "Northwind Warehouse", datetime(2024, 1, 2, 15, tzinfo=UTC))
STORE = _location(2, "Brooklyn Store", datetime(2024, 6, 3, 15, tzinfo=UTC))
AMAZON = _location(
    3, "Amazon Multi-Channel", datetime(2025, 2, 4, 15, tzinfo=UTC), is_fulfillment_service=True
)
CLOSED = _location(4, "Old Warehouse", datetime(2023, 9, 5, 15, tzinfo=UTC), is_active=False)
LOCATIONS = (WAREHOUSE, STORE, AMAZON, CLOSED)


@dataclass(frozen=True, slots=True)
class ShopLevel:
    """Units of one variant in one location: on hand = available + committed + set apart."""

    variant: Variant
    location: Location
    available: int
    committed: int
    damaged: int
    safety_stock: int
    incoming: int
    updated_at: datetime

    @property
    def on_hand(self) -> int:
        """Everything that lies there."""
        return self.available + self.committed + self.damaged + self.safety_stock


@dataclass
class _Movements:
    shipped: int = 0
    returned: int = 0
    committed: int = 0
    latest: datetime | None = None

    def note(self, instant: datetime) -> None:
        self.latest = max(self.latest or instant, instant)


def location_of(order: ShopDetails) -> Location:
    """Where an order is shipped from."""
    if order.order.fulfilled_by_amazon or order.order.amazon_order_id:
        return AMAZON
    return STORE if order.order.source_name == "pos" else WAREHOUSE


def levels(world: World) -> tuple[ShopLevel, ...]:
    """The stock of every variant in every location that keeps it, now."""
    moved: dict[tuple[int, int], _Movements] = defaultdict(_Movements)
    for order in world.shop_details:
        place = location_of(order)
        for line in order.order.lines:
            movements = moved[line.variant.variant_id, place.location_id]
            _apply(movements, world, order, line.variant, line.line_id)
    return tuple(
        level
        for variant in world.story.shop.variants
        if not variant.is_gift_card
        for place in LOCATIONS
        if (level := _level(world, variant, place, moved)) is not None
    )


def _start(world: World, variant: Variant, location_id: int) -> datetime:
    address = chance(world.seed, "shop cycle", variant.variant_id, location_id)
    offset = timedelta(days=address.randrange(_CYCLE.days))
    return world.now - (world.now - _EPOCH - offset) % _CYCLE


def _apply(
    moved: _Movements, world: World, order: ShopDetails, variant: Variant, line_id: int
) -> None:
    line = next(line for line in order.order.lines if line.line_id == line_id)
    now, start = world.now, _start(world, variant, location_of(order).location_id)
    if order.fulfilled_at and order.fulfilled_at <= now:
        if order.fulfilled_at > start:
            moved.shipped += line.quantity
            moved.note(order.fulfilled_at)
    elif not order.is_cancelled(now):
        moved.committed += line.quantity
        moved.note(order.order.placed_at)
    for refund in order.refunds(now):
        for part in refund.lines:
            is_back = part.line.line_id == line_id and part.restock_type == "RETURN"
            if is_back and refund.at > start:
                moved.returned += part.quantity
                moved.note(refund.at)


def _level(
    world: World, variant: Variant, place: Location, moved: dict[tuple[int, int], _Movements]
) -> ShopLevel | None:
    movements = moved[variant.variant_id, place.location_id]
    if place is AMAZON:
        return _at_amazon(world, variant, movements)
    random = chance(world.seed, "shop stock", variant.variant_id, place.location_id)
    if place is CLOSED or (place is STORE and random.random() < 0.4 and not movements.latest):
        return None
    start = _start(world, variant, place.location_id)
    share = 0.9 if place is WAREHOUSE else 0.1
    expected = world.size.shop_orders_per_day * 1.3 * variant.popularity * share * _CYCLE.days
    target = round(expected * random.uniform(1.1, 1.7)) + random.randint(3, 15)
    damaged, safety = random.choice((0, 0, 0, 1)), random.choice((0, 0, 2))
    available = target + movements.returned - movements.shipped - movements.committed
    available = max(0, available - damaged - safety)
    late_in_cycle = world.now - start >= _ORDERED_AFTER
    incoming = round(expected) + 2 if late_in_cycle and place is WAREHOUSE else 0
    updated = max(movements.latest or start, start)
    if incoming:
        updated = max(updated, start + _ORDERED_AFTER)
    return ShopLevel(
        variant, place, available, movements.committed, damaged, safety, incoming, updated
    )


def _at_amazon(world: World, variant: Variant, movements: _Movements) -> ShopLevel | None:
    shop = world.story.shop
    is_first = shop.by_sku[variant.sku] is variant  # of two variants with a SKU, one is linked
    offer = shop.offers.get(variant.sku) if is_first else None
    stock = world.stock.get((_POOL, offer.fn_sku or "")) if offer else None
    if stock is None:
        return None
    incoming = stock.inbound_working + stock.inbound_shipped + stock.inbound_receiving
    # Units move between fulfilment centres with every day, whatever is sold.
    today = world.now.replace(hour=0, minute=0, second=0, microsecond=0)
    updated = max(movements.latest or today, stock.last_updated_at, today)
    return ShopLevel(
        variant, AMAZON, stock.fulfillable, movements.committed, 0, 0, incoming, updated
    )
