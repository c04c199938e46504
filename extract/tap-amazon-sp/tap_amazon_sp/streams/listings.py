"""The report of all listings, marketplace by marketplace.

Amazon writes it in the marketplace's charset, Japan's in windows-31j, and may have destroyed
letters to question marks before: titles are the catalog's (`catalog_items`). Here the SKUs, ASINs,
prices and states of the offers are what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from amazon_client.extraction import Delivery, Snapshot
from amazon_client.singer.schema import decimal, integer, integers, leftovers, stamp, texts
from tap_amazon_sp.accounts import marketplace_of
from tap_amazon_sp.datasets import SellerReport
from tap_amazon_sp.snapshots import SnapshotStream
from tap_amazon_sp.streams.fba_stock import NOT_HOURLY
from tap_amazon_sp.tables import Row, TableStream, read_table

LISTINGS = SellerReport(
    name="listings",
    report_type="GET_MERCHANT_LISTINGS_ALL_DATA",
    role="Product Listing",
    options={"preferredReportDocumentLocale": "en_US"},
    windows=Snapshot(cadences=NOT_HOURLY),
    by_marketplace=True,
)
NEEDED = ("seller-sku",)
_COMMA = re.compile(r"(\d+),(\d{1,2})")


class Listings(TableStream, SnapshotStream):
    """One row per SKU of a marketplace, whoever ships it."""

    name = "listings"
    dataset = LISTINGS
    needed = NEEDED
    keys = ("marketplace_id", "seller_sku")
    columns = (
        stamp("marketplace_id"),
        texts("seller-sku", "listing-id"),
        texts("asin1", "asin2", "asin3", "product-id", "product-id-type"),
        texts("item-name", "item-description", "item-note", "item-condition", "open-date"),
        decimal("price"),
        integer("quantity", description="NULL where Amazon ships: fba_inventory has it"),
        integers("pending-quantity"),
        texts(
            "fulfillment-channel",
            "merchant-shipping-group",
            "status",
            "image-url",
            "item-is-marketplace",
            "will-ship-internationally",
            "expedited-shipping",
        ),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return the marketplace that was asked about: the rows do not say it."""
        return {"marketplace_id": marketplace_of(delivery.request.account).marketplace_id}

    def row(self, row: Row) -> Row:
        """Return the row with a price that has a point, in whatever language the table is."""
        price = row.get("price")
        found = price and _COMMA.fullmatch(price)
        return {**row, "price": f"{found[1]}.{found[2]}"} if found else row


def listed_asins(delivery: Delivery) -> Iterator[str]:
    """The ASINs of a marketplace's listings, some of them repeatedly."""
    for document in delivery.documents:
        for row in read_table(document, delivery.request.account, NEEDED):
            asin = row.get("asin1") or row.get("product-id")
            if asin and asin.startswith("B"):
                yield asin
