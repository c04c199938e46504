"""The headers of the reports of Fulfilment by Amazon."""

from __future__ import annotations

LEDGER = (
    "Date", "FNSKU", "ASIN", "MSKU", "Title", "Disposition", "StartingWarehouseBalance",
    "InTransitBetweenWarehouses", "Receipts", "CustomerShipments", "CustomerReturns",
    "VendorReturns", "WarehouseTransferIn/Out", "Found", "Lost", "Damaged", "Disposed",
    "OtherEvents", "EndingWarehouseBalance", "UnknownEvents", "Location",
)  # fmt: skip

PLANNING = (
    "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "available",
    "pending-removal-quantity", "inv-age-0-to-90-days", "inv-age-91-to-180-days",
    "inv-age-181-to-270-days", "inv-age-271-to-365-days", "inv-age-365-plus-days", "currency",
    "qty-to-be-charged-ltsf-11-mo", "projected-ltsf-11-mo", "qty-to-be-charged-ltsf-12-mo",
    "estimated-ltsf-next-charge", "units-shipped-t7", "units-shipped-t30", "units-shipped-t60",
    "units-shipped-t90", "alert", "your-price", "sales-price",
    "lowest-price-new-plus-shipping", "lowest-price-used", "recommended-action",
    "healthy-inventory-level", "recommended-sales-price", "recommended-sale-duration-days",
    "recommended-removal-quantity", "estimated-cost-savings-of-recommended-actions",
    "sell-through", "item-volume", "volume-unit-measurement", "storage-type", "storage-volume",
    "marketplace", "product-group", "sales-rank", "days-of-supply",
    "estimated-excess-quantity", "weeks-of-cover-t30", "weeks-of-cover-t90",
    "featuredoffer-price", "sales-shipped-last-7-days", "sales-shipped-last-30-days",
    "sales-shipped-last-60-days", "sales-shipped-last-90-days", "inv-age-0-to-30-days",
    "inv-age-31-to-60-days", "inv-age-61-to-90-days", "inv-age-181-to-330-days",
    "inv-age-331-to-365-days", "estimated-storage-cost-next-month", "inbound-quantity",
    "inbound-working", "inbound-shipped", "inbound-received", "no-sale-last-6-months",
    "reserved-quantity", "unfulfillable-quantity",
)  # fmt: skip

BY_COUNTRY = (
    "seller-sku", "fulfillment-channel-sku", "asin", "condition-type", "country",
    "quantity-for-local-fulfillment",
)  # fmt: skip

RETURNS = (
    "return-date", "order-id", "sku", "asin", "fnsku", "product-name", "quantity",
    "fulfillment-center-id", "detailed-disposition", "reason", "status",
    "license-plate-number", "customer-comments",
)  # fmt: skip

REIMBURSEMENTS = (
    "approval-date", "reimbursement-id", "case-id", "amazon-order-id", "reason", "sku",
    "fnsku", "asin", "product-name", "condition", "currency-unit", "amount-per-unit",
    "amount-total", "quantity-reimbursed-cash", "quantity-reimbursed-inventory",
    "quantity-reimbursed-total", "original-reimbursement-id", "original-reimbursement-type",
)  # fmt: skip

STORAGE = (
    "asin", "fnsku", "product_name", "fulfillment_center", "country_code", "longest_side",
    "median_side", "shortest_side", "measurement_units", "weight", "weight_units",
    "item_volume", "volume_units", "product_size_tier", "average_quantity_on_hand",
    "average_quantity_pending_removal", "estimated_total_item_volume", "month_of_charge",
    "storage_rate", "currency", "estimated_monthly_storage_fee",
    "dangerous_goods_storage_type", "eligible_for_inventory_discount",
    "qualifies_for_inventory_discount", "total_incentive_fee_amount",
    "breakdown_incentive_fee_amount", "average_quantity_customer_orders",
)  # fmt: skip

AGED = (
    "snapshot-date", "sku", "fnsku", "asin", "product-name", "condition", "per-unit-volume",
    "currency", "volume-unit", "country", "qty-charged", "amount-charged",
    "surcharge-age-tier", "rate-surcharge",
)  # fmt: skip

LEDGER_STILL = (
    "InTransitBetweenWarehouses", "VendorReturns", "WarehouseTransferIn/Out", "Found", "Lost",
    "UnknownEvents",
)  # fmt: skip
"""Columns of the ledger in which this world has nothing."""
