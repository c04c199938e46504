"""Reports of Fulfilment by Amazon about returns, reimbursements and storage fees."""

from __future__ import annotations

from amazon_client.extraction import Cadence, DayWindows
from amazon_client.singer.schema import (
    day,
    decimals,
    integers,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_sp import personal
from tap_amazon_sp.datasets import DAILY, SellerReport
from tap_amazon_sp.streams.fba_stock import ROLE
from tap_amazon_sp.tables import Row, TableStream

EVENTS = DayWindows(
    lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 14, Cadence.WEEKLY: 60},
    max_days=60,
    retention_days=545,
    settled_days=3,
    until_days_ago=1,
)
MONTHS = DayWindows(
    # A month's fees are told in the middle of the next one.
    lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 60, Cadence.WEEKLY: 60},
    max_days=92,
    retention_days=545,
    settled_days=45,
    until_days_ago=1,
)


class FbaReturns(TableStream):
    """What customers sent back to Amazon. Their comments are dropped: free text of persons."""

    name = "fba_returns"
    needed = ("return-date", "order-id", "sku", "quantity")
    keys = ("return_date", "order_id", "sku", "fnsku", "license_plate_number")
    replication_key = "return_date"
    dataset = SellerReport(
        name="fba_returns",
        report_type="GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA",
        role=ROLE,
        windows=EVENTS,
        regeneration=DAILY,
    )
    columns = (
        timestamp("return-date"),
        texts("order-id", "sku", "asin", "fnsku", "product-name"),
        integers("quantity"),
        texts(
            "fulfillment-center-id",
            "detailed-disposition",
            "reason",
            "status",
            "license-plate-number",
        ),
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row without comments and with a whole key."""
        personal.drop(row, personal.RETURN)
        key = ("order-id", "sku", "fnsku", "license-plate-number")
        return {**row, **{name: row.get(name) or "" for name in key}}


class FbaReimbursements(TableStream):
    """What Amazon paid for goods that it lost or spoilt, and what it took back (reversals).

    The same money is in settlements and transactions.
    """

    name = "fba_reimbursements"
    needed = ("approval-date", "reimbursement-id", "amount-total")
    keys = ("reimbursement_id", "sku", "fnsku")
    replication_key = "approval_date"
    dataset = SellerReport(
        name="fba_reimbursements",
        report_type="GET_FBA_REIMBURSEMENTS_DATA",
        role=ROLE,
        windows=EVENTS,
        regeneration=DAILY,
    )
    columns = (
        timestamp("approval-date"),
        texts(
            "reimbursement-id",
            "case-id",
            "amazon-order-id",
            "reason",
            "sku",
            "fnsku",
            "asin",
            "product-name",
            "condition",
        ),
        text("currency-unit", "currency_code"),
        decimals("amount-per-unit", "amount-total"),
        integers(
            "quantity-reimbursed-cash",
            "quantity-reimbursed-inventory",
            "quantity-reimbursed-total",
        ),
        texts("original-reimbursement-id", "original-reimbursement-type"),
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row with a whole key."""
        return {**row, **{name: row.get(name) or "" for name in ("sku", "fnsku")}}


class FbaStorageFees(TableStream):
    """What storing each product cost in a month: Amazon's estimate, by fulfilment centre."""

    name = "fba_storage_fees"
    needed = ("asin", "fnsku", "month_of_charge", "estimated_monthly_storage_fee")
    keys = ("month_of_charge", "asin", "fnsku", "fulfillment_center", "country_code")
    replication_key = "month_of_charge"
    dataset = SellerReport(
        name="fba_storage_fees",
        report_type="GET_FBA_STORAGE_FEE_CHARGES_DATA",
        role=ROLE,
        windows=MONTHS,
        regeneration=DAILY,
    )
    columns = (
        text("month_of_charge", description="YYYY-MM"),
        texts("asin", "fnsku", "product_name", "fulfillment_center", "country_code"),
        decimals("longest_side", "median_side", "shortest_side"),
        text("measurement_units"),
        decimals("weight"),
        text("weight_units"),
        decimals("item_volume"),
        texts("volume_units", "product_size_tier"),
        decimals(
            "average_quantity_on_hand",
            "average_quantity_pending_removal",
            "average_quantity_customer_orders",
            "estimated_total_item_volume",
            "storage_rate",
        ),
        text("currency", "currency_code"),
        decimals("estimated_monthly_storage_fee"),
        texts(
            "dangerous_goods_storage_type",
            "eligible_for_inventory_discount",
            "qualifies_for_inventory_discount",
        ),
        decimals("total_incentive_fee_amount"),
        text("breakdown_incentive_fee_amount"),
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row with a whole key."""
        key = ("asin", "fnsku", "fulfillment_center", "country_code")
        return {**row, **{name: row.get(name) or "" for name in key}}


class FbaLongtermStorageFees(TableStream):
    """The surcharge on old stock, by product and age."""

    name = "fba_longterm_storage_fees"
    needed = ("snapshot-date", "fnsku", "qty-charged", "amount-charged")
    keys = ("snapshot_date", "sku", "fnsku", "country", "surcharge_age_tier")
    replication_key = "snapshot_date"
    dataset = SellerReport(
        name="fba_longterm_storage_fees",
        report_type="GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA",
        role=ROLE,
        windows=MONTHS,
        regeneration=DAILY,
    )
    columns = (
        day("snapshot-date"),
        texts("sku", "fnsku", "asin", "product-name", "condition", "country"),
        decimals("per-unit-volume"),
        text("volume-unit"),
        integers("qty-charged"),
        text("currency", "currency_code"),
        decimals("amount-charged"),
        text("surcharge-age-tier"),
        decimals("rate-surcharge"),
        leftovers(),
    )

    def row(self, row: Row) -> Row:
        """Return the row with the date of its instant and a whole key."""
        key = ("sku", "fnsku", "country", "surcharge-age-tier")
        date = row.get("snapshot-date", "")[:10]
        return {**row, "snapshot-date": date, **{name: row.get(name) or "" for name in key}}
