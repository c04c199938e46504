"""What storing the stock costs: the ledger's monthly charges, told product by product."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from simulator.world import warehouses
from simulator.world.events import StockLevel
from simulator.world.finance.events import Kind, Transaction
from simulator.world.inventory import CYCLE
from simulator.world.marketplaces import Market
from simulator.world.randomness import chance

if TYPE_CHECKING:
    from simulator.world.history import World

T = TypeVar("T")
_SAMPLED = (5, 15, 25)
_AGED_DAY = 15
_TIERS = ("181-210 days", "211-240 days", "271-300 days", "365+ days")
_RATE_USD = Decimal("0.78")
_CENT, _FINE = Decimal("0.01"), Decimal("0.0001")
Stock = dict[tuple[str, str], StockLevel]


@dataclass(frozen=True, slots=True)
class StorageFee:
    """A product's part in what a marketplace's storage cost in a month."""

    month: date
    market: Market
    """In whose currency it is."""
    country: str
    """Where the goods lie."""
    centre: str
    stock: StockLevel
    average_quantity: Decimal
    volume: Decimal
    """Cubic feet of a unit."""
    rate: Decimal
    fee: Decimal


@dataclass(frozen=True, slots=True)
class AgedFee:
    """A product's part in a marketplace's surcharge on old stock."""

    day: date
    market: Market
    country: str
    stock: StockLevel
    volume: Decimal
    quantity: int
    tier: str
    rate: Decimal
    amount: Decimal


@lru_cache(maxsize=4)
def storage_fees(world: World) -> tuple[StorageFee, ...]:
    """The fees of the months that have been charged by now, as far as the stock is known.

    The fees of a marketplace's pool and month add up to the ledger's charge of the month after.
    """
    sampled: dict[date, list[Stock]] = {}
    for day, instant in _days(world, _SAMPLED):
        sampled.setdefault(day.replace(day=1), []).append(world.stock_at(instant))
    return tuple(
        fee
        for charged in _charges(world, Kind.STORAGE)
        for month in [(charged.posted_at.date().replace(day=1) - timedelta(1)).replace(day=1)]
        if month in sampled
        for fee in _fees(world, charged, month, sampled[month])
    )


@lru_cache(maxsize=4)
def aged_fees(world: World) -> tuple[AgedFee, ...]:
    """The surcharges of the 15th, as far as they have been charged and the stock is known."""
    known = {day: world.stock_at(instant) for day, instant in _days(world, (_AGED_DAY,))}
    return tuple(
        fee
        for charged in _charges(world, Kind.AGED_STORAGE)
        for day in [charged.posted_at.date().replace(day=_AGED_DAY)]
        if day in known
        for fee in _aged(world.seed, charged, day, known[day])
    )


def _charges(world: World, kind: Kind) -> Iterator[Transaction]:
    for region in world.sellers:
        for transaction in world.finance.transactions(region):
            if any(charge.kind is kind for charge in transaction.charges):
                yield transaction


def _days(world: World, numbers: Sequence[int]) -> Iterator[tuple[date, datetime]]:
    """Those days of the months (and their noon, UTC) at which the stock is known."""
    day = world.opened + CYCLE + timedelta(days=1)
    while day <= world.now.date():
        instant = datetime.combine(day, time(12), world.now.tzinfo)
        if day.day in numbers and instant <= world.now:
            yield day, instant
        day += timedelta(days=1)


def _fees(
    world: World, charged: Transaction, month: date, sampled: Sequence[Stock]
) -> Iterator[StorageFee]:
    market, seed = charged.market, world.seed
    averages = {
        key: (Decimal(sum(_on_hand(stock[key]) for stock in sampled)) / len(sampled)).quantize(
            _CENT, ROUND_HALF_UP
        )
        for key in sampled[-1]
        if key[0] == market.pool
    }
    last = sampled[-1]
    stored = [key for key, average in averages.items() if average]
    shares = _split(
        -charged.total, stored, lambda key: averages[key] * warehouses.volume(seed, last[key].asin)
    )
    for key, fee in zip(stored, shares, strict=True):
        country = warehouses.country_of(seed, *key)
        yield StorageFee(
            month=month,
            market=market,
            country=warehouses.iso_country(country),
            centre=warehouses.centre_of(seed, country, key),
            stock=last[key],
            average_quantity=averages[key],
            volume=warehouses.volume(seed, last[key].asin),
            rate=(_RATE_USD * market.per_usd).quantize(_CENT, ROUND_HALF_UP),
            fee=fee,
        )


def _aged(seed: int, charged: Transaction, day: date, stock: Stock) -> Iterator[AgedFee]:
    market = charged.market
    old = [
        level
        for level in stock.values()
        if level.pool == market.pool
        and level.fulfillable >= 8
        and chance(seed, "aged", level.pool, level.fn_sku).random() < 0.3
    ]
    shares = _split(
        -charged.total,
        old,
        lambda level: level.fulfillable // 8 * warehouses.volume(seed, level.asin),
    )
    for level, amount in zip(old, shares, strict=True):
        country = warehouses.country_of(seed, level.pool, level.fn_sku)
        space = warehouses.volume(seed, level.asin)
        quantity = level.fulfillable // 8
        yield AgedFee(
            day=day,
            market=market,
            country=warehouses.iso_country(country),
            stock=level,
            volume=space,
            quantity=quantity,
            tier=chance(seed, "tier", level.fn_sku).choice(_TIERS),
            rate=(amount / (quantity * space)).quantize(_FINE, ROUND_HALF_UP),
            amount=amount,
        )


def _split(total: Decimal, parts: Sequence[T], weight: Callable[[T], Decimal]) -> list[Decimal]:
    """Exact parts of an amount by weight; the last one takes what rounding leaves."""
    weights = [weight(part) for part in parts]
    shares = [(total * one / sum(weights)).quantize(_FINE) for one in weights[:-1]]
    return [*shares, total - sum(shares)] if parts else []


def _on_hand(level: StockLevel) -> int:
    return level.fulfillable + level.reserved
