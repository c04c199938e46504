"""Sellers API v1: the marketplaces in which the seller takes part."""

from __future__ import annotations

from collections.abc import Iterator

from amazon_client.extraction import Page, Request
from amazon_client.singer.schema import boolean, leftovers, text, texts
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.datasets import SellerSearch


def _participations(partner: SellingPartner, request: Request) -> Iterator[Page]:
    yield Page(partner.participations)


PARTICIPATIONS = SellerSearch(
    name="marketplace_participations",
    report_type="getMarketplaceParticipations",
    role="Product Listing or Selling Partner Insights",
    fetch=_participations,
)


class MarketplaceParticipations(AmazonStream):
    """One row per marketplace that the seller is known in, pseudo-marketplaces included."""

    name = "marketplace_participations"
    dataset = PARTICIPATIONS
    keys = ("marketplace_id",)
    replication_key = None
    columns = (
        text("marketplace.id", "marketplace_id"),
        texts(
            "marketplace.name",
            "marketplace.countryCode",
            "marketplace.defaultCurrencyCode",
            "marketplace.defaultLanguageCode",
            "marketplace.domainName",
            "storeName",
        ),
        boolean("participation.isParticipating"),
        boolean("participation.hasSuspendedListings"),
        leftovers(),
    )
