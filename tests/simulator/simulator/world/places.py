"""Where parcels go: a few invented addresses per country."""

from __future__ import annotations

from random import Random
from typing import NamedTuple


class Place(NamedTuple):
    """City, state or region, postal code and country (GB for the United Kingdom)."""

    city: str
    state: str
    postal_code: str
    country: str


_PLACES = {
    "US": (
        Place("Portland", "OR", "97205-0000", "US"),
        Place("Austin", "TX", "78701", "US"),
        Place("Coeur d'Alene", "ID", "83814", "US"),
        Place("Brooklyn", "NY", "11201", "US"),
    ),
    "CA": (
        Place("Montréal", "Québec", "H2X 1Y4", "CA"),
        Place("Calgary", "AB", "T2P 1J9", "CA"),
    ),
    "UK": (
        Place("Leeds", "West Yorkshire", "LS1 4DY", "GB"),
        Place("Bristol", "", "BS1 5TR", "GB"),
    ),
    "DE": (
        Place("Köln", "", "50667", "DE"),
        Place("Düsseldorf", "Nordrhein-Westfalen", "40210", "DE"),
        Place("Wien", "", "1010", "AT"),
    ),
    "JP": (
        Place("渋谷区", "東京都", "150-0002", "JP"),
        Place("北区", "大阪府", "530-0001", "JP"),
    ),
}


def draw(random: Random, country_code: str) -> Place:
    """A place in (or near) a marketplace's country."""
    return random.choice(_PLACES[country_code])
