"""Sales API v1, getOrderMetrics: orders, units and sales of each hour, the quickest word of a day.

It counts by the marketplace's clock and disagrees with sales and traffic in cancellations and
business orders: it is for days of which that says nothing yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from amazon_client.extraction import Cadence, DayWindows, Delivery, Page, Request
from amazon_client.operations import Operation
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import day, integers, money, stamp, text, timestamp
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.accounts import marketplace_of
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.datasets import SellerSearch

GET_METRICS = Operation("getOrderMetrics", "GET", "/sales/v1/orderMetrics", rate=0.5, burst=15)
_KEPT = timedelta(days=30)
"""For so long Amazon answers by the hour."""
_MONEY = ("averageUnitPrice", "totalSales")


def _metrics(partner: SellingPartner, request: Request) -> Iterator[Page]:
    place, window = marketplace_of(request.account), request.window
    assert isinstance(window.start, date)
    assert isinstance(window.end, date)
    start, end = (
        datetime.combine(day_, time(), place.zone)
        for day_ in (window.start, window.end + timedelta(days=1))
    )
    # By the end of a day, more so when the clocks went back, its oldest hours are out of reach.
    oldest = (partner.clock.now() - _KEPT).astimezone(place.zone).replace(minute=0, second=0)
    start = max(start, oldest.replace(microsecond=0) + timedelta(hours=1))
    # Both ends with the offset that the marketplace's clock has there.
    ends = (start.isoformat(), end.isoformat())
    query = {
        "marketplaceIds": [place.marketplace_id],
        "interval": "--".join(ends),
        "granularity": "Hour",
        "granularityTimeZone": place.time_zone,
    }
    yield Page(partner.http.call(GET_METRICS, query=query).data["payload"])


class OrderMetricsHourly(AmazonStream):
    """One row per marketplace and hour, hours without orders included."""

    name = "order_metrics_hourly"
    keys = ("marketplace_id", "hour")
    replication_key = "hour"
    dataset = SellerSearch(
        name="order_metrics_hourly",
        report_type="getOrderMetrics",
        role="Pricing",
        day_basis="marketplace",
        by_marketplace=True,
        windows=DayWindows(
            lookback={
                Cadence.FIRST_SYNC: 30,
                Cadence.HOURLY: 2,
                Cadence.DAILY: 3,
                Cadence.WEEKLY: 30,
            },
            retention_days=_KEPT.days,
        ),
        fetch=_metrics,
    )
    columns = (
        stamp("marketplace_id"),
        timestamp("hour", description="When it begins"),
        day("date", description="Of the marketplace's clock"),
        text("interval"),
        integers("unitCount", "orderItemCount", "orderCount"),
        money("averageUnitPrice"),
        money("totalSales"),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return the marketplace that was asked about: the rows do not say it."""
        return {"marketplace_id": marketplace_of(delivery.request.account).marketplace_id}

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the hours that have begun, with their beginning; an empty amount is no amount."""
        now = self._tap.clock.now()
        for row in super().rows(delivery):
            begins = datetime.fromisoformat(row["interval"].partition("--")[0])
            if begins > now:
                continue
            amounts = {name: _amount(row.get(name)) for name in _MONEY}
            yield {
                **row,
                **amounts,
                "hour": utc_timestamp(begins),
                "date": begins.date().isoformat(),
            }


def _amount(money_: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """A money object whose amount is a number: Amazon has sent numbers, texts and `{}`."""
    told = money_ or {}
    amount = told.get("amount")
    return {**told, "amount": None if isinstance(amount, dict) else amount}
