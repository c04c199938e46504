"""FBA Inventory API v1: what Amazon holds for the seller now, marketplace by marketplace.

There is no history: each snapshot is a record of the moment. The token of the next page dies
after 30 seconds, so the pages are spooled before anything else is done with them. In the EU each
marketplace shows the same pooled stock (`inventory_pool` of the marketplaces table).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.errors import InvalidRequest
from amazon_client.extraction import Delivery, Page, Request
from amazon_client.operations import Operation
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import (
    DAY,
    TIMESTAMP,
    integers,
    leftovers,
    stamp,
    texts,
    timestamp,
)
from tap_amazon_sp.accounts import marketplace_of
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.columns import list_
from tap_amazon_sp.datasets import SellerSearch
from tap_amazon_sp.snapshots import SnapshotStream

logger = logging.getLogger(__name__)

GET_SUMMARIES = Operation(
    "getInventorySummaries", "GET", "/fba/inventory/v1/summaries", rate=2.0, burst=2
)


_ATTEMPTS = 3
"""How often a snapshot is begun: on a slow machine or network a page's token may die."""


def _summaries(partner: SellingPartner, request: Request) -> Iterator[Page]:
    """Yield a snapshot's pages, all of one attempt: a refused token begins it anew."""
    marketplace_id = marketplace_of(request.account).marketplace_id
    for attempt in range(1, _ATTEMPTS + 1):
        pages: list[Page] = []
        try:
            for page in _pages(partner, marketplace_id):
                pages.append(page)
        except InvalidRequest as refusal:
            # The first page has no token: what Amazon refuses there it would refuse again.
            if not pages or attempt == _ATTEMPTS:
                raise
            logger.warning("%s Beginning the snapshot of %s anew", refusal.facts, marketplace_id)
        else:
            yield from pages
            return


def _pages(partner: SellingPartner, marketplace_id: str) -> Iterator[Page]:
    query = {
        "details": True,
        "granularityType": "Marketplace",
        "granularityId": marketplace_id,
        "marketplaceIds": [marketplace_id],
    }
    token = None
    while True:
        answer = partner.http.call(GET_SUMMARIES, query={**query, "nextToken": token}).data
        yield Page(answer["payload"]["inventorySummaries"])
        token = (answer.get("pagination") or {}).get("nextToken")
        if not token:
            return


_KEY = ("sellerSku", "fnSku", "condition")


class FbaInventory(SnapshotStream):
    """One row per SKU, FNSKU and condition of a marketplace's latest snapshot of the day."""

    name = "fba_inventory"
    keys = ("snapshot_date", "marketplace_id", "seller_sku", "fn_sku", "condition")
    replication_key = None
    dataset = SellerSearch(
        name="fba_inventory",
        report_type="getInventorySummaries",
        role="Amazon Fulfillment or Product Listing",
        day_basis="marketplace",
        by_marketplace=True,
        fetch=_summaries,
    )
    columns = (
        stamp("snapshot_date", DAY, "Of snapshot_at, in the marketplace's zone"),
        stamp("snapshot_at", TIMESTAMP, "When the snapshot's first page was asked for"),
        stamp("marketplace_id"),
        texts("sellerSku", "fnSku", "condition", "asin", "productName"),
        integers("totalQuantity"),
        timestamp("lastUpdatedTime"),
        integers(
            "inventoryDetails.fulfillableQuantity",
            "inventoryDetails.inboundWorkingQuantity",
            "inventoryDetails.inboundShippedQuantity",
            "inventoryDetails.inboundReceivingQuantity",
            "inventoryDetails.reservedQuantity.totalReservedQuantity",
            "inventoryDetails.reservedQuantity.pendingCustomerOrderQuantity",
            "inventoryDetails.reservedQuantity.pendingTransshipmentQuantity",
            "inventoryDetails.reservedQuantity.fcProcessingQuantity",
            "inventoryDetails.researchingQuantity.totalResearchingQuantity",
            "inventoryDetails.unfulfillableQuantity.totalUnfulfillableQuantity",
            "inventoryDetails.unfulfillableQuantity.customerDamagedQuantity",
            "inventoryDetails.unfulfillableQuantity.warehouseDamagedQuantity",
            "inventoryDetails.unfulfillableQuantity.distributorDamagedQuantity",
            "inventoryDetails.unfulfillableQuantity.carrierDamagedQuantity",
            "inventoryDetails.unfulfillableQuantity.defectiveQuantity",
            "inventoryDetails.unfulfillableQuantity.expiredQuantity",
        ),
        list_("inventoryDetails.researchingQuantity.researchingQuantityBreakdown"),
        list_("stores"),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return what is the same for a whole snapshot: rows do not name their marketplace."""
        place, taken_at = marketplace_of(delivery.request.account), delivery.requested_at
        return {
            "snapshot_date": taken_at.astimezone(place.zone).date().isoformat(),
            "snapshot_at": utc_timestamp(taken_at),
            "marketplace_id": place.marketplace_id,
        }

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the snapshot's rows with a whole key: Amazon's model demands no part of it."""
        for row in super().rows(delivery):
            yield {**row, **{name: row.get(name) or "" for name in _KEY}}
