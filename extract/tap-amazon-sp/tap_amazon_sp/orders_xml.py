"""Reader of the all-orders XML report, one order at a time, in constant memory.

The document is `AmazonEnvelope/Message/Order`. `read_orders` gives each order, `read_items` each
line of each order, as plain dicts under Amazon's own element names; reading a document twice costs
less than taking all of it apart twice. What the format leaves loose is made regular:

- `ItemPrice` is a mapping of component type to the exact amount as text, components of one type
  added up (`{"Principal": "50.0", "Tax": "4.13"}`); `Currency` is the components' currency.
- `Promotion` is a mapping: `PromotionIDs` (a list), `ItemPromotionDiscount` and
  `ShipPromotionDiscount` (added up over repeated promotions).
- `ItemOrdinal` counts an order's lines from 1, and `ItemId` is what identifies the line: Amazon's
  item code, or `#<ordinal>` where the report has none. A code that a further line of the same order
  repeats (a line split over shipments) gets a number of its own, so that no line is lost.

Texts are stripped; empty ones are absent, and so is personal data. Values stay text: typing is the
columns' work.
Source: report GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL of the Reports API 2021-06-30.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from lxml import etree

from amazon_client.documents import read_xml
from amazon_client.errors import MalformedResponse
from tap_amazon_sp.personal import REPORT_ELEMENTS

ROOT = "AmazonEnvelope"
ITEM = "OrderItem"
OF_ORDER = ("AmazonOrderID", "LastUpdatedDate", "SalesChannel")
"""What each line tells of its order."""


def read_orders(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the orders of the document at `path`, in the encoding that its prolog declares.

    Of its lines an order has `ItemCount` and `Currency` only.

    Raises:
        MalformedResponse: The document breaks off, or is no order report at all; it never just
            ends early.
    """
    for element in _elements(path):
        order: dict[str, Any] = {"ItemCount": 0, "Currency": None}
        for child in element:
            if child.tag == ITEM:
                order["ItemCount"] += 1
                order["Currency"] = order["Currency"] or _currency(child)
            else:
                _put(order, child)
        yield order


def read_items(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of all orders of the document; `order` is what a line tells of its order.

    Raises:
        MalformedResponse: See `read_orders`.
    """
    for element in _elements(path):
        order: dict[str, Any] = {}
        items: list[dict[str, Any]] = []
        for child in element:
            if child.tag == ITEM:
                items.append(_item(child, order, len(items) + 1))
            elif child.tag in OF_ORDER:
                _put(order, child)
        _identify(items)
        yield from items


def read_recipients(path: Path) -> Iterator[dict[str, str]]:
    """Yield where each order of the document went, for the few who may know: personal data.

    Raises:
        MalformedResponse: See `read_orders`.
    """
    wanted = ("City", "State", "PostalCode", "Country", "PurchaseOrderNumber")
    for element in _elements(path):
        address = {
            part.tag: part.text.strip()
            for part in element.iter(*wanted)
            if part.text and part.text.strip()
        }
        if address:
            told = {tag: element.findtext(tag) for tag in OF_ORDER[:2]}
            yield {**{tag: text.strip() for tag, text in told.items() if text}, **address}


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


def _item(element: etree._Element, order: dict[str, Any], ordinal: int) -> dict[str, Any]:
    item: dict[str, Any] = {"order": order, "ItemOrdinal": ordinal}
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


def _currency(item: etree._Element) -> str | None:
    amount = item.find("ItemPrice/Component/Amount")
    return None if amount is None else amount.get("currency")


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
