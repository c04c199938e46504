"""Data Kiosk's seller economics: what each SKU sold, cost and left over on each day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from graphql import GraphQLResolveInfo

from simulator.amazon_sp import economics_facts as facts
from simulator.amazon_sp import sales_traffic_facts
from simulator.amazon_sp.dialect import check_marketplaces
from simulator.amazon_sp.economics_schema import ROOT, ROOT_TYPE, SCHEMA
from simulator.amazon_sp.kiosk_schema import KioskSchema, days_between, wrong
from simulator.world import World
from simulator.world.events import ZERO, Listing
from simulator.world.marketplaces import MARKETS, Market

Row = dict[str, Any]
ROLE = "selling_partner_insights"
_SURCHARGE = Decimal("0.10")
_COMPONENTS = {
    facts.FULFILMENT: ("FBA_FULFILLMENT_FEE", "Base fulfillment fee", "Fuel and logistics"),
    facts.STORAGE: ("FBA_STORAGE_FEE", "Base monthly storage fee", "Storage utilization"),
}
_SPLIT_EVERY = 3
"""Every so many products have two charges of one fee: Amazon changed it in the middle."""


class Economics:
    """The root value of a query."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._products = {product.asin: product for product in world.products}

    def economics(self, info: GraphQLResolveInfo, **arguments: Any) -> list[Row]:
        """One row per marketplace, day and SKU with anything on it."""
        start, end = (date.fromisoformat(arguments[name]) for name in ("startDate", "endDate"))
        told = set(arguments.get("includeComponentsForFeeTypes") or ())
        sold = {market.marketplace_id for market in self._world.markets}
        return [
            self._row(MARKETS[key], day, offer, told)
            for key in dict.fromkeys(arguments["marketplaceIds"])
            if key in sold
            for day in (start + timedelta(n) for n in range((end - start).days + 1))
            for offer in self._moving(MARKETS[key], day)
        ]

    def _moving(self, market: Market, day: date) -> Iterator[Listing]:
        """The offers of which anything is told on a day that Amazon has published."""
        if day < self._world.opened or not sales_traffic_facts.is_published(
            self._world, market, day
        ):
            return
        costs = facts.costs(self._world).get((market.marketplace_id, day), {})
        skus = {entry.seller_sku for entry in self._entries(market, day)} | costs.keys()
        for offer in self._world.listings:
            if offer.marketplace_id == market.marketplace_id and offer.seller_sku in skus:
                yield offer

    def _entries(self, market: Market, day: date) -> list[sales_traffic_facts.Entry]:
        known = sales_traffic_facts.entries(self._world)
        found = known.get((market.marketplace_id, day), [])
        return [entry for entry in found if entry.kind != "shipped"]

    def _row(self, market: Market, day: date, offer: Listing, told: set[str]) -> Row:
        amounts: dict[str, Decimal] = defaultdict(lambda: ZERO)
        units: dict[str, int] = defaultdict(int)
        for entry in self._entries(market, day):
            if entry.seller_sku == offer.seller_sku:
                amounts[entry.kind] += entry.amount
                units[entry.kind] += entry.quantity
        on_day = facts.costs(self._world).get((market.marketplace_id, day), {})
        costs = on_day.get(offer.seller_sku, facts.Costs())
        net_sales = amounts["ordered"] - amounts["refunded"]
        net_units = units["ordered"] - units["refunded"]
        fees = {name: _cents(charged.amount) for name, charged in costs.fees.items()}
        ads = _cents(costs.ads)
        unit_cost = self._unit_cost(market, offer)
        left = net_sales - sum(fees.values()) - ads - (unit_cost or ZERO) * net_units
        average = amounts["ordered"] / units["ordered"] if units["ordered"] else None
        return {
            "startDate": day.isoformat(),
            "endDate": day.isoformat(),
            "marketplaceId": market.marketplace_id,
            "parentAsin": offer.parent_asin,
            "childAsin": offer.asin,
            "fnsku": offer.fn_sku,
            "msku": offer.seller_sku,
            "sales": {
                "orderedProductSales": _money(market, amounts["ordered"]),
                "refundedProductSales": _money(market, amounts["refunded"]),
                "netProductSales": _money(market, net_sales),
                "unitsOrdered": units["ordered"],
                "unitsRefunded": units["refunded"],
                "netUnitsSold": net_units,
                "averageSellingPrice": _money(market, average),
            },
            "fees": [
                self._fee(market, day, offer, name, fees[name], charged.units, told)
                for name, charged in sorted(costs.fees.items())
            ],
            "ads": [
                {"adTypeName": "Sponsored Products charge", "charge": _detail(market, ads, None)}
            ]
            if ads
            else [],
            "cost": {"costOfGoodsSold": _money(market, unit_cost)},
            "netProceeds": {
                "total": _money(market, left),
                "perUnit": _money(market, left / net_units if net_units else None),
            },
        }

    def _unit_cost(self, market: Market, offer: Listing) -> Decimal | None:
        """What the seller says that a unit cost; of every second product it says nothing."""
        product = self._products[offer.asin]
        return market.money(product.cost_usd) if product.number % 2 else None

    def _fee(
        self, market: Market, day: date, offer: Listing, name: str, amount: Decimal, units: int,
        told: set[str],
    ) -> Row:  # fmt: skip
        number = self._products[offer.asin].number
        half = _cents(amount / 2)
        parts = [amount] if number % _SPLIT_EVERY else [half, amount - half]
        return {
            "feeTypeName": name,
            "charges": [
                {
                    "identifier": f"{name.replace(' ', '')}-{position}",
                    "startDate": day.isoformat() if len(parts) > 1 else None,
                    "endDate": day.isoformat() if len(parts) > 1 else None,
                    "properties": [{"propertyName": "Size tier", "propertyValue": "Standard"}],
                    "aggregatedDetail": _detail(market, part, units if position == 1 else 0),
                    "components": _components(market, name, part, told),
                }
                for position, part in enumerate(parts, start=1)
            ],
        }


def _components(market: Market, name: str, amount: Decimal, told: set[str]) -> list[Row] | None:
    kind, base, surcharge = _COMPONENTS.get(name, ("", "", ""))
    if kind not in told:
        return None
    more = _cents(amount * _SURCHARGE)
    return [
        {"name": base, "aggregatedDetail": _detail(market, amount - more, None), "properties": []},
        {"name": surcharge, "aggregatedDetail": _detail(market, more, None), "properties": []},
    ]


def _detail(market: Market, amount: Decimal, units: int | None) -> Row:
    return {
        "amount": _money(market, amount),
        "promotionAmount": _money(market, ZERO),
        "taxAmount": _money(market, ZERO),
        "totalAmount": _money(market, amount),
        "quantity": units,
        "amountPerUnit": _money(market, amount / units if units else None),
        "amountPerUnitDelta": None,
    }


def _money(market: Market, amount: Decimal | None) -> Row | None:
    if amount is None:
        return None
    return {"amount": float(_cents(amount)), "currencyCode": market.currency_code}


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def check(field: str, arguments: dict[str, Any], today: date, region: str) -> None:
    """What Amazon refuses in a query although its schema allows it. Raises 400 or 403."""
    days_between(arguments, today)
    by = arguments.get("aggregateBy") or {}
    if by.get("date", "DAY") != "DAY" or by.get("productId", "MSKU") != "MSKU":
        raise wrong("Only days and merchant SKUs are simulated.")
    if not arguments["marketplaceIds"]:
        raise wrong(f"Query '{field}' names no marketplace.")
    check_marketplaces(arguments["marketplaceIds"], region)


KIOSK = KioskSchema(ROOT, ROOT_TYPE, SCHEMA, ROLE, check, Economics)
"""What Data Kiosk answers of this schema."""
