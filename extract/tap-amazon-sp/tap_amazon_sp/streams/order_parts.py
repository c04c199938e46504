"""What belongs to a line of an order of the search: promotions, price parts, taxes.

Each part has its number in the line and the order's time of update: of a line, the parts of the
newest update are all that there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Delivery
from amazon_client.singer.schema import boolean, integer, money, text, texts, timestamp
from tap_amazon_sp.settings import API
from tap_amazon_sp.streams.orders import ORDERS, lines
from tap_amazon_sp.streams.orders_source import OrdersSource

_LINE = (
    text("order.orderId"),
    text("item.orderItemId"),
    timestamp("order.lastUpdatedTime"),
    text("order.salesChannel.marketplaceId"),
)
_TAX = "TAX"


class _LinePart(OrdersSource):
    """A stream of parts of the lines."""

    source = API
    dataset = ORDERS
    replication_key = "last_updated_time"

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the parts of every line, each with what it tells of its line and order."""
        for order, items in lines(super().rows(delivery)):
            for item in items:
                line = {"order": order, "item": {"orderItemId": item["orderItemId"]}}
                yield from ({**line, **part} for part in self.parts(item))

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the parts of one line."""
        raise NotImplementedError


class OrderPromotions(_LinePart):
    """Promotions that a line was sold with; Amazon does not say what each took off."""

    name = "order_promotions"
    keys = ("order_id", "order_item_id", "promotion_ordinal")
    columns = (
        *_LINE,
        integer("ordinal", "promotion_ordinal"),
        text("promotion.promotionId"),
    )

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the promotions of one line."""
        found = (item.get("promotion") or {}).get("breakdowns") or ()
        for ordinal, promotion in enumerate(found, start=1):
            yield {"ordinal": ordinal, "promotion": promotion}


class OrderItemProceeds(_LinePart):
    """The parts of a line's proceeds: each subtotal, and below it what Amazon says of it.

    `detail_ordinal` 0 is the subtotal; the others are in it. Add up one kind, never both.
    """

    name = "order_item_proceeds"
    keys = ("order_id", "order_item_id", "proceeds_ordinal", "detail_ordinal")
    columns = (
        *_LINE,
        integer("ordinal", "proceeds_ordinal"),
        integer("detailOrdinal"),
        boolean("isSubtotal"),
        text("breakdown.type", "proceeds_type"),
        text("detail.subtype"),
        money("value", "value"),
    )

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the subtotals of one line, each with its details."""
        found = (item.get("proceeds") or {}).get("breakdowns") or ()
        for ordinal, breakdown in enumerate(found, start=1):
            part = {"ordinal": ordinal, "breakdown": {"type": breakdown.get("type")}}
            subtotal = breakdown.get("subtotal")
            yield {**part, "detailOrdinal": 0, "isSubtotal": True, "value": subtotal}
            for number, detail in enumerate(breakdown.get("detailedBreakdowns") or (), start=1):
                value = detail.get("value")
                below = {"detail": detail, "detailOrdinal": number, "isSubtotal": False}
                yield {**part, **below, "value": value}


class OrderItemTaxes(_LinePart):
    """The taxes of a line, by what they are on: the goods, shipping, gift wrap."""

    name = "order_item_taxes"
    keys = ("order_id", "order_item_id", "tax_ordinal")
    columns = (
        *_LINE,
        integer("ordinal", "tax_ordinal"),
        texts("detail.subtype"),
        money("detail.value", "tax"),
    )

    def parts(self, item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Yield the taxes of one line."""
        found = (item.get("proceeds") or {}).get("breakdowns") or ()
        details = (
            detail
            for breakdown in found
            if breakdown.get("type") == _TAX
            for detail in breakdown.get("detailedBreakdowns") or ()
        )
        for ordinal, detail in enumerate(details, start=1):
            yield {"ordinal": ordinal, "detail": detail}
