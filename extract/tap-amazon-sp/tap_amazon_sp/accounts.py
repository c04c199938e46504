"""A seller as the tap's requests need to know it, and the seller in one marketplace."""

from __future__ import annotations

from dataclasses import dataclass, field

from amazon_client.extraction import Account
from amazon_client.marketplaces import Marketplace, by_id


@dataclass(frozen=True)
class Seller(Account):
    """A seller in a region.

    Attributes:
        has_order_report: whether Amazon makes the order report in this region.
        packs_filters: whether a query may name a marketplace in several filters.
    """

    has_order_report: bool = field(default=True, compare=False)
    packs_filters: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class MarketplaceAccount(Account):
    """A seller in one marketplace, for what Amazon answers marketplace by marketplace.

    Each is a partition of its own: what one marketplace refuses does not stop the others.
    """

    @property
    def marketplace(self) -> Marketplace:
        """The one marketplace."""
        (marketplace_id,) = self.marketplace_ids or ()
        place = by_id(marketplace_id)
        assert place is not None, "accounts are made of marketplaces that the table knows"
        return place

    @property
    def key(self) -> str:
        """Name it inside its store and API."""
        return f"{super().key}/{self.marketplace.marketplace_id}"

    def context(self, column: str) -> dict[str, str]:
        """Return what names the account's state, in values that its records have too."""
        return {**super().context(column), "marketplace_id": self.marketplace.marketplace_id}

    @classmethod
    def split(cls, account: Account) -> list[MarketplaceAccount]:
        """One account for each marketplace of `account`."""
        return [
            cls(
                store_id=account.store_id,
                region=account.region,
                account_id=account.account_id,
                time_zone=place.time_zone,
                marketplace_ids=(place.marketplace_id,),
                attributes=account.attributes,
            )
            for place in map(by_id, account.marketplace_ids or ())
            if place
        ]


def marketplace_of(account: Account) -> Marketplace:
    """The marketplace of an account that is asked about one at a time."""
    assert isinstance(account, MarketplaceAccount)
    return account.marketplace
