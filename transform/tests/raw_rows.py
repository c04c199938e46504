"""Raw rows of a small store, worked out by hand: what Monday's load brings, and Tuesday's."""

from __future__ import annotations

from typing import Any

from warehouse import Row, Warehouse

US, DE, UK = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A1F83G8C2ARO7P"
SELLER, PROFILE = "A1SELLER", "1001"
MONDAY, TUESDAY = "2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z"
"""When each day's models are built."""


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
    """A run of the Selling Partner API."""
    return day_run(
        stream,
        report_id,
        first,
        last,
        at,
        selling_partner_id=SELLER,
        day_basis="marketplace",
        **more,
    )


def ads_run(stream: str, report_id: str, first: str, last: str, at: str, **more: Any) -> Row:
    """A run of the Ads API."""
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
    """An order of the US, placed on 20 November."""
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
    """A line of such an order: one mug."""
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
    """Units of a SKU in a marketplace's snapshot."""
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


def search(report_id: str, start: str, at: str) -> Row:
    """A complete search for the orders of the US that changed from `start` on."""
    return {
        "selling_partner_id": SELLER,
        "stream": "orders",
        "report_id": report_id,
        "region": "na",
        "marketplace_ids": US,
        "window_start": start,
        "window_end": at,
        "status": "done",
        "requested_at": at,
        "extracted_at": at,
    }


def snapshot(marketplace_id: str, report_id: str, at: str) -> Row:
    """A complete inventory snapshot of a marketplace."""
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
    """A Sponsored Products campaign that is running."""
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


def load_monday_sp(warehouse: Warehouse) -> None:
    """Load what the Selling Partner API tells on Monday."""
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
        search("o1", "2026-11-20 00:00:00", at),
        snapshot(US, "i-us-1", at),
        snapshot(DE, "i-de-1", at),
    )


def load_monday_ads(warehouse: Warehouse) -> None:
    """Load what the Ads API tells on Monday."""
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


def load_tuesday(warehouse: Warehouse) -> None:
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
        sp_run("sales_traffic_by_date", "s2", "2026-11-20", "2026-11-23", at, marketplace_ids=US),
        search("o2", "2026-11-23 12:55:00", at),
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
