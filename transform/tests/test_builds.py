"""Whole builds over small hand-worked rows: what an incremental build does from day to day."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.slow

US, DE, UK = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A1F83G8C2ARO7P"
SELLER, PROFILE = "A1SELLER", "1001"
MONDAY, TUESDAY = "2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z"

Row = dict[str, Any]


def day_run(stream: str, report_id: str, first: str, last: str, at: str, **more: Any) -> Row:
    """A complete run of a stream read by days."""
    return {
        "stream": stream,
        "report_id": report_id,
        "region": "na",
        "status": "done",
        "window_start_date": first,
        "window_end_date": last,
        "requested_at": at,
        "extracted_at": at,
        **more,
    }


def sp_run(stream: str, report_id: str, first: str, last: str, at: str, **more: Any) -> Row:
    return day_run(
        stream, report_id, first, last, at, selling_partner_id=SELLER, day_basis="marketplace", **more
    )


def ads_run(stream: str, report_id: str, first: str, last: str, at: str, **more: Any) -> Row:
    return day_run(
        stream, report_id, first, last, at, profile_id=PROFILE, day_basis="profile", **more
    )


def sales(marketplace_id: str, date: str, amount: str, report_id: str, at: str) -> Row:
    """Sales and traffic: 10 units, 80 sessions, 100 page views."""
    return {
        "selling_partner_id": SELLER,
        "marketplace_id": marketplace_id,
        "date": date,
        "ordered_product_sales_amount": amount,
        "ordered_product_sales_currency_code": "USD" if marketplace_id == US else "EUR",
        "units_ordered": 10,
        "total_order_items": 8,
        "sessions": 80,
        "page_views": 100,
        "buy_box_percentage": 90,
        "report_id": report_id,
        "extracted_at": at,
    }


def order(order_id: str, status: str, updated: str, at: str, **more: Any) -> Row:
    return {
        "selling_partner_id": SELLER,
        "order_id": order_id,
        "channel_name": "AMAZON",
        "marketplace_id": US,
        "fulfillment_status": status,
        "created_time": "2026-11-21 07:30:00",  # 20 November, 23:30 in Los Angeles
        "last_updated_time": updated,
        "extracted_at": at,
        **more,
    }


def line(order_id: str, item_id: str, updated: str, at: str, price: str) -> Row:
    return {
        "selling_partner_id": SELLER,
        "order_id": order_id,
        "order_item_id": item_id,
        "marketplace_id": US,
        "last_updated_time": updated,
        "seller_sku": "MUG",
        "quantity_ordered": 1,
        "unit_price_amount": price,
        "unit_price_currency_code": "USD",
        "extracted_at": at,
    }


def stock(marketplace_id: str, sku: str, day: str, units: int, report_id: str, at: str) -> Row:
    return {
        "selling_partner_id": SELLER,
        "marketplace_id": marketplace_id,
        "snapshot_date": day,
        "snapshot_at": at,
        "seller_sku": sku,
        "fn_sku": f"X-{sku}",
        "condition": "NewItem",
        "fulfillable_quantity": units,
        "total_quantity": units,
        "report_id": report_id,
        "extracted_at": at,
    }


def snapshot(marketplace_id: str, report_id: str, at: str) -> Row:
    return {
        "selling_partner_id": SELLER,
        "stream": "fba_inventory",
        "report_id": report_id,
        "region": "na" if marketplace_id == US else "eu",
        "marketplace_ids": marketplace_id,
        "window_start": at,
        "window_end": at,
        "day_basis": "marketplace",
        "status": "done",
        "requested_at": at,
        "extracted_at": at,
    }


def campaign(campaign_id: str, name: str, at: str) -> Row:
    return {
        "profile_id": PROFILE,
        "campaign_id": campaign_id,
        "name": name,
        "state": "enabled",
        "start_date": "2026-01-01",
        "budget_amount": "50",
        "extracted_at": at,
    }


def campaign_day(campaign_id: str, day: str, cost: str, report_id: str, at: str) -> Row:
    """A Sponsored Products row with sales of 40 in 7 days and 60 in 14."""
    return {
        "profile_id": PROFILE,
        "campaign_id": campaign_id,
        "date": day,
        "day_basis": "profile",
        "currency_code": "USD",
        "country_code": "US",
        "time_zone": "America/Los_Angeles",
        "marketplace_id": US,
        "campaign_name": "as reported",
        "clicks": 5,
        "impressions": 100,
        "cost": cost,
        "sales_7d": "40",
        "sales_14d": "60",
        "report_id": report_id,
        "extracted_at": at,
    }


def load_monday_sp(warehouse: Any) -> None:
    at = "2026-11-23 13:00:00"
    warehouse.load(
        "amazon_sp.marketplace_participations",
        {
            "selling_partner_id": SELLER,
            "marketplace_id": US,
            "is_participating": True,
            "extracted_at": at,
        },
    )
    warehouse.load(
        "amazon_sp.sales_traffic_by_date",
        sales(US, "2026-11-09", "80.00", "s1", at),
        sales(US, "2026-11-20", "100.00", "s1", at),
        sales(US, "2026-11-21", "50.00", "s1", at),
        sales(DE, "2026-11-20", "70.00", "s1", at),
    )
    warehouse.load(
        "amazon_sp.orders",
        order("1", "PENDING", "2026-11-21 07:30:00", at),
        order("2", "UNSHIPPED", "2026-11-21 08:00:00", at),
        order("mcf", "SHIPPED", "2026-11-21 08:00:00", at, channel_name="NON_AMAZON"),
    )
    warehouse.load(
        "amazon_sp.order_items",
        line("1", "a", "2026-11-21 07:30:00", at, "10.00"),
        line("1", "b", "2026-11-21 07:30:00", at, "10.00"),
        line("2", "c", "2026-11-21 08:00:00", at, "7.00"),
    )
    warehouse.load(
        "amazon_sp.fba_inventory",
        stock(US, "MUG", "2026-11-23", 100, "i-us-1", at),
        stock(US, "PAN", "2026-11-23", 5, "i-us-1", at),
        stock(DE, "MUG", "2026-11-23", 30, "i-de-1", at),
    )
    warehouse.load(
        "amazon_sp.report_runs",
        sp_run("sales_traffic_by_date", "s1", "2026-11-08", "2026-11-22", at),
        snapshot(US, "i-us-1", at),
        snapshot(DE, "i-de-1", at),
    )


def load_monday_ads(warehouse: Any) -> None:
    at = "2026-11-23 13:00:00"
    warehouse.load(
        "amazon_ads.profiles",
        {
            "profile_id": PROFILE,
            "marketplace_id": US,
            "country_code": "US",
            "currency_code": "USD",
            "time_zone": "America/Los_Angeles",
            "account_type": "seller",
            "is_selected": True,
            "extracted_at": at,
        },
    )
    warehouse.load("amazon_ads.sp_campaigns", campaign("A", "Mugs", at), campaign("B", "Pans", at))
    warehouse.load(
        "amazon_ads.sp_campaigns_daily",
        campaign_day("A", "2026-11-20", "10.00", "r1", at),
        campaign_day("B", "2026-11-20", "5.00", "r1", at),
        campaign_day("A", "2026-11-21", "8.00", "r1", at),
        campaign_day("A", "2026-11-22", "2.00", "r1", at),
    )
    warehouse.load(
        "amazon_ads.report_runs",
        ads_run("sp_campaigns_daily", "r1", "2026-11-20", "2026-11-22", at),
    )


def load_tuesday(warehouse: Any) -> None:
    """What Tuesday morning changes, and what it must not."""
    at = "2026-11-24 13:00:00"
    warehouse.load(
        "amazon_sp.sales_traffic_by_date",
        sales(US, "2026-11-20", "120.00", "s2", at),  # restated
        # 21 November is covered again, and has no row any more; Germany was not asked about
    )
    warehouse.load(
        "amazon_sp.orders",
        order("1", "CANCELLED", "2026-11-24 12:00:00", at),  # an old order changes late
        order("3", "PENDING", "2026-11-24 12:30:00", at, created_time="2026-11-24 12:30:00"),
    )
    warehouse.load(
        "amazon_sp.order_items",
        line("1", "a", "2026-11-24 12:00:00", at, "10.00"),  # of two lines one is left
        line("3", "d", "2026-11-24 12:30:00", at, "9.00"),
    )
    warehouse.load(
        "amazon_sp.orders_bulk",
        {
            "selling_partner_id": SELLER,
            "order_id": "2",
            "channel_name": "AMAZON",
            "marketplace_id": US,
            "order_status": "Pending",  # older than what searchOrders told
            "purchase_date": "2026-11-21 07:30:00",
            "last_updated_date": "2026-11-21 07:30:00",
            "extracted_at": at,
        },
    )
    warehouse.load(
        "amazon_sp.fba_inventory",
        stock(US, "MUG", "2026-11-24", 90, "i-us-2", at),
        stock(DE, "MUG", "2026-11-24", 29, "broken", at),  # of a snapshot that broke off
    )
    warehouse.load(
        "amazon_sp.report_runs",
        sp_run(
            "sales_traffic_by_date", "s2", "2026-11-20", "2026-11-23", at, marketplace_ids=US
        ),
        snapshot(US, "i-us-2", at),
        {**snapshot(DE, "broken", at), "status": "incomplete"},
    )
    warehouse.load("amazon_ads.sp_campaigns", campaign("A", "Mugs, renamed", at))
    warehouse.load(
        "amazon_ads.sp_campaigns_daily",
        campaign_day("A", "2026-11-20", "9.00", "r2", at),  # B's clicks were invalid: no row
        # 21 November: nothing left at all
    )
    warehouse.load(
        "amazon_ads.report_runs",
        ads_run("sp_campaigns_daily", "r2", "2026-11-20", "2026-11-21", at),
        ads_run("sb_campaigns_daily", "r3", "2026-11-23", "2026-11-23", at, status="no_data"),
    )


@pytest.mark.parametrize("connections", [(), ("sp",), ("ads",)], ids=["none", "sp", "ads"])
def test_any_subset_of_connections_builds(warehouse: Any, connections: tuple[str, ...]) -> None:
    warehouse.reset()
    if "sp" in connections:
        load_monday_sp(warehouse)
    if "ads" in connections:
        load_monday_ads(warehouse)
    warehouse.build(as_of=MONDAY, tested=True)
    filled = {name for name, rows in warehouse.contents().items() if rows and "marts." in name}
    by_connection = {
        "sp": {
            "marts.dim_marketplaces",
            "marts.fct_sales_traffic_daily",
            "marts.rpt_storefronts_daily",
            "marts.fct_inventory_daily",
            "marts.rpt_data_freshness",
        },
        "ads": {
            "marts.dim_marketplaces",
            "marts.fct_ads_campaign_daily",
            "marts.rpt_campaigns_amazon",
            "marts.rpt_storefronts_daily",
            "marts.rpt_data_freshness",
        },
    }
    assert filled == set().union(*(by_connection[name] for name in connections))


def test_a_column_that_the_loader_never_made_is_null(warehouse: Any) -> None:
    warehouse.reset()
    load_monday_sp(warehouse)
    warehouse.execute("alter table amazon_sp.sales_traffic_by_date drop column page_views")
    warehouse.build(as_of=MONDAY)
    rows = warehouse.query("select distinct page_views, sessions from marts.fct_sales_traffic_daily")
    assert rows == [{"page_views": None, "sessions": 80}]


@pytest.fixture(scope="class")
def monday_then_tuesday(warehouse: Any) -> None:
    """Monday is built from nothing, Tuesday upon it."""
    warehouse.reset()
    load_monday_sp(warehouse)
    load_monday_ads(warehouse)
    warehouse.build(as_of=MONDAY)
    load_tuesday(warehouse)
    warehouse.build(as_of=TUESDAY)


@pytest.mark.usefixtures("monday_then_tuesday")
class TestFromDayToDay:
    """What Tuesday makes of Monday; tests of this class read, none of them builds."""

    def test_restated_sales_show_what_they_were_first(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select date::text, ordered_product_sales::text as sales, restated_delta::text as delta "
            f"from marts.rpt_storefronts_daily where marketplace_id = '{US}' order by date"
        )
        assert rows == [
            {"date": "2026-11-09", "sales": "80.0000", "delta": "0.0000"},
            {"date": "2026-11-20", "sales": "120.0000", "delta": "20.0000"},
            # Tuesday's query has no row for the 21st; covered ad spend keeps the day.
            {"date": "2026-11-21", "sales": None, "delta": None},
            {"date": "2026-11-22", "sales": None, "delta": None},
            # The ads' Tuesday report of Sponsored Brands covers the 23rd; order 3 is of the 24th.
            {"date": "2026-11-23", "sales": None, "delta": None},
            {"date": "2026-11-24", "sales": None, "delta": None},
        ]

    def test_a_marketplace_that_was_not_asked_about_keeps_its_day(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select date::text, ordered_product_sales::text as sales, currency_code, tax_basis "
            f"from marts.fct_sales_traffic_daily where marketplace_id = '{DE}'"
        )
        assert rows == [
            {
                "date": "2026-11-20",
                "sales": "70.0000",
                "currency_code": "EUR",
                "tax_basis": "includes_tax",
            }
        ]

    def test_a_day_becomes_final_without_being_read_again(self, warehouse: Any) -> None:
        # 14 days before Tuesday is the 10th: the 9th was final by Monday, nothing since.
        # On Tuesday plus one day nothing of the 10th exists here, so the 9th alone is final.
        rows = warehouse.query(
            "select distinct date::text from marts.rpt_storefronts_daily where is_final"
        )
        assert rows == [{"date": "2026-11-09"}]

    def test_a_late_order_update_is_counted_on_the_old_day(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select date::text, orders, cancelled_orders, pending_orders "
            "from marts.rpt_storefronts_daily where orders is not null order by date"
        )
        assert rows == [
            {"date": "2026-11-20", "orders": 2, "cancelled_orders": 1, "pending_orders": 0},
            {"date": "2026-11-24", "orders": 1, "cancelled_orders": 0, "pending_orders": 1},
        ]

    def test_an_older_version_from_the_other_source_changes_nothing(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select order_status, source from staging.stg_amazon_sp__orders where order_id = '2'"
        )
        assert rows == [{"order_status": "UNSHIPPED", "source": "orders"}]

    def test_a_list_of_lines_that_shrank_leaves_no_orphan(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select order_id, order_item_id, is_cancelled from staging.stg_amazon_sp__order_items "
            "order by 1, 2"
        )
        assert rows == [
            {"order_id": "1", "order_item_id": "a", "is_cancelled": True},
            {"order_id": "2", "order_item_id": "c", "is_cancelled": False},
            {"order_id": "3", "order_item_id": "d", "is_cancelled": False},
        ]

    def test_a_campaign_row_that_vanished_is_zero_and_an_uncovered_day_is_null(
        self, warehouse: Any
    ) -> None:
        rows = warehouse.query(
            "select campaign_id, date::text, spend::text, data_status, campaign_name "
            "from marts.rpt_campaigns_amazon where campaign_id in ('A', 'B') order by 1, 2"
        )

        def row(campaign_id: str, day: int, spend: str | None, status: str) -> Row:
            name = {"A": "Mugs, renamed", "B": "Pans"}[campaign_id]
            return {
                "campaign_id": campaign_id,
                "date": f"2026-11-{day}",
                "spend": spend,
                "data_status": status,
                "campaign_name": name,
            }

        assert rows == [
            row("A", 20, "9.0000", "reported"),
            row("A", 21, "0.0000", "no_activity"),
            row("A", 22, "2.0000", "reported"),
            row("A", 23, None, "not_covered"),
            row("A", 24, None, "not_covered"),
            row("B", 20, "0.0000", "no_activity"),
            row("B", 21, "0.0000", "no_activity"),
            row("B", 22, "0.0000", "no_activity"),
            row("B", 23, None, "not_covered"),
            row("B", 24, None, "not_covered"),
        ]

    def test_spend_meets_sales_on_the_marketplace_day(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select date::text, ad_spend::text, tacos::text, ad_products_covered as products "
            f"from marts.rpt_storefronts_daily where marketplace_id = '{US}' "
            "and ad_spend is not null order by date"
        )
        sp, sb = "SPONSORED_PRODUCTS", "SPONSORED_BRANDS"
        assert rows == [
            # 9.00 / 120.00
            {"date": "2026-11-20", "ad_spend": "9.0000", "tacos": "0.075000", "products": sp},
            {"date": "2026-11-21", "ad_spend": "0.0000", "tacos": None, "products": sp},
            {"date": "2026-11-22", "ad_spend": "2.0000", "tacos": None, "products": sp},
            {"date": "2026-11-23", "ad_spend": "0.0000", "tacos": None, "products": sb},
        ]

    def test_a_snapshot_that_broke_off_leaves_the_last_good_one(self, warehouse: Any) -> None:
        rows = warehouse.query(
            "select date::text, inventory_pool as pool, fn_sku, fulfillable_quantity as units "
            "from marts.fct_inventory_daily order by 1, 2, 3"
        )
        assert rows == [
            {"date": "2026-11-23", "pool": "pan_eu", "fn_sku": "X-MUG", "units": 30},
            {"date": "2026-11-23", "pool": "us", "fn_sku": "X-MUG", "units": 100},
            {"date": "2026-11-23", "pool": "us", "fn_sku": "X-PAN", "units": 5},
            {"date": "2026-11-24", "pool": "us", "fn_sku": "X-MUG", "units": 90},
        ]

    def test_every_relation_and_column_is_described_in_the_database(self, warehouse: Any) -> None:
        described = warehouse.query(
            "select format('%s.%s', relation.oid::regclass, attname) as name, "
            "coalesce(nullif(col_description(relation.oid, attnum), ''), "
            "case when obj_description(relation.oid) is null then '' end) as text "
            "from pg_class as relation "
            "join pg_attribute on attrelid = relation.oid and attnum > 0 and not attisdropped "
            "where relkind in ('r', 'v') and relnamespace::regnamespace::text in "
            "('seeds', 'staging', 'intermediate', 'history', 'marts')"
        )
        assert len(described) > 500
        assert [column["name"] for column in described if not column["text"]] == []

    def test_the_reader_sees_the_marts_and_nothing_else(self, warehouse: Any) -> None:
        assert warehouse.query(
            "select count(*) from marts.rpt_campaigns_amazon", role="tandem_reader"
        )
        visible = warehouse.query(
            "select distinct schemaname as name from pg_tables where has_table_privilege("
            "'tandem_reader', format('%I.%I', schemaname, tablename), 'select') "
            "and schemaname in ('seeds', 'staging', 'intermediate', 'history', 'marts', "
            "'amazon_sp', 'amazon_ads')"
        )
        assert visible == [{"name": "marts"}]


@pytest.mark.usefixtures("monday_then_tuesday")
class TestRebuilding:
    """What a build without news, and a full refresh, leave behind."""

    def test_a_build_without_news_recomputes_nothing(self, warehouse: Any) -> None:
        warehouse.build(as_of=TUESDAY)
        before = warehouse.contents()
        warehouse.build(as_of=TUESDAY)
        assert warehouse.contents() == before

    def test_a_full_refresh_gives_the_same_rows(self, warehouse: Any) -> None:
        warehouse.build(as_of=TUESDAY)
        before = warehouse.contents(without=["built_at"])
        warehouse.build("--full-refresh", as_of=TUESDAY)
        assert warehouse.contents(without=["built_at"]) == before

    def test_a_day_that_became_final_meanwhile_is_said_to_be(self, warehouse: Any) -> None:
        # Three weeks on nothing new was loaded, and 14 days have passed for every day there is.
        warehouse.build(as_of="2026-12-15T18:00:00Z")
        incremental = warehouse.contents(without=["built_at"])
        rows = warehouse.query("select distinct is_final from marts.rpt_storefronts_daily")
        assert rows == [{"is_final": True}]
        warehouse.build("--full-refresh", as_of="2026-12-15T18:00:00Z")
        assert warehouse.contents(without=["built_at"]) == incremental
