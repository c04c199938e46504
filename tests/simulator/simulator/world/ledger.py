"""The daily book of FBA stock: what a day began with, what moved, and what it ended with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from simulator.world import inventory, warehouses
from simulator.world.events import FulfilledBy, StockLevel
from simulator.world.inventory import CYCLE
from simulator.world.marketplaces import MARKETS, Market
from simulator.world.returns import customer_returns

if TYPE_CHECKING:
    from simulator.world.history import World

SELLABLE = "SELLABLE"
_BALANCES = {
    SELLABLE: lambda level: level.fulfillable + level.reserved + level.researching,
    "CUSTOMER_DAMAGED": lambda level: level.customer_damaged,
    "WAREHOUSE_DAMAGED": lambda level: level.warehouse_damaged,
    "CARRIER_DAMAGED": lambda level: level.carrier_damaged,
    "DEFECTIVE": lambda level: level.defective,
    "EXPIRED": lambda level: level.expired,
}
"""On-hand units of each disposition; what is on its way is in none of them."""


@dataclass(frozen=True, slots=True)
class LedgerDay:
    """One FNSKU in one country on one of the country's days, in one disposition."""

    day: date
    country: str
    fn_sku: str
    asin: str
    seller_sku: str
    title: str
    disposition: str
    starting: int
    receipts: int
    shipments: int
    """Never positive: units that left for customers."""
    returns: int
    damaged: int
    disposed: int
    other: int
    ending: int
    """Starting plus everything that moved; the next day starts with it."""


Moves = dict[tuple[str, str, date], int]


@lru_cache(maxsize=4)
def ledger(world: World) -> tuple[LedgerDay, ...]:
    """All days that have ended by now, from four weeks after the story's start, by day.

    Before that the stock is not known: what left it before the story began is not told.
    """
    shipped, sellable, spoilt = _moves(world)
    rows: list[LedgerDay] = []
    for pool in dict.fromkeys(unit.pool for unit in world.story.stock_keeping_units):
        stock = _stock_of(world, pool)
        for market, fn_skus in _places(world, pool).items():
            first = world.opened + CYCLE + timedelta(days=1)
            last = market.day_of(world.now) - timedelta(days=1)
            before = stock(market.midnight(first)) if first <= last else {}
            for day in (first + timedelta(n) for n in range((last - first).days + 1)):
                after = stock(market.close(day))
                for fn_sku in fn_skus:
                    key = (pool, fn_sku)
                    moved = (pool, fn_sku, day)
                    rows += _rows(
                        world, market, day, before[key], after[key],
                        shipped.get(moved, 0), sellable.get(moved, 0), spoilt.get(moved, 0),
                    )  # fmt: skip
                before = after
    return tuple(sorted(rows, key=lambda row: (row.day, row.country, row.fn_sku)))


def _stock_of(world: World, pool: str) -> Callable[[datetime], dict[tuple[str, str], StockLevel]]:
    """The pool's stock at an instant; countries of one zone ask for the same ones."""
    units = [unit for unit in world.story.stock_keeping_units if unit.pool == pool]
    orders = [order for order in world.orders if MARKETS[order.marketplace_id].pool == pool]
    return cache(lambda instant: inventory.levels(world.seed, units, orders, instant))


def _places(world: World, pool: str) -> dict[Market, list[str]]:
    places: dict[Market, list[str]] = defaultdict(list)
    for unit in world.story.stock_keeping_units:
        if unit.pool == pool:
            places[warehouses.market_of(world.seed, pool, unit.fn_sku)].append(unit.fn_sku)
    return places


def _moves(world: World) -> tuple[Moves, Moves, Moves]:
    """Units shipped, and units back to be sold or not, by pool, FNSKU and day of the warehouse."""
    shipped: Moves = defaultdict(int)
    back: dict[bool, Moves] = {True: defaultdict(int), False: defaultdict(int)}

    def key(marketplace_id: str, fn_sku: str | None, instant: object) -> tuple[str, str, date]:
        pool = MARKETS[marketplace_id].pool
        place = warehouses.market_of(world.seed, pool, fn_sku or "")
        return pool, fn_sku or "", place.day_of(instant)  # type: ignore[arg-type]

    for order in world.orders:
        if order.fulfilled_by is FulfilledBy.AMAZON and order.shipped_at:
            for item in order.items:
                shipped[key(order.marketplace_id, item.fn_sku, order.shipped_at)] += item.quantity
    for one in customer_returns(world):
        moved = key(one.order.marketplace_id, one.item.fn_sku, one.returned_at)
        back[one.is_sellable][moved] += one.quantity
    return shipped, back[True], back[False]


def _rows(
    world: World,
    market: Market,
    day: date,
    before: StockLevel,
    after: StockLevel,
    shipped: int,
    sellable: int,
    spoilt: int,
) -> Iterator[LedgerDay]:
    offer = _offers(world)[before.pool, before.fn_sku]
    for disposition, balance in _BALANCES.items():
        start, end = balance(before), balance(after)
        is_sellable = disposition == SELLABLE
        out = shipped if is_sellable else 0
        back = sellable if is_sellable else spoilt if disposition == "CUSTOMER_DAMAGED" else 0
        rest = end - start + out - back
        if not is_sellable and not (start or end or back):
            continue
        yield LedgerDay(
            day=day,
            country=warehouses.iso_country(market.country_code),
            fn_sku=before.fn_sku,
            asin=before.asin,
            seller_sku=offer[0],
            title=offer[1],
            disposition=disposition,
            starting=start,
            receipts=rest if is_sellable and rest > 0 else 0,
            shipments=-out,
            returns=back,
            damaged=rest if not is_sellable and rest > 0 else 0,
            disposed=rest if not is_sellable and rest < 0 else 0,
            other=rest if is_sellable and rest < 0 else 0,
            ending=end,
        )


@lru_cache(maxsize=4)
def _offers(world: World) -> dict[tuple[str, str], tuple[str, str]]:
    """Seller SKU and title under which an FNSKU of a pool is booked: its first offer's."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for offer in world.listings:
        if offer.fn_sku:
            key = (MARKETS[offer.marketplace_id].pool, offer.fn_sku)
            found.setdefault(key, (offer.seller_sku, offer.title))
    return found
