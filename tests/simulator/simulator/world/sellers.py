"""The merchant's Amazon seller accounts: one per region."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.world.marketplaces import in_region


@dataclass(frozen=True)
class Participation:
    """One marketplace as the Sellers API lists it for an account."""

    marketplace_id: str
    name: str
    country_code: str
    currency_code: str
    language: str
    domain: str
    store_name: str
    is_participating: bool
    has_suspended_listings: bool


@dataclass(frozen=True)
class Seller:
    """One seller account of the merchant."""

    selling_partner_id: str
    region: str
    participations: tuple[Participation, ...]


STORE_NAME = "Northwind Home & Kitchen"
SELLER_IDS = {"na": "A1NORTHWINDNA7", "eu": "A2NORTHWINDEU3", "fe": "A3NORTHWINDFE9"}
# Amazon's own sellers see such internal marketplaces beside the real ones; a client must cope.
_SHADOW = Participation(
    "A1MQXOICRS2Z7M", "SI CA Prod Marketplace", "CA", "CAD", "en_CA", "siprod.stores.amazon.ca",
    STORE_NAME, True, False,
)  # fmt: skip
SHADOW_MARKETPLACE_IDS = frozenset({_SHADOW.marketplace_id})


def sellers(selling_countries: frozenset[str]) -> dict[str, Seller]:
    """The merchant's accounts by region; only the selling countries participate."""
    return {region: _seller(region, selling_countries) for region in SELLER_IDS}


def _seller(region: str, selling_countries: frozenset[str]) -> Seller:
    listed = tuple(
        Participation(
            market.marketplace_id,
            market.name,
            # The Sellers API says GB where the Ads API says UK.
            "GB" if market.country_code == "UK" else market.country_code,
            market.currency_code,
            market.language,
            market.domain,
            STORE_NAME,
            is_participating=market.country_code in selling_countries,
            has_suspended_listings=market.country_code == "BR",
        )
        for market in in_region(region)
    )
    return Seller(SELLER_IDS[region], region, (*listed, _SHADOW) if region == "na" else listed)
