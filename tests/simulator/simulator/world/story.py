"""The generator of events: everything that ever happens, whatever ``now`` is, day by day."""

from __future__ import annotations

import threading
from datetime import date
from functools import cached_property

from simulator.world import catalog, inventory, orders, shop, shop_orders, traffic
from simulator.world.ads import AdsPlan
from simulator.world.events import Listing, Order, Product, TrafficBatch
from simulator.world.finance.ledger import Ledger
from simulator.world.marketplaces import BY_COUNTRY, Market
from simulator.world.sellers import Seller, sellers
from simulator.world.shop import Shop
from simulator.world.shop_orders import ShopOrder
from simulator.world.sizes import Size


class Story:
    """All events of a seed and size. Days are generated when first asked for, and kept."""

    def __init__(self, seed: int, size: Size) -> None:
        self.seed, self.size = seed, size
        self.products: tuple[Product, ...] = catalog.products(seed, size)
        self.listings: tuple[Listing, ...] = catalog.listings(seed, size, self.products)
        self.sellers: dict[str, Seller] = sellers(size.participating)
        self.ads = AdsPlan(seed, size, self.listings)
        self.markets: tuple[Market, ...] = tuple(BY_COUNTRY[country] for country in size.shares)
        self._originals: dict[tuple[str, date], tuple[Order, ...]] = {}
        self._orders: dict[tuple[str, date], tuple[Order, ...]] = {}
        self._shop: dict[date, tuple[ShopOrder, ...]] = {}
        self._traffic: dict[tuple[str, date], tuple[TrafficBatch, ...]] = {}
        self._lock = threading.RLock()

    @cached_property
    def shelves(self) -> dict[str, orders.Shelf]:
        """What an order of a marketplace can take, by marketplace id."""
        return {
            market.marketplace_id: orders.Shelf(market, self.listings) for market in self.markets
        }

    @cached_property
    def shop(self) -> Shop:
        """The Shopify shop: its products and variants."""
        return shop.open_shop(self.seed, self.products, self.listings)

    @cached_property
    def stock_keeping_units(self) -> tuple[inventory.StockKeepingUnit, ...]:
        """Every FNSKU of every FBA pool."""
        return inventory.stock_keeping_units(self.size, self.listings)

    @cached_property
    def ledger(self) -> Ledger:
        """All transactions and settlements."""
        return Ledger(self)

    def originals(self, market: Market, day: date) -> tuple[Order, ...]:
        """The orders of a marketplace day that replace no other one."""
        with self._lock:
            key = (market.marketplace_id, day)
            if key not in self._originals:
                self._originals[key] = orders.originals(self, market, day)
            return self._originals[key]

    def amazon_orders(self, market: Market, day: date) -> tuple[Order, ...]:
        """The orders placed in a marketplace on one of its days, by instant."""
        with self._lock:
            key = (market.marketplace_id, day)
            if key not in self._orders:
                self._orders[key] = orders.placed(self, market, day)
            return self._orders[key]

    def shop_orders(self, day: date) -> tuple[ShopOrder, ...]:
        """The shop's own orders of one of its days, by instant."""
        with self._lock:
            if day not in self._shop:
                self._shop[day] = shop_orders.placed(self, day)
            return self._shop[day]

    def traffic(self, market: Market, day: date) -> tuple[TrafficBatch, ...]:
        """The visits of a marketplace day, by instant of publication."""
        with self._lock:
            key = (market.marketplace_id, day)
            if key not in self._traffic:
                self._traffic[key] = traffic.visits(self, market, day)
            return self._traffic[key]
