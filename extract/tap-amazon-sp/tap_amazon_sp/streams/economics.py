"""Seller economics (Data Kiosk, schema analytics_economics_2024_03_15): sales, fees, ads per SKU.

One query tells 60 days of all SKUs and marketplaces. Fees and advertising are costs, so they are
positive. Days are those of the marketplace; refunds count when they were asked for. It tells
margins, not cash, and its advertising is the same money as that of the Ads API.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from amazon_client.extraction import Account, Cadence, DayWindows, Delivery, Window
from amazon_client.singer.schema import (
    Columns,
    day,
    decimal,
    integer,
    integers,
    money,
    moneys,
    text,
    texts,
)
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.columns import list_
from tap_amazon_sp.data_kiosk import DateGranularity, Name, marketplaces_argument, query_text
from tap_amazon_sp.datasets import KioskQuery

SCHEMA = "analytics_economics_2024_03_15"
ROW_KEY = ("marketplace_id", "date", "msku", "child_asin")
ROW_NAMES = ("startDate", "endDate", "marketplaceId", "childAsin", "fnsku", "msku")
"""What a row tells its fees and ads."""

KEYS: Columns = (
    text("marketplaceId"),
    day("startDate", "date"),
    text("msku", description="Empty where Amazon names none"),
    text("childAsin"),
)
SUMMARY: Columns = (
    KEYS,
    texts("parentAsin", "fnsku"),
    moneys(
        "sales.orderedProductSales",
        "sales.refundedProductSales",
        "sales.netProductSales",
        "sales.averageSellingPrice",
    ),
    integers("sales.unitsOrdered", "sales.unitsRefunded", "sales.netUnitsSold"),
    moneys(
        "cost.costOfGoodsSold",
        "cost.miscellaneousCost",
        "cost.fbaCost.shippingToAmazonCost",
        "cost.mfnCost.fulfillmentCost",
        "cost.mfnCost.storageCost",
    ),
    moneys("netProceeds.total", "netProceeds.perUnit"),
)
_AMOUNTS = (
    "amount",
    "promotionAmount",
    "taxAmount",
    "totalAmount",
    "amountPerUnit",
    "amountPerUnitDelta",
)


def _detail(path: str) -> Columns:
    """The columns of an aggregated detail: total = charged - promotion + tax."""
    stems = {
        "amount": "charged",
        "promotionAmount": "promotion",
        "taxAmount": "tax",
        "totalAmount": "total",
    }
    return (
        tuple(money(f"{path}.{name}", stem) for name, stem in stems.items()),
        moneys(f"{path}.amountPerUnit", f"{path}.amountPerUnitDelta"),
        decimal(f"{path}.quantity"),
    )


def _asked(path: str) -> Columns:
    """What to ask for of an aggregated detail."""
    amounts = [f"{path}.{name}.{part}" for name in _AMOUNTS for part in ("amount", "currencyCode")]
    return texts(*amounts, f"{path}.quantity")


def _properties(path: str) -> Columns:
    return texts(f"{path}.properties.propertyName", f"{path}.properties.propertyValue")


SELECTED: Columns = (
    SUMMARY,
    texts("endDate", "fees.feeTypeName"),
    texts("fees.charges.identifier", "fees.charges.startDate", "fees.charges.endDate"),
    _asked("fees.charges.aggregatedDetail"),
    _properties("fees.charges"),
    text("fees.charges.components.name"),
    _asked("fees.charges.components.aggregatedDetail"),
    _properties("fees.charges.components"),
    text("ads.adTypeName"),
    _asked("ads.charge"),
)


def _query(account: Account, window: Window) -> Mapping[str, Any]:
    arguments = {
        "aggregateBy": {"date": DateGranularity.DAY, "productId": Name.MSKU},
        "includeComponentsForFeeTypes": [Name.FBA_FULFILLMENT_FEE, Name.FBA_STORAGE_FEE],
        "startDate": str(window.start),
        "endDate": str(window.end),
        "marketplaceIds": marketplaces_argument(account.marketplace_ids),
    }
    return {"query": query_text(SCHEMA, "economics", arguments, SELECTED)}


ECONOMICS = KioskQuery(
    name="economics",
    report_type="economics",
    role="Selling Partner Insights",
    day_basis="marketplace",
    windows=DayWindows(
        lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 60, Cadence.WEEKLY: 60},
        max_days=92,
        retention_days=730,
        settled_days=3,
    ),
    body=_query,
)


class _EconomicsStream(AmazonStream):
    """A stream of the economics query."""

    dataset = ECONOMICS
    replication_key = "date"

    def told(self, delivery: Delivery) -> Iterator[dict[str, Any]]:
        """Yield the rows of the query, with a whole key."""
        for row in super().rows(delivery):
            names = {name: row.get(name) or "" for name in ("msku", "childAsin")}
            yield {**row, **names}


class Economics(_EconomicsStream):
    """One row per marketplace, day and SKU: sales, costs that the seller entered, net proceeds."""

    name = "economics"
    keys = ROW_KEY
    columns = SUMMARY

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the rows without fees and ads, which are streams of their own."""
        yield from self.told(delivery)


class EconomicsFees(_EconomicsStream):
    """One row per charge of a fee; Amazon splits them where a fee has changed."""

    name = "economics_fees"
    keys = (
        *ROW_KEY,
        "fee_type_name",
        "fee_identifier",
        "charge_start_date",
        "charge_end_date",
        "charge_ordinal",
    )
    columns = (
        KEYS,
        text("fee.feeTypeName"),
        text("charge.identifier", "fee_identifier"),
        day("charge.startDate", "charge_start_date"),
        day("charge.endDate", "charge_end_date"),
        integer("ordinal", "charge_ordinal", "1 but where Amazon repeats a charge's key"),
        _detail("charge.aggregatedDetail"),
        list_("charge.properties"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the charges of every row."""
        for row in self.told(delivery):
            yield from charges_of(row)


class EconomicsFeeComponents(_EconomicsStream):
    """What a charge consists of; the components add up to it, so add up one kind only."""

    name = "economics_fee_components"
    keys = (*EconomicsFees.keys, "component_name", "component_ordinal")
    columns = (
        EconomicsFees.columns[:6],
        text("component.name", "component_name"),
        integer("componentOrdinal"),
        _detail("component.aggregatedDetail"),
        list_("component.properties"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the components of every charge."""
        for row in self.told(delivery):
            for charge in charges_of(row):
                components = charge["charge"].get("components") or ()
                for number, component in numbered(components, lambda one: one["name"]):
                    yield {**charge, "component": component, "componentOrdinal": number}


class EconomicsAds(_EconomicsStream):
    """What advertising a SKU cost on a day, by kind of ad."""

    name = "economics_ads"
    keys = (*ROW_KEY, "ad_type_name", "ad_ordinal")
    columns = (
        KEYS,
        text("ad.adTypeName"),
        integer("ordinal", "ad_ordinal"),
        _detail("ad.charge"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the ads of every row."""
        for row in self.told(delivery):
            ads = row.get("ads") or ()
            for number, ad in numbered(ads, lambda one: one["adTypeName"]):
                yield {**_of_row(row), "ad": ad, "ordinal": number}


def charges_of(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every charge of a row's fees; one without dates is of the row's own."""
    of_row = _of_row(row)
    found = [
        (fee, {**charge, **{name: charge.get(name) or row[name] for name in _DATES}})
        for fee in row.get("fees") or ()
        for charge in fee.get("charges") or ()
    ]
    for number, (fee, charge) in numbered(found, _charge_key):
        told = {"feeTypeName": fee["feeTypeName"]}
        yield {**of_row, "fee": told, "charge": charge, "ordinal": number}


_DATES = ("startDate", "endDate")


def _charge_key(found: tuple[Mapping[str, Any], Mapping[str, Any]]) -> tuple[str, ...]:
    fee, charge = found
    return fee["feeTypeName"], charge["identifier"], charge["startDate"], charge["endDate"]


def _of_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row.get(name) for name in ROW_NAMES}


def numbered(parts: Iterable[Any], key: Any) -> Iterator[tuple[int, Any]]:
    """Parts, each with its number among those of the same key."""
    seen: Counter[Any] = Counter()
    for part in parts:
        name = key(part)
        seen[name] += 1
        yield seen[name], part
