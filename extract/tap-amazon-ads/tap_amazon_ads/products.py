"""Product metadata: title, price and image of advertised products, from the Ads side.

For stores without the Selling Partner API, whose catalogue knows more.

Source: Amazon Ads API, the product metadata contract of 2022-12.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from amazon_client.records import utc_timestamp
from tap_amazon_ads.assets import url_hash
from tap_amazon_ads.client import operation
from tap_amazon_ads.listing import Row
from tap_amazon_ads.sources import Sources

METADATA = operation(
    "POST",
    "/product/metadata",
    "productMetadata",
    content_type="application/vnd.productmetadatarequest.v1+json",
    accept="application/vnd.productmetadataresponse.v1+json",
)
PRODUCT_METADATA = "PRODUCT_METADATA"
AT_ONCE = 300
"""Products per request, and rows per page."""


def metadata(sources: Sources) -> Iterator[list[Row]]:
    """Yield what is known of the products that are advertised, page by page."""
    asins = sorted(advertised(sources))
    for start in range(0, len(asins), AT_ONCE):
        yield from _pages(sources, asins[start : start + AT_ONCE])


def advertised(sources: Sources) -> set[str]:
    """The ASINs of a profile's ads."""
    asins = {
        str(ad["asin"]) for ad in sources.rows("sp_product_ads", "sd_product_ads") if ad.get("asin")
    }
    for ad in sources.rows("sb_ads"):
        asins |= set((ad.get("creative") or {}).get("asins") or [])
    return asins


def _pages(sources: Sources, asins: Sequence[str]) -> Iterator[list[Row]]:
    """Yield pages until one is short: a product with several SKUs has a row for each."""
    page = 0
    while True:
        body = {
            "asins": list(asins),
            "pageIndex": page,
            "pageSize": AT_ONCE,
            "checkItemDetails": True,
        }
        answer = sources.api.call(METADATA, ad_product=PRODUCT_METADATA, json=body).data
        found = answer.get("ProductMetadataList") or []
        fetched_at = utc_timestamp(sources.clock.now())
        yield [
            {**row, "imageUrlHash": url_hash(row.get("imageUrl")), "fetchedAt": fetched_at}
            for row in found
        ]
        if len(found) < AT_ONCE:
            return
        page += 1
