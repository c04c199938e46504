"""Reader of the all-orders XML report, one order at a time, in constant memory.

The document is `AmazonEnvelope/Message/Order`. Several streams read one document, and taking XML
apart costs more than all that they do with it: `spool_orders` does it once and leaves JSON lines,
from which `read_orders` gives each order and `read_items` each line of each order, as plain dicts
under Amazon's own element names. What the format leaves loose is made regular:

- `ItemPrice` is a mapping of component type to the exact amount as text, components of one type
  added up (`{"Principal": "50.0", "Tax": "4.13"}`); `Currency` is the components' currency.
- `Promotion` is a mapping: `PromotionIDs` (a list), `ItemPromotionDiscount` and
  `ShipPromotionDiscount` (added up over repeated promotions).
- `ItemOrdinal` counts an order's lines from 1, and `ItemId` is what identifies the line: Amazon's
  item code, or `#<ordinal>` where the report has none. A code that a further line of the same order
  repeats (a line split over shipments) gets a number of its own, so that no line is lost.

Texts are stripped; empty ones are absent. Personal data is neither in the orders nor in the lines:
only `read_recipients` gives it. Values stay text: typing is the columns' work.
Source: report GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL of the Reports API 2021-06-30.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypedDict

import msgspec
from lxml import etree

from amazon_client.documents import read_json_lines, read_xml
from amazon_client.errors import MalformedResponse
from tap_amazon_sp.personal import REPORT_ELEMENTS

ROOT = "AmazonEnvelope"
ITEM = "OrderItem"
RECIPIENT = ("City", "State", "PostalCode", "Country", "PurchaseOrderNumber")


class _OfOrder(TypedDict, total=False):
    """What each line tells of its order."""

    AmazonOrderID: str
    LastUpdatedDate: str
    SalesChannel: str


class _PricesOfLine(TypedDict, total=False):
    ItemId: str
    Currency: str
    ItemPrice: dict[str, str]
    Promotion: dict[str, Any]


# A type to decode into spares making what it does not name.
class _OrderWithLines(TypedDict):
    order: _OfOrder
    items: list[dict[str, Any]]


class _OrderWithPrices(TypedDict):
    order: _OfOrder
    items: list[_PricesOfLine]


def spool_orders(path: Path, spool: Path) -> None:
    """Write the orders of the document at `path`, in the encoding that its prolog declares.

    Each line of the spool is one order: `order`, `items`, and `recipient` where it tells one.

    Raises:
        MalformedResponse: The document breaks off, or is no order report at all; it never just
            ends early.
    """
    encoder = msgspec.json.Encoder()
    with spool.open("wb") as file:
        for element in _elements(path):
            file.write(encoder.encode(_taken_apart(element)))
            file.write(b"\n")


def read_orders(spool: Path) -> Iterator[dict[str, Any]]:
    """Yield the orders of a spool. Of its lines an order has `ItemCount` and `Currency` only."""
    for told in read_json_lines(spool):
        yield told["order"]


def read_items(spool: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of all orders of a spool; `order` is what a line tells of its order."""
    return _lines(spool, _OrderWithLines)


def read_prices(spool: Path) -> Iterator[dict[str, Any]]:
    """Yield of the lines only `order`, `ItemId`, `Currency`, `ItemPrice` and `Promotion`."""
    return _lines(spool, _OrderWithPrices)


def read_recipients(spool: Path) -> Iterator[dict[str, Any]]:
    """Yield where each order of a spool went, for the few who may know: personal data."""
    for told in read_json_lines(spool):
        if "recipient" in told:
            order = {tag: told["order"].get(tag) for tag in ("AmazonOrderID", "LastUpdatedDate")}
            yield order | told["recipient"]


def _lines(spool: Path, row_type: Any) -> Iterator[dict[str, Any]]:
    for told in read_json_lines(spool, row_type):
        for item in told["items"]:
            item["order"] = told["order"]
            yield item


def _elements(path: Path) -> Iterator[etree._Element]:
    """The order elements of an order report, and of no other document."""
    try:
        _, root = next(etree.iterparse(path, events=("start",), no_network=True))
    except (etree.XMLSyntaxError, StopIteration) as error:
        raise MalformedResponse(f"{path.name} is not whole XML: {error}") from None
    if etree.QName(root).localname != ROOT:
        # An error page can be well-formed too, and would pass for a report without orders.
        raise MalformedResponse(f"{path.name} is no order report: its root is <{root.tag}>")
    return read_xml(path, "Order")


def _taken_apart(element: etree._Element) -> dict[str, Any]:
    """What a line of the spool holds."""
    order: dict[str, Any] = {}
    items: list[dict[str, Any]] = []
    for child in element:
        if child.tag == ITEM:
            items.append(_item(child, len(items) + 1))
        else:
            _put(order, child)
    _identify(items)
    order["ItemCount"] = len(items)
    order["Currency"] = next((item["Currency"] for item in items if "Currency" in item), None)
    recipient = {
        part.tag: part.text.strip()
        for part in element.iter(*RECIPIENT)
        if part.text and part.text.strip()
    }
    told: dict[str, Any] = {"order": order, "items": items}
    return {**told, "recipient": recipient} if recipient else told


def _item(element: etree._Element, ordinal: int) -> dict[str, Any]:
    item: dict[str, Any] = {"ItemOrdinal": ordinal}
    for child in element:
        if child.tag == "ItemPrice":
            _add_price(item, child)
        elif child.tag == "Promotion":
            _add_promotion(item.setdefault("Promotion", {}), child)
        else:
            _put(item, child)
    return item


def _identify(items: list[dict[str, Any]]) -> None:
    seen: dict[str, int] = {}
    for item in items:
        code = item.pop("AmazonOrderItemCode", None)
        if not code:
            item["ItemId"] = f"#{item['ItemOrdinal']}"
            continue
        seen[code] = count = seen.get(code, 0) + 1
        item["ItemId"] = code if count == 1 else f"{code}#{count}"


def _put(target: dict[str, Any], element: etree._Element) -> None:
    """Add an element's value; one that repeats becomes a list, so that none is overwritten."""
    tag = element.tag
    if tag in REPORT_ELEMENTS:
        return
    value: Any = element.text
    if len(element) and isinstance(element[0].tag, str):  # else comments, entities
        value = {}
        for child in element:
            _put(value, child)
    elif value:
        value = value.strip()
    if not value:
        return
    if tag not in target:
        target[tag] = value
    elif isinstance(target[tag], list):
        target[tag].append(value)
    else:
        target[tag] = [target[tag], value]


def _add_price(item: dict[str, Any], element: etree._Element) -> None:
    price = item.setdefault("ItemPrice", {})
    for component in element:
        kind = amount = None
        for part in component:
            if part.tag == "Type":
                kind = (part.text or "").strip()
            elif part.tag == "Amount":
                amount = (part.text or "").strip()
                item["Currency"] = part.get("currency") or item.get("Currency")
        if kind and amount:
            price[kind] = _sum(price.get(kind), amount)


def _add_promotion(promotion: dict[str, Any], element: etree._Element) -> None:
    for child in element:
        text = (child.text or "").strip()
        if text and child.tag == "PromotionIDs":
            ids = promotion.setdefault("PromotionIDs", [])
            ids.extend(part.strip() for part in text.split(",") if part.strip())
        elif text and child.tag.endswith("Discount"):
            promotion[child.tag] = _sum(promotion.get(child.tag), text)
        else:
            _put(promotion, child)


def _sum(present: str | None, text: str) -> str:
    """Add an amount to the present one exactly.

    Raises:
        MalformedResponse: One of the two is no number.
    """
    if present is None:
        return text
    try:
        return str(Decimal(present) + Decimal(text))
    except InvalidOperation:
        raise MalformedResponse(f"The order report adds {text!r} to {present!r}") from None
