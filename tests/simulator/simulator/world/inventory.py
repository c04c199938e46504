"""FBA stock: a function of the units that orders took out of a pool since its last count.

Every FNSKU of a pool lives in cycles of four weeks. At the start of a cycle a planned shipment is
received and the stock is counted: shipped units are on their way out of ``target`` until the next
count. A cycle whose units would exceed its target receives the missing ones just in time, so stock
moves with units and is never negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from simulator.world.events import FulfilledBy, Listing, Order, OrderItem, StockLevel
from simulator.world.marketplaces import MARKETS
from simulator.world.randomness import chance, split_whole
from simulator.world.sizes import Size

CYCLE = timedelta(days=28)
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
_SELLABLE_RETURNS = 0.6
_RETURN_TRAVEL = timedelta(days=9)


@dataclass(frozen=True)
class StockKeepingUnit:
    """One FNSKU in one pool, with the daily units that it is expected to lose."""

    pool: str
    fn_sku: str
    asin: str
    condition: str
    daily_units: float


@dataclass
class _Movements:
    """Units of one FNSKU in one pool since the start of its cycle."""

    shipped: int = 0
    promised: int = 0
    """Ordered, neither shipped nor cancelled."""
    returned_sellable: int = 0
    returned_damaged: int = 0
    latest: datetime | None = None

    def note(self, instant: datetime) -> None:
        """Remember the last instant at which the stock moved."""
        self.latest = max(self.latest or instant, instant)


def stock_keeping_units(size: Size, listings: Sequence[Listing]) -> tuple[StockKeepingUnit, ...]:
    """Every FNSKU of every pool, in listing order."""
    units: dict[tuple[str, str], StockKeepingUnit] = {}
    weights: dict[str, float] = defaultdict(float)
    for offer in listings:
        weights[offer.marketplace_id] += offer.weight
    for offer in listings:
        if offer.fulfilled_by is not FulfilledBy.AMAZON or offer.fn_sku is None:
            continue
        market = MARKETS[offer.marketplace_id]
        share = size.shares.get(market.country_code, 0.0)
        orders = size.orders_per_day * share
        daily = orders * 1.8 * offer.weight / (weights[offer.marketplace_id] or 1)
        key = (market.pool, offer.fn_sku)
        known = units.get(key)
        before = known.daily_units if known else 0.0
        units[key] = StockKeepingUnit(*key, offer.asin, offer.condition, before + daily)
    return tuple(units.values())


def levels(
    seed: int, units: Iterable[StockKeepingUnit], orders: Iterable[Order], at: datetime
) -> dict[tuple[str, str], StockLevel]:
    """The stock of every FNSKU at an instant, by (pool, FNSKU)."""
    starts = {(unit.pool, unit.fn_sku): cycle_start(seed, unit, at) for unit in units}
    movements: dict[tuple[str, str], _Movements] = defaultdict(_Movements)
    for order in orders:
        if order.fulfilled_by is FulfilledBy.AMAZON:
            pool = MARKETS[order.marketplace_id].pool
            for item in order.items:
                key = (pool, item.fn_sku or "")
                _apply(movements[key], seed, order, item, starts[key], at)
    return {
        (unit.pool, unit.fn_sku): _level(seed, unit, movements[unit.pool, unit.fn_sku], at)
        for unit in units
    }


def cycle_start(seed: int, unit: StockKeepingUnit, at: datetime) -> datetime:
    """The last count of an FNSKU at or before an instant; each has its own weekday."""
    offset = timedelta(days=chance(seed, "cycle", unit.pool, unit.fn_sku).randrange(CYCLE.days))
    return at - (at - _EPOCH - offset) % CYCLE


def _apply(
    moved: _Movements, seed: int, order: Order, item: OrderItem, start: datetime, at: datetime
) -> None:
    open_until = order.shipped_at or order.cancelled_at
    if order.placed_at <= at and (open_until is None or open_until > at):
        moved.promised += item.quantity
        moved.note(order.placed_at)
    if order.shipped_at and start < order.shipped_at <= at:
        moved.shipped += item.quantity
        moved.note(order.shipped_at)
    if item.refund and start < (back := item.refund.requested_at + _RETURN_TRAVEL) <= at:
        moved.note(back)
        if is_sellable_again(seed, item):
            moved.returned_sellable += item.refund.quantity
        else:
            moved.returned_damaged += item.refund.quantity


def is_sellable_again(seed: int, item: OrderItem) -> bool:
    """Whether what a customer sends back of a line goes on sale again."""
    return chance(seed, "return", item.order_item_id).random() < _SELLABLE_RETURNS


def back_at(item: OrderItem) -> datetime | None:
    """When what is refunded of a line is back in a fulfilment centre."""
    return item.refund.requested_at + _RETURN_TRAVEL if item.refund else None


def _level(seed: int, unit: StockKeepingUnit, moved: _Movements, at: datetime) -> StockLevel:
    start = cycle_start(seed, unit, at)
    random = chance(seed, "stock", unit.pool, unit.fn_sku, start.date())
    planned = round(unit.daily_units * CYCLE.days) + 4
    target = round(planned * random.uniform(1.05, 1.6)) + random.randint(0, 12)
    researching = random.choice((0, 0, 0, 0, 1, 2))
    expired = random.choice((0, 0, 0, 0, 0, 3))
    defective = random.choice((0, 0, 1, 2))
    sellable = target + moved.returned_sellable - moved.shipped - moved.promised
    just_in_time = max(0, -sellable)
    moving = _moving(seed, unit, sellable + just_in_time, at)
    inbound = _inbound(random, planned, at - start)
    return StockLevel(
        pool=unit.pool,
        fn_sku=unit.fn_sku,
        asin=unit.asin,
        condition=unit.condition,
        fulfillable=sellable + just_in_time - sum(moving),
        inbound_working=inbound[0],
        inbound_shipped=inbound[1],
        inbound_receiving=inbound[2],
        reserved_customer_orders=moved.promised,
        reserved_transshipment=moving[0],
        reserved_processing=moving[1],
        researching=researching,
        customer_damaged=moved.returned_damaged,
        warehouse_damaged=random.choice((0, 0, 0, 1)),
        distributor_damaged=0,
        carrier_damaged=random.choice((0, 0, 0, 0, 2)),
        defective=defective,
        expired=expired,
        last_updated_at=max(moved.latest or start, start),
    )


def _moving(seed: int, unit: StockKeepingUnit, available: int, at: datetime) -> tuple[int, int]:
    """Units between and inside fulfilment centres on a day, never more than there are."""
    random = chance(seed, "moving", unit.pool, unit.fn_sku, at.date())
    between_centres = min(available, split_whole(random, random.choice((0, 0, 0, 0.1)) * available))
    processing = min(available - between_centres, random.choice((0, 0, 1, 2)))
    return between_centres, processing


def _inbound(random: Random, planned: int, age: timedelta) -> tuple[int, int, int]:
    """The next shipment of a cycle, first being packed, then on the road, then being received."""
    packed, shipped, arrived = (random.randint(low, low + 4) for low in (6, 14, 23))
    if age.days < packed:
        return 0, 0, 0
    if age.days < shipped:
        return planned, 0, 0
    if age.days < arrived:
        return 0, planned, 0
    received = planned // 3
    return 0, planned - received, received
