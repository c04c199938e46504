"""Every declared column is a value of Amazon's models, of that type, and no value is forgotten."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from amazon_client.singer.schema import Column, flatten
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp import personal, streams

ORDER = ("orders_2026-01-01", "Order")
MODELS: dict[type[AmazonStream], dict[str, tuple[str, str]]] = {
    # stream: prefix of its columns' paths → model file, definition
    streams.MarketplaceParticipations: {"": ("sellers", "MarketplaceParticipation")},
    streams.Orders: {"": ORDER},
    streams.OrderItems: {"": ("orders_2026-01-01", "OrderItem"), "order.": ORDER},
    streams.FbaInventory: {"": ("fbaInventory", "InventorySummary")},
    streams.SalesTrafficByDate: {
        "": ("analytics_salesAndTraffic_2024_04_24", "SalesAndTrafficByDate")
    },
}

WORKED_OUT = {
    ("order_items", "promotion_ids"): "list of promotion.breakdowns[].promotionId",
}
"""Columns that are no value of the model, and where they come from."""

PERSONAL = "personal data, not asked for"
UNASKED = "of a dataset that is not asked for by default"
CHILD = "the other stream of the same orders has it"
LEFT_OUT = {
    "orders": {
        **dict.fromkeys(personal.ORDER, PERSONAL),
        "packages": UNASKED,
        "fulfillmentOrders": UNASKED,
        "orderItems": CHILD,
    },
    "order_items": {
        **dict.fromkeys(personal.ORDER_ITEM, PERSONAL),
        "tax": UNASKED,
        "promotion.breakdowns[].promotionId": "promotion_ids has it",
    },
    "sales_traffic_by_date": {"endDate": "equals startDate, since days are asked for"},
}
"""Values of the models that no column takes, with the reason, by stream and beginning of path."""

FITTING = {
    "text": {"string"},
    "integer": {"integer"},
    "decimal": {"number", "integer", "string"},  # Orders 2026-01-01 gives amounts as text
    "boolean": {"boolean"},
    "timestamp": {"date-time"},
    "day": {"date"},
}


def leaves(contracts: Any, stream: type[AmazonStream]) -> dict[str, str]:
    """Path → kind of every value that the model has for a stream's rows."""
    found = {}
    for prefix, (name, definition) in MODELS[stream].items():
        of_definition = (
            contracts.graphql_leaves(name, definition)
            if name.startswith("analytics_")
            else contracts.swagger(name).leaves(definition)
        )
        found |= {prefix + leaf.path: leaf.kind for leaf in of_definition}
    return found


def from_amazon(stream: type[AmazonStream]) -> list[Column]:
    return [
        column
        for column in flatten(stream.columns)
        if column.path and (stream.name, column.name) not in WORKED_OUT
    ]


@pytest.mark.parametrize("stream", MODELS, ids=lambda stream: stream.name)
def test_every_column_is_a_value_of_the_model_with_its_type(
    contracts: Any, stream: type[AmazonStream]
) -> None:
    known = leaves(contracts, stream)
    wrong = []
    for column in from_amazon(stream):
        path = ".".join(column.path)
        if column.kind == "json":
            fits = any(leaf.startswith((f"{path}.", f"{path}[]")) for leaf in known)
        else:
            fits = known.get(path) in FITTING[column.kind]
        if not fits:
            wrong.append((column.name, column.kind, path, known.get(path)))
    assert wrong == []


@pytest.mark.parametrize("stream", MODELS, ids=lambda stream: stream.name)
def test_every_value_of_the_model_has_a_column_or_a_reason(
    contracts: Any, stream: type[AmazonStream]
) -> None:
    taken = [(".".join(column.path), column.kind) for column in from_amazon(stream)]
    left_out = LEFT_OUT.get(stream.name, {})

    def accounted_for(leaf: str) -> bool:
        return any(
            leaf == path or (kind == "json" and leaf.startswith((f"{path}.", f"{path}[]")))
            for path, kind in taken
        ) or any(leaf == path or leaf.startswith((f"{path}.", f"{path}[")) for path in left_out)

    own = [leaf for leaf in leaves(contracts, stream) if not leaf.startswith("order.")]
    assert [leaf for leaf in own if not accounted_for(leaf)] == []


def test_what_is_listed_as_worked_out_or_left_out_is_really_there(contracts: Any) -> None:
    declared = {(s.name, column.name) for s in streams.ALL for column in flatten(s.columns)}
    assert WORKED_OUT.keys() <= declared
    for stream in MODELS:
        known = leaves(contracts, stream)
        for path in LEFT_OUT.get(stream.name, {}):
            assert any(leaf.startswith(path) for leaf in known), (stream.name, path)


# The order report has no model: the sample in the folder of models stands in for it.

NOT_IN_THE_SAMPLE = {
    **dict.fromkeys(
        ("Shipping", "ShippingTax", "GiftWrap", "GiftWrapTax"), "price component of other orders"
    ),
    "Promotion": "of lines with a discount",
    "PriceDesignation": "of business orders, as price-designation in the flat report",
    "ItemId": "worked out from AmazonOrderItemCode and the line's number",
    "ItemOrdinal": "the line's number",
    "ItemCount": "worked out from the lines",
    "Currency": "the attribute currency of Amount",
    "channelName": "worked out from SalesChannel",
    "marketplaceId": "worked out from SalesChannel",
}


@pytest.mark.parametrize("stream", [streams.OrdersBulk, streams.OrderItemsBulk])
def test_every_column_of_the_order_report_is_in_the_sample_or_has_a_reason(
    contracts: Any, stream: type[AmazonStream]
) -> None:
    document = etree.parse(contracts.path("synthetic/all_orders.SYNTHETIC.xml"))
    known = {str(element.tag) for element in document.iter()} | {
        str(kind.text) for kind in document.iter("Type")
    }
    steps = {step for column in from_amazon(stream) for step in column.path} - {
        "order",
        *(discount for discount in ("ItemPromotionDiscount", "ShipPromotionDiscount")),
        "PromotionIDs",
    }
    assert steps - known - NOT_IN_THE_SAMPLE.keys() == set()
