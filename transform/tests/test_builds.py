"""Whole builds over small hand-worked rows: what an incremental build does from day to day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from raw_rows import DE, MONDAY, TUESDAY, US, load_monday_ads, load_monday_sp, load_tuesday
from shop_rows import load_monday_shop, load_tuesday_shop

if TYPE_CHECKING:
    from warehouse import Row, Warehouse

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "connections", [(), ("sp",), ("ads",), ("shop",)], ids=["none", "sp", "ads", "shop"]
)
def test_any_subset_of_connections_builds(
    warehouse: Warehouse, connections: tuple[str, ...]
) -> None:
    warehouse.reset()
    if "sp" in connections:
        load_monday_sp(warehouse)
    if "ads" in connections:
        load_monday_ads(warehouse)
    if "shop" in connections:
        load_monday_shop(warehouse)
    warehouse.build(as_of=MONDAY, tested=True)
    filled = {name for name, rows in warehouse.contents().items() if rows and "marts." in name}
    by_connection = {
        "sp": {
            "marts.dim_marketplaces",
            "marts.dim_products",
            "marts.fct_orders",
            "marts.fct_order_items",
            "marts.rpt_product_coverage",
            "marts.fct_sales_traffic_daily",
            "marts.rpt_storefronts_daily",
            "marts.fct_inventory_daily",
            "marts.rpt_inventory",
            "marts.rpt_connection_status",
            "marts.rpt_data_freshness",
        },
        "ads": {
            "marts.dim_marketplaces",
            "marts.fct_ads_campaign_daily",
            "marts.rpt_campaigns_amazon",
            "marts.dim_campaigns",
            "marts.rpt_connection_status",
            "marts.rpt_reconciliation",
            "marts.rpt_attribution_daily",
            "marts.rpt_financials_daily",
            "marts.rpt_product_margins_daily",
            "marts.rpt_storefronts_daily",
            "marts.rpt_data_freshness",
        },
        "shop": {
            "marts.fct_orders",
            "marts.fct_order_items",
            "marts.rpt_attribution_daily",
            "marts.rpt_financials_daily",
            "marts.rpt_product_margins_daily",
            "marts.rpt_storefronts_daily",
        },
    }
    assert filled == set().union(*(by_connection[name] for name in connections))


def test_a_column_that_the_loader_never_made_is_null(warehouse: Warehouse) -> None:
    warehouse.reset()
    load_monday_sp(warehouse)
    warehouse.execute("alter table amazon_sp.sales_traffic_by_date drop column page_views")
    warehouse.build(as_of=MONDAY)
    rows = warehouse.query(
        "select distinct page_views, sessions from marts.fct_sales_traffic_daily"
    )
    assert rows == [{"page_views": None, "sessions": 80}]


@pytest.fixture(scope="class")
def monday_then_tuesday(warehouse: Warehouse) -> None:
    """Monday is built from nothing, Tuesday upon it."""
    warehouse.reset()
    load_monday_sp(warehouse)
    load_monday_ads(warehouse)
    load_monday_shop(warehouse)
    warehouse.load_rates({"USD": "1.25", "JPY": "160"}, "2026-11-09", "2026-11-20")
    warehouse.build(as_of=MONDAY)
    load_tuesday(warehouse)
    load_tuesday_shop(warehouse)
    warehouse.load_rates({"USD": "1.2", "JPY": "162"}, "2026-11-23")
    warehouse.build(as_of=TUESDAY)


@pytest.mark.usefixtures("monday_then_tuesday")
class TestFromDayToDay:
    """What Tuesday makes of Monday; tests of this class read, none of them builds."""

    def test_restated_sales_show_what_they_were_first(self, warehouse: Warehouse) -> None:
        rows = warehouse.query(
            "select date::text, ordered_product_sales::text as sales, "
            "restated_delta::text as delta "
            f"from marts.rpt_storefronts_daily where marketplace_id = '{US}' order by date"
        )
        assert rows == [
            {"date": "2026-11-09", "sales": "80.0000", "delta": "0.0000"},
            {"date": "2026-11-20", "sales": "120.0000", "delta": "20.0000"},
            # Tuesday has no row for the 21st any more; that its orders were read keeps the day.
            {"date": "2026-11-21", "sales": None, "delta": None},
            {"date": "2026-11-22", "sales": None, "delta": None},
            {"date": "2026-11-23", "sales": None, "delta": None},
            {"date": "2026-11-24", "sales": None, "delta": None},
        ]

    def test_a_marketplace_that_was_not_asked_about_keeps_its_day(
        self, warehouse: Warehouse
    ) -> None:
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

    def test_a_day_becomes_final_without_being_read_again(self, warehouse: Warehouse) -> None:
        # 14 days before Tuesday is the 10th: the 9th was final by Monday, nothing since.
        # On Tuesday plus one day nothing of the 10th exists here, so the 9th alone is final.
        rows = warehouse.query(
            "select distinct date::text from marts.rpt_storefronts_daily where is_final"
        )
        assert rows == [{"date": "2026-11-09"}]

    def test_a_late_order_update_is_counted_on_the_old_day(self, warehouse: Warehouse) -> None:
        rows = warehouse.query(
            "select date::text, orders, cancelled_orders, pending_orders "
            "from marts.rpt_storefronts_daily where orders is not null order by date"
        )
        assert rows == [
            {"date": "2026-11-20", "orders": 2, "cancelled_orders": 1, "pending_orders": 0},
            *(
                {"date": f"2026-11-{day}", "orders": 0, "cancelled_orders": 0, "pending_orders": 0}
                for day in (21, 22, 23)
            ),
            {"date": "2026-11-24", "orders": 1, "cancelled_orders": 0, "pending_orders": 1},
        ]

    def test_an_older_version_from_the_other_source_changes_nothing(
        self, warehouse: Warehouse
    ) -> None:
        rows = warehouse.query(
            "select order_status, source from staging.stg_amazon_sp__orders where order_id = '2'"
        )
        assert rows == [{"order_status": "UNSHIPPED", "source": "orders"}]

    def test_a_list_of_lines_that_shrank_leaves_no_orphan(self, warehouse: Warehouse) -> None:
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
        self, warehouse: Warehouse
    ) -> None:
        rows = warehouse.query(
            "select campaign_id, date::text, spend::text, data_status, campaign_name "
            "from marts.rpt_campaigns_amazon where campaign_id in ('A', 'B') order by 1, 2"
        )

        def row(campaign_id: str, day: int, spend: str | None, status: str) -> Row:
            # renamed on the 24th: earlier days keep the name that they had
            mugs = "Mugs, renamed" if day == 24 else "Mugs"
            name = {"A": mugs, "B": "Pans"}[campaign_id]
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

    def test_spend_meets_sales_on_the_marketplace_day(self, warehouse: Warehouse) -> None:
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

    def test_a_snapshot_that_broke_off_leaves_the_last_good_one(self, warehouse: Warehouse) -> None:
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

    def test_every_relation_and_column_is_described_in_the_database(
        self, warehouse: Warehouse
    ) -> None:
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

    def test_the_reader_sees_the_marts_and_nothing_else(self, warehouse: Warehouse) -> None:
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

    def test_a_sale_that_stands_in_two_channels_counts_in_one(self, warehouse: Warehouse) -> None:
        rows = warehouse.query(
            "select channel, order_id, date::text, is_sale, product_amount::text as amount, "
            "refunded_amount::text as refunded, amazon_order_id as twin from marts.fct_orders "
            "where order_id in ('1001', '1002', '1003', 'S01-1') order by order_id"
        )
        shop = {"channel": "shopify"}
        late = "2026-11-20"  # 23:30 in Los Angeles, the next day in UTC
        assert rows == [
            {**shop, "order_id": "1001", "date": late, "is_sale": True, "amount": "20.0000",
             "refunded": "10.0000", "twin": None},
            # Tuesday's load brought the order at Amazon that ships it
            {**shop, "order_id": "1002", "date": "2026-11-21", "is_sale": True, "amount": "4.0000",
             "refunded": "0.0000", "twin": "S01-1"},
            {**shop, "order_id": "1003", "date": late, "is_sale": False, "amount": "10.0000",
             "refunded": "0.0000", "twin": "111-7031374-1559519"},
            {"channel": "amazon", "order_id": "S01-1", "date": "2026-11-21", "is_sale": False,
             "amount": None, "refunded": None, "twin": None},
        ]  # fmt: skip

    def test_amounts_convert_at_the_rate_of_their_day(self, warehouse: Warehouse) -> None:
        # The shop's currency is the store's: dollars are dollars.
        rows = warehouse.query(
            "select distinct fx_rate::text, reporting_currency_code from marts.fct_orders "
            "where currency_code = 'USD'"
        )
        assert rows == [{"fx_rate": "1.000000000000", "reporting_currency_code": "USD"}]

    def test_a_rate_serves_until_the_next_is_published(self, warehouse: Warehouse) -> None:
        rows = warehouse.query(
            "select date::text, fx_rate::text as rate, fx_rate_date::text as published "
            "from intermediate.int_exchange_rates "
            "where currency_code = 'EUR' and date between '2026-11-16' and '2026-11-25' order by 1"
        )
        assert rows == [
            # the 16th is the last day that the rate of the 9th is good for
            {"date": "2026-11-16", "rate": "1.250000000000", "published": "2026-11-09"},
            {"date": "2026-11-20", "rate": "1.250000000000", "published": "2026-11-20"},
            {"date": "2026-11-21", "rate": "1.250000000000", "published": "2026-11-20"},
            {"date": "2026-11-22", "rate": "1.250000000000", "published": "2026-11-20"},
            # on Monday's build it was still Friday's
            {"date": "2026-11-23", "rate": "1.200000000000", "published": "2026-11-23"},
            {"date": "2026-11-24", "rate": "1.200000000000", "published": "2026-11-23"},
            {"date": "2026-11-25", "rate": "1.200000000000", "published": "2026-11-23"},
        ]


@pytest.mark.usefixtures("monday_then_tuesday")
class TestRebuilding:
    """What a build without news, and a full refresh, leave behind."""

    def test_a_build_without_news_recomputes_nothing(self, warehouse: Warehouse) -> None:
        warehouse.build(as_of=TUESDAY)
        before = warehouse.contents()
        warehouse.build(as_of=TUESDAY)
        assert warehouse.contents() == before

    def test_a_full_refresh_gives_the_same_rows(self, warehouse: Warehouse) -> None:
        warehouse.build(as_of=TUESDAY)
        before = warehouse.contents(without=["built_at"])
        warehouse.build("--full-refresh", as_of=TUESDAY)
        assert warehouse.contents(without=["built_at"]) == before

    def test_a_day_that_was_only_begun_when_it_was_read_is_not_counted(
        self, warehouse: Warehouse
    ) -> None:
        # A day later, and nothing more was read: of Tuesday only the morning is known.
        warehouse.build(as_of="2026-11-25T18:00:00Z")
        rows = warehouse.query(
            "select date::text, orders from marts.rpt_storefronts_daily where orders > 0"
        )
        assert rows == [{"date": "2026-11-20", "orders": 2}]
        warehouse.build(as_of=TUESDAY)
        rows = warehouse.query(
            "select orders from marts.rpt_storefronts_daily where date = '2026-11-24'"
        )
        assert rows == [{"orders": 1}]

    def test_a_day_that_became_final_meanwhile_is_said_to_be(self, warehouse: Warehouse) -> None:
        # Three weeks on nothing new was loaded, and 14 days have passed for every day there is.
        warehouse.build(as_of="2026-12-15T18:00:00Z")
        incremental = warehouse.contents(without=["built_at"])
        rows = warehouse.query("select distinct is_final from marts.rpt_storefronts_daily where channel = 'amazon'")
        assert rows == [{"is_final": True}]
        warehouse.build("--full-refresh", as_of="2026-12-15T18:00:00Z")
        assert warehouse.contents(without=["built_at"]) == incremental
