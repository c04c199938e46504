"""The orders of a run with their journeys: read once, handed to every stream that wants them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from tap_shopify_journeys.client import Client
from tap_shopify_journeys.errors import AccessDenied, QueryTooDear, ShopifyError
from tap_shopify_journeys.queries import MORE_MOMENTS, ORDERS, SHOP
from tap_shopify_journeys.settings import Settings

LOGGER = logging.getLogger("tap_shopify_journeys")
RECENT = timedelta(days=60)
"""How far back Shopify tells orders to an app without ``read_all_orders``."""
_PAGE, _MOMENTS = 100, 20
Order = dict[str, Any]


class Journeys:
    """Orders from an instant on, by last update."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self._client, self._settings = client, settings
        self._spool: IO[bytes] | None = None
        """What was read, to its end or to a failure."""
        self._failure: ShopifyError | None = None

    def shop(self) -> dict[str, Any]:
        """The shop's record, with the scopes that the app has been granted."""
        data = self._client.ask(SHOP)
        scopes = [scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"]]
        return {**data["shop"], "accessScopes": sorted(scopes)}

    def orders(self, since: datetime) -> Iterator[Order]:
        """Every order that was updated since an instant, each with all moments of its journey.

        The first caller reads them from Shopify, and the next ones what it has read.

        Raises:
            AccessDenied: the app may not read orders.
            ShopifyError: they could not be read to the end; those before were handed out.
        """
        if self._spool is None:
            spool = TemporaryFile()  # noqa: SIM115 - lives as long as the run
            try:
                self._check_scopes(since)
                for order in self._read(since):
                    spool.write(json.dumps(order).encode() + b"\n")
                    yield order
            except ShopifyError as error:
                self._failure, self._spool = error, spool
                raise
            self._spool = spool
            return
        self._spool.seek(0)
        for line in self._spool:
            yield json.loads(line)
        if self._failure is not None:
            raise self._failure

    def _check_scopes(self, since: datetime) -> None:
        scopes = set(self.shop()["accessScopes"])
        if "read_orders" not in scopes:
            raise AccessDenied("the app has not the scope read_orders")
        oldest = self._settings.now() - RECENT
        if "read_all_orders" not in scopes and since < oldest - timedelta(days=1):
            LOGGER.warning(
                "The app has not the scope read_all_orders: Shopify tells no order that was placed "
                "before %s, nor what is refunded of it since.",
                oldest.date(),
            )

    def _read(self, since: datetime) -> Iterator[Order]:
        until = self._settings.now()
        wanted = f"updated_at:>='{_text(since)}' AND updated_at:<'{_text(until)}'"
        after, size = None, _PAGE
        while True:
            try:
                page = self._client.ask(
                    ORDERS, first=size, after=after, query=wanted, moments=_MOMENTS
                )["orders"]
            except QueryTooDear:
                if size == 1:
                    raise
                size = max(1, size // 2)
                LOGGER.info("A page of orders costs too much: asking for %d", size)
                continue
            for order in page["nodes"]:
                yield self._whole(order)
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return

    def _whole(self, order: Order) -> Order:
        """The order with every moment of its journey, not only the first page of them."""
        summary = order.get("customerJourneySummary") or {}
        moments = summary.get("moments") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
        found = list(moments["nodes"])
        while moments["pageInfo"]["hasNextPage"]:
            after = moments["pageInfo"]["endCursor"]
            told = self._client.ask(MORE_MOMENTS, id=order["id"], after=after, moments=250)["node"]
            moments = told["customerJourneySummary"]["moments"]
            found += moments["nodes"]
        return {**order, "moments": sorted(found, key=lambda moment: str(moment["occurredAt"]))}


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
