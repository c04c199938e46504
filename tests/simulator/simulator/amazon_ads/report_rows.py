"""Projects the world's ad events into the rows of a report."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from simulator.amazon_ads.report_columns import Row, Sale, value
from simulator.amazon_ads.report_requests import ReportRequest
from simulator.world import World
from simulator.world.ads import Touch
from simulator.world.ads.entities import Campaign
from simulator.world.ads.traffic import PLACEMENTS, Visits
from simulator.world.events import AdProduct, Order, OrderItem

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
    report = _Report(request, world.now)
    for campaign in world.ads.campaigns(request.profile):
        if campaign.ad_product is request.report_type.ad_product and not campaign.is_legacy:
            for day in report.days:
                for visits in world.ads.visits(campaign, day):
                    report.count(day, visits)
    for order in world.orders:
        if not (order.cancelled_at and order.cancelled_at <= world.now):
            for item in order.items:
                if isinstance(item.ad_touch, Touch):
                    report.credit(order, item, item.ad_touch)
    return report.told()


class _Report:
    """Adds events up under the keys that a request groups by."""

    def __init__(self, request: ReportRequest, now: datetime) -> None:
        self._request, self._now = request, now
        self._today = request.profile.day_of(now)
        oldest = self._today - timedelta(days=request.report_type.told_days)
        length = (request.end - request.start).days + 1
        days = (request.start + timedelta(days=n) for n in range(length))
        self.days = [day for day in days if day >= oldest]
        self._days = frozenset(self.days)
        self._rows: dict[Key, Row] = {}

    def count(self, day: date, visits: Visits) -> None:
        """Add visits that are known by now, less what has been found invalid by now."""
        if visits.reported_at > self._now:
            return
        is_reviewed = visits.reviewed_at <= self._now
        row = self._row(day, visits)
        shown = visits.impressions - (visits.invalid_impressions if is_reviewed else 0)
        clicks = visits.clicks - (visits.invalid_clicks if is_reviewed else 0)
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
            sale = Sale(
                after, item.principal, item.quantity, touch.kind == "click",
                touch.advertised_asin == item.asin, touch.new_to_brand,
            )  # fmt: skip
            self._row(day, touch.visits).sales.append(sale)

    def told(self) -> Iterator[dict[str, object]]:
        """The rows with any activity, as JSON objects, in the order of their days."""
        rows = sorted(self._rows.values(), key=lambda row: row.start)
        for row in rows:
            if row.has_activity and self._is_wanted(row):
                yield {column: value(column, row) for column in self._request.columns}

    def _is_wanted(self, row: Row) -> bool:
        # Business-only placements, the one filter that is no column, are not part of the story.
        return all(value(name, row) in values for name, values in self._request.filters)

    def _row(self, day: date, visits: Visits) -> Row:
        request, campaign = self._request, visits.campaign
        is_daily = request.time_unit == "DAILY"
        key = (day if is_daily else None, campaign.campaign_id, *self._parts(campaign, visits))
        if key not in self._rows:
            start, end = (day, day) if is_daily else (request.start, request.end)
            self._rows[key] = Row(
                campaign, visits.ad_group, visits.placement, visits.ad.asins[0], start, end,
                self._today,
            )  # fmt: skip
        return self._rows[key]

    def _parts(self, campaign: Campaign, visits: Visits) -> Iterator[object]:
        for grouping in self._request.group_by:
            match grouping:
                case "adGroup":
                    yield visits.ad_group.ad_group_id
                case "campaignPlacement":
                    yield visits.placement
                case "matchedTarget":
                    yield visits.ad.asins[0]
