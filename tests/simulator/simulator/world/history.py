"""The world as known at an instant, and how it is built."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

from simulator.world import inventory, shop_details, shop_orders, shop_stock
from simulator.world.ads import AdsPlan
from simulator.world.events import Listing, Order, Product, StockLevel, TrafficBatch
from simulator.world.finance import FinanceView
from simulator.world.marketplaces import Market
from simulator.world.sellers import Seller
from simulator.world.shop import SHOP_ZONE
from simulator.world.shop_details import ShopDetails
from simulator.world.shop_orders import ShopOrder
from simulator.world.shop_stock import ShopLevel
from simulator.world.sizes import SIZES, Size
from simulator.world.story import Story


@dataclass(frozen=True)
class World:
    """What is known at ``now``: never an event of the future."""

    story: Story
    now: datetime
    opened: date
    """The first day of the story; ``at`` keeps it, and with it the whole past."""

    def at(self, now: datetime) -> World:
        """The same story as known at another instant."""
        return replace(self, now=now)

    @property
    def seed(self) -> int:
        """The seed of every draw."""
        return self.story.seed

    @property
    def size(self) -> Size:
        """The volumes."""
        return self.story.size

    @property
    def products(self) -> tuple[Product, ...]:
        """What the merchant sells."""
        return self.story.products

    @property
    def listings(self) -> tuple[Listing, ...]:
        """Every offer in every marketplace."""
        return self.story.listings

    @property
    def sellers(self) -> dict[str, Seller]:
        """The seller accounts by region."""
        return self.story.sellers

    @property
    def markets(self) -> tuple[Market, ...]:
        """The marketplaces in which the merchant sells."""
        return self.story.markets

    @property
    def ads(self) -> AdsPlan:
        """Profiles and campaigns."""
        return self.story.ads

    def days(self, market: Market) -> Iterator[date]:
        """The marketplace's days from the first one to the one that ``now`` lies in."""
        last = market.day_of(self.now)
        return (self.opened + timedelta(n) for n in range((last - self.opened).days + 1))

    @cached_property
    def orders(self) -> tuple[Order, ...]:
        """Orders of all marketplaces and both channels placed by now, by instant."""
        known = [
            order
            for market in self.markets
            for day in self.days(market)
            for order in self.story.amazon_orders(market, day)
            if order.placed_at <= self.now
        ]
        multi_channel = (
            shop_orders.multi_channel(order, self.story)
            for order in self.own_shop_orders
            if order.fulfilled_by_amazon
        )
        known += (order for order in multi_channel if order.placed_at <= self.now)
        return tuple(sorted(known, key=lambda order: (order.placed_at, order.order_id)))

    @cached_property
    def own_shop_orders(self) -> tuple[ShopOrder, ...]:
        """What customers ordered in the Shopify shop itself, by instant."""
        last = self.now.astimezone(SHOP_ZONE).date()
        days = (self.opened + timedelta(n) for n in range((last - self.opened).days + 1))
        return tuple(
            order
            for day in days
            for order in self.story.shop_orders(day)
            if order.placed_at <= self.now
        )

    @cached_property
    def shop_orders(self) -> tuple[ShopOrder, ...]:
        """All orders that Shopify shows, those imported from Amazon included, by instant."""
        imported = (shop_orders.imported(order, self.story) for order in self.orders)
        both = (*self.own_shop_orders, *(order for order in imported if order))
        return tuple(sorted(both, key=lambda order: (order.placed_at, order.order_id)))

    @cached_property
    def shop_details(self) -> tuple[ShopDetails, ...]:
        """The rest of what is to be told of every one of `shop_orders`, in the same order."""
        return tuple(shop_details.details(self.story, order) for order in self.shop_orders)

    @cached_property
    def shop_levels(self) -> tuple[ShopLevel, ...]:
        """The shop's stock now."""
        return shop_stock.levels(self)

    def traffic(self, market: Market, day: date) -> tuple[TrafficBatch, ...]:
        """The batches of a day's visits that Amazon has published by now."""
        return tuple(
            batch for batch in self.story.traffic(market, day) if batch.reported_at <= self.now
        )

    @cached_property
    def finance(self) -> FinanceView:
        """Transactions and settlements known by now."""
        return FinanceView(self)

    @cached_property
    def stock(self) -> dict[tuple[str, str], StockLevel]:
        """FBA stock now, by (pool, FNSKU)."""
        return self.stock_at(self.now)

    def stock_at(self, instant: datetime) -> dict[tuple[str, str], StockLevel]:
        """FBA stock at an instant not after now (nor within four weeks of the story's start)."""
        return inventory.levels(self.seed, self.story.stock_keeping_units, self.orders, instant)


def build(seed: int, size: str | Size, now: datetime, opened: date | None = None) -> World:
    """The world of a seed and size at an instant (aware, UTC).

    ``opened`` defaults to the size's ``history_days`` before the day of ``now``. It only decides
    how far back the story is told: what happened on a day does not depend on it.
    """
    volumes = SIZES[size] if isinstance(size, str) else size
    now = now.astimezone(UTC)
    first = opened or now.date() - timedelta(days=volumes.history_days)
    return World(Story(seed, volumes), now, first)
