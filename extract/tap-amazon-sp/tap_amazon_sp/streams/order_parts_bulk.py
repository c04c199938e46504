"""What belongs to a line of the order report: promotions, price components, taxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Delivery
from amazon_client.singer.schema import decimal, integer, text, timestamp
from tap_amazon_sp.orders_xml import read_prices
from tap_amazon_sp.settings import REPORT
from tap_amazon_sp.streams.orders_bulk import ORDERS_BULK, sold_in
from tap_amazon_sp.streams.orders_source import OrdersSource

_LINE = (
    text("order.AmazonOrderID", "order_id"),
    text("ItemId", "order_item_id"),
    timestamp("order.LastUpdatedDate"),
    text("marketplaceId"),
)
_TAXES = {"Tax": "ITEM", "ShippingTax": "SHIPPING", "GiftWrapTax": "GIFT_WRAP"}
"""The subtype that the Orders API gives each of the report's tax components."""


class _LinePart(OrdersSource):
    """A stream of parts of the lines."""

    source = REPORT
    dataset = ORDERS_BULK
    replication_key = "last_updated_date"

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the parts of every line, each with what it tells of its line and order."""
        for document in delivery.documents:
            for item in read_prices(document.path):
                parts = list(self.parts(item))
                if parts:
                    line = {name: item.get(name) for name in ("order", "ItemId", "Currency")}
                    _, line["marketplaceId"] = sold_in(item["order"].get("SalesChannel"))
                    for ordinal, part in enumerate(parts, start=1):
                        yield {**line, "ordinal": ordinal, **part}

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the parts of one line."""
        raise NotImplementedError


class OrderPromotionsBulk(_LinePart):
    """Promotions that a line was sold with; what they took off stands in `order_items_bulk`."""

    name = "order_promotions_bulk"
    keys = ("order_id", "order_item_id", "promotion_ordinal")
    columns = (*_LINE, integer("ordinal", "promotion_ordinal"), text("promotionId"))

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the promotions of one line."""
        for promotion_id in (item.get("Promotion") or {}).get("PromotionIDs") or ():
            yield {"promotionId": promotion_id}


class OrderItemProceedsBulk(_LinePart):
    """The price components of a line, in Amazon's words: Principal, Tax, Shipping and so on."""

    name = "order_item_proceeds_bulk"
    keys = ("order_id", "order_item_id", "proceeds_ordinal")
    columns = (
        *_LINE,
        integer("ordinal", "proceeds_ordinal"),
        text("kind", "proceeds_type"),
        decimal("amount", "value_amount"),
        text("Currency", "value_currency_code"),
    )

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the components of one line."""
        for kind, amount in (item.get("ItemPrice") or {}).items():
            yield {"kind": kind, "amount": amount}


class OrderItemTaxesBulk(_LinePart):
    """The taxes of a line, by what they are on, in the words of the Orders API."""

    name = "order_item_taxes_bulk"
    keys = ("order_id", "order_item_id", "tax_ordinal")
    columns = (
        *_LINE,
        integer("ordinal", "tax_ordinal"),
        text("subtype"),
        decimal("amount", "tax_amount"),
        text("Currency", "tax_currency_code"),
    )

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the taxes of one line."""
        for kind, amount in (item.get("ItemPrice") or {}).items():
            if kind in _TAXES:
                yield {"subtype": _TAXES[kind], "amount": amount}
