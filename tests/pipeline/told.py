"""What two stores can be compared by that began to read on different days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.world.ads.profiles import BY_ID
from simulator.world.marketplaces import MARKETS

if TYPE_CHECKING:
    from pipeline import Contents, Row

    from simulator.world import World

ABOUT_RUNS = {
    "marts.rpt_connection_status",
    "marts.rpt_data_freshness",
    "staging.stg_amazon_sp__report_runs",
    "staging.stg_amazon_sp__report_days",
    "staging.stg_amazon_ads__report_runs",
    "staging.stg_amazon_ads__report_days",
}
"""Relations that tell when something was asked for: every run adds to them."""
OF_FINANCE = re.compile(r"finan|settlement|margins|economics_cross")
"""Relations of the ledger. A store that began to read earlier tells it from earlier on, so they are
compared apart, as far as both tell the same money."""
SINCE_FIRST_SEEN = {
    "restated_delta",
    "restated_delta_units",
    "restated_delta_sessions",
    "first_seen_at",
}
"""Columns that are measured from the first value that a store has seen."""
OF_ONE_READING = {
    "orders": {"source", "grand_total_amount"},
    "order_items": {"source", "order_item_id", "quantity_fulfilled"},
    "fct_order_items": {"order_item_id"},
    "rpt_campaigns_amazon": {"state"},
    "rpt_inventory": {"snapshot_date"},  # the shop tells what changed since
}
"""What depends on when the store was read: what only the search tells of an order, or the report
(which of both tells of the newest version); what a campaign was like on an older day."""
FIRST_DAYS = 59
"""Days before today that a first sync reads."""
FIRST_DAYS_BY_HOUR = 29
"""The same, of orders by the hour."""
OF_ORDERS = {"order_items": "staging.stg_amazon_sp__orders", "fct_order_items": "marts.fct_orders"}
"""Lines, whose days are those of their orders."""
TRANSACTIONS = "staging.stg_shopify__transactions"
STOCK = {"fba_inventory", "fct_inventory_daily"}
HISTORY = {
    "marts.dim_campaigns",
    "marts.rpt_product_coverage",  # of 60 days by UTC, which begin before a zone ahead is told
    "staging.stg_reference__ecb_exchange_rates",
}
"""What was so at which time: no fresh load can know it. And the rates, which are of no store."""


def is_comparable(name: str) -> bool:
    """Whether a relation tells the same in both stores."""
    return not (name in ABOUT_RUNS | HISTORY or OF_FINANCE.search(name))


@dataclass(frozen=True)
class Told:
    """What a first sync is told at a world's present, by what it then holds."""

    world: World
    fresh: Contents

    def of(self, name: str, contents: Contents) -> list[Row]:
        """The rows of a relation of which a first sync is told, without what depends on others."""
        kind = re.split(r"__|\.", name)[-1]
        found = [row for row in contents[name] if self._is_told(name, row)]
        if kind in OF_ORDERS:
            known = {row["order_id"] for row in self.of(OF_ORDERS[kind], contents)}
            found = [row for row in found if row["order_id"] in known]
        if kind in STOCK:  # has no history to be read: of each place the newest day
            last: dict[str, date] = {}
            for row in found:
                last[place_of(row)] = max(last.get(place_of(row), date.min), day_of(row))
            found = [row for row in found if day_of(row) == last[place_of(row)]]
        left_out = SINCE_FIRST_SEEN | OF_ONE_READING.get(kind, set())
        return [{name: row[name] for name in row if name not in left_out} for row in found]

    @cached_property
    def _shop_orders(self) -> set[str]:
        """What changed in the shop since the first day: it tells orders by their last change."""
        return {row["order_id"] for row in self.fresh["staging.stg_shopify__orders"]}

    @cached_property
    def _first_shop_day(self) -> date:
        """The first day of which all orders of the shop are told: those before changed since."""
        return self.world.now.date() - timedelta(days=FIRST_DAYS)

    @cached_property
    def _first_payment(self) -> datetime:
        """It tells transactions by the instant at which they were made."""
        return min(row["processed_at"] for row in self.fresh[TRANSACTIONS])

    @cached_property
    def _first_reimbursement(self) -> datetime:
        reimbursements = self.fresh["staging.stg_amazon_sp__fba_reimbursements"]
        return min(row["approval_date"] for row in reimbursements)

    def _is_told(self, name: str, row: Row) -> bool:
        channel = row.get("channel") or ("shopify" if "shopify" in name else "amazon")
        if "order_id" in row and channel == "shopify":
            if name == TRANSACTIONS:
                return bool(row["processed_at"] >= self._first_payment)
            return row["order_id"] in self._shop_orders
        if "approval_date" in row:
            return bool(row["approval_date"] >= self._first_reimbursement)
        if row.get("check_name") == "sales_traffic_against_orders":
            return False  # its period is all that was read
        if since := row.get("period_start") or row.get("month"):
            return bool((self.world.now.date() - since).days <= FIRST_DAYS)
        if "date" not in row:
            return True
        if row.get("storefront") == "shopify":
            return bool(row["date"] >= self._first_shop_day)
        profile = BY_ID.get(row.get("profile_id", ""))
        place = profile or MARKETS.get(row.get("marketplace_id") or row.get("storefront") or "")
        if place is None:  # a pool's day
            return True
        of_hours = (
            name.endswith("order_metrics_hourly") or row.get("sales_source") == "order_metrics"
        )
        days = FIRST_DAYS_BY_HOUR if of_hours else FIRST_DAYS
        return bool((place.day_of(self.world.now) - row["date"]).days <= days)


def place_of(row: Row) -> str:
    place: str = row.get("inventory_pool") or row["marketplace_id"]
    return place


def day_of(row: Row) -> date:
    day: date = row.get("snapshot_date") or row["date"]
    return day
