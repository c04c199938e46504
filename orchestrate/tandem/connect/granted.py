"""What an authorisation turned out to be worth, and what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from amazon_client.marketplaces import MARKETPLACES, Marketplace, by_country, by_id
from tandem.errors import TandemError


class NotConnected(TandemError):
    """A store could not be connected; nothing was saved."""


class UnsupportedMarketplace(NotConnected):
    """A marketplace that is not supported was named, or the seller has no other."""


class OtherAccount(NotConnected):
    """The authorisation is another account's than the one that is connected."""


class ChoiceNeeded(NotConnected):
    """Several things fit equally well: the message lists them with their reasons."""


@dataclass(frozen=True)
class Login:
    """What an authorisation is used with. Secrets are never shown.

    Attributes:
        client_id: The application's id at Login with Amazon; empty for Shopify.
        token: The refresh token, or the shop's access token.
    """

    client_id: str
    client_secret: str = field(repr=False)
    token: str = field(repr=False)


@dataclass(frozen=True)
class Granted:
    """What Amazon or Shopify answered to an authorisation.

    Attributes:
        account_id: The seller, the advertiser or the shop's domain.
        profile_ids: The advertising profiles to read.
        missing: Roles or permissions that were found missing.
        marketplaces: Where the account sells.
        notes: What else the person who connects should know, a sentence each.
        state: `connected`, `partial` or `no_ads_profile`.
        country_code: The shop's country.
        currency_code: The shop's currency.
    """

    account_id: str | None
    account_name: str | None = None
    profile_ids: Sequence[str] = ()
    missing: Sequence[str] = ()
    marketplaces: Sequence[Marketplace] = ()
    notes: Sequence[str] = ()
    state: str = "connected"
    reason: str | None = None
    remedy: str | None = None
    country_code: str | None = None
    currency_code: str | None = None


def supported(text: str) -> Marketplace:
    """The marketplace that an id or a country code names.

    Raises:
        UnsupportedMarketplace: it is none, or one that can be no primary marketplace.
    """
    place = by_id(text) or by_country(text)
    if place is None or not place.is_supported:
        names = ", ".join(one.country_code for one in MARKETPLACES if one.is_supported)
        what = f"{place.country_name} is" if place else f"{text!r} is no marketplace that is"
        raise UnsupportedMarketplace(
            f"{what} not supported as a primary marketplace. Supported are {names}: name one of "
            "them with --primary-marketplace; the others are read beside it as best effort."
        )
    return place
