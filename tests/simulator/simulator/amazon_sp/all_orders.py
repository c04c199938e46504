"""The all-orders report in XML: region-wide, whatever marketplaces were asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from xml.sax.saxutils import escape

from simulator.amazon_sp.order_facts import ItemFacts, OrderFacts, tell
from simulator.amazon_sp.report_types import Asked, ReportType
from simulator.world import World
from simulator.world.events import Order, OrderStatus
from simulator.world.randomness import chance

LONGEST = timedelta(days=30)
_ENCODINGS = {"na": "ISO-8859-1", "eu": "ISO-8859-1", "fe": "UTF-8"}
_STATUSES = {
    OrderStatus.PENDING: ("Pending", "Unshipped"),
    OrderStatus.UNSHIPPED: ("Unshipped", "Unshipped"),
    OrderStatus.SHIPPED: ("Shipped", "Shipped"),
    OrderStatus.CANCELLED: ("Cancelled", "Cancelled"),
}
_SHIPPERS = {"AMAZON": "Amazon", "MERCHANT": "Merchant"}


def content_type(asked: Asked) -> str:
    """The media type; the prolog names the same encoding."""
    return f"text/xml;charset={_ENCODINGS[asked.region]}"


def by_last_update(asked: Asked) -> bytes | None:
    """Orders last updated from ``start`` to ``end``; None when there are none."""
    told = [tell(order, asked.world.now) for order in _of_region(asked.world, asked.region)]
    found = [f for f in told if asked.start <= f.last_updated_at <= asked.end]
    return _report(asked.region, asked.start, asked.end, found)


def by_order_date(asked: Asked) -> bytes | None:
    """Orders placed from ``start`` to ``end``; None when there are none."""
    world, start, end = asked.world, asked.start, asked.end
    orders = [o for o in _of_region(world, asked.region) if start <= o.placed_at <= end]
    return _report(asked.region, start, end, [tell(order, world.now) for order in orders])


REPORT_TYPES = {
    "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL": ReportType(by_last_update, content_type),
    "GET_XML_ALL_ORDERS_DATA_BY_ORDER_DATE_GENERAL": ReportType(by_order_date, content_type),
}


def _of_region(world: World, region: str) -> Iterable[Order]:
    return (order for order in world.orders if order.region == region)


def _report(region: str, start: datetime, end: datetime, orders: list[OrderFacts]) -> bytes | None:
    if end - start > LONGEST:
        orders = []  # Amazon answers a longer window with an empty report, not with an error.
    elif not orders:
        return None
    encoding = _ENCODINGS[region]
    return "".join(_envelope(encoding, orders)).encode(encoding, "xmlcharrefreplace")


def _envelope(encoding: str, orders: Iterable[OrderFacts]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="{encoding}"?>\n'
    yield '<AmazonEnvelope xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    yield 'xsi:noNamespaceSchemaLocation="amzn-envelope.xsd">\n'
    yield "<Header><DocumentVersion>1.00</DocumentVersion></Header>\n"
    yield "<MessageType>AllOrdersReport</MessageType>\n"
    for facts in orders:
        yield "<Message><Order>"
        yield from _order(facts)
        yield "</Order></Message>\n"
    yield "</AmazonEnvelope>\n"


def _order(facts: OrderFacts) -> Iterator[str]:
    event = facts.order
    yield _tag("AmazonOrderID", event.order_id)
    yield _tag("MerchantOrderID", event.merchant_order_id or event.order_id)
    yield _tag("PurchaseDate", _iso(event.placed_at))
    yield _tag("LastUpdatedDate", _iso(facts.last_updated_at))
    yield _tag("OrderStatus", _STATUSES[facts.status][0])
    yield _tag("SalesChannel", facts.channel_name)
    yield "<FulfillmentData>"
    yield _tag("FulfillmentChannel", _SHIPPERS[event.fulfilled_by.value])
    yield _tag("ShipServiceLevel", event.service_level)
    if facts.status is not OrderStatus.PENDING:
        yield "<Address>"
        yield _tag("City", event.ship_city)
        yield _tag("State", event.ship_state) if event.ship_state else ""
        yield _tag("PostalCode", event.ship_postal_code)
        yield _tag("Country", event.ship_country)
        yield "</Address>"
    yield "</FulfillmentData>"
    yield _tag("IsBusinessOrder", str(event.is_business).lower())
    for told in facts.items:
        yield "<OrderItem>"
        yield from _item(facts, told)
        yield "</OrderItem>"


def _item(facts: OrderFacts, told: ItemFacts) -> Iterator[str]:
    item = told.item
    # While an order is pending, some lines have no code yet.
    coded = facts.status is not OrderStatus.PENDING or (
        chance("code", item.order_item_id).random() < 0.5
    )
    if coded:
        yield _tag("AmazonOrderItemCode", item.order_item_id)
    yield _tag("ASIN", item.asin)
    yield _tag("SKU", item.seller_sku)
    yield _tag("ItemStatus", _STATUSES[facts.status][1])
    yield _tag("ProductName", item.title)
    yield _tag("Quantity", str(told.quantity))
    if not told.is_priced:
        return
    components = {
        "Principal": item.principal,
        "Tax": told.tax,
        "Shipping": item.shipping,
        "ShippingTax": told.shipping_tax,
        "GiftWrap": item.gift_wrap,
        "GiftWrapTax": told.gift_wrap_tax,
    }
    yield "<ItemPrice>"
    for kind, amount in components.items():
        if amount or kind == "Principal":
            yield f"<Component>{_tag('Type', kind)}{_amount(facts, amount)}</Component>"
    yield "</ItemPrice>"
    if item.promotion_ids:
        yield "<Promotion>"
        yield _tag("PromotionIDs", ",".join(item.promotion_ids))
        if item.promotion_discount:
            yield _tag("ItemPromotionDiscount", str(item.promotion_discount))
        if item.shipping_discount:
            yield _tag("ShipPromotionDiscount", str(item.shipping_discount))
        yield "</Promotion>"


def _tag(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


def _amount(facts: OrderFacts, amount: Decimal) -> str:
    # Dot decimals whatever the country, as many places as there are.
    return f'<Amount currency="{facts.market.currency_code}">{amount.normalize():f}</Amount>'


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
