"""Orders of the Shopify shop: its own, those that Amazon ships, and Amazon's copied into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from simulator.world.events import ZERO, Channel, FulfilledBy, Order, OrderItem
from simulator.world.marketplaces import BY_COUNTRY
from simulator.world.randomness import Wheel, between, chance, whole
from simulator.world.shop import GIFT_CARD, SHOP_ZONE, Shop, Variant

if TYPE_CHECKING:
    from simulator.world.story import Story

_FIRST_NUMBER_DAY = date(2024, 1, 1)
_CENT = Decimal("0.01")
_HALF_A_DAY = timedelta(hours=12)
_FORWARDED = timedelta(minutes=5)
"""How long the shop takes to hand an order to Amazon's warehouse."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One moment of a customer's journey to an order."""

    at: datetime
    source: str
    medium: str | None
    campaign: str | None
    landing_page: str


@dataclass(frozen=True, slots=True)
class ShopLine:
    """One line of a shop order; amounts are of the whole line, discount positive."""

    line_id: int
    variant: Variant
    quantity: int
    price: Decimal
    discount: Decimal
    refunded_at: datetime | None
    refunded_quantity: int


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """One Shopify order in the shop's currency."""

    order_id: int
    name: str
    day: date
    """In the shop's zone."""
    placed_at: datetime
    source_name: str
    """``web``, ``pos``, or ``amazon-us`` for an order imported from Amazon."""
    amazon_order_id: str | None
    lines: tuple[ShopLine, ...]
    shipping: Decimal
    tax: Decimal
    cancelled_at: datetime | None
    journey: tuple[Visit, ...]
    fulfilled_by_amazon: bool
    """Shipped out of FBA stock: Amazon has a multi-channel order of it."""
    is_test: bool = False
    """Placed by the merchant to try the checkout: no sale."""
    shipped_at: datetime | None = None
    """Of an imported order: when Amazon has shipped it."""


_SOURCES = Wheel(
    (
        ("google", "cpc", "brand-search"),
        ("google", "organic", None),
        ("facebook", "paid_social", "autumn-launch"),
        ("klaviyo", "email", "newsletter-46"),
        ("direct", None, None),
        ("instagram", "social", None),
    ),
    (5, 6, 4, 3, 5, 2),
)


def placed(story: Story, day: date) -> tuple[ShopOrder, ...]:
    """The shop's orders of one of its days, imported Amazon orders excluded, by instant."""
    random = chance(story.seed, story.size.name, "shop", day)
    count = whole(random, story.size.shop_orders_per_day)
    orders = [_order(story, day, index) for index in range(count)]
    orders += extras(story, day)
    return tuple(sorted(orders, key=lambda order: order.placed_at))


def extras(story: Story, day: date) -> list[ShopOrder]:
    """What is no sale of goods: now and then a gift card is bought, or the checkout is tried."""
    random = chance(story.seed, story.size.name, "shop extras", day)
    found = []
    if random.random() < 0.15:
        card = _line(GIFT_CARD, (day - _FIRST_NUMBER_DAY).days * 1000 + 900)
        found.append(_extra(day, 900, random, card, "web", _journey(random, _noon(day))))
    if random.random() < 0.08:
        variant = story.shop.wheel.spin(random)
        line = _line(variant, (day - _FIRST_NUMBER_DAY).days * 1000 + 950)
        found.append(replace(_extra(day, 950, random, line, "web", ()), is_test=True))
    return found


def _noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), SHOP_ZONE).astimezone(UTC) + _HALF_A_DAY


def _line(variant: Variant, number: int) -> ShopLine:
    return ShopLine(14_000_000_000_000 + number * 10, variant, 1, variant.price, ZERO, None, 0)


def _extra(
    day: date, index: int, random: Random, line: ShopLine, source: str, journey: tuple[Visit, ...]
) -> ShopOrder:
    number = (day - _FIRST_NUMBER_DAY).days * 1000 + index
    return ShopOrder(
        order_id=5_600_000_000_000 + number,
        name=f"#{number}",
        day=day,
        placed_at=_noon(day) + timedelta(seconds=random.randint(0, 8 * 3600)),
        source_name=source,
        amazon_order_id=None,
        lines=(line,),
        shipping=ZERO,
        tax=ZERO,
        cancelled_at=None,
        journey=journey,
        fulfilled_by_amazon=False,
    )


def _order(story: Story, day: date, index: int) -> ShopOrder:
    random = chance(story.seed, story.size.name, "shop order", day, index)
    number = (day - _FIRST_NUMBER_DAY).days * 1000 + index
    midnight = datetime.combine(day, datetime.min.time(), SHOP_ZONE).astimezone(UTC)
    placed_at = midnight + timedelta(seconds=random.randint(6 * 3600, 22 * 3600))
    lines = _lines(story.shop, random, number, placed_at)
    subtotal = sum((line.price * line.quantity - line.discount for line in lines), ZERO)
    shippable = all(line.variant.sku in story.shop.offers for line in lines)
    by_amazon = shippable and random.random() < 0.4
    cancelled = not by_amazon and random.random() < 0.03
    return ShopOrder(
        order_id=5_600_000_000_000 + number,
        name=f"#{number}",
        day=day,
        placed_at=placed_at,
        source_name="pos" if not by_amazon and random.random() < 0.1 else "web",
        amazon_order_id=None,
        lines=lines,
        shipping=Decimal("6.95") if subtotal < 60 else ZERO,
        tax=(subtotal * Decimal("0.0725")).quantize(_CENT),
        cancelled_at=placed_at + timedelta(hours=random.randint(1, 20)) if cancelled else None,
        journey=_journey(random, placed_at),
        fulfilled_by_amazon=by_amazon,
    )


def _lines(shop: Shop, random: Random, number: int, placed_at: datetime) -> tuple[ShopLine, ...]:
    wheel = shop.wheel
    lines = []
    for index in range(random.choices((1, 2, 3), (0.75, 0.2, 0.05))[0]):
        variant, quantity = wheel.spin(random), random.choices((1, 2, 3), (0.85, 0.12, 0.03))[0]
        off = random.random() < 0.15
        refunded = random.random() < 0.05
        lines.append(
            ShopLine(
                line_id=14_000_000_000_000 + number * 10 + index,
                variant=variant,
                quantity=quantity,
                price=variant.price,
                discount=(variant.price * quantity / 10).quantize(_CENT) if off else ZERO,
                refunded_at=placed_at + between(random, timedelta(days=4), timedelta(days=30))
                if refunded
                else None,
                refunded_quantity=1 if refunded else 0,
            )
        )
    return tuple(lines)


def _journey(random: Random, placed_at: datetime) -> tuple[Visit, ...]:
    moments = []
    for back in sorted((random.uniform(0, 20) for _ in range(random.randint(1, 4))), reverse=True):
        source, medium, campaign = _SOURCES.spin(random)
        at = placed_at - timedelta(seconds=int(back * 86_400))
        moments.append(Visit(at, source, medium, campaign, "/products"))
    return tuple(moments)


def multi_channel(order: ShopOrder, story: Story) -> Order:
    """Amazon's side of a shop order that Amazon ships: a Non-Amazon order without prices."""
    market = BY_COUNTRY["US"]
    random = chance(story.seed, "mcf", order.order_id)
    approved = order.placed_at + 2 * _FORWARDED
    return Order(
        order_id=f"S01-{random.randrange(10**7):07d}-{random.randrange(10**7):07d}",
        merchant_order_id=order.name,
        marketplace_id=market.marketplace_id,
        region=market.region,
        channel=Channel.NON_AMAZON,
        day=market.day_of(order.placed_at + _FORWARDED),
        placed_at=order.placed_at + _FORWARDED,
        approved_at=approved,
        shipped_at=approved + between(random, timedelta(hours=5), timedelta(hours=40)),
        cancelled_at=None,
        cancelled_by=None,
        amended_at=None,
        fulfilled_by=FulfilledBy.AMAZON,
        service_level="Standard",
        is_business=False,
        is_prime=False,
        replaces_order_id=None,
        ship_city="Denver",
        ship_state="CO",
        ship_postal_code="80202",
        ship_country="US",
        items=tuple(_mcf_item(random, story, line, approved) for line in order.lines),
    )


def _mcf_item(random: Random, story: Story, line: ShopLine, at: datetime) -> OrderItem:
    offer = story.shop.offers[line.variant.sku]
    return OrderItem(
        order_item_id=str(random.randrange(10**13, 10**14)),
        seller_sku=offer.seller_sku,
        asin=offer.asin,
        title=offer.title,
        fn_sku=offer.fn_sku,
        quantity=line.quantity,
        unit_price=ZERO,
        principal=ZERO,
        tax=ZERO,
        shipping=ZERO,
        shipping_tax=ZERO,
        gift_wrap=ZERO,
        gift_wrap_tax=ZERO,
        promotion_discount=ZERO,
        shipping_discount=ZERO,
        promotion_ids=(),
        reported_at=at,
        refund=None,
        ad_touch=None,
    )


def imported(order: Order, story: Story) -> ShopOrder | None:
    """An Amazon order that a channel app copies into the shop (one in eight US orders).

    It is Amazon's sale: counting it as the shop's would count it twice.
    """
    us = BY_COUNTRY["US"].marketplace_id
    if order.channel is not Channel.AMAZON or order.marketplace_id != us:
        return None
    random = chance(story.seed, "imported", order.order_id)
    by_sku = story.shop.by_sku
    if random.random() > 0.125 or any(item.seller_sku not in by_sku for item in order.items):
        return None
    number = random.randrange(10**8, 10**9)
    lines = tuple(
        ShopLine(
            line_id=15_000_000_000_000 + number * 10 + index,
            variant=by_sku[item.seller_sku],
            quantity=item.quantity,
            price=item.unit_price,
            discount=item.promotion_discount,
            refunded_at=None,
            refunded_quantity=0,
        )
        for index, item in enumerate(order.items)
    )
    return ShopOrder(
        order_id=5_700_000_000_000 + number,
        name=f"AMZ-{order.order_id}",
        day=order.placed_at.astimezone(SHOP_ZONE).date(),
        placed_at=order.placed_at,
        source_name="amazon-us",
        amazon_order_id=order.order_id,
        lines=lines,
        shipping=sum((item.shipping - item.shipping_discount for item in order.items), ZERO),
        tax=sum((item.tax for item in order.items), ZERO),
        cancelled_at=order.cancelled_at,
        journey=(),
        fulfilled_by_amazon=False,
        shipped_at=order.shipped_at,
    )
