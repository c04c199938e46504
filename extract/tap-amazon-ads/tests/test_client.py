"""How profiles are listed."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from amazon_client.singer.settings import Settings
from amazon_client.testing import ManualClock
from tap_amazon_ads.client import AdsRegions

ACCOUNT = {"id": "A1", "type": "seller", "marketplaceStringId": "A1VC38T7YXB528", "name": "Store"}
JAPAN = {
    "profileId": 2**64 - 1,
    "countryCode": "JP",
    "currencyCode": "JPY",
    "timezone": "Asia/Tokyo",
    "accountInfo": ACCOUNT,
}


def queries(amazon: Any) -> list[dict[str, str]]:
    return [dict(parse_qsl(urlsplit(str(r.url)).query)) for r in amazon.script.requests]


def test_profiles_shared_for_viewing_are_asked_for(amazon: Any) -> None:
    amazon.answers([JAPAN])
    (profile,) = amazon.region.list_profiles()
    assert queries(amazon) == [{"apiProgram": "report", "accessLevel": "view"}]
    assert "Amazon-Advertising-API-Scope" not in amazon.script.requests[0].headers
    assert profile.profile_id == "18446744073709551615"
    assert (profile.marketplace_id, profile.time_zone) == ("A1VC38T7YXB528", "Asia/Tokyo")


def test_a_user_without_the_program_of_reports_is_looked_up_by_campaigns(amazon: Any) -> None:
    amazon.answers([], [JAPAN])
    assert len(amazon.region.list_profiles()) == 1
    assert [query["apiProgram"] for query in queries(amazon)] == ["report", "campaign"]


def test_an_empty_list_is_no_error_here(amazon: Any) -> None:
    amazon.answers([], [])
    assert amazon.region.list_profiles() == []


@pytest.mark.parametrize(
    ("api_url", "others"),
    [(None, ["eu", "fe"]), ("http://sim/ads/{region}", ["eu", "fe"]), ("http://sim/ads", [])],
    ids=["Amazon's hosts", "a host per region", "one host for all"],
)
def test_other_regions_are_looked_at_only_where_they_have_a_host_of_their_own(
    api_url: str | None, others: list[str]
) -> None:
    config = {
        "client_id": "client",
        "client_secret": "secret",
        "region": "na",
        "refresh_token": "Atzr|r",
        "api_url": api_url,
    }
    settings = Settings.read(config, tap_name="tests", version="0", deadline_minutes=1)
    regions = AdsRegions(settings, ManualClock())
    assert list(regions.configured) == ["na"]
    assert [region.region for region in regions.others()] == others
