"""The shop's side of the marts after a first sync, against the world's own totals, to the cent."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from simulator.truth import truth
from simulator.world import World
from simulator.world.events import ZERO
from simulator.world.shop import SHOP_ZONE, Variant
from simulator.world.shop_details import ShopDetails

if TYPE_CHECKING:
    from pipeline import Pipeline, Row

START = datetime(2026, 9, 26, tzinfo=UTC)
"""The first of the 60 days that end with the tests' present."""
FIRST = date(2026, 9, 26)
"""The first day of the shop that is read whole."""
MODELS = ("last_click", "first_click", "linear", "time_decay")


@pytest.fixture(scope="module")
def world(loaded: Pipeline) -> World:
    return loaded.simulator.world


@pytest.fixture(scope="module")
def sold(world: World) -> dict[date, Row]:
    """The world's totals of the shop's days that are read whole."""
    return {row["day"]: row for row in truth(world)["shop"] if row["day"] >= FIRST}


@pytest.fixture(scope="module")
def own(world: World) -> list[ShopDetails]:
    """The shop's own sales that a first sync reads: those that changed since its first day."""
    mine = {order.order_id for order in world.own_shop_orders if not order.is_test}
    return [
        order
        for order in world.shop_details
        if order.order.order_id in mine and order.updated_at(world.now) >= START
    ]


def test_the_shop_stands_among_the_storefronts(loaded: Pipeline, sold: dict[date, Row]) -> None:
    found = {
        row["date"]: row
        for row in loaded.rows("select * from marts.rpt_storefronts_daily")
        if row["channel"] == "shopify" and row["date"] >= FIRST
    }
    assert found.keys() == sold.keys()
    assert len(found) > 50
    for day, row in found.items():
        world = sold[day]
        revenue = world["gross_sales"] - world["discounts"]
        assert (row["shop_orders"], row["shop_units"]) == (world["orders"], world["units"])
        assert row["shop_cancelled_orders"] == world["cancelled_orders"]
        assert row["shop_gross_sales"] == world["gross_sales"]
        assert row["shop_revenue"] == row["shop_revenue_reporting"] == revenue
        assert row["shop_aov"] == round(revenue / world["orders"], 4)
        assert row["ordered_product_sales"] is row["orders"] is row["shop_sessions"] is None


def test_every_model_credits_each_order_once(loaded: Pipeline, sold: dict[date, Row]) -> None:
    found: dict[tuple[str, date], dict[str, Decimal]] = defaultdict(Counter)  # type: ignore[arg-type]
    for row in loaded.rows(
        "select * from marts.rpt_attribution_daily where storefront = 'shopify'"
    ):
        if row["date"] >= FIRST:
            day = found[row["model"], row["date"]]
            day["orders"] += (row["orders"] or 0) + (row["uncredited_orders"] or 0)
            day["revenue"] += (row["revenue"] or 0) + (row["uncredited_revenue"] or 0)
            day["credited"] += row["orders"] or 0
    assert found.keys() == {(model, day) for model in MODELS for day in sold}
    for (_, day), row in found.items():
        assert row["orders"] == sold[day]["orders"], day
        assert row["revenue"] == sold[day]["gross_sales"] - sold[day]["discounts"], day
    credited = sum(row["credited"] for row in found.values())
    assert 0 < credited < sum(row["orders"] for row in found.values())


def test_first_click_is_the_first_visit_of_journeys_that_are_told(
    loaded: Pipeline, world: World, own: list[ShopDetails]
) -> None:
    expected: Counter[tuple[date, str]] = Counter()
    for details in own:
        order = details.order
        is_ready = details.journey_ready_at and details.journey_ready_at <= world.now
        if order.day >= FIRST and is_ready and order.journey:
            expected[order.day, order.journey[0].source] += 1
    rows = loaded.rows(
        "select date, source, sum(orders) as orders from marts.rpt_attribution_daily "
        "where storefront = 'shopify' and model = 'first_click' and source is not null "
        "group by 1, 2"
    )
    found = {(row["date"], row["source"]): row["orders"] for row in rows if row["date"] >= FIRST}
    assert found == expected


def test_financials_have_the_shops_sales_by_shopifys_definitions(
    loaded: Pipeline, world: World, sold: dict[date, Row], own: list[ShopDetails]
) -> None:
    returned: dict[date, Decimal] = defaultdict(Decimal)
    shipping: dict[date, Decimal] = defaultdict(Decimal)
    tax: dict[date, Decimal] = defaultdict(Decimal)
    cost: dict[date, Decimal] = defaultdict(Decimal)
    for details in own:
        for line in details.order.lines:
            cost[details.order.day] += line.quantity * (line.variant.unit_cost or 0)
        shipping[details.order.day] += details.shipping
        tax[details.order.day] += details.tax
        for refund in details.refunds(world.now):
            day = refund.at.astimezone(SHOP_ZONE).date()
            goods = [line for line in refund.lines if not line.line.variant.is_gift_card]
            returned[day] += sum((line.subtotal for line in goods), ZERO) + refund.extra
            shipping[day] -= refund.shipping
            tax[day] -= sum((line.tax for line in goods), ZERO) + refund.shipping_tax
            for line in goods:
                is_back = line.restock_type != "NO_RESTOCK"
                cost[day] -= is_back * line.quantity * (line.line.variant.unit_cost or 0)
    found = {
        row["date"]: row
        for row in loaded.rows("select * from marts.rpt_financials_daily")
        if row["channel"] == "shopify" and row["date"] >= FIRST
    }
    assert found.keys() >= sold.keys()
    for day, row in found.items():
        gross = sold[day]["gross_sales"] if day in sold else ZERO
        discounts = sold[day]["discounts"] if day in sold else ZERO
        assert (row["gross_sales"], row["promotions"]) == (gross, -discounts), day
        assert row["refunds"] == -returned[day], day
        assert row["net_sales"] == gross - discounts - returned[day], day
        assert row["other_sales"] == shipping[day], day
        assert row["tax_collected"] == tax[day], day
        assert row["amazon_fees"] == 0
        assert (row["cogs"] or 0) == -cost[day], day
        total = gross - discounts - returned[day] + shipping[day] + tax[day]
        assert row["total_amount"] == total, day
    assert sum(returned.values()) > 0


def test_products_match_as_the_two_shelves_overlap(loaded: Pipeline, world: World) -> None:
    """By a SKU that one variant has, else by the product's barcode, as the world has both."""
    by_sku: dict[str, list[Variant]] = defaultdict(list)
    by_barcode: dict[str, list[Variant]] = defaultdict(list)
    for variant in world.story.shop.variants:
        by_sku[variant.sku].append(variant)
        if variant.barcode:
            by_barcode[variant.barcode].append(variant)
    eans = {product.asin: product.ean for product in world.products}
    checked: Counter[str] = Counter()
    for row in loaded.rows("select * from marts.dim_products"):
        same_sku = by_sku.get(row["seller_sku"], [])
        same_barcode = by_barcode.get(eans[row["asin"]], [])
        if same_sku:
            status = "sku" if len(same_sku) == 1 else "ambiguous_sku"
        else:
            status = "barcode" if same_barcode else "unmatched"
        [variant] = (same_sku or same_barcode)[:1] if status in ("sku", "barcode") else [None]
        assert row["match_status"] == status, row
        assert row["variant_id"] == (variant and str(variant.variant_id)), row
        cost = variant.unit_cost if variant else None
        assert row["unit_cost_amount"] == cost, row
        assert row["unit_cost_currency_code"] == (None if cost is None else "USD"), row
        checked[status] += 1
    assert checked.keys() == {"sku", "barcode", "ambiguous_sku", "unmatched"}
    assert max(map(len, by_barcode.values())) == 1


def test_the_shops_stock_is_the_worlds_by_location(loaded: Pipeline, world: World) -> None:
    rows = loaded.rows("select * from marts.rpt_inventory where channel = 'shopify'")
    found = {(row["sku"], row["stock_location_name"], row["stock_id"]): row for row in rows}
    assert len(found) == len(rows) > 30
    for row in truth(world)["shop_inventory"]:
        mine = [
            r for (sku, name, _), r in found.items() if (sku, name) == (row["sku"], row["location"])
        ]
        quantities = {
            (
                r["total_quantity"],
                r["fulfillable_quantity"],
                r["reserved_quantity"],
                r["inbound_quantity"],
            )
            for r in mine
        }
        assert (row["on_hand"], row["available"], row["committed"], row["incoming"]) in quantities
