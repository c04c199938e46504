"""Amazon's marketplaces and regions: the one table of ids, countries, currencies and zones.

The table is `marketplaces.csv` beside this module (the dbt project seeds the same file). Sources:
Amazon's marketplace-ids page, the Profiles contract of the Ads API (its zone for a country differs
from the Selling Partner API's for DE, IT and ES), `prices_include_tax` from local consumer law.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from zoneinfo import ZoneInfo

import msgspec

from amazon_client.errors import ConfigurationError


@dataclass(frozen=True)
class Region:
    """One of Amazon's three regions, each with hosts and an authorisation of its own."""

    name: str
    """na, eu or fe."""
    sp_api_url: str
    ads_api_url: str
    ads_token_url: str
    ads_consent_url: str
    sp_token_url: str = "https://api.amazon.com/auth/o2/token"
    """The same host everywhere, unlike the Ads API's."""


REGIONS: Mapping[str, Region] = {
    "na": Region(
        name="na",
        sp_api_url="https://sellingpartnerapi-na.amazon.com",
        ads_api_url="https://advertising-api.amazon.com",
        ads_token_url="https://api.amazon.com/auth/o2/token",
        ads_consent_url="https://www.amazon.com/ap/oa",
    ),
    "eu": Region(
        name="eu",
        sp_api_url="https://sellingpartnerapi-eu.amazon.com",
        ads_api_url="https://advertising-api-eu.amazon.com",
        ads_token_url="https://api.amazon.co.uk/auth/o2/token",
        ads_consent_url="https://eu.account.amazon.com/ap/oa",
    ),
    "fe": Region(
        name="fe",
        sp_api_url="https://sellingpartnerapi-fe.amazon.com",
        ads_api_url="https://advertising-api-fe.amazon.com",
        ads_token_url="https://api.amazon.co.jp/auth/o2/token",
        ads_consent_url="https://apac.account.amazon.com/ap/oa",
    ),
}


@dataclass(frozen=True)
class Marketplace:
    """One marketplace, a row of `marketplaces.csv`."""

    marketplace_id: str
    country_code: str
    """As Amazon writes it: UK, not GB."""
    country_name: str
    region: str
    currency_code: str
    time_zone: str
    """IANA zone whose midnight ends a business day in Sales & Traffic and economics."""
    ads_time_zone: str
    """IANA zone of the dates in Ads reports of this marketplace's profiles."""
    sales_channel: str
    """As order reports name it, for example Amazon.co.uk."""
    seller_central_url: str
    inventory_pool: str
    """Marketplaces of one pool report the same stock: never add them up."""
    is_supported: bool
    """False: known, treated as best effort."""
    prices_include_tax: bool

    @property
    def zone(self) -> ZoneInfo:
        """`time_zone`, ready for arithmetic."""
        return ZoneInfo(self.time_zone)


def _read_table() -> tuple[Marketplace, ...]:
    text = files("amazon_client").joinpath("marketplaces.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return msgspec.convert(rows, tuple[Marketplace, ...], strict=False)


MARKETPLACES: tuple[Marketplace, ...] = _read_table()
_BY_ID = {place.marketplace_id: place for place in MARKETPLACES}
_BY_COUNTRY = {place.country_code: place for place in MARKETPLACES}
_BY_SALES_CHANNEL = {place.sales_channel.lower(): place for place in MARKETPLACES}


def by_id(marketplace_id: str) -> Marketplace | None:
    """The marketplace with this id; None for one that the table does not know."""
    return _BY_ID.get(marketplace_id)


def by_country(country_code: str) -> Marketplace | None:
    """The marketplace of a country, any case; GB is taken for UK. None when unknown."""
    code = country_code.upper()
    return _BY_COUNTRY.get("UK" if code == "GB" else code)


def by_sales_channel(sales_channel: str) -> Marketplace | None:
    """The marketplace that an order report calls `sales_channel`, any case.

    None for `Non-Amazon …` (multi-channel fulfilment) and unknown channels.
    """
    return _BY_SALES_CHANNEL.get(sales_channel.strip().lower())


def region(name: str) -> Region:
    """The region called `name` (na, eu or fe).

    Raises:
        ConfigurationError: there is none of that name.
    """
    try:
        return REGIONS[name]
    except KeyError:
        raise ConfigurationError(
            f"There is no region {name!r}", remedy=f"Use one of: {', '.join(REGIONS)}."
        ) from None
