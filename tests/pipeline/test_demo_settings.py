"""meltano.yml's demo environment says what the simulator knows; both are written by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from amazon_client.singer import common_settings
from simulator import credentials
from simulator.shopify import SHOP_NAME
from simulator.testing import NOW
from simulator.world.sellers import SELLER_IDS
from tap_amazon_ads.tap import SETTINGS as ADS_SETTINGS
from tap_amazon_sp.settings import SETTINGS as SP_SETTINGS
from tap_shopify_journeys.tap import SETTINGS as JOURNEYS_SETTINGS

JOURNEYS = "tap-shopify-journeys"
PERSONAL = {
    *("accountNumber", "address", "billingAddress", "cancellation", "clientIp", "customAttributes"),
    *("customer", "customerJourneySummary", "customerLocale", "email", "fulfillments", "note"),
    *("paymentDetails", "phone", "poNumber", "receiptJson", "shippingAddress", "statusPageUrl"),
}
"""Columns of tap-shopify that tell who somebody is, where they are or what they wrote."""
MELTANO = yaml.safe_load((Path(__file__).parents[2] / "meltano.yml").read_text())


@pytest.fixture
def demo() -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in MELTANO["environments"] if e["name"] == "demo")
    return found


def config(demo: dict[str, Any], tap: str) -> dict[str, Any]:
    taps = demo["config"]["plugins"]["extractors"]
    found: dict[str, Any] = next(t["config"] for t in taps if t["name"] == tap)
    return found


def test_the_selling_partner_tap_is_given_the_simulated_merchant(demo: dict[str, Any]) -> None:
    settings = config(demo, "tap-amazon-sp")
    assert settings["client_id"] == credentials.SP_CLIENT.client_id
    assert settings["client_secret"] == credentials.SP_CLIENT.client_secret
    assert settings["accounts"] == [
        {
            "region": region,
            "refresh_token": credentials.sp_refresh_token(region),
            "selling_partner_id": seller_id,
        }
        for region, seller_id in SELLER_IDS.items()
    ]


def test_the_ads_tap_is_given_a_user_who_sees_every_profile(demo: dict[str, Any]) -> None:
    settings = config(demo, "tap-amazon-ads")
    assert settings["client_id"] == credentials.ADS_CLIENT.client_id
    assert settings["client_secret"] == credentials.ADS_CLIENT.client_secret
    assert {a["region"] for a in settings["accounts"]} == set(SELLER_IDS)
    assert {a["refresh_token"] for a in settings["accounts"]} == {credentials.ads_refresh_token()}


@pytest.mark.parametrize("tap", ["tap-shopify", "tap-shopify-journeys"])
def test_the_shops_taps_are_given_the_simulated_shop(demo: dict[str, Any], tap: str) -> None:
    settings = config(demo, tap)
    assert settings["shop"] == SHOP_NAME
    assert settings["access_token"] == credentials.shopify_access_token()


def test_every_setting_of_the_journeys_is_declared_to_meltano() -> None:
    plugin = next(p for p in MELTANO["plugins"]["extractors"] if p["name"] == JOURNEYS)
    declared = {setting["name"] for setting in plugin["settings"]}
    own = set(JOURNEYS_SETTINGS.to_dict()["properties"])
    assert declared == own


def test_no_personal_column_of_the_shop_is_selected() -> None:
    plugin = next(p for p in MELTANO["plugins"]["extractors"] if p["name"] == "tap-shopify")
    selected = {pattern.split(".")[1] for pattern in plugin["select"]}
    assert not selected & PERSONAL
    assert "customers" not in {pattern.split(".")[0] for pattern in plugin["select"]}


def test_the_demos_present_is_the_one_that_the_tests_look_at(demo: dict[str, Any]) -> None:
    assert demo["env"]["TANDEM_AS_OF"] == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.mark.parametrize(
    ("tap", "own"), [("tap-amazon-sp", SP_SETTINGS), ("tap-amazon-ads", ADS_SETTINGS)]
)
def test_every_setting_of_a_tap_is_declared_to_meltano(tap: str, own: dict[str, Any]) -> None:
    plugin = next(p for p in MELTANO["plugins"]["extractors"] if p["name"] == tap)
    declared = {setting["name"] for setting in plugin["settings"]}
    assert declared == set(common_settings(own)["properties"])


def test_no_setting_is_of_the_kind_that_meltano_cannot_write_into_a_taps_configuration() -> None:
    """It makes a `Decimal` of a decimal that comes from the environment, and JSON knows none."""
    plugins = [plugin for kind in MELTANO["plugins"].values() for plugin in kind]
    settings = [s for plugin in plugins for s in plugin.get("settings", [])]
    assert [s["name"] for s in settings if s.get("kind") == "decimal"] == []
