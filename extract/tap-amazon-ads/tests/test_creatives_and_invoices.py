"""Creatives, the assets they show, product images and invoices."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from amazon_client.extraction import Window
from tap_amazon_ads import assets, invoices, products
from tap_amazon_ads.entities import EntityLists
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.sources import Sources

PROFILE = Profile("na", "77", "US", "USD", "America/Los_Angeles")
EMPTY: tuple[Any, ...] = ({"ads": []}, [])
"""No ads of Sponsored Brands, no creatives of Sponsored Display."""


def sources(amazon: Any) -> Sources:
    api = amazon.region.profile(PROFILE)
    return Sources(EntityLists(api), api, amazon.clock)


def presigned(amazon: Any, age: timedelta) -> str:
    signed = amazon.clock.now() - age
    return f"https://cdn.test/a.png?X-Amz-Date={signed:%Y%m%dT%H%M%SZ}&X-Amz-Expires=3600&s=1"


def listed(url: str, version: str = "v1") -> dict[str, Any]:
    return {"assetId": "A", "version": version, "storageLocationUrls": {"defaultUrl": url}}


def test_an_address_that_has_expired_is_resolved_again(amazon: Any) -> None:
    fresh = presigned(amazon, timedelta())
    found = {"assetIdentifier": {"assetId": "A", "version": "v1"}, "url": fresh}
    amazon.answers(
        {"assetList": [listed(presigned(amazon, timedelta(hours=2)))]},
        {"assetVersionList": [found]},
        *EMPTY,
    )
    (row,), _ = assets.library(sources(amazon))
    assert row["url"] == fresh
    assert row["urlExpiresAt"] == "2026-11-24T19:00:00Z"
    assert row["fetchedAt"] == "2026-11-24T18:00:00Z"
    assert row["urlHash"] == hashlib.sha256(b"https://cdn.test/a.png").hexdigest()
    query = dict(parse_qsl(urlsplit(amazon.script.requests[1].url).query))
    assert query == {"assetId": "A", "version": "v1"}


def test_an_address_that_is_good_is_taken_as_it_is(amazon: Any) -> None:
    amazon.answers({"assetList": [listed(presigned(amazon, timedelta()))]}, *EMPTY)
    (row,), _ = assets.library(sources(amazon))
    assert row["url"] == presigned(amazon, timedelta())
    assert len(amazon.script.requests) == 3


def test_the_same_image_has_the_same_hash_under_every_signature() -> None:
    first, second = "https://cdn.test/a.png?s=1", "https://cdn.test/a.png?s=2"
    assert assets.url_hash(first) == assets.url_hash(second) != assets.url_hash("https://b")
    assert assets.url_hash(None) is None


def test_a_version_that_an_ad_still_shows_is_looked_up_though_it_is_not_listed(
    amazon: Any,
) -> None:
    ad = {"campaignId": "1", "adGroupId": "2", "creative": {"videoAssetIds": ["A:version_v1"]}}
    old = {"assetIdentifier": {"assetId": "A", "version": "version_v1"}, "url": "https://old"}
    amazon.answers(
        {"assetList": [listed("https://new", "version_v2")]},
        {"ads": [ad]},
        [],
        {"assetVersionList": [old], "assetGlobal": {"assetType": "VIDEO"}},
    )
    rows = [row for page in assets.library(sources(amazon)) for row in page]
    assert [(r["version"], r["url"]) for r in rows] == [
        ("version_v2", "https://new"),
        ("version_v1", "https://old"),
    ]
    assert rows[1]["assetType"] == "VIDEO"


def test_an_asset_that_is_gone_is_left_out(amazon: Any) -> None:
    ad = {"campaignId": "1", "adGroupId": "2", "creative": {"brandLogoAssetID": "gone"}}
    amazon.answers({"assetList": []}, {"ads": [ad]}, [], (404, {"message": "Asset not found"}))
    assert [row for page in assets.library(sources(amazon)) for row in page] == []


def test_every_asset_that_a_creative_shows_is_told_with_its_role() -> None:
    ad = {
        "creative": {
            "brandLogoAssetID": "L",
            "brandLogoUrl": "https://logo",
            "customImages": [{"assetId": "I:version_v2", "url": "https://i", "crop": {"top": 1}}],
            "videoAssetIds": ["V:version_v1"],
        }
    }
    told = [(role, n, a["assetId"], a["assetVersion"]) for role, n, a in assets.references(ad)]
    assert told == [
        ("brandLogo", 0, "L", None),
        ("customImage", 0, "I", "version_v2"),
        ("video", 0, "V", "version_v1"),
    ]
    display = {
        "properties": {
            "headline": "x",
            "squareImages": [{"assetId": "S", "assetVersion": "1"}, {"assetId": "T"}],
        }
    }
    told = [(role, n, a["assetId"], a["assetVersion"]) for role, n, a in assets.references(display)]
    assert told == [("squareImages", 0, "S", "1"), ("squareImages", 1, "T", None)]


@pytest.mark.parametrize(
    ("url", "expires"),
    [
        ("https://x/a?X-Amz-Date=20261124T180000Z&X-Amz-Expires=60", (18, 1)),
        ("https://x/a?Expires=1795545000", (18, 30)),  # 20 781 days and 66 600 s; 2026-11-24
        ("https://x/a.png", None),
        (None, None),
    ],
)
def test_when_an_address_expires_is_read_off_it(
    url: str | None, expires: tuple[int, int] | None
) -> None:
    wanted = datetime(2026, 11, 24, *expires, tzinfo=UTC) if expires else None
    assert assets.expires_at(url) == wanted


def test_products_are_asked_for_300_at_a_time(amazon: Any) -> None:
    ads = [{"adId": str(n), "asin": f"B{n:03}"} for n in range(301)]
    found = [{"asin": "B000", "sku": "S", "imageUrl": "https://i._SS60_.jpg"}]
    amazon.answers({"productAds": ads}, [], {"ads": []}, {"ProductMetadataList": found}, {})
    rows = [row for page in products.metadata(sources(amazon)) for row in page]
    assert [len(body["asins"]) for body in amazon.script.bodies[3:]] == [300, 1]
    assert rows[0]["imageUrlHash"] == hashlib.sha256(b"https://i._SS60_.jpg").hexdigest()


def test_invoices_follow_their_cursor_and_leave_addresses_behind(amazon: Any) -> None:
    window = Window(datetime(2026, 10, 1).date(), datetime(2026, 11, 24).date())
    line = {"campaignId": 2**63, "cost": {"amount": 1, "currencyCode": "USD"}}
    whole = {"invoiceLines": [line], "payerContactInfo": {"address": {"city": "Home"}}}
    amazon.answers(
        {"invoiceSummaries": [{"id": "I1"}], "nextCursor": "c"},
        {"invoiceSummary": {"id": "I1", "status": "ISSUED"}, **whole},
        {"invoiceSummaries": [{"id": "I2"}], "nextCursor": None},
        {"invoiceSummary": {"id": "I2"}},
    )
    rows = [
        row for page in invoices.invoices(amazon.region.profile(PROFILE), window) for row in page
    ]
    assert [row["id"] for row in rows] == ["I1", "I2"]
    assert rows[0]["invoiceLines"] == [line]
    assert "payerContactInfo" not in rows[0]
    queries = [dict(parse_qsl(urlsplit(r.url).query)) for r in amazon.script.requests]
    dates = {"startDate": "2026-10-01", "endDate": "2026-11-24"}
    assert queries[0] == {**dates, "count": "100"}
    assert queries[2] == {**dates, "cursor": "c"}


def test_lines_of_an_invoice_add_up_to_it_and_name_campaigns_of_the_lists(
    whole_sync: Any,
) -> None:
    billed: defaultdict[str, Decimal] = defaultdict(Decimal)
    for line in whole_sync.records("invoice_lines"):
        billed[line["invoice_id"]] += Decimal(line["cost_amount"])
    rows = whole_sync.records("invoices")
    assert {row["invoice_id"] for row in rows} == set(billed)
    for row in rows:
        fees = sum(Decimal(str(fee["cost"]["amount"])) for fee in row["fees"] or [])
        due = Decimal(row["amount_due_amount"])
        assert due == billed[row["invoice_id"]] + fees + Decimal(row["tax_amount_due_amount"])
    known = {
        row["campaign_id"]
        for product in ("sp", "sb", "sd")
        for row in whole_sync.records(f"{product}_campaigns")
    }
    assert {line["campaign_id"] for line in whole_sync.records("invoice_lines")} <= known


def test_every_asset_that_ads_show_is_in_the_library(whole_sync: Any) -> None:
    library = {
        (row["profile_id"], row["asset_id"]): row for row in whole_sync.records("creative_assets")
    }
    shown = whole_sync.records("sb_ad_assets") + whole_sync.records("sd_creative_assets")
    assert shown
    for row in shown:
        asset = library[row["profile_id"], row["asset_id"]]
        assert asset["url"].startswith("http")
        assert len(asset["url_hash"]) == 64
        assert asset["fetched_at"] < asset["url_expires_at"]
        assert asset["width"] > 0


def test_product_images_are_there_where_they_are_wanted(whole_sync: Any) -> None:
    pictured = {row["asin"] for row in whole_sync.records("product_metadata") if row["image_url"]}
    advertised = {row["asin"] for row in whole_sync.records("sp_product_ads")}
    assert advertised <= pictured
