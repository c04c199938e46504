"""The account a request is made for: a seller in a region, an advertiser's profile, a region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """One account of a store, as far as extraction needs to know it.

    Attributes:
        store_id: slug of the merchant.
        region: `na`, `eu` or `fe`.
        account_id: selling partner id or profile id; empty where the thing asked for belongs to
            the region as a whole (the list of profiles).
        time_zone: IANA zone whose midnights this account's days have.
        marketplace_ids: marketplaces that the account's requests name, None for all of them.
        attributes: further facts stamped on the account's records, by column name
            (`currency_code`, ...): see `AmazonTap.account_columns`.
    """

    store_id: str
    region: str
    account_id: str = ""
    time_zone: str = "UTC"
    marketplace_ids: tuple[str, ...] | None = None
    attributes: Mapping[str, str | None] = field(default_factory=dict, compare=False)

    @property
    def key(self) -> str:
        """Name it inside its store and API: one seller id may serve several regions."""
        return f"{self.region}/{self.account_id}" if self.account_id else self.region

    def context(self, column: str) -> dict[str, str]:
        """Return what names the account's state, in values that its records have too.

        Args:
            column: `selling_partner_id` or `profile_id`.
        """
        named = {column: self.account_id} if self.account_id else {}
        return {**named, "region": self.region}

    def __str__(self) -> str:
        return self.key
