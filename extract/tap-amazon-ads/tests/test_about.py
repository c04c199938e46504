"""The README and `--about` tell of every stream what its declaration says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amazon_client.singer import common_settings
from tap_amazon_ads.about import facts, table
from tap_amazon_ads.settings import SETTINGS
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.tap import TapAmazonAds

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_table_of_the_readme_is_that_of_the_declarations() -> None:
    assert table(STREAMS) in README


def test_every_setting_is_in_the_readme() -> None:
    settings = README[README.index("## Settings") : README.index("## What goes wrong")]
    missing = [n for n in common_settings(SETTINGS)["properties"] if f"`{n}`" not in settings]
    assert not missing


def test_about_tells_the_streams_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    TapAmazonAds.print_about()
    assert table(STREAMS) in capsys.readouterr().out


def test_about_tells_the_streams_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    TapAmazonAds.print_about("json")
    told = {entry["stream"]: entry for entry in json.loads(capsys.readouterr().out)["streams"]}
    assert set(told) == {stream.name for stream in STREAMS}
    assert told["sp_targeting_daily"] == {
        "stream": "sp_targeting_daily",
        "source": "report `spTargeting` by targeting",
        "key": ["date", "campaign_id", "ad_group_id", "keyword_id"],
        "cursor": "date",
        "reads": {
            "first_sync": "60 days",
            "weekly": "60 days",
            "daily": "31 days",
            "hourly": "-",
        },
        "permission": "advertiser_campaign_view",
    }


def test_permissions_are_those_of_the_contracts(contract: object) -> None:
    files = {
        "invoices": ("AdvertisingBilling_prod_3p.2025-12.json", "/invoices", "get"),
        "product_metadata": ("common-product-meta-data.2022-12.json", "/product/metadata", "post"),
        "sp_campaigns": ("SponsoredProducts_prod_3p.2025-12.json", "/sp/campaigns/list", "post"),
        "sp_campaigns_daily": (
            "OfflineReport_prod_3p.2025-12.json",
            "/reporting/reports",
            "post",
        ),
    }
    permissions = {facts(stream).stream: facts(stream).permission for stream in STREAMS}
    for stream, (file, path, method) in files.items():
        described = contract(f"openapi/{file}")["paths"][path][method]["description"]  # type: ignore[operator]
        assert f'"{permissions[stream]}"' in described, stream
