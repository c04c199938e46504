"""Data Kiosk's Sales & Traffic queries, resolved from the world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from graphql import GraphQLResolveInfo

from simulator.amazon_sp import sales_traffic_facts as facts
from simulator.amazon_sp.dialect import check_marketplaces
from simulator.amazon_sp.kiosk_schema import KioskSchema, days_between, wrong
from simulator.amazon_sp.sales_traffic_schema import ROOT, ROOT_TYPE, SCHEMA
from simulator.world import World
from simulator.world.events import TrafficBatch
from simulator.world.marketplaces import MARKETS, Market

ROLE = "brand_analytics"
_MOST_ASINS = 30
Period = list[date]
Row = dict[str, Any]


class SalesAndTraffic:
    """The root value of a query: each method resolves the field of its name."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._parents = {product.asin: product.parent_asin for product in world.products}

    def salesAndTrafficByDate(self, info: GraphQLResolveInfo, **arguments: Any) -> list[Row]:
        """One row per marketplace and period of which Amazon has published anything."""
        return [
            self._by_date(market, days)
            for market in self._markets(arguments["marketplaceIds"])
            for days in self._periods(market, arguments["aggregateBy"], arguments)
        ]

    def salesAndTrafficByAsin(self, info: GraphQLResolveInfo, **arguments: Any) -> list[Row]:
        """One row per product for the whole range, whatever its length."""
        level = arguments["aggregateBy"]
        return [
            row
            for market in self._markets(arguments["marketplaceIds"])
            if (days := self._published(market, _days(arguments)))
            for row in self._by_product(market, days, level)
        ]

    def salesAndTrafficTrends(self, info: GraphQLResolveInfo, **arguments: Any) -> list[Row]:
        """One row per period and child ASIN that has any data."""
        return [
            {**row, "asinAggregation": "CHILD"}
            for wanted in arguments["filters"]
            for market in self._markets([wanted["marketplaceId"]])
            for days in self._periods(market, arguments["dateAggregation"], arguments)
            for row in self._by_product(market, days, "CHILD")
            if row["childAsin"] in wanted["asins"]
        ]

    def _markets(self, marketplace_ids: list[str]) -> list[Market]:
        sold = {market.marketplace_id for market in self._world.markets}
        return [MARKETS[key] for key in dict.fromkeys(marketplace_ids) if key in sold]

    def _published(self, market: Market, days: Iterator[date]) -> Period:
        return [
            day
            for day in days
            if day >= self._world.opened and facts.is_published(self._world, market, day)
        ]

    def _periods(
        self, market: Market, granularity: str, arguments: dict[str, Any]
    ) -> Iterator[Period]:
        for whole in _whole_periods(granularity, list(_days(arguments))):
            if published := self._published(market, iter(whole)):
                yield published

    def _batches(self, market: Market, days: Period) -> list[TrafficBatch]:
        return [batch for day in days for batch in self._world.traffic(market, day)]

    def _entries(self, market: Market, days: Period) -> list[facts.Entry]:
        known = facts.entries(self._world)
        return [entry for day in days for entry in known.get((market.marketplace_id, day), ())]

    def _by_date(self, market: Market, days: Period) -> Row:
        sold = facts.sales(self._entries(market, days), market)
        seen = [batch for batch in self._batches(market, days) if batch.asin is None]
        return {
            **_keys(market, days),
            "sales": {**sold, **facts.claims(market, days)},
            "traffic": {
                **facts.traffic(seen, sold),
                **facts.offers(self._world, market),
                **facts.feedback(market, days),
            },
        }

    def _by_product(self, market: Market, days: Period, level: str) -> Iterator[Row]:
        sold: dict[tuple[str, str | None], list[facts.Entry]] = defaultdict(list)
        seen: dict[str, list[TrafficBatch]] = defaultdict(list)
        for entry in self._entries(market, days):
            asin = self._parents[entry.asin] if level == "PARENT" else entry.asin
            sold[asin, entry.seller_sku if level == "SKU" else None].append(entry)
        for batch in self._batches(market, days):
            if batch.asin is not None:
                seen[self._parents[batch.asin] if level == "PARENT" else batch.asin].append(batch)
        total = facts.visits(batch for batches in seen.values() for batch in batches)
        if level == "CHILD":
            # A parent with visits of its own is told as if it were a child.
            for parent, batches in self._parents_visits(market, days).items():
                seen.setdefault(parent, batches)
        keys = list(sold)
        if level != "SKU":  # which drops products that nobody ordered
            keys += [(asin, None) for asin in seen if (asin, None) not in sold]
        for asin, sku in keys:
            row = self._product(market, sold.get((asin, sku), []), seen[asin], total)
            parent = asin if level == "PARENT" else self._parents.get(asin, asin)
            child = {} if level == "PARENT" else {"childAsin": asin}
            yield {**_keys(market, days), "parentAsin": parent, **child, "sku": sku, **row}

    def _parents_visits(self, market: Market, days: Period) -> dict[str, list[TrafficBatch]]:
        """Visits to the pages of products of which only variations can be bought."""
        found: dict[str, list[TrafficBatch]] = defaultdict(list)
        families = set(self._parents.values())
        for batch in self._batches(market, days):
            if batch.asin in self._parents and batch.browser_sessions > 3:
                parent = self._parents[batch.asin]
                if parent in families:
                    found[parent].append(facts.glance(batch, parent))
        return found

    def _product(
        self,
        market: Market,
        entries: list[facts.Entry],
        batches: list[TrafficBatch],
        total: facts.Visits,
    ) -> Row:
        sold = facts.sales(entries, market)
        return {
            "sales": sold,
            "traffic": {
                **facts.traffic(batches, sold),
                **facts.shares(facts.visits(batches), total),
            },
        }


def check(field: str, arguments: dict[str, Any], today: date, region: str) -> None:
    """What Amazon refuses in a query although its schema allows it. Raises 400 or 403."""
    days_between(arguments, today)
    marketplaces = arguments.get("marketplaceIds", [])
    for wanted in arguments.get("filters", []):
        marketplaces = [*marketplaces, wanted["marketplaceId"]]
        if len(wanted["asins"]) > _MOST_ASINS:
            raise wrong(f"A filter takes at most {_MOST_ASINS} ASINs.")
    if arguments.get("asinAggregation", "CHILD") != "CHILD":
        raise wrong("asinAggregation supports CHILD only.")
    if not marketplaces:
        raise wrong(f"Query '{field}' names no marketplace.")
    check_marketplaces(marketplaces, region)


KIOSK = KioskSchema(ROOT, ROOT_TYPE, SCHEMA, ROLE, check, SalesAndTraffic)
"""What Data Kiosk answers of this schema."""


def _days(arguments: dict[str, Any]) -> Iterator[date]:
    start, end = (date.fromisoformat(arguments[name]) for name in ("startDate", "endDate"))
    return (start + timedelta(n) for n in range((end - start).days + 1))


def _whole_periods(granularity: str, days: list[date]) -> Iterator[Period]:
    """Single days, weeks from Sunday to Saturday or months; of the range's ends whole ones only."""
    if granularity == "DAY":
        yield from ([day] for day in days)
        return
    periods: dict[object, Period] = defaultdict(list)
    for day in days:
        is_week = granularity == "WEEK"
        key = day - timedelta((day.weekday() + 1) % 7) if is_week else (day.year, day.month)
        periods[key].append(day)
    for period in periods.values():
        following = period[-1] + timedelta(1)
        starts = period[0].weekday() == 6 if granularity == "WEEK" else period[0].day == 1
        ends = following.weekday() == 6 if granularity == "WEEK" else following.day == 1
        if starts and ends:
            yield period


def _keys(market: Market, days: Period) -> Row:
    return {
        "startDate": days[0].isoformat(),
        "endDate": days[-1].isoformat(),
        "marketplaceId": market.marketplace_id,
    }
