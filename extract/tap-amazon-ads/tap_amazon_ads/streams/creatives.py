"""Creatives, the assets they show, and the images of advertised products."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from amazon_client.extraction import Page, Request, Snapshot
from amazon_client.records import snake_case
from amazon_client.singer.schema import (
    boolean,
    decimal,
    integer,
    json_,
    leftovers,
    money,
    text,
    texts,
    timestamp,
)
from tap_amazon_ads.assets import library, references
from tap_amazon_ads.products import metadata
from tap_amazon_ads.sources import Sources
from tap_amazon_ads.streams.base import LESS_OFTEN, EntityStream, PartStream
from tap_amazon_ads.streams.sponsored_brands.entities import SbAds

REFERENCE = (
    text("role", description="brand_logo, custom_image, square_images, video, …"),
    integer("ordinal", description="Its number in that role, from 0"),
    text("assetId", description="Of `creative_assets`; NULL where only an address is told"),
    text("assetVersion"),
)


SHOWN = (
    "brandLogo",
    "rectCustomImage",
    "squareCustomImage",
    "squareImages",
    "horizontalImages",
    "verticalImages",
    "video",
    "squareVideos",
    "horizontalVideos",
    "verticalVideos",
    "backgrounds",
)
"""What a Sponsored Display creative is made of; `sd_creative_assets` has a row for each asset."""


class SdCreatives(EntityStream):
    """Creatives of Sponsored Display."""

    name = "sd_creatives"
    keys = ("creative_id",)
    columns = (
        texts("creativeId", "adGroupId", "creativeType", "moderationStatus"),
        text("properties.headline"),
        text("properties.originalHeadline"),
        boolean("properties.hasTermsAndConditions"),
        [json_(f"properties.{name}") for name in SHOWN],
        leftovers(),
    )


class SbAdAssets(PartStream):
    """Which images and videos a Sponsored Brands ad shows."""

    name = "sb_ad_assets"
    parent = SbAds
    keys = ("campaign_id", "ad_group_id", "ad_id", "role", "ordinal")
    lacks = ("ad_id",)
    columns = (
        texts("campaignId", "adGroupId", "adId"),
        REFERENCE,
        text("url"),
        json_("crop"),
    )

    def parts(self, row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the assets of an ad."""
        ad = {name: row.get(name) for name in ("campaignId", "adGroupId", "adId")}
        return _references(row, ad)


class SdCreativeAssets(PartStream):
    """Which images and videos a Sponsored Display creative shows."""

    name = "sd_creative_assets"
    parent = SdCreatives
    keys = ("creative_id", "role", "ordinal")
    columns = (texts("creativeId", "adGroupId"), REFERENCE, json_("crop"))

    def parts(self, row: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        """Yield the assets of a creative."""
        creative = {name: row.get(name) for name in ("creativeId", "adGroupId")}
        return _references(row, creative)


class CreativeAssets(EntityStream):
    """Images and videos of the asset library, with addresses that are good when they are read."""

    name = "creative_assets"
    keys = ("asset_id", "version")
    lacks = ("version",)
    windows = Snapshot(cadences=LESS_OFTEN)
    columns = (
        texts("assetId", "version", "name", "assetType", "status"),
        text("url"),
        text("urlHash", description="SHA-256 of the address without its signature"),
        timestamp("urlExpiresAt", description="NULL where nothing says that it expires"),
        timestamp("fetchedAt"),
        integer("fileMetadata.width"),
        integer("fileMetadata.height"),
        text("fileMetadata.contentType"),
        text("fileMetadata.extension"),
        integer("fileMetadata.fileSize"),
        decimal("fileMetadata.duration", description="Seconds of a video"),
        json_("assetSubTypes"),
        json_("tags"),
        json_("processedUrls", description="Addresses of other sizes, by their name"),
        timestamp("creationTime"),
        timestamp("lastUpdatedTime"),
        leftovers(),
    )

    @classmethod
    def fetch(cls, sources: Sources, request: Request) -> Iterable[Page]:
        """Read the library."""
        return map(Page, library(sources))


class ProductMetadata(EntityStream):
    """Advertised products with title, price and image; where the setting asks for it."""

    name = "product_metadata"
    keys = ("asin", "sku")
    lacks = ("sku",)
    windows = Snapshot(cadences=LESS_OFTEN)
    columns = (
        texts("asin", "sku", "title", "brand", "category", "availability"),
        text("imageUrl", description="Small: Amazon puts the size before the extension"),
        text("imageUrlHash", description="SHA-256 of the address"),
        timestamp("fetchedAt"),
        money("priceToPay", currency="currency"),
        money("basisPrice", currency="currency"),
        texts("bestSellerRank", "eligibilityStatus", "createdDate"),
        json_("ineligibilityCodes"),
        json_("ineligibilityReasons"),
        json_("variationList"),
        leftovers(),
    )

    @classmethod
    def fetch(cls, sources: Sources, request: Request) -> Iterable[Page]:
        """Read what is known of the advertised products."""
        return map(Page, metadata(sources))


def _references(row: Mapping[str, Any], parent: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    for role, ordinal, asset in references(row):
        yield {**parent, **asset, "role": snake_case(role), "ordinal": ordinal}
