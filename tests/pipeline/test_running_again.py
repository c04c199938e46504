"""One store from day to day: connections come one after the other, runs repeat, time goes on.

Each test compares stages of one store's history, or its end with a store loaded afresh then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from pipeline import ADS, JOURNEYS, SHOPIFY, SP, Contents, Row, differences
from told import ABOUT_RUNS, Told, is_comparable

from simulator.testing import NOW
from simulator.truth import truth
from simulator.world import World
from simulator.world.marketplaces import MARKETS

if TYPE_CHECKING:
    from pipeline import Pipeline

EARLIER = NOW - timedelta(days=6)
TAPS = (SP, ADS, SHOPIFY, JOURNEYS)
YESTERDAY = NOW - timedelta(days=1)
COMPARED = ("staging", "intermediate", "marts")
ORDERS = "staging.stg_amazon_sp__orders"


@dataclass
class Stages:
    """What a store holds after each step, and the world as it was known then."""

    contents: dict[str, Contents] = field(default_factory=dict)
    changed: Any = None
    """What a second run changed of the raw rows and the marts, and how many rows there are."""
    worlds: dict[str, World] = field(default_factory=dict)

    def keep(self, name: str, pipeline: Pipeline, *schemas: str) -> None:
        self.contents[name] = pipeline.contents(*schemas)
        self.worlds[name] = pipeline.simulator.world


@pytest.fixture(scope="module")
def store(new_pipeline: Callable[..., Pipeline]) -> Stages:
    """A store that first has no connection, then one, then both, and is run from day to day."""
    stages, pipeline = Stages(), new_pipeline()
    everything = ("amazon_sp", "amazon_ads", "shopify", "marts", "history")
    pipeline.simulator.set_now(EARLIER)  # of the same story, told from the same first day on
    pipeline.build(tested=False)
    stages.keep("neither", pipeline, "marts")
    pipeline.load(SP)
    pipeline.build(tested=False)
    stages.keep("seller only", pipeline, "marts")
    pipeline.load(ADS, SHOPIFY, JOURNEYS)
    pipeline.build(tested=False)
    stages.keep("first", pipeline, "marts")
    whole = pipeline.contents(*everything)
    pipeline.load(*TAPS)
    pipeline.build(tested=False)
    # Compared at once: several whole stores would not fit into memory.
    runs = ("amazon_sp.report_runs", "amazon_ads.report_runs", *ABOUT_RUNS)
    again = pipeline.contents(*everything)
    changes = differences(without(again, *runs), without(whole, *runs))
    stages.changed = changes, sum(map(len, whole.values()))
    del whole, again
    stages.keep("again", pipeline, "marts")
    stages.contents["again"][ORDERS] = pipeline.rows(f"select * from {ORDERS}")
    pipeline.simulator.set_now(YESTERDAY)
    pipeline.load(*TAPS, cadence="daily")
    pipeline.build(tested=False)
    pipeline.simulator.set_now(NOW)
    pipeline.load(*TAPS, cadence="weekly")
    pipeline.build()
    stages.keep("later", pipeline, *COMPARED)
    return stages


def without(contents: Contents, *relations: str) -> Contents:
    return {name: rows for name, rows in contents.items() if name not in relations}


def rows(contents: Contents, relation: str) -> list[Row]:
    assert contents[relation], f"{relation} is empty"
    return contents[relation]


def test_a_second_run_changes_no_row_and_no_value(store: Stages) -> None:
    changes, count = store.changed
    assert changes == {}
    assert count > 20_000


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
    later, fresh = store.contents["later"], loaded.contents(*COMPARED)
    names = {name for name in fresh if is_comparable(name)}
    told = Told(loaded.simulator.world, fresh)
    found = {name: told.of(name, later) for name in names}
    expected = {name: told.of(name, fresh) for name in names}
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


def test_the_later_stage_really_restates(store: Stages) -> None:
    """So that the comparison with a fresh load has something to find."""
    then, later = store.contents["again"], store.contents["later"]
    changed = {
        "marts.fct_sales_traffic_daily": ("ordered_product_sales", "sessions"),
        "marts.fct_ads_campaign_daily": ("spend", "clicks", "sales_1d", "sales_14d", "sales_30d"),
        ORDERS: ("order_status", "last_updated_at"),
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
        ORDERS: ("order_id",),
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
        if row["channel"] != "amazon":
            continue
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
