"""How lists of entities are asked for and paged, API generation by API generation.

Source: Amazon Ads API, Sponsored Products v3, Sponsored Brands v4 and v3, Sponsored Display 3.0,
Portfolios v3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amazon_client.operations import Operation
from tap_amazon_ads.client import AdsProfile

Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class EntityList:
    """How one kind of entity is listed."""

    ad_product: str
    operation: Operation
    id_fields: tuple[str, ...]
    """What identifies an entity inside a profile."""

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages of rows, each with how many there are in all (0: not told)."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class TokenList(EntityList):
    """A list that is POSTed for and paged by `nextToken`."""

    key: str
    """Under which name the answer holds the rows."""
    body: Mapping[str, Any]
    """What is asked for with every page."""
    can_extend: bool = True
    """Whether serving status and change times can be had."""

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages until one has no `nextToken`."""
        body = dict(self.body)
        if extended and self.can_extend:
            body["includeExtendedDataFields"] = True
        while True:
            answer = client.call(self.operation, ad_product=self.ad_product, json=body).data
            # `totalCount` of Sponsored Brands is bounded by its page: it counts nothing.
            yield answer.get(self.key) or [], int(answer.get("totalResults") or 0)
            if not answer.get("nextToken"):
                return
            body = {**body, "nextToken": answer["nextToken"]}


@dataclass(frozen=True, kw_only=True)
class IndexList(EntityList):
    """A list that is fetched and paged by `startIndex` and `count`."""

    query: Mapping[str, str]
    """What is asked for with every page."""
    page_size: int = 100
    extended_operation: Operation | None = None
    """The same with serving status and change times, where that can be had."""

    def pages(self, client: AdsProfile, *, extended: bool) -> Iterator[tuple[list[Row], int]]:
        """Yield pages until one is short."""
        operation = (self.extended_operation if extended else None) or self.operation
        start = 0
        while True:
            query = {"startIndex": start, "count": self.page_size, **self.query}
            rows = client.call(operation, ad_product=self.ad_product, query=query).data
            yield rows, 0
            if len(rows) < self.page_size:
                return
            start += len(rows)
