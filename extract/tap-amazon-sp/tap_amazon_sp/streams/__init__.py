"""The tap's streams, one module per family of Amazon's APIs. `ALL` is what the tap offers."""

from __future__ import annotations

from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.streams.fba_inventory import FbaInventory
from tap_amazon_sp.streams.orders import OrderItems, Orders
from tap_amazon_sp.streams.orders_bulk import OrderItemsBulk, OrdersBulk
from tap_amazon_sp.streams.sales_traffic import SalesTrafficByDate
from tap_amazon_sp.streams.sellers import MarketplaceParticipations

ALL: tuple[type[AmazonStream], ...] = (
    MarketplaceParticipations,
    Orders,
    OrderItems,
    OrdersBulk,
    OrderItemsBulk,
    SalesTrafficByDate,
    FbaInventory,
)
