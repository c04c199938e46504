"""The ledger: every transaction of the story, and the settlements that sum them up.

Independent of ``now``. What a settlement takes over from the one before (reserve, negative balance,
a failed transfer) reaches back three periods at most, so that no settlement needs a first one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from simulator.world.events import ZERO
from simulator.world.finance import orders, services
from simulator.world.finance.events import AccountType, Kind, Sort, Transaction
from simulator.world.finance.periods import Period, accounts
from simulator.world.marketplaces import Market
from simulator.world.randomness import between, chance

if TYPE_CHECKING:
    from simulator.world.story import Story

_DAY = timedelta(days=1)
_RESERVED_DAYS = timedelta(days=7)
_RESERVED = Decimal("0.10")
_CARRIED_IN, _FAILED_IN = 1, 2
"""Of four periods, the one whose negative balance is carried on instead of charged to a card, and
the one whose transfer fails where transfers fail."""
_FREIGHT_COUNTRY = "CA"
"""Pays for a container in the period whose negative balance is carried on."""
_FAILING = frozenset({"UK", "CA"})
"""Where the bank sends one transfer in eight weeks back."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One settlement: everything posted in a period of an account, and what becomes of the sum."""

    settlement_id: str
    group_id: str
    report_id: int
    period: Period
    transactions: tuple[Transaction, ...]
    """By instant, balance moves included."""
    reported_at: datetime
    """When Amazon lists the settlement report."""
    transferred_at: datetime
    is_failed: bool
    """The bank sends the money back."""
    is_carried: bool
    """Negative, and taken over by the next settlement."""

    @property
    def market(self) -> Market:
        """The marketplace whose currency it is in."""
        return self.period.market

    @property
    def total(self) -> Decimal:
        """What the header says: the deposit, or with - the debt."""
        return sum((t.total for t in self.transactions), ZERO)

    @property
    def carried_in(self) -> Decimal:
        """The debt taken over from the settlement before, 0 or negative."""
        moves = [c for t in self.transactions for c in t.all_charges if c.kind is Kind.CARRIED]
        return sum((move.amount for move in moves), ZERO)


class Ledger:
    """Transactions and settlements, made when first asked for, and kept."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._of_orders: dict[tuple[str, date], tuple[Transaction, ...]] = {}
        self._multi_channel: dict[date, tuple[Transaction, ...]] = {}
        self._services: dict[Period, tuple[Transaction, ...]] = {}
        self._settlements: dict[Period, Settlement] = {}
        self._lock = threading.RLock()

    def accounts(self) -> list[tuple[Market, AccountType]]:
        """Every account of the merchant."""
        return list(accounts(self._story))

    def settlement(self, period: Period) -> Settlement:
        """The settlement of a period, finished or not."""
        with self._lock:
            if period not in self._settlements:
                self._settlements[period] = self._settle(period)
            return self._settlements[period]

    def customers(self, market: Market, start: datetime, end: datetime) -> Iterator[Transaction]:
        """Transactions of orders posted from ``start`` up to ``end``, in no order."""
        day = (start - orders.LONGEST_AFTER_ORDER).date()
        while day <= end.date() + _DAY:
            for transaction in (*self._placed(market, day), *self._shipped_for_others(day)):
                if transaction.market is market and start <= transaction.posted_at < end:
                    yield transaction
            day += _DAY

    def services(self, period: Period) -> tuple[Transaction, ...]:
        """Transactions without a customer, all on the marketplace's standard account."""
        with self._lock:
            if period not in self._services:
                found = list(services.of_period(self._story, period))
                is_freight = period.market.country_code == _FREIGHT_COUNTRY
                if is_freight and period.number % 4 == _CARRIED_IN:
                    found.append(self._freight(period))
                self._services[period] = tuple(found)
            return self._services[period]

    def _placed(self, market: Market, day: date) -> tuple[Transaction, ...]:
        with self._lock:
            key = (market.marketplace_id, day)
            if key not in self._of_orders:
                self._of_orders[key] = tuple(
                    transaction
                    for order in self._story.amazon_orders(market, day)
                    for transaction in orders.transactions(self._story, order)
                )
            return self._of_orders[key]

    def _shipped_for_others(self, day: date) -> tuple[Transaction, ...]:
        from simulator.world import shop_orders

        with self._lock:
            if day not in self._multi_channel:
                self._multi_channel[day] = tuple(
                    transaction
                    for order in self._story.shop_orders(day)
                    if order.fulfilled_by_amazon
                    for transaction in orders.transactions(
                        self._story, shop_orders.multi_channel(order, self._story)
                    )
                )
            return self._multi_channel[day]

    def _freight(self, period: Period) -> Transaction:
        """A container that costs more than the period's goods earn."""
        sold = self._principal(period, period.start)
        random = chance(self._story.seed, "freight", period.number)
        return services.charge(
            self._story, period.market, Kind.INBOUND, -sold - period.market.money(Decimal(100)),
            period.start + between(random, timedelta(days=5), timedelta(days=9)),
            reference=f"FBA17{random.randrange(10**7):07d}",
        )  # fmt: skip

    def _principal(self, period: Period, since: datetime) -> Decimal:
        charges = (
            charge.amount
            for transaction in self.customers(period.market, since, period.end)
            if transaction.sort is Sort.SHIPMENT and self._is_settled_in(transaction, period)
            for charge in transaction.all_charges
            if charge.kind is Kind.PRINCIPAL
        )
        return sum(charges, ZERO)

    @staticmethod
    def _is_settled_in(transaction: Transaction, period: Period) -> bool:
        return transaction.in_settlement and transaction.account_type is period.account_type

    def _settle(self, period: Period) -> Settlement:
        random = chance(self._story.seed, "settlement", *_address(period))
        is_standard = period.account_type is AccountType.STANDARD
        found = [
            *(t for t in self.customers(period.market, period.start, period.end)
              if self._is_settled_in(t, period)),
            *(self.services(period) if is_standard else ()),
            *self._moves(period),
        ]  # fmt: skip
        found.sort(key=lambda transaction: (transaction.posted_at, transaction.transaction_id))
        total = sum((t.total for t in found), ZERO)
        return Settlement(
            settlement_id=f"{random.randrange(12 * 10**9, 10**11)}",
            group_id=orders.identifier(self._story.seed, "group", *_address(period)),
            report_id=random.randrange(10**4, 10**5) * 10**6 + random.randrange(10**6),
            period=period,
            transactions=tuple(found),
            reported_at=period.end + between(random, timedelta(hours=4), timedelta(hours=28)),
            transferred_at=period.end + between(random, timedelta(hours=40), timedelta(hours=60)),
            is_failed=_may_fail(period) and total > 0,
            is_carried=_may_carry(period) and total < 0,
        )

    def _moves(self, period: Period) -> Iterator[Transaction]:
        """What the account keeps, and takes over from the settlement before."""
        make = partial(
            services.charge, self._story, period.market, sort=Sort.BALANCE,
            account_type=period.account_type, in_api=False,
        )  # fmt: skip
        last_second = period.end - timedelta(seconds=1)
        if period.account_type is AccountType.STANDARD:
            if kept := self._reserve(period.before):
                yield make(Kind.PREVIOUS_RESERVE, kept, last_second)
            if keeps := self._reserve(period):
                yield make(Kind.CURRENT_RESERVE, -keeps, last_second)
        if not (_may_carry(period.before) or _may_fail(period.before)):
            return
        before = self.settlement(period.before)
        if before.is_carried:
            yield make(Kind.CARRIED, before.total, period.start)
        if before.is_failed:
            back = before.transferred_at + _DAY
            move = partial(make, sort=Sort.TRANSFER, in_api=True)
            yield move(Kind.FAILED_TRANSFER, before.total, back, description="Failed transfer")

    def _reserve(self, period: Period) -> Decimal:
        recent = self._principal(period, period.end - _RESERVED_DAYS)
        return (recent * _RESERVED).quantize(period.market.minor_unit)


def _may_carry(period: Period) -> bool:
    return period.number % 4 == _CARRIED_IN


def _may_fail(period: Period) -> bool:
    is_standard = period.account_type is AccountType.STANDARD
    fails = is_standard and period.market.country_code in _FAILING
    return fails and period.number % 4 == _FAILED_IN


def _address(period: Period) -> tuple[object, ...]:
    return period.market.marketplace_id, period.account_type.value, period.number
