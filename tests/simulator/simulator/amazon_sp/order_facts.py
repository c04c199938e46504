"""What Amazon tells of an order at an instant, whichever API or report tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from simulator.world.events import Channel, Order, OrderItem, OrderStatus
from simulator.world.marketplaces import MARKETS, Market
from simulator.world.randomness import chance


@dataclass(frozen=True)
class ItemFacts:
    """One order line as told: pending and multi-channel lines have no price yet (or never)."""

    item: OrderItem
    ordinal: int
    quantity: int
    is_priced: bool
    tax: Decimal
    """Sales tax on top of the price. Where prices include VAT, orders do not tell it apart."""
    shipping_tax: Decimal
    gift_wrap_tax: Decimal


@dataclass(frozen=True)
class OrderFacts:
    """One order as told."""

    order: Order
    market: Market
    status: OrderStatus
    last_updated_at: datetime
    items: tuple[ItemFacts, ...]

    @property
    def channel_name(self) -> str:
        """``Amazon.de``, or ``Non-Amazon US`` for a multi-channel order."""
        if self.order.channel is Channel.NON_AMAZON:
            return f"Non-Amazon {self.market.country_code}"
        return self.market.sales_channel


def tell(order: Order, now: datetime) -> OrderFacts:
    """The facts of an order at an instant at or after it was placed."""
    market, status = MARKETS[order.marketplace_id], order.status(now)
    # Cancelled lines keep quantity and price or lose both; a client cannot know beforehand.
    is_emptied = status is OrderStatus.CANCELLED and (
        order.cancelled_at < order.approved_at  # type: ignore[operator]
        or chance("cancelled", order.order_id).random() < 0.5
    )
    is_priced = not (
        is_emptied or status is OrderStatus.PENDING or order.channel is Channel.NON_AMAZON
    )
    excludes_tax = market.vat is None
    items = tuple(
        ItemFacts(
            item,
            ordinal,
            0 if is_emptied else item.quantity,
            is_priced,
            item.tax if excludes_tax else Decimal(0),
            item.shipping_tax if excludes_tax else Decimal(0),
            item.gift_wrap_tax if excludes_tax else Decimal(0),
        )
        for ordinal, item in enumerate(order.items, start=1)
    )
    return OrderFacts(order, market, status, order.last_updated_at(now), items)


def ship_by(order: Order) -> tuple[datetime, datetime]:
    """The promised time for shipping."""
    return order.placed_at, order.placed_at + timedelta(days=2)


def deliver_by(order: Order) -> tuple[datetime, datetime]:
    """The promised time for delivery."""
    return order.placed_at + timedelta(days=1), order.placed_at + timedelta(days=6)
