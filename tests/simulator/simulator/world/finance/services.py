"""What Amazon charges and credits besides orders, in a settlement period of a marketplace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from simulator.world.ads.profiles import seller_profile
from simulator.world.events import Listing
from simulator.world.finance.advertising import payments
from simulator.world.finance.events import (
    AccountType,
    Charge,
    Kind,
    Part,
    Sort,
    Transaction,
)
from simulator.world.finance.orders import identifier
from simulator.world.finance.periods import PERIOD, Period
from simulator.world.marketplaces import Market
from simulator.world.randomness import chance

if TYPE_CHECKING:
    from simulator.world.story import Story

_SUBSCRIPTIONS = {"US": Decimal("39.99"), "DE": Decimal("39.00"), "JP": Decimal(4900)}
"""The account of a region pays once, at its home."""
_DAYS_OF_MONTH = {3: Kind.SUBSCRIPTION, 8: Kind.STORAGE, 16: Kind.AGED_STORAGE}
_INBOUND_EVERY, _REMOVAL_EVERY = 12, 19
_REIMBURSED = Decimal("0.6")
_CLAWED_BACK_SHARE = 0.35
_CLAWED_BACK_AFTER = timedelta(days=21)
_DESCRIPTIONS = {
    Kind.SUBSCRIPTION: "Subscription",
    Kind.STORAGE: "FBA storage fee",
    Kind.AGED_STORAGE: "FBA aged inventory surcharge",
    Kind.INBOUND: "FBA Amazon-Partnered Carrier Shipment Fee",
    Kind.REMOVAL: "FBA removal order: return",
    Kind.DISPOSAL: "FBA removal order: disposal",
    Kind.WAREHOUSE_DAMAGE: "FBA Inventory Reimbursement - Damaged:Warehouse",
    Kind.WAREHOUSE_LOST: "FBA Inventory Reimbursement - Lost:Warehouse",
    Kind.CLAWBACK: "FBA Inventory Reimbursement - Reversed",
    Kind.SAFE_T: "SAFE-T reimbursement",
    Kind.UNFORESEEN: "Regulatory Operating Cost True-Up",
}


def of_period(story: Story, period: Period) -> Iterator[Transaction]:
    """All transactions without a customer in a period, in no order."""
    market = period.market
    for number in range(PERIOD.days + 1):
        day = period.start.date() + timedelta(days=number)
        for transaction in (*_monthly(story, market, day), *_logistics(story, market, day)):
            if period.start <= transaction.posted_at < period.end:
                yield transaction
    yield from _advertising(story, period)
    yield from _reimbursements(story, period)
    if market.country_code == "US":
        yield from _oddities(story, period)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=UTC)


def charge(
    story: Story,
    market: Market,
    kind: Kind,
    amount: Decimal,
    at: datetime,
    *,
    sort: Sort = Sort.SERVICE_FEE,
    part: Part | None = None,
    **more: Any,
) -> Transaction:
    """A transaction of one charge, of a SKU or of the account as a whole."""
    charges = (Charge(kind, amount),)
    return Transaction(
        transaction_id=identifier(story.seed, kind, market.marketplace_id, at),
        sort=sort,
        description=more.pop("description", _DESCRIPTIONS.get(kind, kind.value)),
        market=market,
        account_type=more.pop("account_type", AccountType.STANDARD),
        posted_at=at,
        known_at=at + timedelta(minutes=20),
        parts=(part,) if part else (),
        charges=() if part else charges,
        names_marketplace=False,
        **more,
    )


def _monthly(story: Story, market: Market, day: date) -> Iterator[Transaction]:
    kind = _DAYS_OF_MONTH.get(day.day)
    random = chance(story.seed, "monthly", market.marketplace_id, day)
    units = Decimal(story.size.orders_per_day * story.size.shares[market.country_code])
    at = _at(day, 9, random.randint(0, 59))
    month = (_at(day.replace(day=1), 0, 0), _at(day, 0, 0))
    make = partial(charge, story, market)
    if kind is Kind.SUBSCRIPTION and market.country_code in _SUBSCRIPTIONS:
        yield make(kind, -_SUBSCRIPTIONS[market.country_code], at, covers=month)
    elif kind is Kind.STORAGE:
        yield make(kind, -market.money(units * random.randint(200, 280) / 100), at, covers=month)
    elif kind is Kind.AGED_STORAGE:
        yield make(kind, -market.money(units * random.randint(20, 60) / 100), at, covers=month)


def _logistics(story: Story, market: Market, day: date) -> Iterator[Transaction]:
    random = chance(story.seed, "logistics", market.marketplace_id, day)
    offset = chance(story.seed, "logistics", market.marketplace_id).randrange(100)
    make = partial(charge, story, market)
    if (day.toordinal() + offset) % _INBOUND_EVERY == 0:
        shipment = "FBA15" + "".join(random.choices("BCDFGHJKLMNPQRSTVWXZ0123456789", k=7))
        usd = Decimal(random.randint(4000, 16000)) / 100
        yield make(
            Kind.INBOUND, -market.money(usd), _at(day, 14, random.randint(0, 59)),
            reference=shipment,
        )  # fmt: skip
    if (day.toordinal() + offset) % _REMOVAL_EVERY == 0:
        order_id = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789", k=10))
        for kind, minute in ((Kind.REMOVAL, 10), (Kind.DISPOSAL, 20)):
            offer = _offer(story, market, random.random())
            quantity = random.randint(1, 9)
            fee = market.money(Decimal(random.randint(52, 110)) / 100) * quantity
            yield make(
                kind, -fee, _at(day, 16, minute), part=_part(offer, kind, -fee, quantity),
                reference=order_id,
            )  # fmt: skip


def _advertising(story: Story, period: Period) -> Iterator[Transaction]:
    profile = seller_profile(period.market.country_code)
    if profile is None:
        return
    for taken_at, invoice in payments(story, profile, period.start, period.end):
        covers = (profile.midnight(invoice.start), profile.midnight(invoice.end))
        yield charge(
            story, period.market, Kind.ADVERTISING, -invoice.amount_due, taken_at,
            sort=Sort.ADVERTISING, description="Ads: Pay from proceeds",
            invoice_id=invoice.invoice_id, covers=covers,
        )  # fmt: skip


def _reimbursements(story: Story, period: Period) -> Iterator[Transaction]:
    """Those of the period, and those of earlier ones that Amazon takes back in it."""
    for number in (period.number, period.number - 1, period.number - 2):
        for given in _given(story, period.market, number, period.at(number)):
            if number == period.number:
                yield given
            back = given.posted_at + _CLAWED_BACK_AFTER
            drawn = chance(story.seed, "clawback", given.transaction_id).random()
            if period.start <= back < period.end and drawn < _CLAWED_BACK_SHARE:
                (part,) = given.parts
                amount = -part.total
                yield charge(
                    story, period.market, Kind.CLAWBACK, amount, back, sort=Sort.ADJUSTMENT,
                    part=Part((Charge(Kind.CLAWBACK, amount),), part.sku, part.asin, part.title,
                              part.quantity, is_fba=True),
                )  # fmt: skip


def _given(story: Story, market: Market, number: int, period: Period) -> Iterator[Transaction]:
    random = chance(story.seed, "reimbursements", market.marketplace_id, number)
    for index in range(random.randint(2, 4)):
        kind = random.choice((Kind.WAREHOUSE_DAMAGE, Kind.WAREHOUSE_LOST))
        offer = _offer(story, market, random.random())
        quantity = random.choice((1, 1, 1, 2))
        amount = (offer.price * _REIMBURSED * quantity).quantize(market.minor_unit)
        at = period.start + timedelta(days=3 * index + 1, minutes=random.randint(0, 4000))
        part = _part(offer, kind, amount, quantity)
        yield charge(story, market, kind, amount, at, sort=Sort.ADJUSTMENT, part=part)


def _oddities(story: Story, period: Period) -> Iterator[Transaction]:
    random = chance(story.seed, "oddities", period.number)
    at = period.start + timedelta(days=6, minutes=random.randint(0, 2000))
    amount = Decimal(random.randint(900, 4500)) / 100
    yield charge(story, period.market, Kind.SAFE_T, amount, at, sort=Sort.SAFE_T)
    if period.number % 4 == 3:
        later = at + timedelta(days=1)
        yield charge(story, period.market, Kind.UNFORESEEN, Decimal("-0.50"), later)


def _offer(story: Story, market: Market, drawn: float) -> Listing:
    shelf = story.shelves[market.marketplace_id]
    stored = [offer for offer in shelf.offers if offer.fn_sku]
    return stored[int(drawn * len(stored))]


def _part(offer: Listing, kind: Kind, amount: Decimal, quantity: int) -> Part:
    return Part(
        (Charge(kind, amount),), offer.seller_sku, offer.asin, offer.title, quantity, is_fba=True
    )
