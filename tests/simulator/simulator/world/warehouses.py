"""Where the units of a pool lie, and how large and heavy they are."""

from __future__ import annotations

from decimal import Decimal

from simulator.world.marketplaces import BY_COUNTRY, PAN_EU, Market
from simulator.world.randomness import chance

_CENTRES = {
    "US": ("ONT8", "PHX7", "ABE8"),
    "CA": ("YYZ4", "YVR2"),
    "UK": ("BHX4", "LTN4"),
    "DE": ("LEJ1", "DTM2"),
    "FR": ("ORY1",),
    "IT": ("MXP5",),
    "ES": ("MAD4",),
    "JP": ("NRT1", "KIX2"),
    "AU": ("MEL1",),
}
PAN_EU_COUNTRIES = ("DE", "DE", "FR", "IT", "ES")
"""In which country a product of the continental pool lies, by chance: half of them in Germany."""


def country_of(seed: int, pool: str, fn_sku: str) -> str:
    """The one country in which a pool keeps an FNSKU (UK for the United Kingdom)."""
    if pool != PAN_EU:
        return pool.upper()
    return chance(seed, "warehouse", fn_sku).choice(PAN_EU_COUNTRIES)


def market_of(seed: int, pool: str, fn_sku: str) -> Market:
    """The marketplace of that country, whose days and currency its storage has."""
    return BY_COUNTRY[country_of(seed, pool, fn_sku)]


def centre_of(seed: int, country: str, *subject: object) -> str:
    """A fulfilment centre of a country."""
    return chance(seed, "centre", country, *subject).choice(_CENTRES[country])


def iso_country(country: str) -> str:
    """What reports call a country: GB, not UK."""
    return "GB" if country == "UK" else country


def volume(seed: int, asin: str) -> Decimal:
    """Cubic feet that a unit takes."""
    return Decimal(chance(seed, "volume", asin).randint(5, 90)) / 100
