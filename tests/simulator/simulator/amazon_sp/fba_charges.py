"""The reports of Fulfilment by Amazon about returns, reimbursements and storage fees."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from simulator.amazon_sp import fba_columns as columns
from simulator.amazon_sp.report_types import DAILY, Asked, ReportType
from simulator.amazon_sp.tables import encoding, plain_text, table
from simulator.world.randomness import chance
from simulator.world.reimbursements import Reimbursement, reimbursements
from simulator.world.returns import CustomerReturn, customer_returns
from simulator.world.storage import AgedFee, StorageFee, aged_fees, storage_fees

Row = dict[str, Any]


def _in_window(asked: Asked, instant: datetime) -> bool:
    return asked.start <= instant <= asked.end


def _returns(asked: Asked) -> bytes | None:
    rows = [
        _return_row(one)
        for one in customer_returns(asked.world)
        if one.order.region == asked.region and _in_window(asked, one.returned_at)
    ]
    return table(asked, columns.RETURNS, rows, encoding=encoding(asked))


def _return_row(one: CustomerReturn) -> Row:
    return {
        "return-date": one.returned_at,
        "order-id": one.order.order_id,
        "sku": one.item.seller_sku,
        "asin": one.item.asin,
        "fnsku": one.item.fn_sku,
        "product-name": one.item.title,
        "quantity": one.quantity,
        "fulfillment-center-id": one.centre,
        "detailed-disposition": "SELLABLE" if one.is_sellable else "CUSTOMER_DAMAGED",
        "reason": one.reason,
        "status": "Unit returned to inventory",
        "license-plate-number": one.license_plate,
        "customer-comments": one.comment,
    }


def _reimbursements(asked: Asked) -> bytes | None:
    rows = [
        _reimbursement_row(asked, one)
        for one in reimbursements(asked.world, asked.region)
        if _in_window(asked, one.transaction.posted_at)
    ]
    return table(asked, columns.REIMBURSEMENTS, rows, encoding=encoding(asked))


def _reimbursement_row(asked: Asked, one: Reimbursement) -> Row:
    market, part = one.transaction.market, one.part
    fn_sku = next(
        (
            offer.fn_sku
            for offer in asked.world.listings
            if offer.marketplace_id == market.marketplace_id and offer.seller_sku == part.sku
        ),
        None,
    )
    return {
        "approval-date": one.transaction.posted_at,
        "reimbursement-id": one.reimbursement_id,
        "reason": one.reason,
        "sku": part.sku,
        "fnsku": fn_sku,
        "asin": part.asin,
        "product-name": part.title,
        "condition": "Sellable",
        "currency-unit": market.currency_code,
        "amount-per-unit": (one.amount / part.quantity).quantize(market.minor_unit),
        "amount-total": one.amount,
        "quantity-reimbursed-cash": part.quantity,
        "quantity-reimbursed-inventory": 0,
        "quantity-reimbursed-total": part.quantity,
        "original-reimbursement-id": one.original and one.original.reimbursement_id,
        "original-reimbursement-type": one.original and one.original.reason,
    }


# Storage


def _storage(asked: Asked) -> bytes | None:
    first, last = f"{asked.start:%Y-%m}", f"{asked.end:%Y-%m}"
    rows = [
        _storage_row(fee)
        for fee in storage_fees(asked.world)
        if fee.market.region == asked.region and first <= f"{fee.month:%Y-%m}" <= last
    ]
    return table(asked, columns.STORAGE, rows, encoding=encoding(asked))


def _storage_row(fee: StorageFee) -> Row:
    side = 2 + chance("side", fee.stock.asin).randrange(12)
    return {
        "asin": fee.stock.asin,
        "fnsku": fee.stock.fn_sku,
        "fulfillment_center": fee.centre,
        "country_code": fee.country,
        "longest_side": side + 4,
        "median_side": side + 2,
        "shortest_side": side,
        "measurement_units": "inches",
        "weight": round(side / 3, 2),
        "weight_units": "pounds",
        "item_volume": fee.volume,
        "volume_units": "cubic feet",
        "product_size_tier": "Standard-Size",
        "average_quantity_on_hand": fee.average_quantity,
        "average_quantity_pending_removal": 0,
        "estimated_total_item_volume": fee.average_quantity * fee.volume,
        "month_of_charge": f"{fee.month:%Y-%m}",
        "storage_rate": fee.rate,
        "currency": fee.market.currency_code,
        "estimated_monthly_storage_fee": fee.fee,
        "dangerous_goods_storage_type": "--",
        "eligible_for_inventory_discount": "N",
        "qualifies_for_inventory_discount": "N",
        "total_incentive_fee_amount": 0,
        "average_quantity_customer_orders": fee.stock.reserved_customer_orders,
    }


def _aged(asked: Asked) -> bytes | None:
    rows = [
        _aged_row(fee)
        for fee in aged_fees(asked.world)
        if fee.market.region == asked.region
        and _in_window(asked, datetime.combine(fee.day, datetime.min.time(), UTC))
    ]
    return table(asked, columns.AGED, rows, encoding=encoding(asked))


def _aged_row(fee: AgedFee) -> Row:
    return {
        "snapshot-date": f"{fee.day.isoformat()}T00:00:00+00:00",
        "sku": "",
        "fnsku": fee.stock.fn_sku,
        "asin": fee.stock.asin,
        "condition": fee.stock.condition,
        "per-unit-volume": fee.volume,
        "currency": fee.market.currency_code,
        "volume-unit": "cubic feet",
        "country": fee.country,
        "qty-charged": fee.quantity,
        "amount-charged": fee.amount,
        "surcharge-age-tier": fee.tier,
        "rate-surcharge": fee.rate,
    }


REPORT_TYPES = {
    "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA": ReportType(
        _returns, plain_text, regeneration=DAILY
    ),
    "GET_FBA_REIMBURSEMENTS_DATA": ReportType(_reimbursements, plain_text, regeneration=DAILY),
    "GET_FBA_STORAGE_FEE_CHARGES_DATA": ReportType(_storage, plain_text, regeneration=DAILY),
    "GET_FBA_FULFILLMENT_LONGTERM_STORAGE_FEE_CHARGES_DATA": ReportType(
        _aged, plain_text, regeneration=DAILY
    ),
}
