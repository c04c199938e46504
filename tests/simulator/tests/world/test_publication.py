"""Sales & Traffic numbers grow, are corrected, and are final after 14 days."""

from __future__ import annotations

from datetime import timedelta

from simulator.testing import NOW
from simulator.truth import sales_traffic
from simulator.world import World
from simulator.world.publication import batches

DAY = timedelta(days=1)
FACTS = (
    "ordered_product_sales",
    "units_ordered",
    "total_order_items",
    "sessions",
    "page_views",
    "buy_box_page_views",
)


def by_day(world: World) -> dict[tuple[str, object], dict[str, object]]:
    return {(row["marketplace_id"], row["day"]): row for row in sales_traffic(world)}


def test_a_day_is_final_when_14_days_have_gone(world: World) -> None:
    rows = sales_traffic(world)
    final = [row for row in rows if row["is_final"]]
    assert final
    for row in final:
        assert [row[name] for name in FACTS] == [row[f"final_{name}"] for name in FACTS]


def test_no_final_day_ever_changes(world: World) -> None:
    now, later = by_day(world), by_day(world.at(NOW + 15 * DAY))
    for key, row in now.items():
        if row["is_final"]:
            assert later[key] == row


def test_most_recent_days_are_still_growing(world: World) -> None:
    recent = [row for row in sales_traffic(world) if not row["is_final"]]
    growing = [row for row in recent if row["units_ordered"] < row["final_units_ordered"]]
    assert growing
    assert all(row["units_ordered"] <= row["final_units_ordered"] for row in recent)


def test_invalid_visits_are_taken_away_again(world: World) -> None:
    corrected = [row for row in sales_traffic(world) if row["sessions"] > row["final_sessions"]]
    assert corrected


def test_some_days_have_sales_before_they_have_sessions(world: World) -> None:
    looks = [world.at(NOW - n * DAY) for n in range(12)]
    assert any(
        row["units_ordered"] and not row["sessions"]
        for look in looks
        for row in sales_traffic(look)
    )


def test_batches_keep_amazons_terms(world: World) -> None:
    for market in world.markets:
        for day in world.days(market):
            first, second, third, fourth, last = batches(world.seed, market, day)
            close = market.close(day)
            assert close < first < second < third <= close + timedelta(hours=72)
            assert third < fourth <= close + 7 * DAY
            assert fourth < last < market.midnight(day + 14 * DAY)


def test_the_account_has_fewer_sessions_than_its_products_together(world: World) -> None:
    for market in world.markets:
        for day in world.days(market):
            batch = world.story.traffic(market, day)
            account = [b for b in batch if b.asin is None]
            products = [b for b in batch if b.asin is not None]
            sessions = sum(b.browser_sessions + b.mobile_sessions for b in account)
            views = sum(b.browser_page_views + b.mobile_page_views for b in account)
            children = sum(b.browser_sessions + b.mobile_sessions for b in products)
            child_views = sum(b.browser_page_views + b.mobile_page_views for b in products)
            assert sessions <= children
            assert views == child_views
            assert sum(b.buy_box_page_views for b in account) <= views
