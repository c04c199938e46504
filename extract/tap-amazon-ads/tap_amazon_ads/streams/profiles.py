"""Advertising profiles, read or not, each with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from amazon_client.extraction import Page, Request
from amazon_client.singer.schema import boolean, decimal, leftovers, text
from tap_amazon_ads.streams.base import EntityStream


class Profiles(EntityStream):
    """Every advertising profile that the login may view, and whether this store reads it."""

    name = "profiles"
    keys = ()
    account_columns = ()
    columns = (
        text("profileId"),
        text("countryCode"),
        text("currencyCode", description="Currency of all money under the profile"),
        decimal("dailyBudget"),
        text("timezone", "time_zone", "IANA zone of all report dates of the profile"),
        text("accountInfo.marketplaceStringId", "marketplace_id"),
        text("accountInfo.id", "account_entity_id", "Seller or vendor id, shared by its profiles"),
        text("accountInfo.type", "account_type"),
        text("accountInfo.subType", "account_sub_type"),
        text("accountInfo.name", "account_name"),
        boolean("accountInfo.validPaymentMethod", description="Vendors only"),
        boolean("isSelected", description="Whether this store reads the profile"),
        text("selectionReason", description="Why, or why not"),
        leftovers(),
    )

    @classmethod
    def fetch(cls, sources: Any, request: Request) -> Iterable[Page]:
        """Read the list of a region's profiles, which was made when the run began."""
        pages: Iterable[Page] = sources.pages(cls.name)
        return pages
