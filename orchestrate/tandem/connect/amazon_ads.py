"""The Ads API: which profiles an authorisation sees, and which of them is the store's.

The choice is the tap's own (`tap_amazon_ads.profiles`), so that what is offered here is what is
read later.
"""

from __future__ import annotations

from collections.abc import Sequence

from amazon_client.clock import SystemClock
from amazon_client.errors import AmazonError, ConfigurationError, NeedsReauth
from amazon_client.marketplaces import Marketplace, by_country, by_id
from amazon_client.singer.settings import Settings
from tandem.connect.granted import ChoiceNeeded, Granted, Login, NotConnected
from tandem.meltano_project import MeltanoProject
from tap_amazon_ads.client import AdsRegions
from tap_amazon_ads.profiles import (
    Profile,
    Selection,
    Wanted,
    nothing_found,
    select_profiles,
)

TAP = "tap-amazon-ads"
ALL = "all"


def verify(
    meltano: MeltanoProject,
    login: Login,
    region: str,
    *,
    primary: Marketplace | None,
    seller_ids: Sequence[str] = (),
    profiles: Sequence[str] = (),
) -> Granted:
    """Find out which profiles an authorisation sees, and choose.

    Args:
        meltano: whose settings say where the API is.
        login: application and refresh token.
        region: whose host is asked.
        primary: the store's primary marketplace, whose profile is wanted; None while it is open.
        seller_ids: the store's seller ids, which tell equal profiles apart.
        profiles: the ids that the merchant chose; `all` for every advertiser's.

    Raises:
        NotConnected: the authorisation is not good, or a profile that was named is not there.
        ChoiceNeeded: several fit; the message lists them.
    """
    regions = _regions(meltano, login, region)
    try:
        seen = regions.configured[region].list_profiles()
    except NeedsReauth as error:
        raise NotConnected(
            f"Amazon refuses this authorisation: {error.facts} Authorise the application again "
            "and use the new refresh token."
        ) from None
    except AmazonError as error:
        raise NotConnected(str(error)) from None
    chosen = tuple(one for one in profiles if one != ALL)
    wanted = Wanted(
        profile_ids=chosen,
        marketplace_id=primary.marketplace_id if primary and not profiles else None,
        country_code=primary.country_code if primary and not profiles else None,
        seller_ids=tuple(seller_ids),
    )
    try:
        selection = select_profiles(seen, wanted)
    except ConfigurationError as error:
        raise ChoiceNeeded(f"{error.message}\nName one with --profile.") from None
    if selection.missing or not selection.profiles:
        return _nothing(regions, region, selection, wanted)
    if len(selection.profiles) > 1 and not profiles:
        raise ChoiceNeeded(_offer(selection.profiles))
    return _granted(selection)


def _granted(selection: Selection) -> Granted:
    profiles = selection.profiles
    notes = [
        f"{'Reads' if choice.is_selected else 'Leaves out'} profile {choice.profile}: "
        f"{choice.reason}."
        for choice in selection.choices
    ]
    entities = {profile.account_entity_id for profile in profiles} - {None}
    names = {profile.account_name for profile in profiles} - {None}
    places = [by_id(p.marketplace_id or "") or by_country(p.country_code or "") for p in profiles]
    return Granted(
        account_id=",".join(sorted(map(str, entities))) or None,
        account_name=", ".join(sorted(map(str, names))) or None,
        profile_ids=[profile.profile_id for profile in profiles],
        marketplaces=[place for place in places if place],
        notes=notes,
    )


def _nothing(regions: AdsRegions, region: str, selection: Selection, wanted: Wanted) -> Granted:
    """No profile: the connection is kept and says what to do, unless a wrong one was named."""
    elsewhere = {}
    for api in regions.others():
        try:
            elsewhere[api.region] = api.list_profiles()
        except AmazonError:
            continue
    error = nothing_found(selection, wanted, [region], elsewhere)
    if wanted.profile_ids or any(elsewhere.values()):
        raise NotConnected(str(error))
    return Granted(
        account_id=None,
        state="no_ads_profile",
        reason=error.message,
        remedy=error.remedy,
    )


def _offer(profiles: Sequence[Profile]) -> str:
    listed = "\n".join(f"  {profile}" for profile in profiles)
    return (
        "Several advertising profiles can be read, and the store's primary marketplace is not "
        f"known:\n{listed}\n"
        "Name one with --profile, or all with --profile all, or the store's marketplace with "
        "--primary-marketplace."
    )


def _regions(meltano: MeltanoProject, login: Login, region: str) -> AdsRegions:
    config = {
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "accounts": [{"region": region, "refresh_token": login.token}],
        "as_of": meltano.as_of,
        **{name: meltano.setting(TAP, name) for name in ("api_url", "auth_url")},
    }
    settings = Settings.read(config, tap_name="tandem", version="1", deadline_minutes=1)
    return AdsRegions(settings, SystemClock(settings.as_of))
