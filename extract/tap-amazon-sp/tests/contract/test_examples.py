"""The examples in Amazon's models go through the parsers without loss."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from amazon_client.downloads import Document
from amazon_client.extraction import Account, Delivery, Window
from amazon_client.singer.extractor import Extractor
from tap_amazon_sp import personal
from tap_amazon_sp.accounts import MarketplaceAccount
from tap_amazon_sp.orders_xml import spool_orders
from tap_amazon_sp.tap import TapAmazonSP

OFFLINE = {"client_id": "x", "client_secret": "y", "region": "na", "refresh_token": "z"}
SELLER = Account("default", "na", "A1", marketplace_ids=("ATVPDKIKX0DER",))
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


US = MarketplaceAccount("default", "na", "A1", "America/Los_Angeles", ("ATVPDKIKX0DER",))


def records(name: str, document: Path, account: Account = SELLER) -> list[dict[str, Any]]:
    """A stream's records of a document, made as in a run."""
    stream: Any = TapAmazonSP(config=OFFLINE).streams[name]
    request = stream.dataset.request(account, Window(NOW, NOW))
    delivery = Delivery(request, "R1", (Document(document, None, 0),), NOW, NOW)
    stamped = {column.name: "stamp" for column in stream.all_columns if not column.path}
    extract = Extractor(stream.all_columns, stream.primary_keys).bind(stamped)
    return [extract(row) for row in stream.rows(delivery)]


def values(node: Any, path: str = "", left_out: tuple[str, ...] = ()) -> Iterator[str]:
    """Every single value below a node, as text, but for those at paths that are left out."""
    if path in left_out:
        return
    if isinstance(node, dict):
        for name, below in node.items():
            yield from values(below, f"{path}.{name}" if path else name, left_out)
    elif isinstance(node, list):
        for below in node:
            yield from values(below, path, left_out)
    elif node is not None:
        yield str(node)


def spool(folder: Path, rows: list[Any]) -> Path:
    path = folder / "rows"
    path.write_bytes(b"".join(msgspec.json.encode(row) + b"\n" for row in rows))
    return path


LEFT_OUT = (*personal.ORDER, *(f"orderItems.{path}" for path in personal.ORDER_ITEM))
"""The only values of an order that are not landed."""


def test_no_value_of_the_examples_of_search_orders_is_lost(contracts: Any, tmp_path: Path) -> None:
    examples = contracts.swagger("orders_2026-01-01").examples("searchOrders")
    assert len(examples) == 3
    for example in examples:
        told = example["response"]["orders"]
        document = spool(tmp_path, told)
        landed = Counter(values([*records("orders", document), *records("order_items", document)]))
        expected = Counter(value for order in told for value in values(order, "", LEFT_OUT))
        assert expected - landed == Counter()


def test_personal_values_of_the_examples_are_not_landed(contracts: Any, tmp_path: Path) -> None:
    for example in contracts.swagger("orders_2026-01-01").examples("searchOrders"):
        told = example["response"]["orders"]
        document = spool(tmp_path, told)
        landed = set(values([*records("orders", document), *records("order_items", document)]))
        kept = {value for order in told for value in values(order, "", LEFT_OUT)}
        dropped = {value for order in told for value in values(order)} - kept
        assert dropped != set()
        assert dropped & landed == set()


UNASKED_OF_THE_CATALOG = (
    "attributes", "classifications", "dimensions", "salesRanks", "vendorDetails",
)  # fmt: skip
"""Datasets of an item that are not asked for; the example has them nevertheless."""


def test_no_value_of_the_example_of_the_catalog_is_lost(contracts: Any, tmp_path: Path) -> None:
    (example,) = contracts.swagger("catalogItems_2022-04-01").examples("searchCatalogItems")
    items = [
        {name: part for name, part in item.items() if name not in UNASKED_OF_THE_CATALOG}
        for item in example["response"]["items"]
    ]
    document = spool(tmp_path, items)
    names = ("catalog_items", "catalog_item_images", "catalog_item_relationships")
    landed = set(values([records(name, document, US) for name in names]))
    told = set(values(items))
    # Truth values and dates are told otherwise, the marketplace is the one that was asked about.
    assert told - landed <= {"True", "False", *US.marketplace_ids}
    images = items[0]["images"][0]["images"]
    assert len(records("catalog_item_images", document, US)) == len(images)
    assert {row["url"] for row in records("catalog_item_images", document, US)} == {
        image["link"] for image in images
    }


def test_no_value_of_the_examples_of_order_metrics_is_lost(contracts: Any, tmp_path: Path) -> None:
    examples = contracts.swagger("sales").examples("getOrderMetrics")
    assert len(examples) == 4
    for example in examples:
        told = example["response"]["payload"]
        landed = Counter(values(records("order_metrics_hourly", spool(tmp_path, told), US)))
        assert Counter(values(told)) - landed == Counter()


def test_the_parts_of_the_examples_lines_are_landed_one_by_one(
    contracts: Any, tmp_path: Path
) -> None:
    for example in contracts.swagger("orders_2026-01-01").examples("searchOrders"):
        told = example["response"]["orders"]
        document = spool(tmp_path, told)
        items = [item for order in told for item in order["orderItems"]]
        breakdowns = [b for i in items for b in (i.get("proceeds") or {}).get("breakdowns") or ()]
        details = [d for b in breakdowns for d in b.get("detailedBreakdowns") or ()]
        rows = records("order_item_proceeds", document)
        assert len(rows) == len(breakdowns) + len(details)
        expected = Counter(values([(b.get("subtotal") or {}) for b in breakdowns]))
        expected += Counter(values([d["value"] for d in details]))
        assert expected - Counter(values(rows)) == Counter()
        promotions = [p for i in items for p in (i.get("promotion") or {}).get("breakdowns") or ()]
        assert Counter(p["promotionId"] for p in promotions) == Counter(
            row["promotion_id"] for row in records("order_promotions", document)
        )


def test_no_value_of_the_example_of_participations_is_lost(contracts: Any, tmp_path: Path) -> None:
    examples = contracts.swagger("sellers").examples("getMarketplaceParticipations")
    assert len(examples) == 1
    for example in examples:
        told = example["response"]["payload"]
        landed = Counter(values(records("marketplace_participations", spool(tmp_path, told))))
        assert Counter(values(told)) - landed == Counter()


def test_no_value_of_a_snapshot_is_lost(contracts: Any, tmp_path: Path) -> None:
    # The model has no example: a row with every value that it knows, each of them different.
    row: dict[str, Any] = {}
    for number, leaf in enumerate(contracts.swagger("fbaInventory").leaves("InventorySummary")):
        *outer, last = leaf.path.split(".")
        node: Any = row
        for step in outer:
            node = node.setdefault(step.removesuffix("[]"), [{}] if step.endswith("[]") else {})
            node = node[0] if isinstance(node, list) else node
        kinds = {"integer": number, "date-time": f"2026-11-24T18:00:{number:02d}Z"}
        value = kinds.get(leaf.kind, f"text {number}")
        node[last.removesuffix("[]")] = [value] if last.endswith("[]") else value
    landed = Counter(values(records("fba_inventory", spool(tmp_path, [row]))))
    assert Counter(values(row)) - landed == Counter()


def test_no_value_of_a_day_of_sales_and_traffic_is_lost(contracts: Any, tmp_path: Path) -> None:
    # No example either; what is asked for is what the columns take.
    row: dict[str, Any] = {}
    model = "analytics_salesAndTraffic_2024_04_24"
    for number, leaf in enumerate(contracts.graphql_leaves(model, "SalesAndTrafficByDate")):
        *outer, last = leaf.path.split(".")
        node = row
        for step in outer:
            node = node.setdefault(step, {})
        kinds = {"integer": number, "number": number + 0.5, "date": "2026-11-24"}
        node[last] = kinds.get(leaf.kind, f"text {number}")
    landed = Counter(values(records("sales_traffic_by_date", spool(tmp_path, [row]))))
    assert Counter(values(row, "", ("endDate",))) - landed == Counter()


def test_no_value_of_the_sample_order_report_is_lost(contracts: Any, tmp_path: Path) -> None:
    path = contracts.path("synthetic/all_orders.SYNTHETIC.xml")
    texts = Counter(
        " ".join(element.text.split())
        for element in etree.parse(path).iter()
        if element.text
        and element.text.strip()
        and element.tag not in personal.REPORT_ELEMENTS
        and element.tag not in ("DocumentVersion", "MessageType", "Type")
    )
    prepared = tmp_path / "orders"
    spool_orders(path, prepared)
    made = [*records("orders_bulk", prepared), *records("order_items_bulk", prepared)]
    landed = Counter(
        value.replace("T", " ").removesuffix("Z") + "+00:00" if _is_time(value) else value
        for value in values(made)
    )
    expected = Counter(
        {text.replace("T", " ") if _is_time(text) else text: n for text, n in texts.items()}
    )
    told_otherwise = Counter({"false": expected["false"]})  # as a truth value
    assert expected - told_otherwise - landed == Counter()
    assert {record["is_business_order"] for record in made if "is_business_order" in record} == {
        False
    }


def _is_time(text: str) -> bool:
    return text[:2] == "20" and text[10:11] == "T"


# The life of reports and queries


def example(contracts: Any, model: str, operation_id: str, status: str) -> Any:
    (first, *_) = contracts.swagger(model).examples(operation_id, status)
    return first["response"]
