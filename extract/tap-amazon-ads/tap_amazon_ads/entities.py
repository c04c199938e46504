"""Reading whole lists of entities (campaigns and what hangs below them), whatever API gives them.

Streams name an entity; an `EntityBackend` knows how to read it. `EntityLists` reads the lists of
each ad product's own API, which page in two ways. Lists are evaluated page by page, so an entity
may repeat or slip through while somebody edits: repeats are dropped and gaps read again.

Source: Amazon Ads API, Sponsored Products v3, Sponsored Brands v4, Sponsored Display 3.0.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from amazon_client.extraction import Page
from amazon_client.operations import Operation
from tap_amazon_ads.client import AdsProfile, operation

logger = logging.getLogger(__name__)

Row = Mapping[str, Any]


class EntityBackend(Protocol):
    """Reads entities of one profile."""

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield every entity of a kind once, archived ones included, as the stream declares it.

        Args:
            entity: the stream's name, such as sp_campaigns.

        Raises:
            AmazonError: from any page; what was yielded before is not the whole.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class EntityList:
    """How one kind of entity is listed."""

    ad_product: str
    operation: Operation
    id_fields: tuple[str, ...]
    """What identifies an entity inside a profile."""
    page_size: int

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages of rows, each with how many there are in all (0: not told)."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class TokenList(EntityList):
    """A list that is POSTed for and paged by `nextToken` (SP v3, SB v4)."""

    key: str
    """Under which name the answer holds the rows."""

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages until one has no `nextToken`."""
        body: dict[str, Any] = {
            # Facts refer to archived entities for as long as they are reported.
            "stateFilter": {"include": ["ENABLED", "PAUSED", "ARCHIVED"]},
            "maxResults": self.page_size,
            "includeExtendedDataFields": extended,
        }
        while True:
            answer = client.call(self.operation, ad_product=self.ad_product, json=body).data
            # `totalCount` of Sponsored Brands is bounded by its page: it counts nothing.
            yield answer.get(self.key) or [], int(answer.get("totalResults") or 0)
            if not answer.get("nextToken"):
                return
            body = {**body, "nextToken": answer["nextToken"]}


@dataclass(frozen=True, kw_only=True)
class IndexList(EntityList):
    """A list that is fetched and paged by `startIndex` and `count` (SD)."""

    extended_operation: Operation

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages until one is short."""
        operation = self.extended_operation if extended else self.operation
        start = 0
        while True:
            query = {
                "startIndex": start,
                "count": self.page_size,
                "stateFilter": "enabled, paused, archived",
            }
            rows = client.call(operation, ad_product=self.ad_product, query=query).data
            yield rows, 0
            if len(rows) < self.page_size:
                return
            start += len(rows)


def sponsored_products(name: str, path: str, media: str, key: str, id_field: str) -> TokenList:
    """Declare a list of Sponsored Products v3."""
    media_type = f"application/vnd.{media}.v3+json"
    return TokenList(
        ad_product="SPONSORED_PRODUCTS",
        operation=operation("POST", path, name, content_type=media_type, accept=media_type),
        key=key,
        id_fields=(id_field,),
        page_size=500,
    )


def sponsored_brands(name: str, path: str, media: str, key: str, *id_fields: str) -> TokenList:
    """Declare a list of Sponsored Brands v4, which gives at most 100 rows a page."""
    media_type = f"application/vnd.{media}.v4+json"
    return TokenList(
        ad_product="SPONSORED_BRANDS",
        operation=operation("POST", path, name, content_type=media_type, accept=media_type),
        key=key,
        id_fields=id_fields,
        page_size=100,
    )


def sponsored_display(name: str, path: str, id_field: str) -> IndexList:
    """Declare a list of Sponsored Display 3.0."""
    return IndexList(
        ad_product="SPONSORED_DISPLAY",
        operation=operation("GET", path, name),
        extended_operation=operation("GET", f"{path}/extended", f"{name}Ex"),
        id_fields=(id_field,),
        page_size=100,
    )


LISTS: Mapping[str, EntityList] = {
    "sp_campaigns": sponsored_products(
        "ListSponsoredProductsCampaigns",
        "/sp/campaigns/list",
        "spCampaign",
        "campaigns",
        "campaignId",
    ),
    "sb_campaigns": sponsored_brands(
        "ListSponsoredBrandsCampaigns",
        "/sb/v4/campaigns/list",
        "sbcampaignresource",
        "campaigns",
        "campaignId",
    ),
    "sd_campaigns": sponsored_display("listCampaigns", "/sd/campaigns", "campaignId"),
}


class EntityLists:
    """The `EntityBackend` over the ad products' own list operations."""

    def __init__(self, client: AdsProfile, *, extended: bool = False) -> None:
        """Read lists of one profile.

        Args:
            client: the profile.
            extended: ask for serving status and change times too, which Amazon weighs five times
                as heavy.
        """
        self._client = client
        self._extended = extended

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield every entity of a kind once; see `EntityBackend.pages`."""
        listing = LISTS[entity]
        seen: set[tuple[str, ...]] = set()
        for _ in range(2):
            promised = 0
            for rows, total in listing.pages(self._client, extended=self._extended):
                promised = total
                yield Page(list(_unseen(rows, listing.id_fields, seen)))
            if len(seen) >= promised:
                return
            logger.warning(
                "%s of profile %s: %d of %d came, the list changed while it was read",
                entity,
                self._client.profile,
                len(seen),
                promised,
            )


def _unseen(
    rows: list[Row], id_fields: tuple[str, ...], seen: set[tuple[str, ...]]
) -> Iterator[Row]:
    """Yield the rows whose id has not come yet, and note it."""
    for row in rows:
        key = tuple(str(row.get(name, "")) for name in id_fields)
        if key not in seen:
            seen.add(key)
            yield row
