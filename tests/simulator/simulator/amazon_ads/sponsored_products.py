"""Sponsored Products v3: ids are strings, times ISO, states upper-case, budgets nested."""

from __future__ import annotations

from typing import Any

from simulator.amazon_ads.entities import iso, known_campaigns, serving_status
from simulator.amazon_ads.listing import EntityList
from simulator.gateway import Operation
from simulator.world import World
from simulator.world.ads.entities import Campaign, Profile, known
from simulator.world.events import AdProduct

STATES = ("ENABLED", "PAUSED", "PROPOSED", "ARCHIVED", "ENABLING", "USER_DELETED", "OTHER")


def campaigns(world: World, profile: Profile) -> list[dict[str, Any]]:
    """All campaigns as the list shows them."""
    return [
        _campaign(world, campaign)
        for campaign in known_campaigns(world, profile, AdProduct.SPONSORED_PRODUCTS)
    ]


def _campaign(world: World, campaign: Campaign) -> dict[str, Any]:
    today = campaign.profile.day_of(world.now)
    budget = float(known(campaign.budgets, today))
    status = serving_status(campaign, today)
    row = {
        "campaignId": campaign.campaign_id,
        "name": known(campaign.names, today),
        "state": known(campaign.states, today).value,
        "targetingType": campaign.targeting,
        "startDate": campaign.start.isoformat(),
        "endDate": campaign.end and campaign.end.isoformat(),
        "portfolioId": campaign.portfolio and campaign.portfolio.portfolio_id,
        "budget": {"budget": budget, "budgetType": "DAILY", "effectiveBudget": budget},
        "dynamicBidding": {
            "strategy": "AUTO_FOR_SALES" if campaign.targeting == "AUTO" else "LEGACY_FOR_SALES",
            "placementBidding": [{"placement": "PLACEMENT_TOP", "percentage": 20}],
        },
        "tags": {},
        "extendedData": {
            "creationDateTime": iso(campaign.profile.midnight(campaign.start)),
            "lastUpdateDateTime": iso(campaign.profile.midnight(campaign.changed_on(today))),
            "servingStatus": status,
            "servingStatusDetails": [{"name": f"{status}_DETAIL"}],
        },
    }
    # Optional fields are absent, not null (endDate may be either).
    return {name: value for name, value in row.items() if value is not None}


LISTS = (
    EntityList(
        Operation("ads.sp.campaigns", "POST", "/sp/campaigns/list", rate=10, burst=30),
        AdProduct.SPONSORED_PRODUCTS,
        "application/vnd.spCampaign.v3+json",
        key="campaigns",
        total_key="totalResults",
        page_limit=1000,
        id_filters={"campaignIdFilter": 1000, "portfolioIdFilter": 100},
        states=STATES,
        rows=campaigns,
        other_filters=("marketplaceBudgetAllocationFilter",),
    ),
)
