"""The queries by product and day of Data Kiosk, and how many of them a window takes.

A body says beside its query what it `asks`: which products are ACTIVE, the ROWS of a window, or the
account's TOTALS by day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any

from amazon_client.extraction import Window
from amazon_client.singer.schema import Columns, integers, texts
from tap_amazon_sp.data_kiosk import (
    MAX_QUERY_LENGTH,
    DateGranularity,
    Name,
    marketplaces_argument,
    query_text,
)

SCHEMA = "analytics_salesAndTraffic_2024_04_24"
ACTIVE, ROWS, TOTALS = "active", "rows", "totals"
MOST_ASINS = 30
"""Products that one filter of trends takes."""
ACTIVE_FIELDS: Columns = (
    texts("startDate", "marketplaceId", "parentAsin", "childAsin"),
    integers("sales.unitsOrdered", "traffic.pageViews"),
)
TOTAL_FIELDS: Columns = (
    texts("startDate", "marketplaceId"),
    integers("sales.unitsOrdered", "traffic.pageViews"),
)
Body = dict[str, Any]
Filter = Mapping[str, Any]


def by_asin(
    asks: str,
    marketplace_ids: Iterable[str] | None,
    window: Window,
    fields: Columns,
    *,
    again: bool = False,
) -> Body:
    """Ask for all products of a window, each with one row for the whole of it."""
    arguments = {
        "aggregateBy": Name.CHILD,
        "startDate": str(window.start),
        "endDate": str(window.end),
        "marketplaceIds": marketplaces_argument(marketplace_ids),
    }
    text = query_text(SCHEMA, "salesAndTrafficByAsin", arguments, fields)
    return {"asks": asks, "query": text, "again": again}


def by_date(marketplace_ids: Iterable[str] | None, window: Window) -> Body:
    """Ask for the account's totals by day, with which to tell an empty answer from a wrong one."""
    arguments = {
        "aggregateBy": DateGranularity.DAY,
        "startDate": str(window.start),
        "endDate": str(window.end),
        "marketplaceIds": marketplaces_argument(marketplace_ids),
    }
    text = query_text(SCHEMA, "salesAndTrafficByDate", arguments, TOTAL_FIELDS)
    return {"asks": TOTALS, "query": text, "again": False}


def per_day(
    marketplace_ids: Iterable[str] | None, days: Iterable[date], fields: Columns
) -> list[Body]:
    """Ask for all products of each day, in the days' order."""
    return [by_asin(ROWS, marketplace_ids, Window(day, day), fields) for day in days]


def trends(
    products: Mapping[str, Sequence[str]],
    window: Window,
    fields: Columns,
    *,
    packs: bool = False,
    again: bool = False,
) -> list[Body]:
    """Ask for products by day: each query as full of filters as Amazon takes.

    Args:
        products: ASINs by marketplace.
        window: the days.
        fields: what to select.
        packs: whether a query may name a marketplace in several filters.
        again: whether they have been asked for before.
    """
    bodies: list[Body] = []
    open_filters: list[list[Filter]] = []
    for marketplace_id, asins in sorted(products.items()):
        # The fullest queries of the marketplaces before come first.
        for each in _filters(marketplace_id, sorted(asins)):
            for filters in open_filters:
                named = {one["marketplaceId"] for one in filters}
                fits = packs or marketplace_id not in named
                if fits and _length(window, fields, [*filters, each]) <= MAX_QUERY_LENGTH:
                    filters.append(each)
                    break
            else:
                open_filters.append([each])
    for filters in open_filters:
        text = _trends(window, fields, filters)
        bodies.append({"asks": ROWS, "query": text, "again": again})
    return bodies


def _filters(marketplace_id: str, asins: Sequence[str]) -> Iterable[Filter]:
    rest = iter(asins)
    while part := list(islice(rest, MOST_ASINS)):
        yield {"marketplaceId": marketplace_id, "asins": part}


def _trends(window: Window, fields: Columns, filters: Sequence[Filter]) -> str:
    arguments = {
        "asinAggregation": Name.CHILD,
        "dateAggregation": DateGranularity.DAY,
        "startDate": str(window.start),
        "endDate": str(window.end),
        "filters": list(filters),
    }
    return query_text(SCHEMA, "salesAndTrafficTrends", arguments, fields)


def _length(window: Window, fields: Columns, filters: Sequence[Filter]) -> int:
    try:
        return len("".join(_trends(window, fields, filters).split()))
    except ValueError:
        return MAX_QUERY_LENGTH + 1
