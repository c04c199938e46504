"""What a whole first sync brings, compared with what happened in the simulator's world."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from simulator.amazon_sp.order_facts import OrderFacts, tell
from simulator.world.events import Channel, OrderStatus
from simulator.world.marketplaces import MARKETS
from tap_amazon_sp import streams

START = {
    # 60 days up to today, in the zone of the first of the region's marketplaces or in UTC.
    "na": datetime.fromisoformat("2026-09-26T00:00:00Z"),
    "eu": datetime.fromisoformat("2026-09-26T00:00:00+02:00"),
    "fe": datetime.fromisoformat("2026-09-27T00:00:00+09:00"),  # where it is the 25th already
}
END = datetime.fromisoformat("2026-11-24T17:58:00Z")
NAMES = [stream.name for stream in streams.ALL]


@pytest.fixture(scope="module")
def happened(steady_simulator: Any) -> dict[str, OrderFacts]:
    """By order id: what the world knows of the orders that the order report should tell of."""
    world = steady_simulator.world
    facts = (tell(order, world.now) for order in world.orders)
    return {
        fact.order.order_id: fact
        for fact in facts
        if START[fact.order.region] <= fact.last_updated_at <= END
    }


def by_id(run: Any, stream: str) -> dict[str, dict[str, Any]]:
    return {record["order_id"]: record for record in run.records[stream]}


def test_a_first_sync_reads_everything_without_drawing_a_429(
    full_run: Any, steady_simulator: Any
) -> None:
    assert (full_run.exit_code, full_run.failures) == (0, [])
    assert {name for name in NAMES if not full_run.records[name]} == set()
    assert steady_simulator.calls.throttled == 0


@pytest.mark.parametrize("name", [*NAMES, "report_runs"])
def test_the_key_of_every_stream_is_unique_and_whole(full_run: Any, name: str) -> None:
    keys = [
        tuple(record[part] for part in full_run.keys[name]) for record in full_run.records[name]
    ]
    assert full_run.keys[name][:2] == ["store_id", "selling_partner_id"]
    assert all(part is not None for key in keys for part in key)
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_record_says_whose_it_is_and_where_it_came_from(full_run: Any, name: str) -> None:
    runs = {row["report_id"]: row for row in full_run.runs(name)}
    for record in full_run.records[name]:
        assert record["store_id"] == "default"
        assert record["selling_partner_id"] == runs[record["report_id"]]["selling_partner_id"]
        assert record["extracted_at"].endswith("Z")


@pytest.mark.parametrize("name", NAMES)
def test_report_runs_count_the_records_of_every_delivery(full_run: Any, name: str) -> None:
    counted = Counter(record["report_id"] for record in full_run.records[name])
    assert {row["report_id"]: row["row_count"] for row in full_run.runs(name)} == {
        row["report_id"]: counted[row["report_id"]] for row in full_run.runs(name)
    }
    assert {row["status"] for row in full_run.runs(name)} == {"done"}


def test_the_report_has_every_order_of_the_region_with_its_status(
    full_run: Any, happened: dict[str, OrderFacts]
) -> None:
    statuses = {
        OrderStatus.PENDING: "Pending",
        OrderStatus.UNSHIPPED: "Unshipped",
        OrderStatus.SHIPPED: "Shipped",
        OrderStatus.CANCELLED: "Cancelled",
    }
    read = by_id(full_run, "orders_bulk")
    assert {key: order["order_status"] for key, order in read.items()} == {
        key: statuses[facts.status] for key, facts in happened.items()
    }


def test_lines_prices_and_discounts_are_exact(
    full_run: Any, happened: dict[str, OrderFacts]
) -> None:
    expected: dict[str, Counter[str]] = defaultdict(Counter)
    for facts in happened.values():
        for told in facts.items:
            total = expected[facts.market.currency_code if told.is_priced else "none"]
            total["lines"] += 1
            total["units"] += told.quantity
            if told.is_priced:
                total["principal"] += told.item.principal  # type: ignore[assignment]
                total["tax"] += told.tax  # type: ignore[assignment]
                total["discount"] += told.item.promotion_discount  # type: ignore[assignment]
    read: dict[str, Counter[str]] = defaultdict(Counter)
    for line in full_run.records["order_items_bulk"]:
        total = read[line["currency_code"] or "none"]
        total["lines"] += 1
        total["units"] += line["quantity"]
        for name, column in (
            ("principal", "item_price_amount"),
            ("tax", "item_tax_amount"),
            ("discount", "item_promotion_discount_amount"),
        ):
            if line[column] is not None:
                total[name] += Decimal(line[column])  # type: ignore[assignment]
    assert {key: dict(+total) for key, total in read.items()} == {
        key: dict(+total) for key, total in expected.items()
    }


def test_the_marketplace_comes_from_the_row_and_other_shops_orders_are_marked(
    full_run: Any, happened: dict[str, OrderFacts]
) -> None:
    for stream in ("orders_bulk", "orders"):
        for key, record in by_id(full_run, stream).items():
            order = happened[key].order
            assert record["channel_name"] == order.channel.value
            assert record["marketplace_id"] == order.marketplace_id
    channels = {record["channel_name"] for record in full_run.records["orders_bulk"]}
    assert channels == {channel.value for channel in Channel}


def test_two_lines_of_one_sku_stay_two(full_run: Any, happened: dict[str, OrderFacts]) -> None:
    def twins(lines: Any) -> int:
        return sum(count > 1 for count in Counter(lines).values())

    expected = twins((k, t.item.seller_sku) for k, facts in happened.items() for t in facts.items)
    assert expected > 0
    assert expected == twins(
        (line["order_id"], line["sku"]) for line in full_run.records["order_items_bulk"]
    )


def test_a_pending_order_has_lines_without_price_and_some_without_code(
    full_run: Any, happened: dict[str, OrderFacts]
) -> None:
    pending = {k for k, facts in happened.items() if facts.status is OrderStatus.PENDING}
    lines = [line for line in full_run.records["order_items_bulk"] if line["order_id"] in pending]
    assert pending == {line["order_id"] for line in lines}
    assert {line["item_price_amount"] for line in lines} == {None}
    assert any(line["order_item_id"] == f"#{line['item_ordinal']}" for line in lines)


def test_the_search_tells_of_the_last_day_what_the_report_tells(full_run: Any) -> None:
    bulk = by_id(full_run, "orders_bulk")
    hot = by_id(full_run, "orders")
    since = "2026-11-23T18:00:00Z"
    assert hot.keys() == {k for k, order in bulk.items() if order["last_updated_date"] >= since}
    assert {k: order["last_updated_time"] for k, order in hot.items()} == {
        k: bulk[k]["last_updated_date"] for k in hot
    }
    lines = Counter(line["order_id"] for line in full_run.records["order_items"])
    assert lines == {key: bulk[key]["item_count"] for key in hot}


def test_nothing_personal_comes_out(full_run: Any, happened: dict[str, OrderFacts]) -> None:
    personal = {
        value
        for facts in happened.values()
        for value in (facts.order.ship_city, facts.order.ship_postal_code)
    }
    landed = {
        value
        for name in NAMES
        for record in full_run.records[name]
        for value in record.values()
        if isinstance(value, str)
    }
    assert personal & landed == set()
    assert [
        (name, record["leftovers"])
        for name in NAMES
        for record in full_run.records[name]
        if record.get("leftovers")
    ] == []


def test_sales_and_traffic_has_a_row_for_every_published_day_of_every_marketplace(
    full_run: Any, steady_simulator: Any
) -> None:
    rows = full_run.records["sales_traffic_by_date"]
    assert {row["day_basis"] for row in rows} == {"marketplace"}
    days: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        days[row["marketplace_id"]].append(row["date"])
    assert days.keys() == {market.marketplace_id for market in steady_simulator.world.markets}
    for dates in days.values():
        first, last = min(dates), max(dates)
        assert first == "2026-09-26" or first == "2026-09-27"
        span = (datetime.fromisoformat(last) - datetime.fromisoformat(first)).days + 1
        assert span == len(dates)


def test_the_snapshot_of_each_marketplace_is_the_worlds_stock(
    full_run: Any, steady_simulator: Any
) -> None:
    world = steady_simulator.world
    expected = {
        (offer.marketplace_id, offer.seller_sku, offer.fn_sku, offer.condition): (
            stock.fulfillable, stock.total, stock.reserved, stock.unfulfillable
        )
        for offer in world.listings
        if offer.fn_sku
        for stock in [world.stock[MARKETS[offer.marketplace_id].pool, offer.fn_sku]]
    }  # fmt: skip
    read = {
        tuple(row[k] for k in ("marketplace_id", "seller_sku", "fn_sku", "condition")): (
            row["fulfillable_quantity"], row["total_quantity"], row["total_reserved_quantity"],
            row["total_unfulfillable_quantity"],
        )
        for row in full_run.records["fba_inventory"]
    }  # fmt: skip
    assert read == expected


def test_a_snapshot_has_the_date_of_its_marketplace(full_run: Any) -> None:
    dates = {
        row["marketplace_id"]: row["snapshot_date"] for row in full_run.records["fba_inventory"]
    }
    assert dates["ATVPDKIKX0DER"] == "2026-11-24"
    assert dates["A1VC38T7YXB528"] == "2026-11-25"  # 18:00 UTC is the next day in Tokyo


def test_participations_list_what_the_seller_does_not_sell_in_as_well(full_run: Any) -> None:
    rows = full_run.records["marketplace_participations"]
    assert {row["is_participating"] for row in rows} == {True, False}
    assert {row["domain_name"] for row in rows} >= {"www.amazon.com", "www.amazon.de"}
