"""The advertising profiles of the story: the ones to pick, and the ones to leave alone."""

from __future__ import annotations

from simulator.world.ads.entities import Profile

PROFILES: tuple[Profile, ...] = (
    Profile("1482036455912007", "US", "seller"),
    Profile("2750918364420115", "CA", "seller"),
    # May be read but not edited: the default listing (accessLevel=edit) leaves it out.
    Profile("3316572094485521", "MX", "seller", access="view"),
    # DSP only, and a book author: neither has the merchant's sponsored ads.
    Profile("4407719823351648", "US", "agency"),
    Profile("4893320157764402", "US", "vendor", sub_type="KDP_AUTHOR"),
    Profile("1198450672230934", "UK", "seller"),
    Profile("2604417839950286", "DE", "seller"),
    Profile("4011958826603377", "UK", "vendor", sub_type="AMAZON_ATTRIBUTION"),
    # Beyond 2**53: a client that reads numbers as floats asks for another profile.
    Profile("9107428850316224577", "JP", "seller"),
)
BY_ID: dict[str, Profile] = {profile.profile_id: profile for profile in PROFILES}


def seller_profile(country_code: str) -> Profile | None:
    """The profile that advertises the merchant's offers in a country, None where there is none."""
    return next(
        (
            profile
            for profile in PROFILES
            if profile.country_code == country_code and is_advertiser(profile)
        ),
        None,
    )


def is_advertiser(profile: Profile) -> bool:
    """Whether sponsored ads for the merchant's offers run under the profile."""
    return profile.account_type == "seller" and profile.sub_type is None


def advertisers() -> list[Profile]:
    """All profiles with sponsored ads."""
    return list(filter(is_advertiser, PROFILES))
