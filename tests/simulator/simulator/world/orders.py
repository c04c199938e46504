"""Orders placed on Amazon, with everything that happens to them later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from simulator.world import places
from simulator.world.events import (
    ZERO,
    Channel,
    FulfilledBy,
    Listing,
    Order,
    OrderItem,
    Refund,
)
from simulator.world.marketplaces import Market
from simulator.world.publication import batches, pick
from simulator.world.randomness import Wheel, between, chance, whole

if TYPE_CHECKING:
    from simulator.world.story import Story

_LINES = Wheel((1, 2, 3, 4), (0.70, 0.22, 0.06, 0.02))
_UNITS = Wheel((1, 2, 3, 4, 6), (0.84, 0.10, 0.03, 0.02, 0.01))
_BY_WEEKDAY = (1.05, 1.0, 0.97, 0.95, 0.95, 1.0, 1.08)
_BY_HOUR = Wheel(
    range(24),
    (2, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 8, 8, 7, 5, 3),
)
_REPLACEMENT_DELAY = timedelta(days=6)
_MERCHANT_PROMOTION = "PAWS-V2-{}-{:04d}-10% off"
_FREE_SHIPPING = "{} Core Free Shipping 2015/04/08 23-48-5-108"


class Shelf:
    """The offers of one marketplace, ready to be drawn."""

    def __init__(self, market: Market, listings: Sequence[Listing]) -> None:
        here = [offer for offer in listings if offer.marketplace_id == market.marketplace_id]
        self.market = market
        self.offers = Wheel(here, [offer.weight for offer in here])
        self.asins = tuple(dict.fromkeys(offer.asin for offer in here))


def expected(story: Story, market: Market, day: date) -> float:
    """How many orders a marketplace day should see."""
    share = story.size.shares[market.country_code]
    sale = 2.2 if day.month == 11 and day.weekday() == 4 and 23 <= day.day <= 29 else 1.0
    return story.size.orders_per_day * share * _BY_WEEKDAY[day.weekday()] * sale


def originals(story: Story, market: Market, day: date) -> tuple[Order, ...]:
    """The orders of a marketplace day that customers paid for."""
    random = chance(story.seed, story.size.name, "orders", market.marketplace_id, day)
    count = whole(random, expected(story, market, day))
    return tuple(_order(story, market, day, index) for index in range(count))


def placed(story: Story, market: Market, day: date) -> tuple[Order, ...]:
    """All orders of a marketplace day, by instant, free replacements of earlier ones included."""
    replaced = story.originals(market, day - _REPLACEMENT_DELAY)
    replacements = (_replacement(story, market, day, order) for order in replaced)
    orders = [*story.originals(market, day), *(order for order in replacements if order)]
    return tuple(sorted(orders, key=lambda order: (order.placed_at, order.order_id)))


def _order(story: Story, market: Market, day: date, index: int) -> Order:
    random = chance(story.seed, story.size.name, "order", market.marketplace_id, day, index)
    instant = _instant(random, market, day)
    order_id = _order_id(random, market)
    offers = _chosen(random, story.shelves[market.marketplace_id])
    by = offers[0].fulfilled_by
    place = places.draw(random, market.country_code)
    life = _Life(random, instant, by)
    published = batches(story.seed, market, day)
    is_prime = by is FulfilledBy.AMAZON and random.random() < 0.6
    items = tuple(
        _item(story, market, offer, instant, life, is_prime, published, random) for offer in offers
    )
    return Order(
        order_id=order_id,
        merchant_order_id=None,
        marketplace_id=market.marketplace_id,
        region=market.region,
        channel=Channel.AMAZON,
        day=day,
        placed_at=instant,
        approved_at=life.approved_at,
        shipped_at=life.shipped_at,
        cancelled_at=life.cancelled_at,
        cancelled_by=life.cancelled_by,
        amended_at=life.amended_at,
        fulfilled_by=by,
        service_level="NextDay" if is_prime else "Standard",
        is_business=random.random() < 0.06,
        is_prime=is_prime,
        replaces_order_id=None,
        ship_city=place.city,
        ship_state=place.state,
        ship_postal_code=place.postal_code,
        ship_country=place.country,
        items=items,
    )


def _instant(random: Random, market: Market, day: date) -> datetime:
    """An instant within the marketplace's own day, daylight saving included."""
    start, end = market.midnight(day), market.close(day)
    seconds = _BY_HOUR.spin(random) * 3600 + random.randint(0, 3599)
    return start + timedelta(seconds=min(seconds, int((end - start).total_seconds()) - 1))


def _order_id(random: Random, market: Market) -> str:
    prefix = {"na": random.choice(("111", "112", "113", "114")), "eu": "303", "fe": "250"}
    return f"{prefix[market.region]}-{random.randrange(10**7):07d}-{random.randrange(10**7):07d}"


def _chosen(random: Random, shelf: Shelf) -> list[Listing]:
    """The offers of one order: one seller of the goods ships all of them."""
    first = shelf.offers.spin(random)
    chosen = [first]
    for _ in range(_LINES.spin(random) - 1):
        # Two lines of one SKU are a real thing, and no duplicate.
        again = first if random.random() < 0.08 else shelf.offers.spin(random)
        chosen.append(again if again.fulfilled_by is first.fulfilled_by else first)
    return chosen


class _Life:
    """What happens to an order after it is placed."""

    def __init__(self, random: Random, placed_at: datetime, by: FulfilledBy) -> None:
        slow = random.random() < 0.06
        minutes = random.randint(600, 4000) if slow else random.randint(1, 35)
        self.approved_at = placed_at + timedelta(minutes=minutes, seconds=random.randint(0, 59))
        longest = timedelta(hours=30 if by is FulfilledBy.AMAZON else 70)
        shipping = self.approved_at + between(random, timedelta(hours=3), longest)
        self.shipped_at: datetime | None = shipping
        self.cancelled_at: datetime | None = None
        self.cancelled_by: str | None = None
        self.amended_at: datetime | None = None
        if random.random() < 0.04:
            self.shipped_at = None
            self.cancelled_at = placed_at + (shipping - placed_at) * random.random()
            self.cancelled_at = self.cancelled_at.replace(microsecond=0)
            self.cancelled_by = random.choice(("BUYER", "BUYER", "MERCHANT", "AMAZON"))
        elif random.random() < 0.06:
            self.amended_at = shipping + between(random, timedelta(hours=20), timedelta(days=20))


def _item(
    story: Story,
    market: Market,
    offer: Listing,
    placed_at: datetime,
    life: _Life,
    is_prime: bool,
    published: tuple[datetime, ...],
    random: Random,
) -> OrderItem:
    item_id = str(random.randrange(10**13, 10**14))
    quantity = _UNITS.spin(random)
    principal = offer.price * quantity
    promoted = random.random() < 0.12
    discount = round_to(principal / 10, market) if promoted else ZERO
    shipping = ZERO if is_prime else market.money(Decimal("5.99"))
    free = not is_prime and random.random() < 0.5
    gift = market.money(Decimal("3.49")) if random.random() < 0.02 else ZERO
    code = f"{random.randrange(10**6):06d}"
    promotions = (_MERCHANT_PROMOTION.format(market.country_code, int(code) % 10_000),) * promoted
    return OrderItem(
        order_item_id=item_id,
        seller_sku=offer.seller_sku,
        asin=offer.asin,
        title=offer.title,
        fn_sku=offer.fn_sku,
        quantity=quantity,
        unit_price=offer.price,
        principal=principal,
        tax=tax(principal - discount, market),
        shipping=shipping,
        shipping_tax=tax(ZERO if free else shipping, market),
        gift_wrap=gift,
        gift_wrap_tax=tax(gift, market),
        promotion_discount=discount,
        shipping_discount=shipping if free else ZERO,
        promotion_ids=(*promotions, *((_FREE_SHIPPING.format(market.country_code),) * free)),
        reported_at=pick(random, published),
        refund=_refund(random, life.shipped_at, quantity, offer.price),
        ad_touch=story.ads.touch(market.marketplace_id, offer.asin, item_id, placed_at),
    )


def _refund(
    random: Random, shipped_at: datetime | None, quantity: int, unit_price: Decimal
) -> Refund | None:
    if random.random() >= 0.05 or shipped_at is None:
        return None
    back = random.randint(1, quantity)
    requested = shipped_at + between(random, timedelta(days=3), timedelta(days=28))
    return Refund(requested, back, unit_price * back)


def round_to(amount: Decimal, market: Market) -> Decimal:
    """An amount in the marketplace's minor unit."""
    return amount.quantize(market.minor_unit)


def tax(amount: Decimal, market: Market) -> Decimal:
    """Sales tax on top of an amount, or the VAT that it contains."""
    if market.vat is None:
        return round_to(amount * market.sales_tax, market)
    return round_to(amount - amount / (1 + market.vat), market)


def _replacement(story: Story, market: Market, day: date, original: Order) -> Order | None:
    """The free order that replaces one in a hundred orders some days later."""
    random = chance(story.seed, "replacement", original.order_id)
    instant = _instant(random, market, day)
    if random.random() >= 0.01 or not original.shipped_at or original.shipped_at > instant:
        return None
    free = replace(
        original.items[0],
        order_item_id=str(random.randrange(10**13, 10**14)),
        quantity=1,
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
        reported_at=pick(random, batches(story.seed, market, day)),
        refund=None,
        ad_touch=None,
    )
    approved = instant + timedelta(minutes=random.randint(1, 30))
    return replace(
        original,
        order_id=_order_id(random, market),
        day=day,
        placed_at=instant,
        approved_at=approved,
        shipped_at=approved + timedelta(hours=8),
        amended_at=None,
        replaces_order_id=original.order_id,
        items=(free,),
    )
