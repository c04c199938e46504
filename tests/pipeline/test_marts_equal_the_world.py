"""Every number of the marts after a first sync, against the world's own totals, to the cent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from simulator.truth import truth
from simulator.world import World
from simulator.world.ads import level_truth
from simulator.world.ads.entities import Campaign, Profile
from simulator.world.ads.profiles import advertisers
from simulator.world.events import AdProduct
from simulator.world.marketplaces import BY_COUNTRY, MARKETS, Market

if TYPE_CHECKING:
    from pipeline import Pipeline, Row

Truth = dict[str, list[dict[str, Any]]]
DAYS_BACK = 59
"""A first sync reads today and this many days before it, in each marketplace's own zone."""
AD_METRIC = re.compile(r"(sales|purchases|units)_(\d+d(_same_sku)?|14d_(clicks|new_to_brand))")


@pytest.fixture(scope="module")
def world(loaded: Pipeline) -> World:
    return loaded.simulator.world


@pytest.fixture(scope="module")
def told(world: World) -> Truth:
    return truth(world)


def by(rows: list[Row], *keys: str) -> dict[tuple[Any, ...], Row]:
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows), "the key is not unique"
    return found


def days_to(today: date) -> list[date]:
    return [today - timedelta(days=n) for n in range(DAYS_BACK, -1, -1)]


def is_read(place: Market | Profile, day: date, world: World) -> bool:
    today = place.day_of(world.now)
    return today - timedelta(days=DAYS_BACK) <= day <= today


def test_sales_and_traffic_are_the_worlds_per_marketplace_day(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    expected = {
        key: row
        for key, row in by(told["sales_traffic"], "marketplace_id", "day").items()
        if is_read(MARKETS[key[0]], key[1], world)
    }
    marts = by(loaded.rows("select * from marts.fct_sales_traffic_daily"), "marketplace_id", "date")
    assert marts.keys() == expected.keys()
    assert len(expected) > 5 * 55
    for key, row in expected.items():
        found = marts[key]
        assert {
            "currency_code": found["currency_code"],
            "ordered_product_sales": found["ordered_product_sales"],
            "units_ordered": found["units_ordered"],
            "total_order_items": found["order_items"],
            "sessions": found["sessions"],
            "page_views": found["page_views"],
            "is_final": found["is_final"],
        }.items() <= row.items(), key
        # Amazon tells the share in hundredths of a percent.
        off_by = abs((found["buy_box_page_views"] or 0) - row["buy_box_page_views"])
        assert off_by <= Decimal("0.005") / 100 * row["page_views"] + Decimal("0.0001"), key


def test_orders_and_sales_of_a_storefront_are_the_worlds_on_every_day_that_was_read(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    """A day of which only a part was read is not in it: its count would be too low."""
    orders = by(told["orders"], "marketplace_id", "day")
    sales = by(told["sales_traffic"], "marketplace_id", "day")
    query = "select * from marts.rpt_storefronts_daily where orders is not null"
    marts = by(loaded.rows(query), "marketplace_id", "date")
    days = {
        (market.marketplace_id, day)
        for market in world.markets
        for day in days_to(market.day_of(world.now))
    }
    assert marts.keys() == days
    for key in days:
        placed, sold, found = orders.get(key, {}), sales.get(key, {}), marts[key]
        replacements = placed.get("replacement_orders", 0)
        assert {
            "orders": found["orders"],
            "cancelled_orders": found["cancelled_orders"],
            "pending_orders": found["pending_orders"],
            "sales": found["ordered_product_sales"],
            "units": found["units_ordered"],
        } == {
            "orders": placed.get("orders", 0) - replacements,
            "cancelled_orders": placed.get("cancelled_orders", 0),
            "pending_orders": placed.get("pending_orders", 0),
            # of a day that sales and traffic do not know yet, the hours so far tell what was placed
            "sales": sold.get("ordered_product_sales", placed.get("sales", 0)),
            "units": sold.get("units_ordered", placed.get("units", 0)),
        }, key


def test_ad_spend_of_a_storefront_is_the_worlds_on_every_day_that_reports_cover(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    spent: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in told["ads"]:
        spent[BY_COUNTRY[row["country_code"]].marketplace_id, row["day"]] += row["spend"]
    query = "select * from marts.rpt_storefronts_daily where ad_spend is not null"
    marts = by(loaded.rows(query), "marketplace_id", "date")
    assert {key: row["ad_spend"] for key, row in marts.items()} == {
        (profile.market.marketplace_id, day): spent[profile.market.marketplace_id, day]
        for profile in advertisers()
        for day in days_to(profile.day_of(world.now))
    }


def campaigns(world: World) -> Iterator[Campaign]:
    """Every campaign that has begun."""
    for profile in advertisers():
        for campaign in world.ads.campaigns(profile):
            if campaign.start <= profile.day_of(world.now):
                yield campaign


def expected_metrics(row: Row) -> Row:
    """A row of truth in the marts' columns: of Sponsored Products only clicks are credited."""
    metrics = {name: value for name, value in row.items() if AD_METRIC.fullmatch(name)}
    if row["ad_product"] == AdProduct.SPONSORED_PRODUCTS:
        for measure in ("sales", "purchases", "units"):
            metrics[f"{measure}_14d_clicks"] = metrics[f"{measure}_14d"]
    return metrics | {name: row[name] for name in ("spend", "impressions", "clicks")}


def without_activity(product: AdProduct) -> Row:
    """What a covered day without any row is worth: 0 for what the ad product offers, else NULL."""
    is_sp = product is AdProduct.SPONSORED_PRODUCTS
    metrics: Row = {"spend": 0, "impressions": 0, "clicks": 0}
    for measure in ("sales", "purchases", "units"):
        for window in (1, 7, 14, 30):
            is_offered = is_sp or window == 14
            metrics[f"{measure}_{window}d"] = 0 if is_offered else None
            metrics[f"{measure}_{window}d_same_sku"] = 0 if is_sp else None
        metrics[f"{measure}_14d_clicks"] = 0
        metrics[f"{measure}_14d_new_to_brand"] = None if is_sp else 0
    return metrics


def told_days(told: Truth, world: World) -> dict[tuple[str, str, date], Row]:
    """The world's campaign days that a first sync reads."""
    profiles = {profile.profile_id: profile for profile in advertisers()}
    return {
        key: row
        for key, row in by(told["ads"], "profile_id", "campaign_id", "day").items()
        if is_read(profiles[key[0]], key[2], world)
    }


def test_spend_and_every_windows_conversions_are_the_worlds_per_campaign_day(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    expected = told_days(told, world)
    query = "select * from marts.fct_ads_campaign_daily"
    marts = by(loaded.rows(query), "profile_id", "campaign_id", "date")
    assert marts.keys() == expected.keys()
    assert {row["ad_product"] for row in marts.values()} == {str(product) for product in AdProduct}
    for key, row in expected.items():
        metrics = {"currency_code": row["currency_code"], **expected_metrics(row)}
        assert {name: marts[key][name] for name in metrics} == metrics, key


def test_the_campaign_list_tells_no_activity_from_not_reported(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    """Every day of a listed campaign's life that was read has a row. Without a row in the report
    it is 0, but NULL for a legacy Sponsored Brands campaign, of which Amazon reports nothing."""
    active = told_days(told, world)
    lives = {
        (campaign.profile.profile_id, campaign.campaign_id, day): campaign
        for campaign in campaigns(world)
        for day in days_to(campaign.profile.day_of(world.now))
        if campaign.start <= day <= (campaign.end or day)
    }
    query = "select * from marts.rpt_campaigns_amazon"
    marts = by(loaded.rows(query), "profile_id", "campaign_id", "date")
    assert marts.keys() == lives.keys() | active.keys()
    statuses: dict[str, int] = defaultdict(int)
    for key, found in marts.items():
        nothing = without_activity(AdProduct(found["ad_product"]))
        if key in active:
            status, metrics = "reported", expected_metrics(active[key])
        elif lives[key].is_legacy:
            status, metrics = "legacy_unreported", dict.fromkeys(nothing)
        else:
            status, metrics = "no_activity", nothing
        assert found["data_status"] == status, key
        assert {name: found[name] for name in nothing} == {
            name: metrics.get(name) for name in nothing
        }, key
        statuses[status] += 1
    assert set(statuses) == {"reported", "legacy_unreported", "no_activity"}


LEVELS = {
    "fct_ads_ad_group_daily": ("ads_ad_groups", {"ad_group_id": "ad_group_id"}),
    "fct_ads_placement_daily": ("ads_placements", {"placement": "placement"}),
    "fct_ads_keyword_daily": (
        "ads_targets",
        {"ad_group_id": "ad_group_id", "target_id": "target_id"},
    ),
    "fct_ads_search_term_daily": (
        "ads_search_terms",
        {"ad_group_id": "ad_group_id", "target_id": "target_id", "search_term": "search_term"},
    ),
}
"""By mart: the level of the world's truth, and the mart's key columns by the truth's."""
UNREPORTED = {
    ("fct_ads_placement_daily", AdProduct.SPONSORED_DISPLAY): None,
    ("fct_ads_keyword_daily", AdProduct.SPONSORED_BRANDS): {"units_14d_clicks"},
    ("fct_ads_keyword_daily", AdProduct.SPONSORED_DISPLAY): {"sales_14d_new_to_brand"},
    ("fct_ads_search_term_daily", AdProduct.SPONSORED_BRANDS): {
        "units_14d_clicks",
        *(f"{measure}_14d_new_to_brand" for measure in ("sales", "purchases", "units")),
    },
}
"""Measures of the world that a report lacks; None: there is no such report."""


@pytest.fixture(scope="module")
def levels(world: World) -> Truth:
    return level_truth(world)


@pytest.mark.parametrize("mart", LEVELS)
def test_every_level_of_campaigns_is_the_worlds(
    loaded: Pipeline, world: World, levels: Truth, mart: str
) -> None:
    level, key = LEVELS[mart]
    profiles = {profile.profile_id: profile for profile in advertisers()}
    sums: dict[tuple[Any, ...], Row] = {}
    for row in levels[level]:
        product = AdProduct(row["ad_product"])
        lacking = UNREPORTED.get((mart, product), set())
        if lacking is None or not is_read(profiles[row["profile_id"]], row["day"], world):
            continue
        place = {"ad_product": product, **{ours: row[theirs] for theirs, ours in key.items()}}
        if mart == "fct_ads_search_term_daily" and product is AdProduct.SPONSORED_BRANDS:
            place["target_id"] = None  # terms that matched a product name no keyword
        found = sums.setdefault((row["profile_id"], row["day"], *place.values()), {})
        for name, value in expected_metrics(row).items():
            told = None if name in lacking else value
            found[name] = told if told is None else found.get(name, 0) + told
    names = next(iter(sums.values())).keys()
    target = (
        "case when ad_product = 'SPONSORED_PRODUCTS' then target_id end as target_id"
        if mart == "fct_ads_search_term_daily"
        else None
    )
    columns = [target if name == "target_id" and target else name for name in key.values()]
    totals = ", ".join(f"sum({name}) as {name}" for name in names)
    grouped = ", ".join(str(n + 1) for n in range(len(columns) + 3))
    rows = loaded.rows(
        f"select profile_id, date, ad_product, {', '.join(columns)}, {totals} "
        f"from marts.{mart} group by {grouped}"
    )
    marts = by(rows, "profile_id", "date", "ad_product", *key.values())
    assert marts.keys() == sums.keys()
    for place, metrics in sums.items():
        assert {name: marts[place][name] for name in metrics} == metrics, place


def test_what_ads_of_a_product_cost_and_what_was_bought_after_them_are_the_worlds(
    loaded: Pipeline, world: World, levels: Truth
) -> None:
    profiles = {profile.profile_id: profile for profile in advertisers()}
    spent: dict[str, Decimal] = defaultdict(Decimal)
    bought: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    brands = AdProduct.SPONSORED_BRANDS
    for row in levels["ads_ads"]:
        product = AdProduct(row["ad_product"])
        if product is not brands and is_read(profiles[row["profile_id"]], row["day"], world):
            spent[product] += row["spend"]
    for row in levels["ads_purchased_products"]:
        product = AdProduct(row["ad_product"])
        is_told = product is brands or not row["is_promoted"]
        if is_told and is_read(profiles[row["profile_id"]], row["day"], world):
            bought[product, row["purchased_asin"]] += row["sales_14d"]
    query = (
        "select ad_product, asin, product_role, sum(spend) as spend, "
        "sum(purchased_sales_14d) as bought from marts.fct_ads_product_daily group by 1, 2, 3"
    )
    found_spent: dict[str, Decimal] = defaultdict(Decimal)
    found_bought: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in loaded.rows(query):
        if row["product_role"] == "advertised":
            found_spent[row["ad_product"]] += row["spend"]
        else:
            found_bought[row["ad_product"], row["asin"]] += row["bought"]
    assert found_spent == spent
    assert {k: v for k, v in found_bought.items() if v} == {k: v for k, v in bought.items() if v}


def test_stock_is_the_worlds_per_pool_and_counted_once_however_many_marketplaces_show_it(
    loaded: Pipeline, world: World, told: Truth
) -> None:
    marts = by(
        loaded.rows("select * from marts.fct_inventory_daily"),
        *("inventory_pool", "fn_sku", "condition"),
    )
    expected = by(told["inventory"], "pool", "fn_sku", "condition")
    assert marts.keys() == expected.keys()
    assert {pool for pool, _, _ in marts} >= {"pan_eu", "uk", "us", "jp"}
    today = {market.pool: market.day_of(world.now) for market in MARKETS.values()}
    for key, row in expected.items():
        found = marts[key]
        assert found["date"] == today[key[0]], key
        assert {
            "asin": found["asin"],
            "seller_skus": sorted(found["seller_skus"]),
            "fulfillable": found["fulfillable_quantity"],
            "inbound": found["inbound_quantity"],
            "reserved": found["reserved_quantity"],
            "researching": found["researching_quantity"],
            "unfulfillable": found["unfulfillable_quantity"],
            "total": found["total_quantity"],
        }.items() <= row.items(), key


def test_the_models_pass_their_unit_tests(loaded: Pipeline) -> None:
    loaded.dbt("test", "--select", "test_type:unit")


def test_the_readmes_queries_run_and_find_something(loaded: Pipeline) -> None:
    queries = re.findall(r"```sql\n(.*?)```", (loaded.root / "README.md").read_text(), re.DOTALL)
    assert len(queries) == 3
    for query in queries:
        assert loaded.rows(query), query
