"""What the streams of a profile are read from."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass

from amazon_client.clock import Clock
from amazon_client.errors import AccessDenied
from tap_amazon_ads.client import AdsProfile
from tap_amazon_ads.entities import EntityBackend
from tap_amazon_ads.listing import Row

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Sources:
    """A profile's entities, and its API for what is no entity."""

    entities: EntityBackend
    api: AdsProfile
    clock: Clock

    def rows(self, *kinds: str) -> Iterator[Row]:
        """Yield the entities of some kinds; ad products that are closed to the profile have none.

        For what is derived of them: the kinds' own streams tell that they cannot be read.
        """
        for kind in kinds:
            try:
                for page in self.entities.pages(kind):
                    yield from page.rows
            except AccessDenied as error:
                logger.info("%s are left out: %s", kind, error.facts)
