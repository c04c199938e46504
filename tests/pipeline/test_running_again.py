"""One store from day to day: connections come one after the other, runs repeat, time goes on.

Each test compares stages of one store's history, or its end with a store loaded afresh then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pipeline import ADS, JOURNEYS, SHOPIFY, SP, Contents, Row, differences

from simulator.testing import NOW
from simulator.truth import truth
from simulator.world import World
from simulator.world.ads.profiles import BY_ID
from simulator.world.marketplaces import MARKETS

if TYPE_CHECKING:
    from pipeline import Pipeline

EARLIER = NOW - timedelta(days=6)
TAPS = (SP, ADS, SHOPIFY, JOURNEYS)
YESTERDAY = NOW - timedelta(days=1)
MODELS = ("staging", "intermediate", "marts", "history")
ABOUT_RUNS = {
    "marts.rpt_connection_status",
    "marts.rpt_data_freshness",
    "staging.stg_amazon_sp__report_runs",
    "staging.stg_amazon_sp__report_days",
    "staging.stg_amazon_ads__report_runs",
    "staging.stg_amazon_ads__report_days",
}
"""Relations that tell when something was asked for: every run adds to them."""
OF_FINANCE = re.compile(r"finan|settlement|margins")
"""Relations of the ledger. A store that began to read earlier tells it from earlier on, so they are
compared apart, as far as both tell the same money."""
SINCE_FIRST_SEEN = {
    "restated_delta",
    "restated_delta_units",
    "restated_delta_sessions",
    "first_seen_at",
}
"""Columns that are measured from the first value that a store has seen."""
OF_ONE_READING = {
    "orders": {"source", "grand_total_amount"},
    "order_items": {"source", "order_item_id", "quantity_fulfilled"},
    "rpt_campaigns_amazon": {"state"},
}
"""What depends on when the store was read: what only the search tells of an order, or the report
(which of both tells of the newest version); what a campaign was like on an older day."""
HOURS_KEPT = timedelta(days=30)
"""For so long Amazon tells orders by the hour."""
HISTORY = {"marts.dim_campaigns"}
"""What was so at which time: no fresh load can know it."""


@dataclass
class Stages:
    """What a store holds after each step, and the world as it was known then."""

    contents: dict[str, Contents] = field(default_factory=dict)
    worlds: dict[str, World] = field(default_factory=dict)

    def keep(self, name: str, pipeline: Pipeline, *schemas: str) -> None:
        self.contents[name] = pipeline.contents(*schemas)
        self.worlds[name] = pipeline.simulator.world


@pytest.fixture(scope="module")
def store(new_pipeline: Callable[..., Pipeline]) -> Stages:
    """A store that first has no connection, then one, then both, and is run from day to day."""
    stages, pipeline = Stages(), new_pipeline()
    everything = ("amazon_sp", "amazon_ads", "shopify", *MODELS)
    pipeline.simulator.set_now(EARLIER)  # of the same story, told from the same first day on
    pipeline.build()
    stages.keep("neither", pipeline, "marts")
    pipeline.load(SP)
    pipeline.build()
    stages.keep("seller only", pipeline, *MODELS)
    pipeline.load(ADS, SHOPIFY, JOURNEYS)
    pipeline.build()
    stages.keep("first", pipeline, *everything)
    pipeline.load(*TAPS)
    pipeline.build()
    stages.keep("again", pipeline, *everything)
    pipeline.simulator.set_now(YESTERDAY)
    pipeline.load(*TAPS, cadence="daily")
    pipeline.build()
    pipeline.simulator.set_now(NOW)
    pipeline.load(*TAPS, cadence="weekly")
    pipeline.build()
    stages.keep("later", pipeline, *everything)
    return stages


def without(contents: Contents, *relations: str) -> Contents:
    return {name: rows for name, rows in contents.items() if name not in relations}


def rows(contents: Contents, relation: str) -> list[Row]:
    assert contents[relation], f"{relation} is empty"
    return contents[relation]


def test_a_second_run_changes_no_row_and_no_value(store: Stages) -> None:
    first, again = store.contents["first"], store.contents["again"]
    runs = {"amazon_sp.report_runs", "amazon_ads.report_runs", *ABOUT_RUNS}
    runs |= {name for name in first if ".base_" in name and name.endswith("report_runs")}
    assert differences(without(again, *runs), without(first, *runs)) == {}
    assert sum(map(len, first.values())) > 20_000


def test_a_store_without_any_connection_has_empty_marts(store: Stages) -> None:
    assert {name: len(found) for name, found in store.contents["neither"].items() if found} == {}
    assert len(store.contents["neither"]) >= 7


def test_a_store_with_a_seller_account_alone_lacks_nothing_but_advertising(store: Stages) -> None:
    """What the Ads connection brings later stands beside it and changes none of it."""
    alone, both = store.contents["seller only"], store.contents["first"]
    for name in ("fct_sales_traffic_daily", "fct_inventory_daily"):
        mart = f"marts.{name}"
        assert rows(alone, mart)
        assert differences({mart: alone[mart]}, {mart: both[mart]}) == {}
    storefronts = with_orders(alone)
    assert {row["ad_spend"] for row in storefronts} == {row["tacos"] for row in storefronts}
    assert {row["ad_spend"] for row in storefronts} == {None}
    assert alone["marts.fct_ads_campaign_daily"] == alone["marts.rpt_campaigns_amazon"] == []
    assert [row["orders"] for row in with_orders(both)] == [row["orders"] for row in storefronts]


def with_orders(contents: Contents) -> list[Row]:
    """The days of storefronts of which orders were read, in order."""
    found = [r for r in rows(contents, "marts.rpt_storefronts_daily") if r["orders"] is not None]
    return sorted(found, key=lambda row: (row["date"], row["marketplace_id"]))


def test_incremental_runs_end_where_a_fresh_load_does(store: Stages, loaded: Pipeline) -> None:
    """Restated days, vanished rows and late updates included; what a fresh load cannot have stands
    apart: older days, snapshots of them, and what is measured from the first value seen."""
    later, fresh = store.contents["later"], loaded.contents("staging", "intermediate", "marts")
    names = {n for n in fresh if n not in ABOUT_RUNS | HISTORY and ".base_" not in n}
    names -= {n for n in names if OF_FINANCE.search(n)}
    world = loaded.simulator.world
    found = {name: comparable(name, later, world) for name in names}
    expected = {name: comparable(name, fresh, world) for name in names}
    assert differences(found, expected) == {}
    assert sum(map(len, expected.values())) > 10_000


def test_the_ledger_ends_where_a_fresh_loads_does(store: Stages, loaded: Pipeline) -> None:
    """Settlements have taken over meanwhile, and held back money was set free."""
    later, fresh = store.contents["later"], loaded.contents("marts")
    first_day = loaded.simulator.world.now.date() - timedelta(days=28)  # 60 less the longest hold
    for mart, day in (
        ("fct_financial_lines", "event_date"),
        ("rpt_financials_daily", "date"),
        ("rpt_product_margins_daily", "date"),
        ("fct_settlements", "settled_date"),
    ):
        found, expected = (
            {mart: [row for row in contents[f"marts.{mart}"] if row[day] > first_day]}
            for contents in (later, fresh)
        )
        assert differences(found, expected) == {}
        assert len(expected[mart]) > 5
    then = {row["line_id"] for row in rows(store.contents["again"], "marts.fct_financial_lines")}
    now = {row["line_id"] for row in rows(later, "marts.fct_financial_lines")}
    assert len(then - now) > 100
    assert len(now - then) > 100


def comparable(name: str, contents: Contents, world: World) -> list[Row]:
    """The rows of the 60 days that a first sync reads, without what depends on other readings."""
    found = [row for row in contents[name] if is_read(row, world)]
    if name.endswith("order_items"):
        days = comparable("staging.stg_amazon_sp__orders", contents, world)
        orders = {row["order_id"] for row in days}
        found = [row for row in found if row["order_id"] in orders]
    if name.endswith("order_metrics_hourly"):
        oldest = world.now.replace(tzinfo=None) - HOURS_KEPT
        found = [row for row in found if row["hour"] > oldest]
    if name.endswith(("fba_inventory", "inventory_daily")):
        # there is no history to be read: of each marketplace the newest day
        last: dict[str, date] = {}
        for row in found:
            place = row.get("inventory_pool") or row["marketplace_id"]
            last[place] = max(last.get(place, date.min), day_of(row))
        found = [
            row
            for row in found
            if day_of(row) == last[row.get("inventory_pool") or row["marketplace_id"]]
        ]
    left_out = SINCE_FIRST_SEEN | OF_ONE_READING.get(re.split(r"__|\.", name)[-1], set())
    return [{name: row[name] for name in row if name not in left_out} for row in found]


def day_of(row: Row) -> date:
    day: date = row.get("snapshot_date") or row["date"]
    return day


def is_read(row: Row, world: World) -> bool:
    """Whether a row is of no day, or of one that a first sync reads."""
    if "date" not in row:
        return True
    profile = BY_ID.get(row.get("profile_id", ""))
    place = profile or MARKETS.get(row.get("marketplace_id", ""))
    if place is None:  # a pool's day
        return True
    return bool((place.day_of(world.now) - row["date"]).days <= 59)


def test_the_later_stage_really_restates(store: Stages) -> None:
    """So that the comparison with a fresh load has something to find."""
    then, later = store.contents["again"], store.contents["later"]
    changed = {
        "marts.fct_sales_traffic_daily": ("ordered_product_sales", "sessions"),
        "marts.fct_ads_campaign_daily": ("spend", "clicks", "sales_1d", "sales_14d", "sales_30d"),
        "staging.stg_amazon_sp__orders": ("order_status", "last_updated_at"),
    }
    for mart, columns in changed.items():
        old, new = keyed(mart, then), keyed(mart, later)
        for column in columns:
            assert any(old[key][column] != new[key][column] for key in old.keys() & new.keys()), (
                mart,
                column,
            )
    campaign_days = "marts.fct_ads_campaign_daily"
    vanished = keyed(campaign_days, then).keys() - keyed(campaign_days, later).keys()
    assert vanished, "no row of a report has vanished"


def keyed(mart: str, contents: Contents) -> dict[tuple[Any, ...], Row]:
    keys = {
        "marts.fct_sales_traffic_daily": ("marketplace_id", "date"),
        "marts.fct_ads_campaign_daily": ("profile_id", "campaign_id", "date"),
        "staging.stg_amazon_sp__orders": ("order_id",),
    }[mart]
    return {tuple(row[key] for key in keys): row for row in rows(contents, mart)}


def test_restatements_are_measured_from_the_first_value_of_a_closed_day(store: Stages) -> None:
    """A day's first value is what Amazon told in the first run after the day had closed."""
    told = {
        name: {
            (row["marketplace_id"], row["day"]): row
            for row in truth(store.worlds[name])["sales_traffic"]
        }
        for name in ("first", "later")
    }
    checked = 0
    for row in rows(store.contents["later"], "marts.rpt_storefronts_daily"):
        key = row["marketplace_id"], row["date"]
        was_closed = MARKETS[key[0]].day_of(EARLIER) > row["date"]
        if key in told["first"] and was_closed and row["ordered_product_sales"] is not None:
            then, now = told["first"][key], told["later"][key]
            delta = now["ordered_product_sales"] - then["ordered_product_sales"]
            assert row["restated_delta"] == delta, key
            assert row["restated_delta_units"] == now["units_ordered"] - then["units_ordered"], key
            assert row["restated_delta_sessions"] == now["sessions"] - then["sessions"], key
            checked += delta != Decimal(0)
    assert checked > 3


def test_a_store_with_advertising_alone_lacks_nothing_but_the_seller_account(
    new_pipeline: Callable[..., Pipeline], loaded: Pipeline
) -> None:
    pipeline = new_pipeline()
    pipeline.load(ADS)
    pipeline.build()
    alone, both = pipeline.contents("marts"), loaded.contents("marts")
    for mart in ("marts.fct_ads_campaign_daily", "marts.rpt_campaigns_amazon"):
        assert rows(alone, mart)
        assert differences({mart: native(alone[mart])}, {mart: native(both[mart])}) == {}
    assert alone["marts.fct_sales_traffic_daily"] == alone["marts.fct_inventory_daily"] == []
    spend = {
        (row["marketplace_id"], row["date"]): row["ad_spend"]
        for row in rows(alone, "marts.rpt_storefronts_daily")
    }
    assert spend == {
        (row["marketplace_id"], row["date"]): row["ad_spend"]
        for row in rows(both, "marts.rpt_storefronts_daily")
        if row["ad_spend"] is not None
    }


def native(found: list[Row]) -> list[Row]:
    """Rows without what their amounts are converted to: the shop's currency or the seller's."""
    return [
        {name: row[name] for name in row if not re.search(r"reporting|^fx_", name)} for row in found
    ]
