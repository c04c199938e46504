"""Data Kiosk's numbers are the orders of marketplace days and the visits that led to them."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import Any

import pytest

from simulator.testing import NOW
from simulator.truth import sales_traffic
from simulator.world import World

MARKETS = {
    "na": ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"],
    "eu": ["A1F83G8C2ARO7P", "A1PA6795UKMFR9", "A13V1IB3VIYZZH"],
    "fe": ["A1VC38T7YXB528"],
}
SALES = "orderedProductSales{amount currencyCode} unitsOrdered totalOrderItems"
TRAFFIC = "sessions pageViews browserSessions mobileAppSessions buyBoxPercentage"


def by_date(markets: list[str], start: str, end: str, fields: str, by: str = "DAY") -> str:
    names = ",".join(f'"{market}"' for market in markets)
    return (
        "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate("
        f'aggregateBy:{by} startDate:"{start}" endDate:"{end}" marketplaceIds:[{names}])'
        f"{{startDate endDate marketplaceId {fields}}}}}}}"
    )


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_by_date_tells_what_is_published_of_each_day(api: Any, world: World, region: str) -> None:
    query = by_date(
        MARKETS[region], "2026-09-26", "2026-11-24", f"sales{{{SALES}}} traffic{{{TRAFFIC}}}"
    )
    told = {
        (row["marketplaceId"], row["startDate"]): (
            str(row["sales"]["orderedProductSales"]["amount"]),
            row["sales"]["unitsOrdered"],
            row["sales"]["totalOrderItems"],
            row["traffic"]["sessions"],
            row["traffic"]["pageViews"],
        )
        for row in api.of(region).rows(query)
    }
    expected = {
        (row["marketplace_id"], row["day"].isoformat()): (
            str(float(row["ordered_product_sales"])),
            row["units_ordered"],
            row["total_order_items"],
            row["sessions"],
            row["page_views"],
        )
        for row in sales_traffic(world)
        if row["marketplace_id"] in MARKETS[region] and row["day"].isoformat() >= "2026-09-26"
    }
    assert told == expected
    assert len(told) > 50


def test_a_final_days_sales_are_the_orders_placed_on_it(api: Any, world: World) -> None:
    rows = api.rows(by_date(MARKETS["na"], "2026-10-01", "2026-10-20", f"sales{{{SALES}}}"))
    for row in rows:
        placed = [
            order
            for order in world.orders
            if order.marketplace_id == row["marketplaceId"]
            and order.day.isoformat() == row["startDate"]
            and order.channel.value == "AMAZON"
            and not order.replaces_order_id
        ]
        items = [item for order in placed for item in order.items]
        assert row["sales"]["unitsOrdered"] == sum(item.quantity for item in items)
        amount = row["sales"]["orderedProductSales"]["amount"]
        assert amount == pytest.approx(float(sum(item.principal for item in items)))


def test_today_is_not_told_and_a_marketplace_without_sales_is_absent(api: Any) -> None:
    rows = api.of("eu").rows(
        by_date(MARKETS["eu"], "2026-11-22", "2026-11-24", f"sales{{{SALES}}}")
    )
    assert "2026-11-24" not in {row["startDate"] for row in rows}
    assert "A13V1IB3VIYZZH" not in {row["marketplaceId"] for row in rows}


def test_a_recent_day_changes_with_the_worlds_now_and_an_old_one_does_not(api: Any) -> None:
    query = by_date(MARKETS["na"], "2026-11-01", "2026-11-23", f"sales{{{SALES}}}")

    def told() -> dict[tuple[str, str], Any]:
        return {(r["marketplaceId"], r["startDate"]): r["sales"] for r in api.rows(query)}

    before = told()
    api.simulation.set_now(NOW + timedelta(days=14))
    after = told()
    changed = {day for (_, day) in before if before[_, day] != after[_, day]}
    assert changed
    assert min(changed) > "2026-11-10"


def test_business_customers_are_a_part(api: Any) -> None:
    fields = "sales{unitsOrdered unitsOrderedB2B} traffic{sessions sessionsB2B}"
    rows = api.rows(by_date(MARKETS["na"], "2026-10-01", "2026-11-20", fields))
    assert all(r["sales"]["unitsOrderedB2B"] <= r["sales"]["unitsOrdered"] for r in rows)
    assert any(r["sales"]["unitsOrderedB2B"] for r in rows)
    assert all(r["traffic"]["sessionsB2B"] <= r["traffic"]["sessions"] for r in rows)


def test_percentages_lie_between_0_and_100(api: Any) -> None:
    fields = "traffic{buyBoxPercentage orderItemSessionPercentage receivedNegativeFeedbackRate}"
    for row in api.rows(by_date(MARKETS["na"], "2026-09-20", "2026-11-23", fields)):
        assert all(0 <= value <= 100 for value in row["traffic"].values())


def test_weeks_run_from_sunday_to_saturday_and_partial_ones_are_left_out(api: Any) -> None:
    # 1 November 2026 is a Sunday.
    rows = api.rows(
        by_date(["ATVPDKIKX0DER"], "2026-10-29", "2026-11-16", "sales{unitsOrdered}", "WEEK")
    )
    assert [(row["startDate"], row["endDate"]) for row in rows] == [
        ("2026-11-01", "2026-11-07"),
        ("2026-11-08", "2026-11-14"),
    ]


def test_products_add_up_to_the_days_sales_but_not_to_its_sessions(api: Any) -> None:
    (market, start, end) = ("ATVPDKIKX0DER", "2026-10-01", "2026-10-14")
    fields = "sales{unitsOrdered} traffic{sessions pageViews}"
    days = api.rows(by_date([market], start, end, fields))
    products = api.rows(
        "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByAsin("
        f'aggregateBy:CHILD startDate:"{start}" endDate:"{end}" marketplaceIds:["{market}"])'
        f"{{startDate endDate parentAsin childAsin {fields}}}}}}}"
    )

    def total(rows: list[dict[str, Any]], part: str, field: str) -> int:
        return sum(row[part][field] for row in rows)

    assert total(days, "sales", "unitsOrdered") == total(products, "sales", "unitsOrdered")
    # Parents are told as if they were children: their visits are counted twice, their sales not.
    children = [row for row in products if row["childAsin"] != row["parentAsin"]]
    parents = [row for row in products if row["childAsin"] == row["parentAsin"]]
    assert parents
    assert total(parents, "sales", "unitsOrdered") == 0
    assert total(days, "traffic", "pageViews") == total(children, "traffic", "pageViews")
    assert total(days, "traffic", "sessions") < total(products, "traffic", "sessions")
    assert {(row["startDate"], row["endDate"]) for row in products} == {(start, end)}


def test_trends_tell_each_asin_by_day_and_leave_out_those_without_data(
    api: Any, world: World
) -> None:
    asins = [world.products[0].asin, world.products[1].asin, "B000000000"]
    names = ",".join(f'"{asin}"' for asin in asins)
    rows = api.rows(
        "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficTrends("
        'asinAggregation:CHILD dateAggregation:DAY startDate:"2026-10-01" endDate:"2026-10-05" '
        f'filters:[{{marketplaceId:"ATVPDKIKX0DER" asins:[{names}]}}])'
        "{startDate endDate asinAggregation childAsin sales{unitsOrdered} traffic{sessions}}}}"
    )
    days = defaultdict(set)
    for row in rows:
        assert row["startDate"] == row["endDate"]
        assert row["asinAggregation"] == "CHILD"
        days[row["childAsin"]].add(row["startDate"])
    assert set(days) == set(asins[:2])
    assert max(map(len, days.values())) == 5


def test_no_wrapper_and_no_field_that_was_not_asked_for(api: Any) -> None:
    (first, *_) = api.rows(
        by_date(["ATVPDKIKX0DER"], "2026-11-01", "2026-11-02", "sales{unitsOrdered}")
    )
    assert first.keys() == {"startDate", "endDate", "marketplaceId", "sales"}
    assert first["sales"].keys() == {"unitsOrdered"}
