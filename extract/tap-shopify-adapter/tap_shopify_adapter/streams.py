"""Streams of tap-shopify 3.13 that would lose rows, read so that they do not.

- The shelf (products, variants, inventory, locations) is asked for by its last change: with a
  start date of 60 days ago, whatever was not touched since would never be read. It is read from
  its beginning; orders and what belongs to them keep the start date.
- Locations are asked for by creation, closed ones and fulfilment services not at all: they are
  few, and read whole each time.
- Every bookmark is the youngest change that was seen. Shopify's search lags behind its data, so a
  run begins a few minutes before the bookmark.
- Orders are read through a bulk operation. The tap takes a throttled answer for an empty window,
  sleeps a minute between looks, and takes up an operation of a killed run whose window has ended
  before the one it now believes it reads. Here a window is always asked for anew, every answer is
  checked, and a result must have as many lines as the operation counted.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from tap_shopify.context import Context
from tap_shopify.exceptions import ShopifyAPIError
from tap_shopify.streams.base import Stream, shopify_error_handling

from tap_shopify_adapter import api
from tap_shopify_adapter.logs import LOGGER

BEGINNING = datetime(2006, 1, 1, tzinfo=UTC)
"""Before there was any shop."""
OVERLAP = timedelta(minutes=10)
_ORDERS = ("orders", "order_refunds", "order_shipping_lines", "transactions")
_SHELF = ("products", "product_variants", "inventory_items", "inventory_levels")
_ALL_TIME = 36_500.0
_DEADLINE = 23 * 3600
_ask = shopify_error_handling(api.ask)
_RUN = """
mutation Run($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) {
    bulkOperation { id status createdAt }
    userErrors { field message }
  }
}
"""
_LOOK = """
query Look($id: ID!) {
  node(id: $id) { ... on BulkOperation { id status errorCode objectCount url } }
}
"""


def install(bulk_poll_seconds: float, failed: Callable[[str, Exception], None]) -> None:
    """Put our streams in the place of the tap's.

    Args:
        bulk_poll_seconds: between two looks at a bulk operation, at first.
        failed: is told of a stream that could not be read; the others go on.
    """
    streams = Context.stream_objects
    for name in _ORDERS:
        streams[name] = type(name, (_Overlapping, streams[name]), {})
    for name in _SHELF:
        streams[name] = type(name, (_FromTheBeginning, streams[name]), {})
    streams["locations"] = type("locations", (_Whole, streams["locations"]), {})
    more = {"bulk_poll_seconds": bulk_poll_seconds}
    streams["orders"] = type("orders", (_WholeWindows, streams["orders"]), more)
    for name, stream in streams.items():
        streams[name] = type(name, (_OnItsOwn, stream), {"failed": staticmethod(failed)})


class _OnItsOwn(Stream):
    """Fails without stopping the others; its bookmark stays behind what was not read."""

    failed: Callable[[str, Exception], None]

    def sync(self) -> Iterator[dict[str, Any]]:
        try:
            yield from super().sync()
        except Exception as error:
            self.failed(str(self.name), error)


class _Overlapping(Stream):
    def get_bookmark(self) -> datetime:
        bookmark: datetime = super().get_bookmark()
        return bookmark - OVERLAP if _has_bookmark(self) else bookmark


class _FromTheBeginning(_Overlapping):
    def __init__(self) -> None:
        super().__init__()
        self.date_window_size = _ALL_TIME

    def get_bookmark(self) -> datetime:
        return super().get_bookmark() if _has_bookmark(self) else BEGINNING


class _Whole(Stream):
    def __init__(self) -> None:
        super().__init__()
        self.date_window_size = _ALL_TIME

    def get_bookmark(self) -> datetime:
        return BEGINNING

    def get_query(self) -> str:
        query: str = super().get_query()
        return query.replace(
            "sortKey: ID", "sortKey: ID, includeInactive: true, includeLegacy: true"
        )


class _WholeWindows(Stream):
    bulk_poll_seconds = 5.0
    _lines_expected = 0

    def get_objects(self) -> Iterator[dict[str, Any]]:
        self.clear_bulk_operation_state()
        yield from super().get_objects()

    def submit_bulk_query(self, query_string: str) -> dict[str, Any]:
        return {"data": _ask(_RUN, {"query": query_string}, self.request_timeout)}

    def poll_bulk_completion(
        self, current_bookmark: datetime, bulk_op_id: str, timeout: float = _DEADLINE
    ) -> str | None:
        """The result's address; None for a result without rows."""
        deadline, wait = time.monotonic() + timeout, self.bulk_poll_seconds
        while time.monotonic() < deadline:
            operation = _ask(_LOOK, {"id": bulk_op_id}, self.request_timeout)["node"]
            if operation is None:
                raise ShopifyAPIError(f"{bulk_op_id} does not exist")
            if operation["status"] == "COMPLETED":
                self._lines_expected = int(operation["objectCount"])
                url: str | None = operation["url"]
                if url is None and self._lines_expected:
                    raise ShopifyAPIError(f"{bulk_op_id} is complete and has no result")
                return url
            if operation["status"] not in ("CREATED", "RUNNING"):
                raise ShopifyAPIError(
                    f"{bulk_op_id} ended {operation['status']} ({operation['errorCode']})"
                )
            time.sleep(wait)
            wait = min(wait * 1.5, self.bulk_poll_seconds * 6)
        raise ShopifyAPIError(f"{bulk_op_id} has not ended after {timeout:.0f} s")

    def parse_bulk_jsonl(self, url: str) -> Iterator[dict[str, Any]]:
        """Each order with its lines; an order's children follow it.

        Raises:
            ShopifyAPIError: the result cannot be had, or is not whole. Nothing is bookmarked then.
        """
        order: dict[str, Any] | None = None
        count = 0
        with requests.get(url, stream=True, timeout=60) as answer:
            if answer.status_code != 200:
                raise ShopifyAPIError(f"the orders' file was refused with {answer.status_code}")
            for line in filter(None, answer.iter_lines()):
                count += 1
                row = json.loads(line)
                parent = row.pop("__parentId", None)
                if parent is None:
                    if order is not None:
                        yield order
                    order = {**row, "lineItems": [], "discountApplications": []}
                elif order is None or order.get("id") != parent:
                    raise ShopifyAPIError("the orders' file has a line away from its order")
                else:
                    is_discount = self.is_discount_application(row)
                    order["discountApplications" if is_discount else "lineItems"].append(row)
        if count != self._lines_expected:
            raise ShopifyAPIError(f"the orders' file has {count} of {self._lines_expected} lines")
        if order is not None:
            yield order
        LOGGER.info("Read %d lines of orders", count)


def _has_bookmark(stream: Stream) -> bool:
    bookmarks = Context.state.get("bookmarks", {}).get(stream.name, {})
    return bool(bookmarks.get(stream.replication_key))
