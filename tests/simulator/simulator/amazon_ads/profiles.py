"""``/v2/profiles``: the profiles of one region that a user sees."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.amazon_ads.access import is_seen, level
from simulator.amazon_ads.checks import JSON, known_parameters, require_accept
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Profile
from simulator.world.ads.profiles import is_advertiser
from simulator.world.sellers import STORE_NAME

_VALUES = {
    "apiProgram": ("billing", "campaign", "paymentMethod", "store", "report", "account", "posts"),
    "accessLevel": ("edit", "view"),
    "profileTypeFilter": ("seller", "vendor", "agency"),
    "validPaymentMethodFilter": ("true", "false"),
}


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the listing and the single profile."""

    @gateway.operation(Operation("ads.profiles", "GET", "/v2/profiles", rate=10, burst=30))
    def listed(call: Call) -> Response:
        require_accept(JSON, "application/*", "*/*", "")
        asked = _asked()
        return json_response(
            [
                _profile(simulation.world, profile)
                for profile in _seen(call, simulation.world)
                if _is_wanted(call, profile, asked)
            ]
        )

    @gateway.operation(
        Operation("ads.profile", "GET", "/v2/profiles/<profile_id>", rate=10, burst=30)
    )
    def single(call: Call, profile_id: str) -> Response:
        require_accept(JSON, "application/*", "*/*", "")
        found = [p for p in _seen(call, simulation.world) if p.profile_id == profile_id]
        if not found:
            raise Refusal(404, message="Profile not found")
        return json_response(_profile(simulation.world, found[0]))


def _asked() -> dict[str, set[str]]:
    asked = {
        name: {part.strip() for part in value.split(",")}
        for name, value in known_parameters(_VALUES).items()
    }
    for name, values in asked.items():
        if not values <= set(_VALUES[name]) or (len(values) > 1 and name != "profileTypeFilter"):
            raise Refusal(400, message=f"{name} has an invalid value")
    return asked


def _seen(call: Call, world: World) -> list[Profile]:
    return [
        profile
        for profile in world.ads.profiles
        if profile.market.region == call.caller.region and is_seen(call.caller.grant, profile)
    ]


def _is_wanted(call: Call, profile: Profile, asked: dict[str, set[str]]) -> bool:
    is_editable = level(call.caller.grant, profile) == "edit"
    may_pay = asked.get("validPaymentMethodFilter", {"true"}) == {"true"}
    return (
        (is_editable or asked.get("accessLevel") == {"view"})
        and profile.account_type in asked.get("profileTypeFilter", {profile.account_type})
        # Everybody here has paid; Amazon counts those without the field as valid, too.
        and may_pay
    )


def _profile(world: World, profile: Profile) -> dict[str, Any]:
    market = profile.market
    row: dict[str, Any] = {
        "profileId": int(profile.profile_id),
        "countryCode": profile.country_code,
        "currencyCode": market.currency_code,
        "timezone": market.ads_zone_name,
        "accountInfo": {
            "marketplaceStringId": market.marketplace_id,
            "id": _account_id(world, profile),
            "type": profile.account_type,
            "name": STORE_NAME,
        },
    }
    if is_advertiser(profile):
        row["dailyBudget"] = 999999999.0
    if profile.account_type == "vendor":
        row["accountInfo"]["validPaymentMethod"] = True
    if profile.sub_type:
        row["accountInfo"]["subType"] = profile.sub_type
    return row


def _account_id(world: World, profile: Profile) -> str:
    """A seller's is its SP-API id (the same in all its marketplaces), others have an entity id."""
    if profile.account_type == "seller":
        return world.sellers[profile.market.region].selling_partner_id
    return f"ENTITY{profile.profile_id[:13]}"
