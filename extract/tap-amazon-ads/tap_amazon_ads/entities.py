"""Reading whole lists of entities (campaigns and what hangs below them), whatever API gives them.

Streams name an entity; an `EntityBackend` knows how to read it. `EntityLists` reads the lists of
each ad product's own API. They are evaluated page by page, so an entity may repeat or slip through
while somebody edits: repeats are dropped and gaps read again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Protocol

from amazon_client.extraction import Page
from tap_amazon_ads.client import AdsProfile
from tap_amazon_ads.listing import EntityList, Row
from tap_amazon_ads.lists import LISTS

logger = logging.getLogger(__name__)


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

    def count(self, entity: str) -> int:
        """How many entities of a kind Amazon says there are; 0 where it does not say."""
        _, total = next(self._listed(LISTS[entity]))
        return total

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield every entity of a kind once; see `EntityBackend.pages`."""
        listing = LISTS[entity]
        seen: set[tuple[str, ...]] = set()
        for _ in range(2):
            promised = 0
            for rows, total in self._listed(listing):
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

    def _listed(self, listing: EntityList) -> Iterator[tuple[list[Row], int]]:
        return listing.pages(self._client, extended=self._extended)


def _unseen(
    rows: list[Row], id_fields: tuple[str, ...], seen: set[tuple[str, ...]]
) -> Iterator[Row]:
    """Yield the rows whose id has not come yet, and note it."""
    for row in rows:
        key = tuple(str(row.get(name, "")) for name in id_fields)
        if key not in seen:
            seen.add(key)
            yield row
