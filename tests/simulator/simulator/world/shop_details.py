"""What else is true of a shop order: how it was paid, shipped, discounted and given back.

Amounts are the shop's currency. Every draw has an address of its own (``shop details``), so that
these facts can grow without another order being placed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from simulator.world.events import ZERO
from simulator.world.randomness import between, chance
from simulator.world.shop_orders import ShopLine, ShopOrder, multi_channel

if TYPE_CHECKING:
    from simulator.world.story import Story

_CENT = Decimal("0.01")
_PRESENTMENT = {"CAD": Decimal("1.36"), "EUR": Decimal("0.92")}
_SHIPPING_TAX = Decimal("0.0725")
_OWN_IDS = 5_600_000_000_000


@dataclass(frozen=True, slots=True)
class Discount:
    """Why lines of an order are cheaper. ``is_spread``: of the order, not of single lines."""

    title: str
    is_code: bool
    is_spread: bool


@dataclass(frozen=True, slots=True)
class RefundedLine:
    """Some units of a line given back; amounts are positive."""

    line: ShopLine
    quantity: int
    subtotal: Decimal
    tax: Decimal
    restock_type: str
    """RETURN, CANCEL or NO_RESTOCK."""


@dataclass(frozen=True, slots=True)
class ShopRefund:
    """Money that goes back to the customer at one instant; amounts are positive."""

    refund_id: int
    at: datetime
    lines: tuple[RefundedLine, ...]
    shipping: Decimal
    shipping_tax: Decimal
    extra: Decimal
    """What the customer gets beyond all that; negative: a fee is kept."""
    reason: str | None
    """Why there is an ``extra``."""

    @property
    def total(self) -> Decimal:
        """What the customer gets."""
        goods = sum((line.subtotal + line.tax for line in self.lines), ZERO)
        return goods + self.shipping + self.shipping_tax + self.extra


@dataclass(frozen=True)
class ShopDetails:
    """The rest of one order's story, its future included."""

    order: ShopOrder
    presentment_currency: str
    presentment_rate: Decimal
    """Units of it for one of the shop's."""
    discount: Discount | None
    line_taxes: tuple[Decimal, ...]
    """Of each line; they add up to the order's tax."""
    shipping_discount: Decimal
    shipping_tax: Decimal
    paid_at: datetime
    fulfilled_at: datetime | None
    journey_ready_at: datetime | None
    """When the shop has worked out the visits; None: there are none to be had."""
    every_refund: tuple[ShopRefund, ...]

    @cached_property
    def gross(self) -> Decimal:
        """The lines before discounts."""
        return sum((line.price * line.quantity for line in self.order.lines), ZERO)

    @cached_property
    def discounts(self) -> Decimal:
        """Off the lines; what is off the shipping stands apart."""
        return sum((line.discount for line in self.order.lines), ZERO)

    @property
    def subtotal(self) -> Decimal:
        """The lines after discounts, before tax."""
        return self.gross - self.discounts

    @property
    def shipping(self) -> Decimal:
        """Shipping after its discount, before tax."""
        return self.order.shipping - self.shipping_discount

    @property
    def tax(self) -> Decimal:
        """Of lines and shipping."""
        return self.order.tax + self.shipping_tax

    @property
    def total(self) -> Decimal:
        """What the customer was asked to pay."""
        return self.subtotal + self.shipping + self.tax

    def refunds(self, now: datetime) -> tuple[ShopRefund, ...]:
        """Those that have happened by ``now``."""
        return tuple(refund for refund in self.every_refund if refund.at <= now)

    def updated_at(self, now: datetime) -> datetime:
        """The last instant by ``now`` at which something about the order changed."""
        moments = (
            self.order.placed_at,
            self.paid_at,
            self.fulfilled_at,
            self.order.cancelled_at,
            *(refund.at for refund in self.every_refund),
        )
        return max(moment for moment in moments if moment and moment <= now)

    def is_cancelled(self, now: datetime) -> bool:
        """Whether it is cancelled by ``now``."""
        return self.order.cancelled_at is not None and self.order.cancelled_at <= now

    def refunded_quantity(self, line: ShopLine, now: datetime) -> int:
        """Units of a line that were given back by ``now``."""
        return sum(
            part.quantity
            for refund in self.refunds(now)
            for part in refund.lines
            if part.line.line_id == line.line_id
        )


def details(story: Story, order: ShopOrder) -> ShopDetails:
    """Everything else about an order; a pure function of the seed and the order."""
    random = chance(story.seed, "shop details", order.order_id)
    is_own, on_web = order.amazon_order_id is None, order.source_name == "web"
    currency, rate = "USD", Decimal(1)
    if is_own and on_web and random.random() < 0.08:
        currency, rate = random.choice(sorted(_PRESENTMENT.items()))
    is_free = is_own and order.shipping > 0 and random.random() < 0.12
    shipping_discount = order.shipping if is_free else ZERO
    shipping_tax = ZERO
    if is_own:
        shipping_tax = ((order.shipping - shipping_discount) * _SHIPPING_TAX).quantize(_CENT)
    paid_at = order.placed_at + timedelta(seconds=random.randint(2, 55))
    ready = order.placed_at + between(random, timedelta(hours=1), timedelta(hours=30))
    has_journey = bool(order.journey) and on_web and random.random() >= 0.04
    fulfilled_at = _fulfilled_at(story, order, random)
    line_taxes = split(order.tax, [_net(line) for line in order.lines])
    shipping = (order.shipping - shipping_discount, shipping_tax)
    refunds = _refunds(order, random, line_taxes, shipping) if is_own and not order.is_test else ()
    return ShopDetails(
        order=order,
        presentment_currency=currency,
        presentment_rate=rate,
        discount=_discount(order, random),
        line_taxes=line_taxes,
        shipping_discount=shipping_discount,
        shipping_tax=shipping_tax,
        paid_at=paid_at,
        fulfilled_at=fulfilled_at,
        journey_ready_at=ready if has_journey else None,
        every_refund=refunds,
    )


def split(amount: Decimal, weights: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """An amount in whole cents in proportion to weights; the parts add up to it exactly."""
    weights = list(weights)
    total, parts, given, seen = sum(weights, ZERO), [], ZERO, ZERO
    for weight in weights:
        seen += weight
        upto = (amount * seen / total).quantize(_CENT) if total else ZERO
        parts.append(upto - given)
        given = upto
    return tuple(parts)


def _net(line: ShopLine) -> Decimal:
    return line.price * line.quantity - line.discount


def _fulfilled_at(story: Story, order: ShopOrder, random: Random) -> datetime | None:
    if order.cancelled_at:
        return None
    if order.amazon_order_id:
        return order.shipped_at
    if order.fulfilled_by_amazon:
        return multi_channel(order, story).shipped_at
    if order.source_name == "pos" or order.lines[0].variant.is_gift_card:
        return order.placed_at
    return order.placed_at + between(random, timedelta(hours=4), timedelta(hours=60))


def _discount(order: ShopOrder, random: Random) -> Discount | None:
    if not any(line.discount for line in order.lines):
        return None
    if order.amazon_order_id:
        return Discount("Amazon promotion", is_code=False, is_spread=False)
    if random.random() < 0.5:
        return Discount("AUTUMN10", is_code=True, is_spread=True)
    return Discount("Autumn deal", is_code=False, is_spread=False)


def _refunds(
    order: ShopOrder,
    random: Random,
    taxes: tuple[Decimal, ...],
    shipping: tuple[Decimal, Decimal],
) -> tuple[ShopRefund, ...]:
    number = 8_000_000_000_000 + (order.order_id - _OWN_IDS) * 10
    if order.cancelled_at:
        lines = (
            _refunded(line, line.quantity, tax, "CANCEL")
            for line, tax in zip(order.lines, taxes, strict=True)
        )
        return (ShopRefund(number, order.cancelled_at, tuple(lines), *shipping, ZERO, None),)
    found: list[ShopRefund] = []
    unpaid_shipping = shipping
    returned = [
        (line.refunded_at, line, tax)
        for line, tax in zip(order.lines, taxes, strict=True)
        if line.refunded_at and line.refunded_quantity
    ]
    for at, line, tax in sorted(returned, key=lambda part: (part[0], part[1].line_id)):
        restock = "RETURN" if random.random() < 0.7 else "NO_RESTOCK"
        part = _refunded(line, line.refunded_quantity, tax, restock)
        kept = random.random()
        extra, reason = ZERO, None
        if kept < 0.15 and part.subtotal > 5:
            extra, reason = Decimal("-2.00"), "RESTOCK"
        elif kept > 0.8 and len(order.lines) > 1:  # never more than was paid
            extra, reason = Decimal("3.00"), "CUSTOMER"
        with_shipping = random.random() < 0.3
        amounts = unpaid_shipping if with_shipping else (ZERO, ZERO)
        unpaid_shipping = (ZERO, ZERO) if with_shipping else unpaid_shipping
        found.append(ShopRefund(number + len(found), at, (part,), *amounts, extra, reason))
    if not found and random.random() < 0.03:
        at = order.placed_at + between(random, timedelta(days=3), timedelta(days=25))
        found.append(ShopRefund(number, at, (), ZERO, ZERO, Decimal("5.00"), "REFUND_DISCREPANCY"))
    return tuple(found)


def _refunded(line: ShopLine, quantity: int, tax: Decimal, restock_type: str) -> RefundedLine:
    share = Decimal(quantity) / line.quantity
    subtotal = (_net(line) * share).quantize(_CENT)
    return RefundedLine(line, quantity, subtotal, (tax * share).quantize(_CENT), restock_type)
