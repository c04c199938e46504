"""What the two sources of orders have in common: which of them a run reads, and from when on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import ClassVar

from amazon_client.extraction import Account, Cadence, InstantWindows, Planning
from amazon_client.marketplaces import by_id
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.accounts import Seller
from tap_amazon_sp.settings import AUTO, ORDERS_SOURCE

REGIONS_WITHOUT_CERTAINTY = frozenset({"fe"})
"""Where old documentation denies the order report and sellers have it nevertheless."""


class OrdersSource(AmazonStream):
    """A stream of orders, selected only where the setting wants its source."""

    source: ClassVar[str]
    """API or REPORT."""

    @property
    def selected(self) -> bool:
        """Whether the catalog selects the stream and the setting wants its source."""
        return super().selected and self.config.get(ORDERS_SOURCE, AUTO) in (AUTO, self.source)

    @selected.setter
    def selected(self, value: bool | None) -> None:
        self.metadata.root.selected = value
        self._mask = self.metadata.resolve_selection()


def has_report(account: Account) -> bool:
    """Whether Amazon makes the order report for the account."""
    return not isinstance(account, Seller) or account.has_order_report


@dataclass(frozen=True, kw_only=True)
class OrderWindows(InstantWindows):
    """Windows by time of update; the first day begins with the day of its first marketplace.

    Orders are told by the instant, but are looked at by the marketplace's day: east of Greenwich
    the first of 60 days has begun before it has in UTC.
    """

    def begin(self, planning: Planning) -> datetime | None:
        """Return from when on to read."""
        begin = super().begin(planning)
        if begin and (planning.bookmark is None or planning.cadence is Cadence.FIRST_SYNC):
            return min([begin, *_midnights(planning)])
        return begin


def _midnights(planning: Planning) -> list[datetime]:
    """When the first day to read begins, in each of the account's marketplaces."""
    places = (by_id(marketplace_id) for marketplace_id in planning.account.marketplace_ids or ())
    return [
        datetime.combine(planning.first_day, time(), place.zone).astimezone(UTC)
        for place in places
        if place
    ]
