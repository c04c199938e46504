"""Sales and traffic of each product and day, with as few queries as it takes.

Two queries tell a day of products: `salesAndTrafficByAsin` for one day, all products; and
`salesAndTrafficTrends` for any range, 30 products of each marketplace. Which ones there are is
asked first, and is what the answers are compared with afterwards: Amazon has lost single days, and
has had nothing by product while it had the account's totals.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from amazon_client.extraction import Account, Answer, Cadence, DayWindows, Delivery, Request, Window
from amazon_client.singer.report_runs import INCOMPLETE
from amazon_client.singer.schema import boolean, day, decimals, integers, moneys, text, texts
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.accounts import Seller
from tap_amazon_sp.asin_answers import Told, digest, rows_of
from tap_amazon_sp.asin_queries import (
    ACTIVE,
    ACTIVE_FIELDS,
    ROWS,
    TOTALS,
    by_asin,
    by_date,
    per_day,
    trends,
)
from tap_amazon_sp.datasets import KioskQuery
from tap_amazon_sp.provisional import is_provisional
from tap_amazon_sp.streams.sales_traffic import with_b2b

logger = logging.getLogger(__name__)

LAGGING = timedelta(days=3)
"""Days that Amazon may not have by product yet, counted back from a window's last one."""
MOST_ASKED_AGAIN = 14
"""How many missing days of a window are asked for once more, the newest first."""

BY_ASIN = (
    day("startDate", "date"),
    texts("marketplaceId", "parentAsin"),
    text("childAsin"),
    moneys(*with_b2b("sales", "orderedProductSales", "shippedProductSales")),
    integers(
        *with_b2b(
            "sales",
            "unitsOrdered",
            "totalOrderItems",
            "unitsRefunded",
            "unitsShipped",
            "ordersShipped",
        )
    ),
    decimals(*with_b2b("sales", "refundRate")),
    integers(
        *with_b2b(
            "traffic",
            "browserPageViews",
            "mobileAppPageViews",
            "pageViews",
            "browserSessions",
            "mobileAppSessions",
            "sessions",
        )
    ),
    decimals(
        *with_b2b(
            "traffic",
            "browserPageViewsPercentage",
            "mobileAppPageViewsPercentage",
            "pageViewsPercentage",
            "browserSessionPercentage",
            "mobileAppSessionPercentage",
            "sessionPercentage",
            "buyBoxPercentage",
            "unitSessionPercentage",
        )
    ),
)


def _first(account: Account, window: Window) -> Mapping[str, Any]:
    """What to ask first: which products there are, or at once the only day."""
    if window.start == window.end:
        return by_asin(ROWS, account.marketplace_ids, window, BY_ASIN)
    return by_asin(ACTIVE, account.marketplace_ids, window, ACTIVE_FIELDS)


def _next(request: Request, answers: Sequence[Answer]) -> Sequence[Mapping[str, Any]]:
    """What to ask after some answers: the rows; once more what is missing; then nothing."""
    told = digest(answers)
    asked = [answer.body["asks"] for answer in answers]
    if asked == [ACTIVE]:
        if told.active:
            return _cheapest(request, told)
        return [by_date(request.account.marketplace_ids, request.window)]
    if asked == [ROWS] and not told.days:
        return [by_date(request.account.marketplace_ids, request.window)]
    if asked.count(ACTIVE) + asked.count(TOTALS) and not told.asked_again:
        return _again(request, told)
    return ()


def _cheapest(request: Request, told: Told) -> Sequence[Mapping[str, Any]]:
    """The rows of the window: trends of the products, or all products day by day."""
    account, window = request.account, request.window
    products = {place: list(asins) for place, asins in told.active.items()}
    packs = isinstance(account, Seller) and account.packs_filters
    by_product = trends(products, window, BY_ASIN, packs=packs)
    by_day = per_day(account.marketplace_ids, days_of(window), BY_ASIN)
    chosen, kind = (by_product, "Trends") if len(by_product) <= len(by_day) else (by_day, "ByAsin")
    logger.info(
        "%s (%s) %s: %d products in %d marketplaces; %d queries of trends or %d by day: %s it is",
        request.dataset.name,
        account,
        window,
        sum(map(len, told.active.values())),
        len(told.active),
        len(by_product),
        len(by_day),
        kind,
    )
    return chosen


def _again(request: Request, told: Told) -> Sequence[Mapping[str, Any]]:
    """Once more what should be there and is not: single days, and single products."""
    missing = told.doubtful_days(_settled(request.window))
    days = sorted({day for days in missing.values() for day in days}, reverse=True)
    bodies = [
        by_asin(
            ROWS,
            [place for place in sorted(missing) if day in missing[place]],
            Window(day, day),
            BY_ASIN,
            again=True,
        )
        for day in days[:MOST_ASKED_AGAIN]
    ]
    lost = told.lost_products()
    if lost:
        bodies += trends(lost, request.window, BY_ASIN, again=True)
    if bodies:
        logger.warning(
            "%s (%s): nothing by product for %d days and %d products that have data: asked again",
            request.dataset.name,
            request.account,
            len(days),
            sum(map(len, lost.values())),
        )
    return bodies


def _settled(window: Window) -> set[date]:
    """The days of a window that Amazon should have by now."""
    days = days_of(window)
    return {day for day in days if len(days) == 1 or day <= days[0] - LAGGING}


def days_of(window: Window) -> list[date]:
    """The days of a window, newest first."""
    first, last = window.start, window.end
    assert not isinstance(first, datetime)
    assert not isinstance(last, datetime)
    return [last - timedelta(days=n) for n in range((last - first).days + 1)]


class SalesTrafficByAsin(AmazonStream):
    """One row per marketplace, day and child ASIN with any data; no row is not zero.

    Parents appear as children of their own (`is_parent`): adding them up counts visits twice.
    """

    name = "sales_traffic_by_asin"
    keys = ("marketplace_id", "date", "child_asin")
    replication_key = "date"
    columns = (BY_ASIN, boolean("isParent"), boolean("isProvisional"))
    dataset = KioskQuery(
        name="sales_traffic_by_asin",
        report_type="salesAndTrafficTrends",
        role="Brand Analytics",
        day_basis="marketplace",
        windows=DayWindows(
            lookback={Cadence.FIRST_SYNC: 60, Cadence.DAILY: 14, Cadence.WEEKLY: 60},
            # A long history comes in pieces, the newest first.
            max_days=60,
            retention_days=730,
            settled_days=3,
        ),
        body=_first,
        follow_ups=_next,
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield each product's day once, parents marked."""
        parents = digest(delivery.answers).parents
        seen: set[tuple[str, str, str]] = set()
        today = self._tap.clock.now().date()
        for row in rows_of(delivery.answers):
            child = row.get("childAsin") or row["parentAsin"]
            key = (row["marketplaceId"], row["startDate"], child)
            if key not in seen:
                seen.add(key)
                flags = {
                    "childAsin": child,
                    "isParent": child in parents,
                    "isProvisional": is_provisional(row, today),
                }
                yield {**row, **flags}

    def verdict(self, delivery: Delivery, row_count: int) -> str:
        """Call it incomplete when days or products with data are still missing."""
        told = digest(delivery.answers)
        missing = told.missing_days(_settled(delivery.request.window))
        lost = told.lost_products()
        if not missing and not lost:
            return "done" if row_count else "no_data"
        logger.warning(
            "%s (%s) %s: Amazon has data of the account but nothing by product for %s: the window "
            "is marked incomplete and is read again by the next run",
            self.name,
            delivery.request.account,
            delivery.request.window,
            ", ".join(sorted({str(day) for days in missing.values() for day in days}))
            or f"{sum(map(len, lost.values()))} products",
        )
        return INCOMPLETE
