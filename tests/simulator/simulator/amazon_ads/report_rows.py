"""Projects the world's ad events into the rows of a report."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from simulator.amazon_ads.report_columns import value
from simulator.amazon_ads.report_grains import Event, Grain
from simulator.amazon_ads.report_requests import ReportRequest
from simulator.amazon_ads.report_row import Row, Sale
from simulator.world import World
from simulator.world.ads import Touch
from simulator.world.ads.traffic import PLACEMENTS, Visits
from simulator.world.events import AdProduct, Order, OrderItem, Product

_WINDOW = {
    AdProduct.SPONSORED_PRODUCTS: timedelta(days=30),
    AdProduct.SPONSORED_BRANDS: timedelta(days=14),
    AdProduct.SPONSORED_DISPLAY: timedelta(days=14),
}
"""The longest window that each ad product reports; later sales are nobody's."""
Key = tuple[object, ...]


def document(world: World, request: ReportRequest, is_empty: bool = False) -> bytes:
    """The report as Amazon stores it: a JSON array, gzipped."""
    rows = [] if is_empty else list(_rows(world, request))
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=1, mtime=0)


def _rows(world: World, request: ReportRequest) -> Iterator[dict[str, object]]:
    report = _Report(request, world.now, {product.asin: product for product in world.products})
    if not report.is_of_sales:
        for campaign in world.ads.campaigns(request.profile):
            if campaign.ad_product is request.report_type.ad_product and not campaign.is_legacy:
                for visits in (v for day in report.days for v in world.ads.visits(campaign, day)):
                    report.count(visits)
    for order in world.orders:
        if not (order.cancelled_at and order.cancelled_at <= world.now):
            for item in order.items:
                if isinstance(item.ad_touch, Touch):
                    report.credit(order, item, item.ad_touch)
    return report.told()


class _Report:
    """Adds events up under the keys that a request groups by."""

    def __init__(self, request: ReportRequest, now: datetime, products: dict[str, Product]) -> None:
        self._request, self._now, self._products = request, now, products
        self._today = request.profile.day_of(now)
        self._grains: list[Grain] = [
            request.report_type.group_by[grouping].grain for grouping in request.group_by
        ]
        oldest = self._today - timedelta(days=request.report_type.told_days)
        length = (request.end - request.start).days + 1
        days = (request.start + timedelta(days=n) for n in range(length))
        self.days = [day for day in days if day >= oldest]
        self._days = frozenset(self.days)
        self._rows: dict[Key, Row] = {}

    @property
    def is_of_sales(self) -> bool:
        """Whether visits count for nothing."""
        return any(grain.is_of_sales for grain in self._grains)

    def count(self, visits: Visits) -> None:
        """Add visits that are known by now, less what has been found invalid by now."""
        if visits.reported_at > self._now:
            return
        row = self._row(Event(visits))
        if row is None:
            return
        is_reviewed = visits.reviewed_at <= self._now
        shown = visits.impressions - (visits.invalid_impressions if is_reviewed else 0)
        clicks = visits.clicks - (visits.invalid_clicks if is_reviewed else 0)
        row.gross_impressions += visits.impressions
        row.gross_clicks += visits.clicks
        row.impressions += shown
        row.viewable += min(shown, visits.viewable_impressions)
        row.top_of_search += shown if visits.placement == PLACEMENTS[0] else 0
        row.clicks += clicks
        row.cost += clicks * visits.click_price + visits.view_cost
        row.detail_page_views += visits.detail_page_views
        row.branded_searches += visits.branded_searches

    def credit(self, order: Order, item: OrderItem, touch: Touch) -> None:
        """Add a sale on the day of its click or view, if reports know it and a window holds it."""
        campaign, profile = touch.visits.campaign, self._request.profile
        if campaign.profile is not profile or touch.reported_at > self._now:
            return
        product, day = self._request.report_type.ad_product, profile.day_of(touch.at)
        after = order.placed_at - touch.at
        if campaign.ad_product is product and day in self._days and after <= _WINDOW[product]:
            row = self._row(Event(touch.visits, touch, item))
            if row is not None:
                sale = Sale(
                    after, item.principal, item.quantity, touch.kind == "click",
                    touch.advertised_asin == item.asin, touch.new_to_brand,
                )  # fmt: skip
                row.sales.append(sale)

    def told(self) -> Iterator[dict[str, object]]:
        """The rows that are shown, as JSON objects, in the order of their days."""
        rows = sorted(self._rows.values(), key=lambda row: row.start)
        for row in rows:
            if all(grain.shows(row) for grain in self._grains) and self._is_wanted(row):
                yield {column: value(column, row) for column in self._request.columns}

    def _is_wanted(self, row: Row) -> bool:
        # Business-only placements, the one filter that is no column, are not part of the story.
        return all(value(name, row) in values for name, values in self._request.filters)

    def _row(self, event: Event) -> Row | None:
        """The row that an event counts towards, None where the report leaves it out."""
        if not all(grain.holds(event) for grain in self._grains):
            return None
        request, campaign = self._request, event.visits.campaign
        day = campaign.profile.day_of(event.visits.at)
        is_daily = request.time_unit == "DAILY"
        key = (
            day if is_daily else None,
            campaign.campaign_id,
            *(grain.key(event) for grain in self._grains),
        )
        if key not in self._rows:
            start, end = (day, day) if is_daily else (request.start, request.end)
            self._rows[key] = Row(
                event.visits,
                start=start,
                end=end,
                today=self._today,
                is_allocated=event.target_id is not None,
                is_by_ad=Grain.AD in self._grains,
                bought=self._products.get(event.item.asin) if event.item else None,
                is_other_product=event.is_other_product,
            )
        return self._rows[key]
