"""Reports of Fulfilment by Amazon about stock: the daily ledger, planning, stock by country."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from amazon_client.extraction import Cadence, DayWindows, Delivery, Snapshot
from amazon_client.marketplaces import by_country
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import (
    DAY,
    TIMESTAMP,
    day,
    decimals,
    integer,
    integers,
    leftovers,
    stamp,
    text,
    texts,
)
from tap_amazon_sp.datasets import DAILY, NEAR_REAL_TIME, SellerReport
from tap_amazon_sp.snapshots import SnapshotStream
from tap_amazon_sp.tables import Row, TableStream

ROLE = "Amazon Fulfillment"
NOT_HOURLY = frozenset({Cadence.FIRST_SYNC, Cadence.DAILY, Cadence.WEEKLY})


class FbaInventoryLedger(TableStream):
    """Stock of each FNSKU by day, country and disposition: balances, and what moved."""

    name = "fba_inventory_ledger"
    quoted = True
    needed = ("Date", "FNSKU", "Disposition", "StartingWarehouseBalance", "Location")
    keys = ("date", "fnsku", "msku", "disposition", "location")
    replication_key = "date"
    dataset = SellerReport(
        name="fba_inventory_ledger",
        report_type="GET_LEDGER_SUMMARY_VIEW_DATA",
        role=ROLE,
        day_basis="marketplace",
        # Without these Amazon adds the days of a month up, and the warehouses of the world.
        options={"aggregatedByTimePeriod": "DAILY", "aggregateByLocation": "COUNTRY"},
        windows=DayWindows(
            lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 7, Cadence.WEEKLY: 60},
            max_days=92,
            retention_days=545,
            settled_days=2,
            until_days_ago=1,
        ),
    )
    columns = (
        day("Date"),
        text("FNSKU", "fnsku"),
        text("ASIN", "asin"),
        text("MSKU", "msku"),
        texts("Title", "Disposition", "Location"),
        integers(
            "StartingWarehouseBalance",
            "InTransitBetweenWarehouses",
            "Receipts",
            "CustomerShipments",
            "CustomerReturns",
            "VendorReturns",
        ),
        integer("WarehouseTransferIn/Out", "warehouse_transfer_in_out"),
        integers(
            "Found",
            "Lost",
            "Damaged",
            "Disposed",
            "OtherEvents",
            "EndingWarehouseBalance",
            "UnknownEvents",
        ),
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row with an ISO date and a whole key."""
        date = datetime.strptime(row.get("Date", ""), "%m/%d/%Y").date().isoformat()
        return {**row, "Date": date, "MSKU": row.get("MSKU") or ""}


class _ReportedSnapshot(TableStream, SnapshotStream):
    """A report of the present state of stock."""


class FbaInventoryPlanning(_ReportedSnapshot):
    """Age, sales and cover of each SKU's stock, as Amazon sees it."""

    name = "fba_inventory_planning"
    needed = ("snapshot-date", "sku", "available")
    keys = ("snapshot_date", "marketplace", "sku")
    dataset = SellerReport(
        name="fba_inventory_planning",
        report_type="GET_FBA_INVENTORY_PLANNING_DATA",
        role=ROLE,
        day_basis="marketplace",
        windows=Snapshot(cadences=NOT_HOURLY),
        keeps_snapshots=True,
        regeneration=DAILY,
    )
    columns = (
        day("snapshot-date"),
        text("marketplace", description="Country code, as Amazon gives it"),
        text("marketplaceId"),
        texts("sku", "fnsku", "asin", "product-name", "condition", "currency"),
        integers(
            "available",
            "pending-removal-quantity",
            "inbound-quantity",
            "inbound-working",
            "inbound-shipped",
            "inbound-received",
            "reserved-quantity",
            "unfulfillable-quantity",
            "inv-age-0-to-30-days",
            "inv-age-31-to-60-days",
            "inv-age-61-to-90-days",
            "inv-age-0-to-90-days",
            "inv-age-91-to-180-days",
            "inv-age-181-to-270-days",
            "inv-age-181-to-330-days",
            "inv-age-271-to-365-days",
            "inv-age-331-to-365-days",
            "inv-age-365-plus-days",
            "units-shipped-t7",
            "units-shipped-t30",
            "units-shipped-t60",
            "units-shipped-t90",
        ),
        decimals(
            "sales-shipped-last-7-days",
            "sales-shipped-last-30-days",
            "sales-shipped-last-60-days",
            "sales-shipped-last-90-days",
            "your-price",
            "sales-price",
            "sell-through",
            "days-of-supply",
            "weeks-of-cover-t30",
            "weeks-of-cover-t90",
            "estimated-excess-quantity",
            "healthy-inventory-level",
            "recommended-removal-quantity",
            "estimated-storage-cost-next-month",
            "estimated-ltsf-next-charge",
            "storage-volume",
            "item-volume",
        ),
        texts(
            "volume-unit-measurement",
            "storage-type",
            "alert",
            "recommended-action",
            "product-group",
        ),
        # Columns of the report come and go; what is not listed lands here.
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row with the marketplace's id and a whole key."""
        country = row.get("marketplace") or ""
        place = by_country({"GB": "UK"}.get(country, country)) if country else None
        return {
            **row,
            "marketplace": country,
            "marketplaceId": place.marketplace_id if place else None,
        }


class FbaInventoryByCountry(_ReportedSnapshot):
    """Where in Europe a SKU's stock lies: the pool taken apart, safe to add up."""

    name = "fba_inventory_by_country"
    needed = ("seller-sku", "country", "quantity-for-local-fulfillment")
    keys = ("snapshot_date", "seller_sku", "fnsku", "condition_type", "country")
    dataset = SellerReport(
        name="fba_inventory_by_country",
        report_type="GET_AFN_INVENTORY_DATA_BY_COUNTRY",
        role=ROLE,
        windows=Snapshot(cadences=NOT_HOURLY),
        keeps_snapshots=True,
        regeneration=NEAR_REAL_TIME,
        regions=frozenset({"eu"}),
    )
    columns = (
        stamp("snapshot_date", DAY, "Of snapshot_at, in UTC"),
        stamp("snapshot_at", TIMESTAMP, "When the report was made, or else asked for"),
        text("seller-sku"),
        text("fulfillment-channel-sku", "fnsku"),
        texts("asin", "condition-type", "country"),
        integer("quantity-for-local-fulfillment"),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return when the snapshot was taken: the rows do not say it."""
        taken_at = delivery.generated_at or delivery.requested_at
        return {
            "snapshot_date": taken_at.date().isoformat(),
            "snapshot_at": utc_timestamp(taken_at),
        }

    def row(self, row: Row) -> Row:
        """Return the row with a whole key."""
        key = ("seller-sku", "fulfillment-channel-sku", "condition-type", "country")
        return {**row, **{name: row.get(name) or "" for name in key}}
