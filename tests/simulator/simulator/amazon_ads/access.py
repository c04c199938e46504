"""Which profiles a user sees, and which ad products a profile may use."""

from __future__ import annotations

from simulator.credentials import Grant
from simulator.gateway import Call, Refusal
from simulator.world.ads.entities import Profile
from simulator.world.ads.profiles import BY_ID, is_advertiser
from simulator.world.events import AdProduct


def is_seen(grant: Grant, profile: Profile) -> bool:
    """Whether the user has anything to do with the profile; a grant can hold back whole regions."""
    if profile.market.region not in grant.regions:
        return False
    match grant.profiles:
        case "all":
            return True
        case "view_only":
            return is_advertiser(profile)
        case "agency_only":
            return profile.account_type == "agency"
        case _:
            return False


def level(grant: Grant, profile: Profile) -> str:
    """``edit`` or ``view``: what the user may do with a profile that they see."""
    return "view" if grant.profiles == "view_only" else profile.access


def advertiser(call: Call, product: AdProduct) -> Profile:
    """The profile in scope, refused where its kind of account has no such ads."""
    profile = BY_ID[call.caller.account]
    if profile.sub_type == "KDP_AUTHOR" and product is AdProduct.SPONSORED_BRANDS:
        raise Refusal(
            403, message="KDP authors do not have access to Sponsored Brands functionality"
        )
    if profile.account_type == "agency":
        raise Refusal(403, message="Agency accounts do not have access to sponsored ads")
    return profile
