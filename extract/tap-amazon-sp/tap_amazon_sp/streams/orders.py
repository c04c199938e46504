"""Orders API 2026-01-01: orders and their lines by time of update, the hot window of the day.

searchOrders allows 20 calls at once and then one in three minutes, 100 orders each: history and
long gaps are the order report's work (`orders_bulk`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from amazon_client.errors import InvalidRequest
from amazon_client.extraction import Delivery, Page, Planning, Request
from amazon_client.operations import Operation
from amazon_client.singer.schema import (
    decimal,
    integer,
    integers,
    json_,
    leftovers,
    money,
    text,
    texts,
    timestamp,
)
from tap_amazon_sp import personal
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.columns import list_
from tap_amazon_sp.datasets import SellerSearch
from tap_amazon_sp.settings import API
from tap_amazon_sp.streams import orders_bulk
from tap_amazon_sp.streams.orders_source import OrdersSource, OrderWindows, has_report

logger = logging.getLogger(__name__)

SEARCH_ORDERS = Operation("searchOrders", "GET", "/orders/2026-01-01/orders", rate=0.0056, burst=20)
PAGE_SIZE = 100
INCLUDED_DATA = ("FULFILLMENT", "EXPENSE", "CANCELLATION", "PROMOTION", "PROCEEDS")
"""The datasets asked for beside the order itself, the one that Amazon has refused before first.
None of them has personal data: TAX and PAYMENT are never asked for."""
PERSONAL_DATA = ("BUYER", "RECIPIENT")
"""Asked for as well where the user wants personal data."""


@dataclass(frozen=True, kw_only=True)
class HotWindow(OrderWindows):
    """From the bookmark to now; where the order report reads the past in the same run, or there is
    no bookmark yet but there will be a report, from a day ago at the earliest."""

    hot: timedelta = timedelta(hours=24)

    def begin(self, planning: Planning) -> datetime | None:
        """Return from when on to read."""
        begin = super().begin(planning)
        bulk = orders_bulk.OrdersBulk.name in planning.selected and has_report(planning.account)
        covered = bulk and planning.cadence in orders_bulk.WINDOWS.cadences
        if begin and bulk and (covered or not planning.bookmark):
            return max(begin, planning.now.replace(microsecond=0) - self.hot)
        return begin


def _search(partner: SellingPartner, request: Request) -> Iterator[Page]:
    window = {
        "lastUpdatedAfter": request.window.start,
        "lastUpdatedBefore": request.window.end,
        "marketplaceIds": request.account.marketplace_ids or None,
        "maxResultsPerPage": PAGE_SIZE,
    }
    with partner.finding_refused_data:
        query, answer = _first_page(partner, window)
    while True:
        yield Page(answer["orders"], datetime.fromisoformat(answer["lastUpdatedBefore"]))
        token = (answer.get("pagination") or {}).get("nextToken")
        if not token:
            return
        answer = _ask(partner, {**query, "paginationToken": token})


def _first_page(
    partner: SellingPartner, window: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The query that Amazon takes for the window, and its first page.

    Amazon at times refuses one optional dataset in one region, for hours, without naming it. When
    the bare order is not refused, a dataset is at fault: it is found by leaving out one after the
    other, and is not asked for in the rest of the run.
    """

    def ask(included: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
        query = {**window, "includedData": list(included) or None}
        return query, _ask(partner, query)

    included = (*INCLUDED_DATA, *PERSONAL_DATA) if partner.personal_data else INCLUDED_DATA
    wanted = [name for name in included if name not in partner.refused_data]
    try:
        return ask(wanted)
    except InvalidRequest as refusal:
        if not wanted:
            raise
        found = ask(())  # Refused as well: the fault is elsewhere, and that refusal says so.
        missing = wanted
        for suspect in wanted if len(wanted) > 1 else ():
            try:
                found = ask([name for name in wanted if name != suspect])
            except InvalidRequest:
                continue
            missing = [suspect]
            break
        partner.refused_data.update(missing)
        logger.warning(
            "searchOrders refuses %s in this region at present (%s): orders are read without it, "
            "its columns stay empty",
            ", ".join(missing),
            refusal.facts,
        )
        return found


def _ask(partner: SellingPartner, query: Mapping[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = partner.http.call(SEARCH_ORDERS, query=query).data
    return answer


ORDERS = SellerSearch(
    name="orders",
    report_type="searchOrders",
    role="Inventory and Order Tracking",
    windows=HotWindow(
        overlap=timedelta(minutes=5),
        # A window that was read whole is not read again when a later one fails.
        max_span=timedelta(days=7),
    ),
    fetch=_search,
)


def _once(orders: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Each version of an order once: pages may repeat one, or tell the rest of its lines."""
    seen: set[tuple[str, str]] = set()
    for order in orders:
        version = (order["orderId"], order["lastUpdatedTime"])
        if version not in seen:
            seen.add(version)
            yield order


def lines(
    orders: Iterable[Mapping[str, Any]],
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """What each order tells its lines, and those of its lines that have not been told before."""
    seen: set[tuple[str, str, str]] = set()
    for order in orders:
        told = {
            "orderId": order["orderId"],
            "lastUpdatedTime": order["lastUpdatedTime"],
            "salesChannel": {"marketplaceId": order["salesChannel"].get("marketplaceId")},
        }
        fresh = []
        for item in order["orderItems"]:
            line = (order["orderId"], order["lastUpdatedTime"], item["orderItemId"])
            if line not in seen:
                seen.add(line)
                fresh.append(item)
        yield told, fresh


class Orders(OrdersSource):
    """Orders as searchOrders tells them, without buyer and address."""

    name = "orders"
    source = API
    dataset = ORDERS
    keys = ("order_id",)
    replication_key = "last_updated_time"
    columns = (
        text("orderId"),
        timestamp("createdTime"),
        timestamp("lastUpdatedTime"),
        # NON_AMAZON: multi-channel fulfilment, an order of another shop.
        texts(
            "salesChannel.channelName",
            "salesChannel.marketplaceId",
            "salesChannel.marketplaceName",
            "fulfillment.fulfillmentStatus",
            "fulfillment.fulfilledBy",
            "fulfillment.fulfillmentServiceLevel",
        ),
        timestamp("fulfillment.shipByWindow.earliestDateTime", "ship_by_earliest"),
        timestamp("fulfillment.shipByWindow.latestDateTime", "ship_by_latest"),
        timestamp("fulfillment.deliverByWindow.earliestDateTime", "deliver_by_earliest"),
        timestamp("fulfillment.deliverByWindow.latestDateTime", "deliver_by_latest"),
        timestamp("fulfillment.labelPrintingWindow.earliestDateTime", "label_printing_earliest"),
        timestamp("fulfillment.labelPrintingWindow.latestDateTime", "label_printing_latest"),
        money("proceeds.grandTotal"),
        list_("proceeds.breakdowns", "proceeds_breakdowns"),
        list_("programs"),
        list_("associatedOrders"),
        list_("orderAliases"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the orders without their lines, which are a stream of their own."""
        for order in _once(super().rows(delivery)):
            row = {name: value for name, value in order.items() if name != "orderItems"}
            personal.drop(row, personal.ORDER)
            yield row


class OrderItems(OrdersSource):
    """The lines of the same orders."""

    name = "order_items"
    source = API
    dataset = ORDERS
    keys = ("order_id", "order_item_id")
    replication_key = "last_updated_time"
    columns = (
        text("order.orderId"),
        text("orderItemId"),
        timestamp("order.lastUpdatedTime"),
        texts(
            "order.salesChannel.marketplaceId",
            "product.asin",
            "product.sellerSku",
            "product.title",
        ),
        integers(
            "quantityOrdered", "fulfillment.quantityFulfilled", "fulfillment.quantityUnfulfilled"
        ),
        text("measurement.unit", "measurement_unit"),
        decimal("measurement.value", "measurement_value"),
        money("product.price.unitPrice"),
        text("product.price.priceDesignation"),
        money("proceeds.proceedsTotal"),
        list_("proceeds.breakdowns", "proceeds_breakdowns"),
        list_("promotionIds"),
        integer("expense.pointsCost.pointsGranted.pointsNumber"),
        money("expense.pointsCost.pointsGranted.pointsMonetaryValue"),
        text("cancellation.cancellationRequest.requester", "cancellation_requester"),
        text("cancellation.cancellationRequest.cancelReason", "cancellation_request_reason"),
        text("cancellation.cancellationExecution.cancelledBy"),
        text("cancellation.cancellationExecution.cancelReason"),
        texts(
            "product.condition.conditionType",
            "product.condition.conditionSubtype",
            "product.condition.conditionNote",
        ),
        list_("product.serialNumbers"),
        list_("programs"),
        list_("associatedOrderItems"),
        json_("fulfillment.picking.substitutionPreference"),
        text("fulfillment.packing.giftOption.giftWrapLevel"),
        text(
            "fulfillment.packing.serialNumberRequirement.requirementType",
            "serial_number_requirement",
        ),
        timestamp(
            "fulfillment.shipping.scheduledDeliveryWindow.earliestDateTime",
            "scheduled_delivery_earliest",
        ),
        timestamp(
            "fulfillment.shipping.scheduledDeliveryWindow.latestDateTime",
            "scheduled_delivery_latest",
        ),
        json_("fulfillment.shipping.shippingConstraints"),
        text("fulfillment.shipping.internationalShipping.iossNumber"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield every order's lines, each with what it tells of its order."""
        for told, items in lines(super().rows(delivery)):
            for item in items:
                promotions = (item.pop("promotion", None) or {}).get("breakdowns")
                ids = promotions and [promotion["promotionId"] for promotion in promotions]
                personal.drop(item, personal.ORDER_ITEM)
                yield {**item, "order": told, "promotionIds": ids}
