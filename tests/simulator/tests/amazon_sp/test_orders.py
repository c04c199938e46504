"""Both ways of asking for orders tell the same story, with all its awkward parts."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

import pytest

from simulator.testing import NOW
from simulator.world import World
from simulator.world.events import Channel, OrderStatus

START, END = "2026-10-26T00:00:00Z", "2026-11-24T17:58:00Z"
SINCE, UNTIL = datetime(2026, 10, 26, tzinfo=UTC), datetime(2026, 11, 24, 17, 58, tzinfo=UTC)


def updated(world: World, region: str) -> dict[str, Any]:
    return {
        order.order_id: order
        for order in world.orders
        if order.region == region and SINCE <= order.last_updated_at(NOW) <= UNTIL
    }


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_search_and_report_give_every_order_updated_in_the_window_once(
    api: Any, world: World, region: str
) -> None:
    here = api.of(region)
    searched = [order["orderId"] for order in here.search_orders(lastUpdatedAfter=START)]
    reported = [order.findtext("AmazonOrderID") for order in here.bulk_orders(START, END)]
    expected = list(updated(world, region))
    assert Counter(searched) == Counter(expected) == Counter(reported)


def test_the_report_ignores_the_marketplaces_it_is_asked_for(api: Any) -> None:
    channels = {order.findtext("SalesChannel") for order in api.bulk_orders(START, END)}
    assert channels == {"Amazon.com", "Amazon.ca", "Non-Amazon US"}


def test_pages_come_in_no_order(api: Any) -> None:
    created = [o["createdTime"] for o in api.search_orders(lastUpdatedAfter=START)]
    assert created != sorted(created)
    assert created != sorted(created, reverse=True)


def test_search_can_be_narrowed(api: Any) -> None:
    everything = api.search_orders(lastUpdatedAfter=START)
    only = api.search_orders(
        lastUpdatedAfter=START,
        marketplaceIds="A2EUQ1WTGCTBG2",
        fulfillmentStatuses="SHIPPED",
        fulfilledBy="AMAZON",
    )
    assert 0 < len(only) < len(everything)
    assert {o["salesChannel"]["marketplaceId"] for o in only} == {"A2EUQ1WTGCTBG2"}
    assert {o["fulfillment"]["fulfillmentStatus"] for o in only} == {"SHIPPED"}
    assert {o["fulfillment"]["fulfilledBy"] for o in only} == {"AMAZON"}


def test_an_answer_promises_nothing_beyond_the_worlds_now(api: Any) -> None:
    api.time.seconds += 3000
    answer = api.get("/orders/2026-01-01/orders", lastUpdatedAfter=START).json
    assert answer["lastUpdatedBefore"] == "2026-11-24T17:58:00Z"


def test_created_and_updated_windows_differ(api: Any, world: World) -> None:
    created = {o["orderId"] for o in api.search_orders(createdAfter="2026-11-20T00:00:00Z")}
    expected = {
        order.order_id
        for order in world.orders
        if order.region == "na"
        and datetime(2026, 11, 20, tzinfo=UTC) <= order.placed_at <= NOW - timedelta(minutes=2)
    }
    assert created == expected


def test_datasets_are_there_only_when_asked_for(api: Any) -> None:
    (bare, *_) = api.search_orders(lastUpdatedAfter=START, includedData="CANCELLATION")
    assert {"proceeds", "fulfillment", "recipient", "buyer"}.isdisjoint(bare)
    assert {"proceeds", "fulfillment", "promotion"}.isdisjoint(bare["orderItems"][0])


def amounts(item: Element) -> dict[str, Decimal]:
    return {
        c.findtext("Type", ""): Decimal(c.findtext("Amount", ""))
        for c in item.findall("ItemPrice/Component")
    }


def test_search_and_report_agree_on_every_line(api: Any) -> None:
    searched = {o["orderId"]: o for o in api.search_orders(lastUpdatedAfter=START)}
    for order in api.bulk_orders(START, END):
        twin = searched[order.findtext("AmazonOrderID", "")]
        assert datetime.fromisoformat(twin["lastUpdatedTime"]) == datetime.fromisoformat(
            order.findtext("LastUpdatedDate", "")
        )
        lines = order.findall("OrderItem")
        assert len(lines) == len(twin["orderItems"])
        for line, item in zip(lines, twin["orderItems"], strict=True):
            assert line.findtext("AmazonOrderItemCode") in (None, item["orderItemId"])
            assert line.findtext("SKU") == item["product"]["sellerSku"]
            assert int(line.findtext("Quantity", "")) == item["quantityOrdered"]
            parts = {
                b["type"]: Decimal(b["subtotal"]["amount"])
                for b in item.get("proceeds", {}).get("breakdowns", ())
            }
            told = amounts(line)
            assert told.get("Principal") == parts.get("ITEM")
            tax = sum(told.get(kind, 0) for kind in ("Tax", "ShippingTax", "GiftWrapTax"))
            assert tax == parts.get("TAX", 0)
            assert told.get("Shipping", 0) == parts.get("SHIPPING", 0)
            off = sum(
                Decimal(line.findtext(f"Promotion/{name}", "0"))
                for name in ("ItemPromotionDiscount", "ShipPromotionDiscount")
            )
            if told:
                assert -off == parts.get("DISCOUNT", 0)


def test_breakdowns_add_up_to_the_lines_and_lines_to_the_order(api: Any) -> None:
    for order in api.search_orders(lastUpdatedAfter=START):
        lines = [item["proceeds"] for item in order["orderItems"] if "proceeds" in item]
        for proceeds in lines:
            parts = [Decimal(b["subtotal"]["amount"]) for b in proceeds["breakdowns"]]
            assert sum(parts) == Decimal(proceeds["proceedsTotal"]["amount"])
        if lines:
            total = sum(Decimal(p["proceedsTotal"]["amount"]) for p in lines)
            assert total == Decimal(order["proceeds"]["grandTotal"]["amount"])


def test_a_pending_order_has_no_price_and_some_of_its_lines_no_code(api: Any, world: World) -> None:
    pending = {
        order.order_id
        for order in world.orders
        if order.region == "na" and order.status(NOW) is OrderStatus.PENDING
    }
    moments = [NOW - timedelta(days=n) for n in range(12)]
    codes = []
    for moment in moments:
        api.simulation.set_now(moment)
        api.simulation.limits.refill()
        window = [(moment - timedelta(days=5)).isoformat(), moment.isoformat()]
        for order in api.bulk_orders(*window):
            if order.findtext("OrderStatus") == "Pending":
                for line in order.findall("OrderItem"):
                    assert line.find("ItemPrice") is None
                    assert int(line.findtext("Quantity", "")) > 0
                    codes.append(line.findtext("AmazonOrderItemCode"))
    api.simulation.set_now(NOW)
    assert None in codes
    assert any(codes)
    told = api.search_orders(createdAfter="2026-11-15T00:00:00Z")
    for order in told:
        if order["orderId"] in pending:
            assert "proceeds" not in order
            assert all("price" not in item["product"] for item in order["orderItems"])


def test_a_cancelled_line_keeps_its_quantity_and_price_or_loses_both(api: Any) -> None:
    cancelled = [
        item
        for order in api.search_orders(createdAfter="2026-09-20T00:00:00Z")
        if order["fulfillment"]["fulfillmentStatus"] == "CANCELLED"
        for item in order["orderItems"]
    ]
    assert {item["quantityOrdered"] == 0 for item in cancelled} == {True, False}
    for item in cancelled:
        assert ("proceeds" in item) == (item["quantityOrdered"] > 0)
        assert item["cancellation"]["cancellationExecution"]["cancelledBy"]


def test_a_multi_channel_order_is_marked_and_has_no_price(api: Any, world: World) -> None:
    multi = {o.order_id for o in world.orders if o.channel is Channel.NON_AMAZON}
    told = [o for o in api.search_orders(lastUpdatedAfter=START) if o["orderId"] in multi]
    assert told
    for order in told:
        assert order["salesChannel"]["channelName"] == "NON_AMAZON"
        assert order["orderAliases"][0]["aliasId"].startswith("#")
        assert "proceeds" not in order


def test_money_is_exact_and_yen_has_no_minor_unit(api: Any) -> None:
    yen = [
        item["product"]["price"]["unitPrice"]
        for order in api.of("fe").search_orders(lastUpdatedAfter=START)
        for item in order["orderItems"]
        if "price" in item["product"]
    ]
    assert yen
    assert all(price["currencyCode"] == "JPY" and "." not in price["amount"] for price in yen)


@pytest.mark.parametrize(
    ("region", "encoding", "text"),
    [
        ("na", "ISO-8859-1", "Montréal"),
        ("eu", "ISO-8859-1", "Steinzeugbecher für Kaffee"),
        ("fe", "UTF-8", "陶器マグカップ"),
    ],
)
def test_the_prolog_names_the_encoding(api: Any, region: str, encoding: str, text: str) -> None:
    content = api.of(region).bulk_document(START, END)
    assert content.startswith(f'<?xml version="1.0" encoding="{encoding}"?>'.encode())
    assert text.encode(encoding) in content


def test_euro_amounts_have_a_dot(api: Any) -> None:
    content = api.of("eu").bulk_document(START, END)
    assert b'<Amount currency="EUR">' in content
    assert b'<Amount currency="EUR">25,' not in content


@pytest.mark.parametrize("kind", ["unsorted_pages", "repeated_page"])
def test_pages_can_be_reversed_or_overlap(api: Any, kind: str) -> None:
    api.simulation.faults.add("searchOrders", kind, nth=2)
    query = {"lastUpdatedAfter": START, "maxResultsPerPage": 50}
    found = [order["orderId"] for order in api.search_orders(**query)]
    api.simulation.faults.clear()
    expected = [order["orderId"] for order in api.search_orders(**query)]
    assert found != expected
    assert set(found) == set(expected)


def test_page_n_can_fail(api: Any) -> None:
    api.simulation.faults.add("searchOrders", "status", status=400, nth=3)
    query, token = {"lastUpdatedAfter": START, "maxResultsPerPage": 50}, None
    statuses = []
    for _ in range(3):
        page: dict[str, str] = {"paginationToken": token} if token else {}
        answer = api.get("/orders/2026-01-01/orders", **query, **page)
        statuses.append(answer.status_code)
        token = answer.json.get("pagination", {}).get("nextToken")
    assert statuses == [200, 200, 400]
