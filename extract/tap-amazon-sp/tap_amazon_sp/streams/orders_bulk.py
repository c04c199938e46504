"""The all-orders XML report: the past of orders and their lines, two months in two requests.

The report covers a whole region whatever marketplaces are named, so each row's marketplace comes
from its own sales channel. Windows are at most 30 days: for a longer one Amazon makes an empty
report instead of refusing it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import lru_cache
from typing import Any

from amazon_client.extraction import Cadence, Delivery
from amazon_client.marketplaces import by_country, by_sales_channel
from amazon_client.singer.schema import (
    boolean,
    decimal,
    integer,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_sp.columns import list_
from tap_amazon_sp.datasets import SellerReport
from tap_amazon_sp.orders_xml import read_items, read_orders, spool_orders
from tap_amazon_sp.settings import REPORT
from tap_amazon_sp.streams.orders_source import OrdersSource, OrderWindows

logger = logging.getLogger(__name__)

WINDOWS = OrderWindows(
    max_span=timedelta(days=30),
    # Amazon ends a report without data and a cancelled one alike, and only what is older than 72
    # hours is sure to be the former: the last three days are read again.
    overlap=timedelta(days=3),
    cadences=frozenset({Cadence.FIRST_SYNC, Cadence.DAILY, Cadence.WEEKLY}),
)

ORDERS_BULK = SellerReport(
    name="orders_bulk",
    report_type="GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL",
    role="Inventory and Order Tracking",
    windows=WINDOWS,
    prepare=spool_orders,
)

AMAZON = "AMAZON"
NON_AMAZON = "NON_AMAZON"
"""The two channel names of the Orders API, given to the report's rows as well."""
_OTHER_SHOPS = "non-amazon"

_PRICES = {
    "Principal": "item_price_amount",
    "Tax": "item_tax_amount",
    "Shipping": "shipping_price_amount",
    "ShippingTax": "shipping_tax_amount",
    "GiftWrap": "gift_wrap_price_amount",
    "GiftWrapTax": "gift_wrap_tax_amount",
}
"""Column of each price component, of which the amount is the whole line's, not a unit's. A kind
that is not listed lands in the leftovers."""


class OrdersBulk(OrdersSource):
    """Orders of the report, without city, state and postal code."""

    name = "orders_bulk"
    source = REPORT
    dataset = ORDERS_BULK
    keys = ("order_id",)
    replication_key = "last_updated_date"
    columns = (
        text("AmazonOrderID", "order_id"),
        text("MerchantOrderID", "merchant_order_id"),
        timestamp("PurchaseDate"),
        timestamp("LastUpdatedDate"),
        text("OrderStatus"),
        text("SalesChannel"),
        text("channelName"),
        text("marketplaceId"),
        texts("FulfillmentData.FulfillmentChannel", "FulfillmentData.ShipServiceLevel"),
        text("FulfillmentData.Address.Country", "ship_country"),
        boolean("IsBusinessOrder"),
        text("Currency", "currency_code"),
        integer("ItemCount"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the report's orders, each with the channel and marketplace it was sold in."""
        unknown: set[str | None] = set()
        for document in delivery.documents:
            for order in read_orders(document.path):
                sales_channel = order.get("SalesChannel")
                order["channelName"], order["marketplaceId"] = sold_in(sales_channel)
                if not order["channelName"] and sales_channel not in unknown:
                    unknown.add(sales_channel)
                    logger.warning("%s: no marketplace is called %r", self.name, sales_channel)
                yield order


class OrderItemsBulk(OrdersSource):
    """The lines of the same orders; two lines of one SKU stay two."""

    name = "order_items_bulk"
    source = REPORT
    dataset = ORDERS_BULK
    keys = ("order_id", "order_item_id")
    replication_key = "last_updated_date"
    columns = (
        text("order.AmazonOrderID", "order_id"),
        text("ItemId", "order_item_id"),
        integer("ItemOrdinal"),
        timestamp("order.LastUpdatedDate"),
        text("order.SalesChannel"),
        text("marketplaceId"),
        text("ASIN", "asin"),
        text("SKU", "sku"),
        text("ProductName"),
        text("ItemStatus"),
        integer("Quantity"),
        tuple(decimal(f"ItemPrice.{kind}", name) for kind, name in _PRICES.items()),
        decimal("Promotion.ItemPromotionDiscount", "item_promotion_discount_amount"),
        decimal("Promotion.ShipPromotionDiscount", "ship_promotion_discount_amount"),
        text("Currency", "currency_code"),
        list_("Promotion.PromotionIDs", "promotion_ids"),
        text("PriceDesignation"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the lines, each with the marketplace it was sold in."""
        for document in delivery.documents:
            for item in read_items(document.path):
                _, item["marketplaceId"] = sold_in(item["order"].get("SalesChannel"))
                yield item


@lru_cache
def sold_in(sales_channel: str | None) -> tuple[str | None, str | None]:
    """Channel name and marketplace id of a sales channel such as `Amazon.de`.

    `Non-Amazon US` is multi-channel fulfilment: an order of another shop, from the stock of that
    country. An unknown channel has neither name nor marketplace.
    """
    channel = (sales_channel or "").strip()
    if channel.lower().startswith(_OTHER_SHOPS):
        name, place = NON_AMAZON, by_country(channel[len(_OTHER_SHOPS) :].strip())
    else:
        name, place = AMAZON, by_sales_channel(channel)
        if not place:
            return None, None
    return name, place.marketplace_id if place else None
