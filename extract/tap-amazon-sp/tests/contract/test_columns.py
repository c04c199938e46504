"""Every declared column is a value of Amazon's models, of that type, and no value is forgotten."""

from __future__ import annotations

import json
from typing import Any

import pytest
from lxml import etree

from amazon_client.singer.schema import Column, flatten
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp import personal, streams
from tap_amazon_sp.tables import TableStream

ORDER = ("orders_2026-01-01", "Order")
ITEM = ("orders_2026-01-01", "OrderItem")
CATALOG = "catalogItems_2022-04-01"
TRAFFIC = "analytics_salesAndTraffic_2024_04_24"
ECONOMICS = "analytics_economics_2024_03_15"
LINE = {"order.": ORDER, "item.": ITEM}
ROW = {"": (ECONOMICS, "Economics")}
CHARGE = {"fee.": (ECONOMICS, "FeeSummary"), "charge.": (ECONOMICS, "Fee")}
PARENTS = ("order.", "item.", "fee.")
"""Beginnings of paths of what is told of a parent, whose other values are its own stream's."""
MODELS: dict[type[AmazonStream], dict[str, tuple[str, str]]] = {
    # stream: prefix of its columns' paths → model file, definition
    streams.MarketplaceParticipations: {"": ("sellers", "MarketplaceParticipation")},
    streams.Orders: {"": ORDER},
    streams.OrderItems: {"": ("orders_2026-01-01", "OrderItem"), "order.": ORDER},
    streams.FbaInventory: {"": ("fbaInventory", "InventorySummary")},
    streams.SalesTrafficByDate: {"": (TRAFFIC, "SalesAndTrafficByDate")},
    streams.SalesTrafficByAsin: {"": (TRAFFIC, "SalesAndTrafficTrends")},
    streams.Economics: {"": (ECONOMICS, "Economics")},
    streams.EconomicsFees: {**ROW, **CHARGE},
    streams.EconomicsFeeComponents: {
        **ROW,
        **CHARGE,
        "component.": (ECONOMICS, "FeeComponent"),
    },
    streams.EconomicsAds: {**ROW, "ad.": (ECONOMICS, "AdSummary")},
    streams.OrderPromotions: {
        **LINE,
        "promotion.": ("orders_2026-01-01", "ItemPromotionBreakdown"),
    },
    streams.OrderItemProceeds: {
        **LINE,
        "breakdown.": ("orders_2026-01-01", "ItemProceedsBreakdown"),
        "detail.": ("orders_2026-01-01", "ItemProceedsDetailedBreakdown"),
        "value.": ("orders_2026-01-01", "Money"),
    },
    streams.OrderItemTaxes: {
        **LINE,
        "detail.": ("orders_2026-01-01", "ItemProceedsDetailedBreakdown"),
    },
    streams.OrderRecipients: {"": ORDER},
    streams.OrderMetricsHourly: {"": ("sales", "OrderMetricsInterval")},
    streams.CatalogItems: {
        "": (CATALOG, "Item"),
        "summary.": (CATALOG, "ItemSummaryByMarketplace"),
        "productType.": (CATALOG, "ItemProductTypeByMarketplace"),
        "identifiers.": (CATALOG, "ItemIdentifiersByMarketplace"),
    },
    streams.CatalogItemImages: {
        "": (CATALOG, "Item"),
        "image.": (CATALOG, "ItemImage"),
    },
    streams.CatalogItemRelationships: {
        "": (CATALOG, "Item"),
        "relationship.": (CATALOG, "ItemRelationship"),
    },
}

WORKED_OUT = {
    ("order_items", "promotion_ids"): "list of promotion.breakdowns[].promotionId",
    ("sales_traffic_by_date", "is_provisional"): "from the day's age and visits",
    ("sales_traffic_by_asin", "is_provisional"): "from the day's age and visits",
    ("sales_traffic_by_asin", "is_parent"): "whether other rows name it as their parent",
    ("order_promotions", "promotion_ordinal"): "place in the list",
    ("order_item_proceeds", "proceeds_ordinal"): "place in the list",
    ("order_item_proceeds", "detail_ordinal"): "place in the list, 0 for the subtotal",
    ("order_item_proceeds", "is_subtotal"): "whether it is the subtotal",
    ("order_item_taxes", "tax_ordinal"): "place in the list",
    ("order_metrics_hourly", "hour"): "beginning of the interval",
    ("order_metrics_hourly", "date"): "of the beginning of the interval",
    ("economics_fees", "charge_ordinal"): "place among charges of one key",
    ("economics_fee_components", "charge_ordinal"): "place among charges of one key",
    ("economics_fee_components", "component_ordinal"): "place among components of one name",
    ("economics_ads", "ad_ordinal"): "place among ads of one name",
    ("catalog_item_relationships", "relation"): "which list the related ASIN is in",
    ("catalog_item_relationships", "related_asin"): "of parentAsins or childAsins",
}
"""Columns that are no value of the model, and where they come from."""

PERSONAL = "personal data, not asked for"
UNASKED = "of a dataset that is not asked for by default"
CHILD = "the other stream of the same orders has it"
DAYS = "equals startDate, since days are asked for"
PARENT = dict.fromkeys(
    ("endDate", "parentAsin", "fnsku", "sales", "fees", "ads", "cost", "netProceeds"),
    "economics has it",
)
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
    "sales_traffic_by_date": {"endDate": DAYS},
    "sales_traffic_by_asin": {
        "endDate": DAYS,
        "sku": "of the level SKU only, which drops products without an order",
        "asinAggregation": "is CHILD, as asked for",
    },
    "economics": {
        "endDate": DAYS,
        "fees": "economics_fees and economics_fee_components have them",
        "ads": "economics_ads has them",
    },
    "order_item_proceeds": {
        "breakdown.subtotal": "the row with detail_ordinal 0 has it as its value",
        "breakdown.detailedBreakdowns": "rows of their own",
        "detail.value": "value has it",
    },
    "order_recipients": dict.fromkeys(
        (
            "createdTime",
            "salesChannel",
            "proceeds",
            "fulfillment",
            "programs",
            "orderAliases",
            "associatedOrders",
            "orderItems",
            "packages",
            "fulfillmentOrders",
        ),
        "orders has it",
    )
    | dict.fromkeys(("payment", "tax"), "never asked for"),
    "economics_fees": PARENT | {"charge.components": "economics_fee_components has them"},
    "economics_fee_components": PARENT | {"charge": "economics_fees has it"},
    "economics_ads": PARENT,
    "catalog_items": {
        **dict.fromkeys(
            ("attributes", "classifications", "dimensions", "salesRanks", "vendorDetails"), UNASKED
        ),
        **dict.fromkeys(("summaries", "productTypes", "identifiers"), "of the marketplace alone"),
        **dict.fromkeys(("images", "relationships"), "streams of their own"),
        **dict.fromkeys(
            ("summary.marketplaceId", "productType.marketplaceId", "identifiers.marketplaceId"),
            "the marketplace that was asked about",
        ),
    },
    "catalog_item_images": {"": "catalog_items and catalog_item_relationships have it"},
    "catalog_item_relationships": {
        "": "catalog_items and catalog_item_images have it",
        "relationship.parentAsins": "rows of their own",
        "relationship.childAsins": "rows of their own",
    },
}
"""Values of the models that no column takes, with the reason, by stream and beginning of path."""

OF_ITEM = (
    "attributes", "classifications", "dimensions", "identifiers", "images", "productTypes",
    "relationships", "salesRanks", "summaries", "vendorDetails",
)  # fmt: skip
"""Beginnings of the values of a catalog item beside its ASIN."""

FITTING = {
    "text": {"string"},
    "integer": {"integer"},
    "decimal": {"number", "integer", "string"},  # Orders and Sales give amounts as text
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
        if "" in left_out and leaf.startswith(OF_ITEM):
            return True
        return any(
            leaf == path or (kind == "json" and leaf.startswith((f"{path}.", f"{path}[]")))
            for path, kind in taken
        ) or any(leaf == path or leaf.startswith((f"{path}.", f"{path}[")) for path in left_out)

    own = [leaf for leaf in leaves(contracts, stream) if not leaf.startswith(PARENTS)]
    assert [leaf for leaf in own if not accounted_for(leaf)] == []


def test_what_is_listed_as_worked_out_or_left_out_is_really_there(contracts: Any) -> None:
    everything = (*streams.ALL, *streams.PERSONAL)
    declared = {(s.name, column.name) for s in everything for column in flatten(s.columns)}
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
    "ordinal": "place in the list",
    "promotionId": "one of PromotionIDs",
    "kind": "the text of Type",
    "amount": "the text of Amount",
    "subtype": "worked out from Type",
    "PurchaseOrderNumber": "of business orders, as purchase-order-number in the flat report",
}


@pytest.mark.parametrize(
    "stream",
    [
        streams.OrdersBulk,
        streams.OrderItemsBulk,
        streams.OrderPromotionsBulk,
        streams.OrderItemProceedsBulk,
        streams.OrderItemTaxesBulk,
        streams.OrderRecipientsBulk,
    ],
)
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


# Tables have no model either, but their headers are known.

TABLES = [stream for stream in streams.ALL if issubclass(stream, TableStream)]
WORKED_OUT_OF_TABLES = {"marketplaceId": "worked out from marketplace"}


@pytest.mark.parametrize("stream", TABLES, ids=lambda stream: stream.name)
def test_every_column_of_a_table_is_in_its_header(
    contracts: Any, stream: type[TableStream]
) -> None:
    headers = json.loads(contracts.text("report_headers.json"))
    known = set(headers[stream.dataset.report_type]["columns"])
    paths = {column.path[0] for column in from_amazon(stream)}
    assert paths - known - WORKED_OUT_OF_TABLES.keys() == set()
    assert set(stream.needed) <= known
    # What no column takes is not lost: it lands in the leftovers.
    assert any(column.kind == "leftovers" for column in flatten(stream.columns))
