"""The reports of Fulfilment by Amazon about stock: ledger, planning, stock by country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from simulator.amazon_sp import fba_columns as columns
from simulator.amazon_sp.report_types import DAILY, NEAR_REAL_TIME, Asked, ReportType
from simulator.amazon_sp.tables import encoding, plain_text, table
from simulator.world import warehouses
from simulator.world.events import Listing, StockLevel
from simulator.world.ledger import LedgerDay, ledger
from simulator.world.marketplaces import BY_COUNTRY, MARKETS

Row = dict[str, Any]


def _region_of(country: str) -> str:
    return BY_COUNTRY["UK" if country == "GB" else country].region


# The ledger


def _ledger(asked: Asked) -> bytes | None:
    daily = asked.options.get("aggregatedByTimePeriod") == "DAILY"
    by_country = asked.options.get("aggregateByLocation", "COUNTRY") == "COUNTRY"
    first, last = asked.start.date(), asked.end.date()
    days = [
        day
        for day in ledger(asked.world)
        if first <= day.day <= last and _region_of(day.country) == asked.region
    ]
    rows = [_ledger_row(day) for day in days] if daily else _by_month(days)
    if not by_country:
        rows = [row | {"Location": f"{row['Location']}C1"} for row in rows]
    return table(asked, columns.LEDGER, rows, encoding=encoding(asked), quoted=True)


def _ledger_row(day: LedgerDay) -> Row:
    return {
        "Date": f"{day.day:%m/%d/%Y}",
        "FNSKU": day.fn_sku,
        "ASIN": day.asin,
        "MSKU": day.seller_sku,
        "Title": day.title,
        "Disposition": day.disposition,
        "StartingWarehouseBalance": day.starting,
        "Receipts": day.receipts,
        "CustomerShipments": day.shipments,
        "CustomerReturns": day.returns,
        "Damaged": day.damaged,
        "Disposed": day.disposed,
        "OtherEvents": day.other,
        "EndingWarehouseBalance": day.ending,
        "Location": day.country,
        **dict.fromkeys(columns.LEDGER_STILL, 0),
    }


def _by_month(days: Iterable[LedgerDay]) -> list[Row]:
    """What a careless request gets: one row per month, and of its days only the sum."""
    found: dict[tuple[object, ...], list[LedgerDay]] = defaultdict(list)
    for day in days:
        month = day.day.replace(day=1)
        found[month, day.country, day.fn_sku, day.disposition].append(day)
    rows = []
    for in_month in found.values():
        row = _ledger_row(in_month[0])
        for name in ("Receipts", "CustomerShipments", "CustomerReturns", "Damaged", "Disposed",
                     "OtherEvents"):  # fmt: skip
            row[name] = sum(_ledger_row(day)[name] for day in in_month)
        row["Date"] = f"{in_month[0].day:%m/%Y}"
        row["EndingWarehouseBalance"] = in_month[-1].ending
        rows.append(row)
    return rows


# Stock


def _stocked(asked: Asked) -> Iterable[tuple[Listing, StockLevel]]:
    for offer in asked.world.listings:
        if offer.fn_sku and offer.marketplace_id in asked.marketplace_ids:
            pool = MARKETS[offer.marketplace_id].pool
            yield offer, asked.world.stock[pool, offer.fn_sku]


def _planning(asked: Asked) -> bytes | None:
    shipped = _shipped(asked)
    rows = [_planning_row(asked, offer, stock, shipped) for offer, stock in _stocked(asked)]
    return table(asked, columns.PLANNING, rows, encoding=encoding(asked))


def _shipped(asked: Asked) -> Mapping[tuple[str, str, int], int]:
    """Units shipped in the last 7, 30, 60 and 90 days, by marketplace, SKU and days."""
    found: dict[tuple[str, str, int], int] = defaultdict(int)
    for order in asked.world.orders:
        if order.shipped_at and order.shipped_at <= asked.world.now:
            age = asked.world.now - order.shipped_at
            for item in order.items:
                for days in (7, 30, 60, 90):
                    if age <= timedelta(days=days):
                        found[order.marketplace_id, item.seller_sku, days] += item.quantity
    return found


def _planning_row(
    asked: Asked,
    offer: Listing,
    stock: StockLevel,
    shipped: Mapping[tuple[str, str, int], int],
) -> Row:
    market = MARKETS[offer.marketplace_id]
    sold = {days: shipped.get((offer.marketplace_id, offer.seller_sku, days), 0)
            for days in (7, 30, 60, 90)}  # fmt: skip
    old = stock.fulfillable // 8
    daily = sold[30] / 30
    return {
        "snapshot-date": market.day_of(asked.world.now).isoformat(),
        "sku": offer.seller_sku,
        "fnsku": offer.fn_sku,
        "asin": offer.asin,
        "product-name": offer.title,
        "condition": "New" if offer.condition == "NewItem" else "Used",
        "available": stock.fulfillable,
        "pending-removal-quantity": 0,
        "inv-age-0-to-90-days": stock.fulfillable - old,
        "inv-age-91-to-180-days": 0,
        "inv-age-181-to-270-days": old,
        "inv-age-271-to-365-days": 0,
        "inv-age-365-plus-days": 0,
        "currency": offer.currency_code,
        **{f"units-shipped-t{days}": units for days, units in sold.items()},
        "your-price": offer.price,
        "sales-price": offer.price,
        "sell-through": round(sold[90] / max(1, stock.fulfillable), 2),
        "storage-volume": warehouses.volume(asked.world.seed, offer.asin) * stock.fulfillable,
        "volume-unit-measurement": "cubic feet",
        "storage-type": "Other",
        "marketplace": warehouses.iso_country(market.country_code),
        # Without a sale there is no telling how long the stock lasts.
        "days-of-supply": round(stock.fulfillable / daily) if daily else None,
        "inbound-quantity": stock.inbound_working + stock.inbound_shipped + stock.inbound_receiving,
        "inbound-working": stock.inbound_working,
        "inbound-shipped": stock.inbound_shipped,
        "inbound-received": stock.inbound_receiving,
        "reserved-quantity": stock.reserved,
        "unfulfillable-quantity": stock.unfulfillable,
    }


def _by_country(asked: Asked) -> bytes | None:
    seen, rows = set(), []
    for offer, stock in _stocked(asked):
        key = (offer.seller_sku, stock.pool, stock.fn_sku)
        if key not in seen:
            seen.add(key)
            country = warehouses.country_of(asked.world.seed, stock.pool, stock.fn_sku)
            rows.append(
                {
                    "seller-sku": offer.seller_sku,
                    "fulfillment-channel-sku": stock.fn_sku,
                    "asin": stock.asin,
                    "condition-type": stock.condition,
                    "country": warehouses.iso_country(country),
                    "quantity-for-local-fulfillment": stock.fulfillable,
                }
            )
    return table(asked, columns.BY_COUNTRY, rows, encoding=encoding(asked))


REPORT_TYPES = {
    "GET_LEDGER_SUMMARY_VIEW_DATA": ReportType(
        _ledger,
        plain_text,
        options={
            "aggregatedByTimePeriod": frozenset({"DAILY", "WEEKLY", "MONTHLY"}),
            "aggregateByLocation": frozenset({"COUNTRY", "FC"}),
        },
        has_window=True,
    ),
    "GET_FBA_INVENTORY_PLANNING_DATA": ReportType(_planning, plain_text, regeneration=DAILY),
    "GET_AFN_INVENTORY_DATA_BY_COUNTRY": ReportType(
        _by_country, plain_text, regeneration=NEAR_REAL_TIME
    ),
}
