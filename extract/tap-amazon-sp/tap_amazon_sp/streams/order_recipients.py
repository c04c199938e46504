"""Who bought and where it went: personal data, offered only with `include_personal_data`.

Streams of their own, so that what has to be deleted 30 days after delivery lies in two tables and
nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Delivery
from amazon_client.singer.schema import json_, text, texts, timestamp
from tap_amazon_sp.orders_xml import read_recipients
from tap_amazon_sp.settings import API, REPORT
from tap_amazon_sp.streams.orders import ORDERS
from tap_amazon_sp.streams.orders_bulk import ORDERS_BULK
from tap_amazon_sp.streams.orders_source import OrdersSource


class OrderRecipients(OrdersSource):
    """Buyer and address of each order of the search that tells them."""

    name = "order_recipients"
    source = API
    dataset = ORDERS
    keys = ("order_id",)
    replication_key = "last_updated_time"
    columns = (
        text("orderId"),
        timestamp("lastUpdatedTime"),
        texts(
            "buyer.buyerName",
            "buyer.buyerEmail",
            "buyer.buyerCompanyName",
            "buyer.buyerPurchaseOrderNumber",
        ),
        text("recipient.deliveryAddress.name", "recipient_name"),
        texts(
            "recipient.deliveryAddress.companyName",
            "recipient.deliveryAddress.addressLine1",
            "recipient.deliveryAddress.addressLine2",
            "recipient.deliveryAddress.addressLine3",
            "recipient.deliveryAddress.city",
            "recipient.deliveryAddress.districtOrCounty",
            "recipient.deliveryAddress.stateOrRegion",
            "recipient.deliveryAddress.municipality",
            "recipient.deliveryAddress.postalCode",
            "recipient.deliveryAddress.countryCode",
            "recipient.deliveryAddress.phone",
            "recipient.deliveryAddress.addressType",
        ),
        json_("recipient.deliveryAddress.extendedFields"),
        json_("recipient.deliveryPreference"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the orders that tell anything personal."""
        for order in super().rows(delivery):
            if order.get("buyer") or order.get("recipient"):
                yield order


class OrderRecipientsBulk(OrdersSource):
    """Where each order of the report went, as far as the report tells it."""

    name = "order_recipients_bulk"
    source = REPORT
    dataset = ORDERS_BULK
    keys = ("order_id",)
    replication_key = "last_updated_date"
    columns = (
        text("AmazonOrderID", "order_id"),
        timestamp("LastUpdatedDate"),
        text("City", "ship_city"),
        text("State", "ship_state"),
        text("PostalCode", "ship_postal_code"),
        text("Country", "ship_country"),
        text("PurchaseOrderNumber"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the orders that tell an address."""
        for document in delivery.documents:
            yield from read_recipients(document.path)
