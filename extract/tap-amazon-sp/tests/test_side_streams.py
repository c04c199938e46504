"""The catalog's cache, hourly metrics and economics, compared with the simulator's world."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from simulator.amazon_sp import catalog as simulated_catalog
from simulator.world.events import Channel
from simulator.world.finance.events import Kind
from simulator.world.marketplaces import MARKETS
from simulator.world.pictures import pictures

US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
CATALOG = ("catalog_items", "catalog_item_images", "catalog_item_relationships")


def searches(requests_sent: list[Any], marketplace_id: str) -> list[list[str]]:
    return [
        sent.query["identifiers"].split(",")
        for sent in requests_sent
        if "/catalog/" in sent.path and sent.query["marketplaceIds"] == marketplace_id
    ]


def test_the_listed_asins_and_their_parents_are_read_twenty_at_a_time(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    run = sync(*CATALOG)
    assert (run.exit_code, run.failures) == (0, [])
    listed = {o.asin for o in simulator.world.listings if o.marketplace_id == US}
    asked = searches(requests_sent, US)
    assert max(map(len, asked)) == 20
    assert Counter(asin for part in asked for asin in part).most_common(1)[0][1] == 1
    known = {a for a in listed if simulated_catalog.is_known(simulator.world, US, a)}
    parents = {o.parent_asin for o in simulator.world.listings if o.asin in known}
    rows = {r["asin"]: r for r in run.records["catalog_items"] if r["marketplace_id"] == US}
    assert rows.keys() == known | parents
    titles = {o.asin: o.title for o in simulator.world.listings if o.marketplace_id == US}
    assert {asin: rows[asin]["item_name"] for asin in known} == {a: titles[a] for a in known}


def test_the_listings_are_read_for_the_catalog_whether_they_are_selected_or_not(
    sync: Any, simulator: Any
) -> None:
    alone = sync("catalog_items")
    together = sync("catalog_items", "listings")
    assert alone.records["listings"] == []
    assert together.records["listings"]
    assert len(alone.records["catalog_items"]) == len(together.records["catalog_items"])
    # One report per marketplace and run: the streams share it.
    assert simulator.calls.summary()["createReport"]["calls"] == 4


def test_every_picture_is_there_in_every_size(sync: Any, simulator: Any) -> None:
    run = sync(*CATALOG)
    told = defaultdict(set)
    for row in run.records["catalog_item_images"]:
        told[row["asin"]].add((row["variant"], row["url"], row["width"], row["height"]))
    for asin, images in told.items():
        assert images == {
            (p.variant, p.link, p.width, p.height) for p in pictures(simulator.world.seed, asin)
        }
    assert told.keys() == {row["asin"] for row in run.records["catalog_items"]}


def test_parents_and_children_name_each_other(sync: Any) -> None:
    rows = sync(*CATALOG).records["catalog_item_relationships"]
    pairs = {(r["marketplace_id"], r["asin"], r["relation"], r["related_asin"]) for r in rows}
    assert pairs
    for place, asin, relation, related in pairs:
        if relation == "parent":
            assert (place, related, "child", asin) in pairs


def test_an_entry_is_not_read_again_within_a_week(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    first = sync(*CATALOG)
    requests_sent.clear()
    second = sync(*CATALOG, state=first.state, as_of="2026-12-01T17:59:00Z", cadence="daily")
    listed = {o.asin for o in simulator.world.listings if o.marketplace_id == US}
    absent = {a for a in listed if not simulated_catalog.is_known(simulator.world, US, a)}
    # Only what the catalog did not know is asked for once more.
    assert {asin for part in searches(requests_sent, US) for asin in part} == absent
    assert second.records["catalog_items"] == []
    assert second.records["catalog_item_images"] == []
    requests_sent.clear()
    third = sync(*CATALOG, state=second.state, as_of="2026-12-01T18:01:00Z", cadence="daily")
    assert len(third.records["catalog_items"]) == len(first.records["catalog_items"])


def test_a_stream_that_is_selected_later_makes_the_entries_be_read_again(sync: Any) -> None:
    first = sync("catalog_items")
    second = sync(*CATALOG, state=first.state, as_of="2026-11-25T18:00:00Z", cadence="daily")
    assert second.records["catalog_item_images"]


# Hourly metrics


def test_the_hours_of_today_are_the_worlds(sync: Any, simulator: Any) -> None:
    run = sync("order_metrics_hourly", cadence="hourly", start_date="2026-11-24")
    expected: Counter[tuple[str, str]] = Counter()
    sales: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for order in simulator.world.orders:
        market = MARKETS[order.marketplace_id]
        if (
            order.channel is Channel.AMAZON
            and not order.replaces_order_id
            and market.region == "na"
            and market.day_of(order.placed_at).isoformat() == "2026-11-24"
        ):
            hour = order.placed_at.replace(minute=0, second=0).isoformat()[:19] + "Z"
            expected[order.marketplace_id, hour] += 1
            sales[order.marketplace_id, hour] += sum(i.principal for i in order.items)
    rows = {(r["marketplace_id"], r["hour"]): r for r in run.records["order_metrics_hourly"]}
    assert {key: r["order_count"] for key, r in rows.items() if r["order_count"]} == expected
    for key, amount in sales.items():
        assert Decimal(rows[key]["total_sales_amount"]) == amount
    assert {row["date"] for row in rows.values()} == {"2026-11-24"}
    # From midnight in Los Angeles to the hour that has begun at ten in the morning there.
    assert len(rows) == 2 * 11


def test_the_interval_has_the_offsets_of_the_marketplaces_clock(
    sync: Any, requests_sent: list[Any]
) -> None:
    # The clocks went back on 1 November.
    sync("order_metrics_hourly", start_date="2026-10-31")
    (asked,) = [
        sent.query
        for sent in requests_sent
        if sent.path.endswith("orderMetrics") and sent.query["marketplaceIds"] == US
    ]
    assert asked["interval"] == "2026-10-31T00:00:00-07:00--2026-11-25T00:00:00-08:00"
    assert asked["granularityTimeZone"] == "America/Los_Angeles"


def test_hours_that_are_out_of_reach_by_the_end_of_the_day_are_not_asked_for(
    sync: Any, requests_sent: list[Any]
) -> None:
    # 30 times 24 hours before one minute to midnight it was 00:59, the clocks not yet gone back.
    sync("order_metrics_hourly", start_date="2026-10-01", as_of="2026-11-25T07:59:00Z")
    intervals = {
        sent.query["interval"].partition("--")[0]
        for sent in requests_sent
        if sent.path.endswith("orderMetrics") and sent.query["marketplaceIds"] == US
    }
    assert intervals == {"2026-10-26T01:00:00-07:00"}


def test_amounts_may_be_numbers_or_empty_objects(sync: Any, simulator: Any) -> None:
    strict = sync("order_metrics_hourly", start_date="2026-11-20")
    simulator.faults.add("getOrderMetrics", "loose_amounts", times=None)
    loose = sync("order_metrics_hourly", start_date="2026-11-20")

    def told(run: Any) -> dict[Any, Decimal]:
        return {
            (row["marketplace_id"], row["hour"]): Decimal(row["total_sales_amount"])
            for row in run.records["order_metrics_hourly"]
            if row["total_sales_amount"] is not None and Decimal(row["total_sales_amount"])
        }

    assert told(loose) == told(strict)
    assert {
        row["total_sales_amount"]
        for row in loose.records["order_metrics_hourly"]
        if not row["order_count"]
    } == {None}


# Economics


def test_sales_of_a_sku_and_day_add_up_to_those_of_the_account(sync: Any) -> None:
    run = sync("economics", "sales_traffic_by_date")
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in run.records["economics"]:
        told[row["marketplace_id"], row["date"]] += Decimal(row["ordered_product_sales_amount"])
    for row in run.records["sales_traffic_by_date"]:
        key = (row["marketplace_id"], row["date"])
        assert told[key] == Decimal(row["ordered_product_sales_amount"])


def test_fees_are_the_ledgers_turned_to_costs(sync: Any, simulator: Any) -> None:
    run = sync("economics_fees", start_date="2026-10-01")
    told: dict[str, Decimal] = defaultdict(Decimal)
    for row in run.records["economics_fees"]:
        told[row["fee_type_name"]] += Decimal(row["total_amount"])
        assert row["total_currency_code"] in ("USD", "CAD")
    expected: dict[str, Decimal] = defaultdict(Decimal)
    first = datetime.fromisoformat("2026-10-01T00:00:00-07:00")
    names = {Kind.FBA_FEE: "FBA fulfillment fees", Kind.COMMISSION: "Referral fees"}
    days = {(r["marketplace_id"], r["date"]) for r in run.records["economics_fees"]}
    for transaction in simulator.world.finance.transactions("na"):
        day = transaction.market.day_of(transaction.posted_at)
        key = (transaction.market.marketplace_id, day.isoformat())
        if (
            transaction.posted_at >= first
            and not transaction.is_multi_channel
            and transaction.releases is None
            and key in days
        ):
            for charge in transaction.all_charges:
                if charge.kind in names:
                    expected[names[charge.kind]] -= charge.amount
    for name, amount in expected.items():
        assert told[name] == amount


def test_components_add_up_to_their_charge_and_net_proceeds_to_what_is_left(sync: Any) -> None:
    names = ("economics", "economics_fees", "economics_fee_components", "economics_ads")
    run = sync(*names, start_date="2026-11-01")
    charge = run.keys["economics_fees"]
    charges = {tuple(r[k] for k in charge): r for r in run.records["economics_fees"]}
    parts: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for row in run.records["economics_fee_components"]:
        parts[tuple(row[k] for k in charge)] += Decimal(row["total_amount"])
    assert parts
    for key, amount in parts.items():
        assert Decimal(charges[key]["total_amount"]) == amount
    row_key = run.keys["economics"]
    costs: dict[tuple[Any, ...], Decimal] = defaultdict(Decimal)
    for name in ("economics_fees", "economics_ads"):
        for row in run.records[name]:
            costs[tuple(row[k] for k in row_key)] += Decimal(row["total_amount"])
    for row in run.records["economics"]:
        cost = Decimal(row["cost_of_goods_sold_amount"] or 0) * row["net_units_sold"]
        left = Decimal(row["net_product_sales_amount"]) - costs[tuple(row[k] for k in row_key)]
        assert Decimal(row["total_amount"]) == left - cost


def test_two_charges_of_one_fee_stay_two(sync: Any) -> None:
    rows = sync("economics_fees", start_date="2026-11-01").records["economics_fees"]
    row_key = ("marketplace_id", "date", "msku", "fee_type_name")
    found = Counter(tuple(row[k] for k in row_key) for row in rows)
    assert max(found.values()) == 2
    assert {row["charge_ordinal"] for row in rows} == {1}
