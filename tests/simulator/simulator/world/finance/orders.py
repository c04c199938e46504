"""From orders to money: what a shipment earns and costs, and what a refund takes back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.world.events import ZERO, Channel, FulfilledBy, Order, OrderItem, Refund
from simulator.world.finance.events import (
    AccountType,
    Charge,
    Deferral,
    Kind,
    Part,
    Sort,
    Transaction,
)
from simulator.world.marketplaces import MARKETS, Market
from simulator.world.randomness import between, chance

if TYPE_CHECKING:
    from simulator.world.story import Story

REFERRAL = Decimal("0.15")
_KEPT_OF_REFERRAL = Decimal("0.20")
_MOST_KEPT_USD = Decimal(5)
_POINTS = Decimal("0.01")
DD7, B2B = "DD7", "B2B"
HELD = {DD7: timedelta(days=14), B2B: timedelta(days=30)}
"""How long money is held back, by reason."""
_DD7_SHARE, _B2B_SHARE = 0.12, 0.5
_UNNAMED_SHARE = 0.03
LONGEST_AFTER_ORDER = timedelta(days=45)
"""Nothing is posted later than this after an order was placed."""
_WORDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


def identifier(seed: int, *subject: object) -> str:
    """A transaction or event group id of Amazon's form."""
    return "".join(chance(seed, "finance id", *subject).choices(_WORDS, k=43))


def transactions(story: Story, order: Order) -> Iterator[Transaction]:
    """Everything that an order ever posts; free replacements and cancelled orders post nothing."""
    if order.shipped_at is None or order.replaces_order_id:
        return
    shipment = _shipment(story, order, order.shipped_at)
    yield shipment
    if shipment.deferral:
        yield _release(story, shipment, shipment.deferral)
    if order.channel is Channel.AMAZON:
        for item in order.items:
            if item.refund:
                yield _refund(story, order, item, item.refund)


def _shipment(story: Story, order: Order, shipped_at: datetime) -> Transaction:
    market, seed = MARKETS[order.marketplace_id], story.seed
    random = chance(seed, "shipment", order.order_id)
    posted_at = shipped_at + between(random, timedelta(minutes=10), timedelta(minutes=90))
    is_multi_channel = order.channel is Channel.NON_AMAZON
    reason = None if is_multi_channel else _deferral_reason(story, order)
    parts = tuple(
        _part(item, order, tuple(_charges(seed, item, market, order, is_multi_channel)))
        for item in order.items
    )
    release_id = identifier(seed, "release", order.order_id)
    return Transaction(
        transaction_id=identifier(seed, "shipment", order.order_id),
        sort=Sort.SHIPMENT,
        description="Order Payment",
        market=market,
        account_type=account_type(story, order),
        posted_at=posted_at,
        known_at=posted_at + _lag(seed, "shipment", order.order_id),
        parts=parts,
        order_id=order.order_id,
        merchant_order_id=order.merchant_order_id,
        deferral=Deferral(reason, posted_at + HELD[reason], release_id) if reason else None,
        is_multi_channel=is_multi_channel,
        names_marketplace=random.random() >= _UNNAMED_SHARE,
        in_settlement=reason is None,
    )


def _release(story: Story, deferred: Transaction, deferral: Deferral) -> Transaction:
    """The money of a deferred transaction once more, free this time, under an id of its own."""
    at = deferral.matures_at
    return replace(
        deferred,
        transaction_id=deferral.release_id,
        posted_at=at,
        known_at=at + _lag(story.seed, "release", deferred.transaction_id),
        deferral=None,
        releases=deferred,
        in_settlement=True,
    )


def _refund(story: Story, order: Order, item: OrderItem, refund: Refund) -> Transaction:
    market, seed = MARKETS[order.marketplace_id], story.seed
    random = chance(seed, "refund", item.order_item_id)
    at = refund.requested_at + between(random, timedelta(hours=6), timedelta(days=5))
    number = f"{random.randrange(10**9):09d}"
    part = replace(
        _part(item, order, tuple(_given_back(item, refund, market))),
        quantity=refund.quantity,
        adjustment_id=f"amzn1.adj.{number}{item.order_item_id}",
    )
    return Transaction(
        transaction_id=identifier(seed, "refund", item.order_item_id),
        sort=Sort.REFUND,
        description="Refund Order",
        market=market,
        account_type=account_type(story, order),
        posted_at=at,
        known_at=at + _lag(seed, "refund", item.order_item_id),
        parts=(part,),
        order_id=order.order_id,
        refund_id=f"amzn1.refund.{number}",
        names_marketplace=random.random() >= _UNNAMED_SHARE,
    )


def account_type(story: Story, order: Order) -> AccountType:
    """Orders by invoice have an account of their own where the seller has one."""
    country = MARKETS[order.marketplace_id].country_code
    is_invoiced = country in story.size.invoiced and _deferral_reason(story, order) == B2B
    return AccountType.INVOICED if is_invoiced else AccountType.STANDARD


def _deferral_reason(story: Story, order: Order) -> str | None:
    drawn = chance(story.seed, "deferral", order.order_id).random()
    if order.is_business and drawn < _B2B_SHARE:
        return B2B
    return DD7 if drawn < _DD7_SHARE else None


def _lag(seed: int, *subject: object) -> timedelta:
    """Mostly minutes, for one in ten up to two days."""
    random = chance(seed, "lag", *subject)
    if random.random() < 0.1:
        return between(random, timedelta(hours=10), timedelta(hours=47))
    return between(random, timedelta(minutes=2), timedelta(hours=3))


def _part(item: OrderItem, order: Order, charges: tuple[Charge, ...]) -> Part:
    return Part(
        charges=charges,
        sku=item.seller_sku,
        asin=item.asin,
        title=item.title,
        quantity=item.quantity,
        is_fba=order.fulfilled_by is FulfilledBy.AMAZON,
        order_item_id=item.order_item_id,
        promotion_id=item.promotion_ids[0] if item.promotion_ids else None,
    )


def _charges(
    seed: int, item: OrderItem, market: Market, order: Order, fees_only: bool
) -> Iterator[Charge]:
    is_fba = order.fulfilled_by is FulfilledBy.AMAZON
    shipping = item.shipping - item.shipping_discount
    if not fees_only:
        yield from _nonzero(_paid(item, market, Decimal(1)))
        yield Charge(Kind.COMMISSION, -_referral(item.principal - item.promotion_discount, market))
        if market.currency_code == "JPY":
            yield from _nonzero([Charge(Kind.POINTS, -_points(item.principal, market))])
    if is_fba:
        yield from _fulfilment(seed, item, market)
    if is_fba and not fees_only:
        kept = [
            Charge(Kind.SHIPPING_CHARGEBACK, -shipping),
            Charge(Kind.GIFT_WRAP_CHARGEBACK, -item.gift_wrap),
        ]
        yield from _nonzero(kept)


def _paid(item: OrderItem, market: Market, share: Decimal) -> list[Charge]:
    """What the customer paid. Where prices include VAT no tax is told apart."""
    tax = item.tax * share if market.vat is None else ZERO
    tax = tax.quantize(market.minor_unit)
    charges = [Charge(Kind.PRINCIPAL, item.principal), Charge(Kind.TAX, tax)]
    charges.append(Charge(Kind.SHIPPING, item.shipping))
    if market.vat is None:
        charges.append(Charge(Kind.SHIPPING_TAX, item.shipping_tax))
    charges.append(Charge(Kind.GIFT_WRAP, item.gift_wrap))
    if market.vat is None:
        charges.append(Charge(Kind.GIFT_WRAP_TAX, item.gift_wrap_tax))
        # The marketplace owes the tax, not the seller: Amazon keeps what it collected.
        charges.append(Charge(Kind.WITHHELD_TAX, -tax))
        charges.append(Charge(Kind.WITHHELD_SHIPPING_TAX, -item.shipping_tax))
        charges.append(Charge(Kind.WITHHELD_GIFT_WRAP_TAX, -item.gift_wrap_tax))
    charges.append(Charge(Kind.PROMOTION, -item.promotion_discount))
    charges.append(Charge(Kind.SHIPPING_PROMOTION, -item.shipping_discount))
    return charges


def _fulfilment(seed: int, item: OrderItem, market: Market) -> Iterator[Charge]:
    """One fee for the line, or, where units travel apart, one of the same amount for each."""
    usd = Decimal(322 + chance(seed, "fba fee", item.asin).randrange(320)) / 100
    fee = market.money(usd)
    apart = item.quantity > 1 and chance(seed, "apart", item.order_item_id).random() < 0.5
    for _ in range(item.quantity if apart else 1):
        yield Charge(Kind.FBA_FEE, -fee if apart else -fee * item.quantity)


def _given_back(item: OrderItem, refund: Refund, market: Market) -> Iterator[Charge]:
    share = Decimal(refund.quantity) / item.quantity
    unit = market.minor_unit
    discount = (item.promotion_discount * share).quantize(unit)
    tax = (item.tax * share).quantize(unit) if market.vat is None else ZERO
    referral = _referral(refund.amount - discount, market)
    kept = min((referral * _KEPT_OF_REFERRAL).quantize(unit), market.money(_MOST_KEPT_USD))
    charges = [
        Charge(Kind.PRINCIPAL, -refund.amount),
        Charge(Kind.TAX, -tax),
        Charge(Kind.WITHHELD_TAX, tax),
        Charge(Kind.PROMOTION, discount),
        Charge(Kind.COMMISSION, referral),
        Charge(Kind.REFUND_COMMISSION, -kept),
    ]
    if market.currency_code == "JPY":
        charges.append(Charge(Kind.POINTS, _points(refund.amount, market)))
    yield from _nonzero(charges)


def _referral(amount: Decimal, market: Market) -> Decimal:
    return (amount * REFERRAL).quantize(market.minor_unit)


def _points(amount: Decimal, market: Market) -> Decimal:
    return (amount * _POINTS).quantize(market.minor_unit)


def _nonzero(charges: Iterable[Charge]) -> Iterator[Charge]:
    return (charge for charge in charges if charge.amount)
