"""Sales and traffic (Data Kiosk, schema analytics_salesAndTraffic_2024_04_24).

Days are those of the marketplace. Values are restated for a week or two, traffic of the last days
may still be zero: the last 14 days are read again each morning, 60 each week.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Account, Cadence, DayWindows, Delivery, Window
from amazon_client.singer.schema import boolean, day, decimals, integers, moneys, text
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.data_kiosk import DateGranularity, marketplaces_argument, query_text
from tap_amazon_sp.datasets import KioskQuery
from tap_amazon_sp.provisional import is_provisional

SCHEMA = "analytics_salesAndTraffic_2024_04_24"


def with_b2b(part: str, *fields: str) -> tuple[str, ...]:
    """Paths of fields below `part`, each followed by its twin for Amazon Business customers."""
    return tuple(f"{part}.{field}{twin}" for field in fields for twin in ("", "B2B"))


BY_DATE = (
    day("startDate", "date"),
    text("marketplaceId"),
    moneys(
        *with_b2b(
            "sales",
            "orderedProductSales",
            "averageSalesPerOrderItem",
            "averageSellingPrice",
            "claimsAmount",
            "shippedProductSales",
        )
    ),
    integers(
        *with_b2b(
            "sales",
            "unitsOrdered",
            "totalOrderItems",
            "unitsRefunded",
            "claimsGranted",
            "unitsShipped",
            "ordersShipped",
        )
    ),
    decimals(*with_b2b("sales", "averageUnitsPerOrderItem", "refundRate")),
    integers(
        *with_b2b(
            "traffic",
            "browserPageViews",
            "mobileAppPageViews",
            "pageViews",
            "browserSessions",
            "mobileAppSessions",
            "sessions",
            "feedbackReceived",
            "negativeFeedbackReceived",
        )
    ),
    integers("traffic.averageOfferCount", "traffic.averageParentItems"),
    decimals(
        *with_b2b(
            "traffic",
            "buyBoxPercentage",
            "orderItemSessionPercentage",
            "unitSessionPercentage",
            "receivedNegativeFeedbackRate",
        )
    ),
)


def _by_date(account: Account, window: Window) -> Mapping[str, Any]:
    arguments = {
        "aggregateBy": DateGranularity.DAY,
        "startDate": str(window.start),
        "endDate": str(window.end),
        "marketplaceIds": marketplaces_argument(account.marketplace_ids),
    }
    return {"query": query_text(SCHEMA, "salesAndTrafficByDate", arguments, BY_DATE)}


class SalesTrafficByDate(AmazonStream):
    """One row per marketplace and day: the account's totals, which no sum of ASINs gives."""

    name = "sales_traffic_by_date"
    keys = ("marketplace_id", "date")
    replication_key = "date"
    columns = (BY_DATE, boolean("isProvisional"))
    dataset = KioskQuery(
        name="sales_traffic_by_date",
        report_type="salesAndTrafficByDate",
        role="Brand Analytics",
        day_basis="marketplace",
        windows=DayWindows(
            lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 14, Cadence.WEEKLY: 60},
            # One query takes any range; a year keeps a long history in readable pieces.
            max_days=366,
            retention_days=730,
            # It takes up to 72 hours until a day is there at all.
            settled_days=3,
        ),
        body=_by_date,
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the days, those marked that are not to be relied on yet."""
        today = self._tap.clock.now().date()
        for row in super().rows(delivery):
            yield {**row, "isProvisional": is_provisional(row, today)}
