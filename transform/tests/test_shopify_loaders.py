"""Staging says the same of one shop, whoever loaded it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from shopify_shapes import AIRBYTE, FIVETRAN, TAP, Table

if TYPE_CHECKING:
    from warehouse import Row, Warehouse

pytestmark = pytest.mark.slow

Staged = dict[str, list["Row"]]
SAME = {
    "orders": {
        "last_visit_source", "last_visit_medium", "last_visit_campaign", "last_visit_content",
        "last_visit_term",
    },
    "order_lines": set(), "refunds": set(), "refund_lines": set(), "refund_adjustments": set(),
    "shipping_lines": set(), "transactions": set(), "products": set(), "product_variants": set(),
    "inventory_items": set(), "inventory_levels": set(), "locations": {"is_fulfillment_service"},
    "shop": set(),
}  # fmt: skip
"""The entities that every loader reads, with the columns that not all of them have."""


@pytest.fixture(scope="module")
def stage(new_warehouse: Callable[..., Warehouse]) -> Callable[[str, list[Table]], Staged]:
    """Loads a shop and stages it; gives the rows of each entity."""

    def stage(loader: str, tables: list[Table]) -> Staged:
        warehouse = new_warehouse(shopify_source=loader)
        for name, columns, rows in tables:
            warehouse.create_raw("shopify", name, columns, rows)
        warehouse.build("--select", "+stg_shopify__*", as_of="2026-11-24T18:00:00Z", tested=True)
        entities = {*SAME, "order_journeys", "order_moments"}
        return {
            entity: warehouse.query(f"select * from staging.stg_shopify__{entity} order by 1, 2, 3")
            for entity in sorted(entities)
        }

    return stage


@pytest.fixture(scope="module")
def by_tap(stage: Callable[[str, list[Table]], Staged]) -> Staged:
    return stage("tap_shopify", TAP)


@pytest.fixture(scope="module")
def by_fivetran(stage: Callable[[str, list[Table]], Staged]) -> Staged:
    return stage("fivetran", FIVETRAN)


@pytest.fixture(scope="module")
def by_airbyte(stage: Callable[[str, list[Table]], Staged]) -> Staged:
    return stage("airbyte", AIRBYTE)


def shared(staged: Staged) -> dict[str, list[dict[str, Any]]]:
    """What every loader can say."""
    return {
        entity: [{k: v for k, v in row.items() if k not in lacking} for row in staged[entity]]
        for entity, lacking in SAME.items()
    }


def test_taps_rows_are_what_was_sold(by_tap: Staged) -> None:
    (order,) = by_tap["orders"]
    assert order["total_amount"] == Decimal("49.50")
    assert [
        (line["sku"], line["gross_amount"], line["discount_amount"], line["tax_amount"])
        for line in by_tap["order_lines"]
    ] == [
        ("mug", Decimal("20.00"), Decimal("2.00"), Decimal("1.80")),
        ("pan", Decimal("30.00"), Decimal("3.00"), Decimal("2.70")),
    ]
    (refund,) = by_tap["refunds"]
    assert refund["total_amount"] == Decimal("10.90")  # 9.00 and 0.90 of tax, and 1.00 on top
    assert [row["sku"] for row in by_tap["product_variants"]] == ["mug"]


def test_fivetrans_rows_say_the_same(by_tap: Staged, by_fivetran: Staged) -> None:
    assert shared(by_fivetran) == shared(by_tap)


def test_fivetran_knows_the_landing_page_and_no_journey(by_fivetran: Staged) -> None:
    (order,) = by_fivetran["orders"]
    assert (order["last_visit_source"], order["last_visit_medium"]) == ("google", "cpc")
    assert by_fivetran["order_journeys"] == by_fivetran["order_moments"] == []


def test_airbytes_rows_say_the_same(by_tap: Staged, by_airbyte: Staged) -> None:
    assert shared(by_airbyte) == shared(by_tap)


def test_airbyte_knows_two_visits_and_how_many_there_were(by_airbyte: Staged) -> None:
    (journey,) = by_airbyte["order_journeys"]
    assert (journey["is_ready"], journey["moments_count"]) == (True, 3)
    assert [
        (m["moment_ordinal"], m["source"], m["medium"]) for m in by_airbyte["order_moments"]
    ] == [
        (1, "google", "cpc"),
        (2, "direct", None),
    ]
