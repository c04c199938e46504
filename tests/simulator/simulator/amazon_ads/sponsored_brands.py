"""Sponsored Brands v4: ids are strings, times epoch milliseconds, budgets plain numbers."""

from __future__ import annotations

from typing import Any

from simulator.amazon_ads.entities import epoch_millis, known_campaigns, serving_status
from simulator.amazon_ads.listing import EntityList
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.entities import Campaign, Profile, known
from simulator.world.events import AdProduct


def campaigns(world: World, profile: Profile) -> list[dict[str, Any]]:
    """All campaigns as the list shows them, legacy ones included."""
    return [
        _campaign(world, campaign)
        for campaign in known_campaigns(world, profile, AdProduct.SPONSORED_BRANDS)
    ]


def _campaign(world: World, campaign: Campaign) -> dict[str, Any]:
    today = campaign.profile.day_of(world.now)
    midnight = campaign.profile.midnight
    row = {
        "campaignId": campaign.campaign_id,
        "name": known(campaign.names, today),
        "state": known(campaign.states, today).value,
        "budget": float(known(campaign.budgets, today)),
        "budgetType": "DAILY",
        "startDate": campaign.start.isoformat(),
        "endDate": campaign.end and campaign.end.isoformat(),
        "portfolioId": campaign.portfolio and campaign.portfolio.portfolio_id,
        "brandEntityId": f"ENTITY{campaign.profile.market.country_code}NORTHWIND",
        "isMultiAdGroupsEnabled": not campaign.is_legacy,
        "costType": campaign.cost_type,
        "productLocation": "SOLD_ON_AMAZON",
        "bidding": {"bidOptimization": True},
        "extendedData": {
            "creationDate": epoch_millis(midnight(campaign.start)),
            "lastUpdateDate": epoch_millis(midnight(campaign.changed_on(today))),
            "servingStatus": serving_status(campaign, today),
        },
    }
    return {name: value for name, value in row.items() if value is not None}


LISTS = (
    EntityList(
        Operation("ads.sb.campaigns", "POST", "/sb/v4/campaigns/list", rate=10, burst=30),
        AdProduct.SPONSORED_BRANDS,
        "application/vnd.sbcampaignresource.v4+json",
        key="campaigns",
        total_key="totalCount",
        page_limit=100,
        id_filters={"campaignIdFilter": 10, "portfolioIdFilter": 10},
        states=("ENABLED", "PAUSED", "ARCHIVED"),
        rows=campaigns,
    ),
)
