"""Sponsored Display 3.0: GET, root arrays, ids are 64-bit numbers, dates YYYYMMDD, lower case."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import JSON, known_parameters, require_accept, whole_parameter
from simulator.amazon_ads.entities import epoch_millis, known_campaigns, serving_status
from simulator.faults import Kind
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.ads.entities import Campaign, Profile, known
from simulator.world.events import AdProduct

PAGE_LIMIT = 5000
_STATES = ("enabled", "paused", "archived")
_FILTERS = ("campaignIdFilter", "portfolioIdFilter")
_PARAMETERS = ("startIndex", "count", "stateFilter", "name", *_FILTERS)
_EXTENDED = ("servingStatus", "creationDate", "lastUpdatedDate")
_OVERLAP = 3


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the campaign lists, plain and extended."""

    @gateway.operation(Operation("ads.sd.campaigns", "GET", "/sd/campaigns", rate=10, burst=30))
    def plain(call: Call) -> Response:
        rows = _page(call, simulation.world)
        return json_response(
            [{name: row[name] for name in row if name not in _EXTENDED} for row in rows]
        )

    @gateway.operation(
        Operation("ads.sd.campaigns_extended", "GET", "/sd/campaigns/extended", rate=10, burst=30)
    )
    def extended(call: Call) -> Response:
        # The extended model knows no delivery profile and no nulls.
        return json_response(
            [
                {k: v for k, v in row.items() if v is not None and k != "deliveryProfile"}
                for row in _page(call, simulation.world)
            ]
        )


def campaigns(world: World, profile: Profile) -> list[dict[str, Any]]:
    """All campaigns with the fields of both lists."""
    return [
        _campaign(world, campaign)
        for campaign in known_campaigns(world, profile, AdProduct.SPONSORED_DISPLAY)
    ]


def _page(call: Call, world: World) -> list[dict[str, Any]]:
    profile = advertiser(call, AdProduct.SPONSORED_DISPLAY)
    require_accept(JSON, "application/*", "*/*", "")
    asked = known_parameters(_PARAMETERS)
    states = {part.strip() for part in asked.get("stateFilter", ",".join(_STATES)).split(",")}
    if not states <= set(_STATES):
        raise Refusal(400, message="stateFilter has an invalid value")
    rows = [row for row in campaigns(world, profile) if row["state"] in states]
    if "name" in asked:
        rows = [row for row in rows if row["name"] == asked["name"]]
    for name in _FILTERS:
        if name in asked:
            ids = {part.strip() for part in asked[name].split(",")}
            rows = [row for row in rows if str(row[name.removesuffix("Filter")]) in ids]
    start = whole_parameter(asked.get("startIndex"), 0, "startIndex", 0, 2**31 - 1)
    count = whole_parameter(asked.get("count"), PAGE_LIMIT, "count", 1, PAGE_LIMIT)
    first = max(0, start - _OVERLAP) if call.suffers(Kind.REPEATED_PAGE) else start
    page = rows[first : start + count][:count]
    return page[::-1] if call.suffers(Kind.UNSORTED_PAGES) else page


def _campaign(world: World, campaign: Campaign) -> dict[str, Any]:
    today = campaign.profile.day_of(world.now)
    midnight = campaign.profile.midnight
    return {
        "campaignId": int(campaign.campaign_id),
        "name": known(campaign.names, today),
        "tactic": campaign.targeting,
        "budgetType": "daily",
        "budget": float(known(campaign.budgets, today)),
        "startDate": f"{campaign.start:%Y%m%d}",
        "endDate": campaign.end and f"{campaign.end:%Y%m%d}",
        "costType": campaign.cost_type.lower(),
        "state": known(campaign.states, today).value.lower(),
        "portfolioId": campaign.portfolio and int(campaign.portfolio.portfolio_id),
        "deliveryProfile": "as_soon_as_possible",
        "servingStatus": serving_status(campaign, today, enabled="ADVERTISER_STATUS_ENABLED"),
        "creationDate": epoch_millis(midnight(campaign.start)),
        "lastUpdatedDate": epoch_millis(midnight(campaign.changed_on(today))),
    }
