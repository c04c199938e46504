"""Catalog Items 2022-04-01: titles, pictures and variations of what the seller lists.

Which ASINs there are, the listings of the marketplace say. An entry is read again after a week: the
state of each stream says when it landed which ASINs. ASINs that Amazon does not know are just
absent from its answers, and are asked for again by the next run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from singer_sdk.helpers.types import Context

from amazon_client.extraction import Account, Delivery, Page, Request, Snapshot
from amazon_client.extraction.run import Pending
from amazon_client.operations import Operation
from amazon_client.records import utc_timestamp
from amazon_client.singer.bookmarks import partition
from amazon_client.singer.schema import (
    TIMESTAMP,
    boolean,
    day,
    integer,
    integers,
    json_,
    leftovers,
    stamp,
    text,
    texts,
)
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.accounts import marketplace_of
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.columns import list_
from tap_amazon_sp.datasets import SellerSearch
from tap_amazon_sp.streams.fba_stock import NOT_HOURLY
from tap_amazon_sp.streams.listings import LISTINGS, listed_asins

SEARCH_ITEMS = Operation(
    "searchCatalogItems", "GET", "/catalog/2022-04-01/items", rate=2.0, burst=2
)
MOST_ASINS = 20
"""ASINs that one call takes."""
INCLUDED_DATA = ("summaries", "images", "relationships", "productTypes", "identifiers")
TIME_TO_LIVE = timedelta(days=7)
FETCHED = "fetched"
"""Key of the state: the ASINs landed at each instant of the last week."""


def _search(partner: SellingPartner, request: Request, listings: Delivery) -> Iterator[Page]:
    """Read the listed ASINs that are due, then the parents that they name."""
    marketplace_id = marketplace_of(request.account).marketplace_id
    done = set(partner.fresh_asins(request.account))
    wanted = _due(listed_asins(listings), done)
    while wanted:
        parents: list[str] = []
        for asins in _batches(wanted):
            for items in _pages(partner, marketplace_id, asins):
                parents += (asin for item in items for asin in _parents(item))
                yield Page(items)
        done.update(wanted)
        wanted = _due(parents, done)


def _due(asins: Iterable[str], done: set[str]) -> list[str]:
    return [asin for asin in dict.fromkeys(asins) if asin not in done]


def _batches(asins: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(asins)
    while batch := list(islice(rest, MOST_ASINS)):
        yield batch


def _pages(
    partner: SellingPartner, marketplace_id: str, asins: list[str]
) -> Iterator[list[Mapping[str, Any]]]:
    query: dict[str, Any] = {
        "identifiersType": "ASIN",
        "identifiers": asins,
        "marketplaceIds": [marketplace_id],
        "includedData": list(INCLUDED_DATA),
        "pageSize": MOST_ASINS,
    }
    while True:
        answer = partner.http.call(SEARCH_ITEMS, query=query).data
        yield answer["items"]
        token = (answer.get("pagination") or {}).get("nextToken")
        if not token:
            return
        query["pageToken"] = token


def _parents(item: Mapping[str, Any]) -> Iterator[str]:
    for relationship in _of_marketplace(item, "relationships").get("relationships") or ():
        yield from relationship.get("parentAsins") or ()


def _of_marketplace(item: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    """What a part of an item says: one marketplace is asked about, so there is one entry."""
    entries = item.get(part) or [{}]
    found: Mapping[str, Any] = entries[0]
    return found


CATALOG = SellerSearch(
    name="catalog_items",
    report_type="searchCatalogItems",
    role="Product Listing",
    windows=Snapshot(cadences=NOT_HOURLY),
    by_marketplace=True,
    source=LISTINGS,
    fetch=_search,
)


class CatalogStream(AmazonStream):
    """A stream of the catalog. Rows of an ASIN with an older `fetched_at` are no longer true."""

    dataset = CATALOG
    sync_order = 1  # the listings are made meanwhile

    def fresh(self, account: Account) -> frozenset[str]:
        """ASINs that the state says were landed less than a week ago.

        Asked from the threads that fetch: it only looks, for the SDK may be writing the state.
        """
        state = partition(self._tap.state, self.name, self.account_context(account))
        return frozenset(asin for asins in self._fetched(state).values() for asin in asins)

    def items(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the items of a delivery, and note that they are landed."""
        self._landed: set[str] = set()
        for item in super().rows(delivery):
            self._landed.add(item["asin"])
            yield item

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return what is the same for a whole delivery."""
        return {
            "marketplace_id": marketplace_of(delivery.request.account).marketplace_id,
            "fetched_at": utc_timestamp(delivery.requested_at),
        }

    def _advance(self, pending: Pending, context: Context) -> None:
        super()._advance(pending, context)
        state: Any = self.get_context_state(context)
        fetched = self._fetched(state)
        if self._landed:
            at = utc_timestamp(pending.requested_at or self._tap.clock.now())
            fetched[str(at)] = sorted(self._landed)
        state[FETCHED] = fetched

    def _fetched(self, state: Mapping[str, Any]) -> dict[str, list[str]]:
        """The state's ASINs by instant, without what is too old."""
        since = self._tap.clock.now() - TIME_TO_LIVE
        return {
            at: list(asins)
            for at, asins in (state.get(FETCHED) or {}).items()
            if datetime.fromisoformat(at) > since
        }


_STAMPS = (
    stamp("marketplace_id"),
    stamp("fetched_at", TIMESTAMP, "When the entry was read"),
)


class CatalogItems(CatalogStream):
    """One row per ASIN of a marketplace: the page's title and attributes."""

    name = "catalog_items"
    keys = ("marketplace_id", "asin")
    columns = (
        *_STAMPS,
        text("asin"),
        texts(
            "summary.itemName",
            "summary.brand",
            "summary.manufacturer",
            "summary.color",
            "summary.size",
            "summary.style",
            "summary.modelNumber",
            "summary.partNumber",
            "summary.itemClassification",
            "productType.productType",
            "summary.websiteDisplayGroup",
            "summary.websiteDisplayGroupName",
        ),
        integer("summary.packageQuantity"),
        day("summary.releaseDate"),
        boolean("summary.adultProduct"),
        boolean("summary.autographed"),
        boolean("summary.memorabilia"),
        boolean("summary.tradeInEligible"),
        json_("summary.browseClassification"),
        list_("summary.contributors"),
        list_("identifiers.identifiers"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the items, each with what its one marketplace says."""
        parts = {"summaries": "summary", "productTypes": "productType"}
        for item in self.items(delivery):
            row: dict[str, Any] = {
                name: value
                for name, value in item.items()
                if name not in ("images", "relationships", "identifiers", *parts)
            }
            for part, name in {**parts, "identifiers": "identifiers"}.items():
                told = dict(_of_marketplace(item, part))
                told.pop("marketplaceId", None)
                row[name] = told
            yield row


class CatalogItemImages(CatalogStream):
    """The image cache: every picture of an ASIN's page in every size; links need no sign-in."""

    name = "catalog_item_images"
    keys = ("marketplace_id", "asin", "variant", "url")
    columns = (
        *_STAMPS,
        text("asin"),
        text("image.variant"),
        text("image.link", "url"),
        integers("image.width", "image.height"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the pictures of the items."""
        for item in self.items(delivery):
            for image in _of_marketplace(item, "images").get("images") or ():
                yield {"asin": item["asin"], "image": image}


class CatalogItemRelationships(CatalogStream):
    """One row per ASIN and related ASIN: its parents and children."""

    name = "catalog_item_relationships"
    keys = ("marketplace_id", "asin", "relationship_type", "relation", "related_asin")
    columns = (
        *_STAMPS,
        text("asin"),
        text("relationship.type", "relationship_type"),
        text("relation", description="parent or child: what the related ASIN is"),
        text("relatedAsin"),
        text("relationship.variationTheme.theme", "variation_theme"),
        list_("relationship.variationTheme.attributes", "variation_attributes"),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the relationships of the items."""
        for item in self.items(delivery):
            for relationship in _of_marketplace(item, "relationships").get("relationships") or ():
                for relation in ("parent", "child"):
                    for related in relationship.get(f"{relation}Asins") or ():
                        yield {
                            "asin": item["asin"],
                            "relationship": relationship,
                            "relation": relation,
                            "relatedAsin": related,
                        }
