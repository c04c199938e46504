"""The creative asset library: where the images and videos of ads are.

Addresses may be presigned and then live for a limited time; what identifies an image is its asset
with its version, and the address without its signature.

Source: Amazon Ads API, the creative assets contract of 2022-12 (v3 responses).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from amazon_client.errors import NotFound
from amazon_client.records import utc_timestamp
from tap_amazon_ads.client import operation
from tap_amazon_ads.listing import Row
from tap_amazon_ads.sources import Sources

SEARCH = operation(
    "POST",
    "/assets/search",
    "searchAssets",
    accept="application/vnd.creativeassetssearchassetsresponse.v3+json",
)
GET = operation(
    "GET",
    "/assets",
    "getAsset",
    accept="application/vnd.creativeassetsgetresponse.v3+json",
)
CREATIVE_ASSETS = "CREATIVE_ASSETS"

PAGE_SIZE = 100
ABOUT_TO_EXPIRE = timedelta(minutes=5)
_TAKEN = ("storageLocationUrls", "createdBy", "lastUpdatedBy")
"""What is told in other fields, and who made an asset, which nobody has to know."""


def library(sources: Sources) -> Iterator[list[Row]]:
    """Yield the assets of a profile: what the library lists, then versions that ads still use."""
    listed: set[tuple[str, str]] = set()
    for rows in _search(sources):
        page = [_live(sources, row) for row in rows]
        listed |= {(row["assetId"], row.get("version") or "") for row in page}
        yield page
    used = sorted(set(_used(sources)) - listed)
    yield [row for asset in used for row in _versions(sources, *asset)]


def references(ad: Row) -> Iterator[tuple[str, int, Row]]:
    """Yield the assets that a Sponsored Brands ad or Sponsored Display creative shows.

    Each with its role (`brand_logo`, `custom_image`, `video`, …), its number in that role, and
    `assetId`, `assetVersion`, `url` and `crop` as far as they are told.
    """
    yield from _brands_references(ad.get("creative") or {})
    for name, value in (ad.get("properties") or {}).items():
        shown = value if isinstance(value, list) else [value]
        for number, asset in enumerate(shown):
            if isinstance(asset, dict) and asset.get("assetId"):
                crop = asset.get("croppingCoordinates")
                yield name, number, {**split_id(asset["assetId"], asset), "crop": crop}


def split_id(asset_id: str, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An asset's id and version; Sponsored Brands appends the version: `…:version_v1`."""
    bare, _, version = asset_id.partition(":")
    return {"assetId": bare, "assetVersion": version or (given or {}).get("assetVersion")}


def url_hash(url: str | None) -> str | None:
    """Identify what an address leads to: SHA-256 (hex) of the address without its signature."""
    return hashlib.sha256(url.partition("?")[0].encode()).hexdigest() if url else None


def expires_at(url: str | None) -> datetime | None:
    """When a presigned address expires (UTC); None where nothing says that it does."""
    query = {name: values[0] for name, values in parse_qs(urlsplit(url or "").query).items()}
    if "X-Amz-Date" in query and query.get("X-Amz-Expires", "").isdigit():
        signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return signed + timedelta(seconds=int(query["X-Amz-Expires"]))
    if query.get("Expires", "").isdigit():
        return datetime.fromtimestamp(int(query["Expires"]), UTC)
    return None


def _search(sources: Sources) -> Iterator[list[Row]]:
    criteria: dict[str, Any] = {"size": PAGE_SIZE}
    while True:
        body = {"pageCriteria": criteria}
        answer = sources.api.call(SEARCH, ad_product=CREATIVE_ASSETS, json=body).data
        yield answer.get("assetList") or []
        if not answer.get("token") or not answer.get("assetList"):
            return
        criteria = {"size": PAGE_SIZE, "identifier": {"token": answer["token"]}}


def _used(sources: Sources) -> Iterable[tuple[str, str]]:
    for ad in sources.rows("sb_ads", "sd_creatives"):
        for _, _, asset in references(ad):
            yield asset["assetId"], asset.get("assetVersion") or ""


def _live(sources: Sources, row: Row) -> Row:
    """The asset as a row; with a new address where the one that was listed has expired."""
    expiry = expires_at(_address(row))
    if expiry and expiry < sources.clock.now() + ABOUT_TO_EXPIRE:
        for renewed in _versions(sources, row["assetId"], row.get("version") or ""):
            return {**_row(sources, row), **renewed}
    return _row(sources, row)


def _versions(sources: Sources, asset_id: str, version: str) -> Iterator[Row]:
    """Look an asset up by its id; nothing where the library no longer has it."""
    query = {"assetId": asset_id, "version": version or None}
    try:
        answer = sources.api.call(GET, ad_product=CREATIVE_ASSETS, query=query).data
    except NotFound:
        return
    kind = (answer.get("assetGlobal") or {}).get("assetType")
    for found in answer.get("assetVersionList") or []:
        named = {**(found.get("assetIdentifier") or {}), "status": found.get("assetStatus")}
        rest = {k: v for k, v in found.items() if k not in ("assetIdentifier", "assetStatus")}
        yield _row(sources, {"assetType": kind, **rest, **named})


def _address(row: Row) -> str | None:
    address = row.get("url") or (row.get("storageLocationUrls") or {}).get("defaultUrl")
    return str(address) if address else None


def _row(sources: Sources, row: Row) -> Row:
    url = _address(row)
    return {
        **{name: value for name, value in row.items() if name not in _TAKEN},
        "processedUrls": (row.get("storageLocationUrls") or {}).get("processedUrls"),
        "url": url,
        "urlHash": url_hash(url),
        "urlExpiresAt": utc_timestamp(expires_at(url)),
        "fetchedAt": utc_timestamp(sources.clock.now()),
    }


def _brands_references(creative: Row) -> Iterator[tuple[str, int, Row]]:
    if asset_id := creative.get("brandLogoAssetID"):
        url, crop = creative.get("brandLogoUrl"), creative.get("brandLogoCrop")
        yield "brandLogo", 0, {**split_id(asset_id), "url": url, "crop": crop}
    images = list(creative.get("customImages") or [])
    if not images and creative.get("customImageAssetId"):
        images = [
            {
                "assetId": creative["customImageAssetId"],
                "url": creative.get("customImageUrl"),
                "crop": creative.get("customImageCrop"),
            }
        ]
    for number, image in enumerate(images):
        if image.get("assetId"):
            yield "customImage", number, {**image, **split_id(image["assetId"])}
    for number, asset_id in enumerate(creative.get("videoAssetIds") or []):
        yield "video", number, split_id(asset_id)
