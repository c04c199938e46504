"""The advertising story: one past whatever ``now`` is, and numbers that restate by themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from simulator.world import World, build
from simulator.world.ads import Touch, truth
from simulator.world.ads.entities import State, known
from simulator.world.ads.profiles import advertisers, seller_profile
from simulator.world.events import AdProduct

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
OPENED = date(2026, 9, 10)
WINDOWS = (1, 7, 14, 30)


@pytest.fixture(scope="module")
def world() -> World:
    return build(7, "small", NOW, OPENED)


def sales(world: World) -> list:
    return [
        (order, item, item.ad_touch)
        for order in world.orders
        for item in order.items
        if isinstance(item.ad_touch, Touch)
    ]


def by_day(world: World, **wanted: str) -> dict:
    """Truth rows of some profile or campaign by (campaign, day)."""
    return {
        (row["campaign_id"], row["day"]): row
        for row in truth(world)
        if all(row[name] == value for name, value in wanted.items())
    }


def test_every_credited_sale_follows_a_visit_that_happened(world: World) -> None:
    for order, item, touch in sales(world):
        visits = touch.visits
        campaign = visits.campaign
        assert visits in world.ads.visits(campaign, campaign.profile.day_of(touch.at))
        assert touch.at == visits.at < order.placed_at
        assert touch.profile_id == campaign.profile.profile_id
        assert order.marketplace_id == campaign.profile.market.marketplace_id
        assert touch.campaign_id == campaign.campaign_id
        if touch.kind == "click":
            assert visits.clicks > visits.invalid_clicks
        else:
            assert visits.viewable_impressions
            assert touch.ad_product is not AdProduct.SPONSORED_PRODUCTS
        assert touch.advertised_asin in visits.ad.asins
        assert (touch.advertised_asin == item.asin) == (item.asin in visits.ad.asins)


def test_sales_fall_into_every_window_and_beyond_the_last(world: World) -> None:
    lags = [order.placed_at - touch.at for order, _, touch in sales(world)]
    bounds = [timedelta(days=days) for days in (0, *WINDOWS, 60)]
    for low, high in pairwise(bounds):
        assert sum(low < lag <= high for lag in lags) >= 5


def test_all_ad_products_have_clicked_sales_and_only_brands_and_display_viewed_ones(
    world: World,
) -> None:
    kinds = Counter((touch.ad_product.name, touch.kind) for _, _, touch in sales(world))
    assert set(kinds) == {
        ("SPONSORED_PRODUCTS", "click"),
        ("SPONSORED_BRANDS", "click"),
        ("SPONSORED_BRANDS", "view"),
        ("SPONSORED_DISPLAY", "click"),
        ("SPONSORED_DISPLAY", "view"),
    }


def test_some_display_sales_belong_to_no_target(world: World) -> None:
    displayed = [t for _, _, t in sales(world) if t.ad_product is AdProduct.SPONSORED_DISPLAY]
    assert any(touch.target_id is None for touch in displayed)
    assert any(touch.target_id is not None for touch in displayed)


def test_a_later_now_leaves_the_past_as_it_was() -> None:
    earlier, later = build(7, "small", NOW, OPENED), build(7, "small", NOW + timedelta(20), OPENED)
    for profile in advertisers():
        for one, other in zip(
            earlier.ads.campaigns(profile), later.ads.campaigns(profile), strict=True
        ):
            assert one == other
            for days in range(0, 75, 7):
                day = OPENED + timedelta(days)
                assert earlier.ads.visits(one, day) == later.ads.visits(other, day)
    assert sales(earlier) == [s for s in sales(later) if s[0].placed_at <= NOW]


def test_another_seed_is_another_story(world: World) -> None:
    other = build(8, "small", NOW, OPENED)
    us = seller_profile("US")
    ids = [{c.campaign_id for c in w.ads.campaigns(us)} for w in (world, other)]
    assert not ids[0] & ids[1]


def test_a_sale_of_the_next_month_is_booked_on_the_day_of_its_click(world: World) -> None:
    item, touch = next(
        (item, touch)
        for order, item, touch in sales(world)
        if touch.ad_product is AdProduct.SPONSORED_PRODUCTS
        and timedelta(days=1) < order.placed_at - touch.at < timedelta(days=7)
        and order.cancelled_at is None
        and touch.visits.campaign.profile.day_of(touch.at).month != order.day.month
    )
    campaign = touch.visits.campaign
    clicked = campaign.profile.day_of(touch.at)
    key, wanted = (campaign.campaign_id, clicked), {"profile_id": touch.profile_id}
    before = by_day(world.at(touch.reported_at - timedelta(seconds=1)), **wanted)[key]
    after = by_day(world.at(touch.reported_at), **wanted)[key]
    assert after["sales_7d"] - before["sales_7d"] == item.principal
    assert after["purchases_7d"] - before["purchases_7d"] == 1
    assert after["units_7d"] - before["units_7d"] == item.quantity
    assert after["sales_1d"] == before["sales_1d"]


def test_a_cancelled_order_takes_its_sale_back(world: World) -> None:
    order, item, touch = next(
        (order, item, touch)
        for order, item, touch in sales(world.at(NOW))
        if order.cancelled_at
        and touch.reported_at < order.cancelled_at <= NOW
        and order.placed_at - touch.at < timedelta(days=14)
    )
    day = touch.visits.campaign.profile.day_of(touch.at)
    key, wanted = (touch.campaign_id, day), {"profile_id": touch.profile_id}
    before = by_day(world.at(order.cancelled_at - timedelta(seconds=1)), **wanted)[key]
    after = by_day(world.at(order.cancelled_at), **wanted)[key]
    assert before["sales_14d"] - after["sales_14d"] == item.principal


def test_invalid_clicks_and_their_cost_are_taken_back_after_three_days(world: World) -> None:
    us = seller_profile("US")
    day, visits = next(
        (day, visits)
        for campaign in world.ads.campaigns(us)
        for day in (date(2026, 11, 1) + timedelta(days) for days in range(10))
        for visits in world.ads.visits(campaign, day)
        if visits.invalid_clicks and not campaign.is_swept and not campaign.is_legacy
    )
    key = (visits.campaign.campaign_id, day)
    before = by_day(world.at(visits.reviewed_at - timedelta(seconds=1)), profile_id=us.profile_id)
    after = by_day(world.at(visits.reviewed_at), profile_id=us.profile_id)
    assert before[key]["clicks"] - after[key]["clicks"] == visits.invalid_clicks
    cost = visits.invalid_clicks * visits.click_price
    assert before[key]["spend"] - after[key]["spend"] == cost > 0


def test_a_row_whose_clicks_were_all_invalid_vanishes(world: World) -> None:
    now = set(by_day(world))
    later = set(by_day(world.at(NOW + timedelta(days=4))))
    vanished = now - later
    assert vanished
    swept = {
        (campaign.campaign_id)
        for profile in advertisers()
        for campaign in world.ads.campaigns(profile)
        if campaign.is_swept
    }
    assert {campaign_id for campaign_id, _ in vanished} <= swept


def test_today_fills_up_during_the_day(world: World) -> None:
    us = seller_profile("US")
    midnight = us.midnight(date(2026, 11, 23))
    clicks = [
        sum(
            row["clicks"]
            for (_, day), row in by_day(
                world.at(midnight + timedelta(hours=hours)), profile_id=us.profile_id
            ).items()
            if day == date(2026, 11, 23)
        )
        for hours in (3, 9, 15, 21, 30)
    ]
    assert clicks == sorted(clicks)
    assert len(set(clicks)) == len(clicks)


@pytest.mark.parametrize("now", [datetime(2026, m, 11, tzinfo=UTC) for m in (5, 8, 11, 12)])
def test_whenever_one_looks_paused_and_archived_campaigns_have_recent_history(
    world: World, now: datetime
) -> None:
    us = seller_profile("US")
    today = us.day_of(now)
    recent = [today - timedelta(days) for days in range(60)]
    states = {
        known(campaign.states, today)
        for campaign in world.ads.campaigns(us)
        if campaign.start <= today and any(world.ads.visits(campaign, day) for day in recent)
    }
    assert states == {State.ENABLED, State.PAUSED, State.ARCHIVED}


def test_ten_steady_campaigns_have_something_on_each_of_sixty_days(world: World) -> None:
    days = [OPENED + timedelta(days) for days in range(60)]
    steady = [
        campaign
        for profile in advertisers()
        for campaign in world.ads.campaigns(profile)
        if not campaign.is_swept and all(campaign.serves(day) for day in days)
    ]
    assert len(steady) >= 10
    assert all(world.ads.visits(campaign, day) for campaign in steady for day in days)


def test_ids_exceed_what_a_float_holds_and_are_unique_within_a_profile_only(world: World) -> None:
    owners = defaultdict(set)
    for profile in advertisers():
        campaigns = world.ads.campaigns(profile)
        ids = [campaign.campaign_id for campaign in campaigns]
        assert len(set(ids)) == len(ids)
        for campaign_id in ids:
            owners[campaign_id].add(profile.country_code)
    assert any(int(float(campaign_id)) != int(campaign_id) for campaign_id in owners)
    assert {"US", "CA"} <= max(owners.values(), key=len)


def test_names_hold_what_breaks_a_naive_reader_and_are_unique_on_any_day(world: World) -> None:
    for profile in advertisers():
        names = [known(c.names, date(2026, 11, 24)) for c in world.ads.campaigns(profile)]
        assert len(set(names)) == len(names)
        assert all(len(name) <= 128 for name in names)
    us = " ".join(known(c.names, NOW.date()) for c in world.ads.campaigns(seller_profile("US")))
    for trap in ("'", '"', ";--", "<script>", "&", "🍳", "}, {", "\\", "%"):
        assert trap in us


def test_names_and_budgets_change_and_old_days_keep_the_old_value(world: World) -> None:
    campaign = world.ads.campaigns(seller_profile("US"))[0]
    days = [date(2026, 1, 1) + timedelta(days) for days in range(0, 365, 10)]
    assert len({known(campaign.names, day) for day in days}) == 2
    assert len({known(campaign.budgets, day) for day in days}) == 2


def test_legacy_campaigns_spend_but_truth_of_reports_leaves_them_out(world: World) -> None:
    legacy = [c for c in world.ads.campaigns(seller_profile("US")) if c.is_legacy]
    assert len(legacy) == 1
    assert any(visits.click_price for visits in world.ads.visits(legacy[0], date(2026, 11, 1)))
    assert legacy[0].campaign_id not in {row["campaign_id"] for row in truth(world)}


def test_yen_have_no_minor_unit(world: World) -> None:
    rows = [row for row in truth(world) if row["currency_code"] == "JPY"]
    assert rows
    assert all(row["spend"] == int(row["spend"]) for row in rows)
    assert all(row["sales_14d"] == int(row["sales_14d"]) for row in rows)


def test_the_large_world_has_the_bench_size() -> None:
    world = build(7, "large", NOW)
    today, us = NOW.date(), seller_profile("US")
    campaigns = [c for c in world.ads.campaigns(us) if c.start <= today]
    assert len(campaigns) >= 300
    targets = [t for c in campaigns for group in c.ad_groups for t in group.targets]
    assert sum(target.is_keyword for target in targets) >= 3000
