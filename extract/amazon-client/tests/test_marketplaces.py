import json
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from amazon_client import marketplaces
from amazon_client.errors import ConfigurationError
from amazon_client.marketplaces import MARKETPLACES

FACTS = Path(__file__).parents[4] / "shared/contracts/ads-api/facts/marketplaces.json"


def test_the_supported_marketplaces_are_the_promised_nine() -> None:
    supported = {place.country_code for place in MARKETPLACES if place.is_supported}
    assert supported == {"US", "CA", "UK", "DE", "FR", "IT", "ES", "JP", "AU"}


def test_the_table_also_knows_the_best_effort_marketplaces() -> None:
    others = {place.country_code for place in MARKETPLACES if not place.is_supported}
    west = {"MX", "BR"}
    europe_and_beyond = {"NL", "BE", "IE", "SE", "PL", "TR", "AE", "SA", "EG", "ZA", "IN"}
    assert others == west | europe_and_beyond | {"SG"}


@pytest.mark.parametrize("column", ["marketplace_id", "country_code", "sales_channel"])
def test_each_way_to_look_up_a_marketplace_is_unique(column: str) -> None:
    values = [getattr(place, column) for place in MARKETPLACES]
    assert len(set(values)) == len(values)


def test_every_time_zone_exists_and_every_region_is_known() -> None:
    for place in MARKETPLACES:
        assert place.zone == ZoneInfo(place.time_zone)
        assert ZoneInfo(place.ads_time_zone)
        assert place.region in marketplaces.REGIONS


def test_canada_and_mexico_do_business_on_pacific_time() -> None:
    zones = {place.country_code: place.time_zone for place in MARKETPLACES}
    assert zones["CA"] == zones["MX"] == zones["US"] == "America/Los_Angeles"


def test_the_continental_marketplaces_share_one_pool_and_the_uk_has_its_own() -> None:
    shared = {place.country_code for place in MARKETPLACES if place.inventory_pool == "pan_eu"}
    assert shared == {"DE", "FR", "IT", "ES", "NL", "BE", "IE", "SE", "PL"}
    alone = [place for place in MARKETPLACES if place.country_code not in shared]
    assert all(place.inventory_pool == place.country_code.lower() for place in alone)


def test_lookups_find_by_id_country_and_sales_channel_in_any_case() -> None:
    uk = marketplaces.by_id("A1F83G8C2ARO7P")
    assert uk is not None
    assert uk.currency_code == "GBP"
    assert marketplaces.by_country("gb") == marketplaces.by_country("UK") == uk
    assert marketplaces.by_sales_channel("amazon.co.uk ") == uk


def test_unknown_marketplaces_and_foreign_sales_channels_are_none() -> None:
    assert marketplaces.by_id("A0") is None
    assert marketplaces.by_country("XX") is None
    assert marketplaces.by_sales_channel("Non-Amazon US") is None


def test_an_unknown_region_names_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="na, eu, fe"):
        marketplaces.region("us")


@pytest.mark.skipif(not FACTS.exists(), reason="Amazon's contracts are not at hand")
def test_ids_currencies_and_ads_zones_agree_with_the_ads_contract() -> None:
    for fact in json.loads(FACTS.read_text())["marketplaces"]:
        place = marketplaces.by_country(fact["countryCode"])
        assert place is not None
        assert place.region == fact["region"].lower()
        assert place.currency_code == fact["currencyCode"]
        assert place.ads_time_zone == fact["timezone"]
        assert fact["marketplaceStringId"] in (None, place.marketplace_id)
