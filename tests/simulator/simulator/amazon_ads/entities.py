"""What the entity lists of all ad products have in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from simulator.world import World
from simulator.world.ads.entities import AdGroup, Campaign, Profile, State, known
from simulator.world.events import AdProduct


def known_campaigns(world: World, profile: Profile, product: AdProduct) -> Iterator[Campaign]:
    """The campaigns of an ad product that have been created by the world's ``now``."""
    today = profile.day_of(world.now)
    return (
        campaign
        for campaign in world.ads.campaigns(profile)
        if campaign.ad_product is product and campaign.start <= today
    )


def known_ad_groups(
    world: World, profile: Profile, product: AdProduct
) -> Iterator[tuple[Campaign, AdGroup]]:
    """The ad groups of those campaigns, never launched ones included."""
    return (
        (campaign, group)
        for campaign in known_campaigns(world, profile, product)
        for group in campaign.all_ad_groups
    )


def serving_status(
    campaign: Campaign, today: date, enabled: str = "CAMPAIGN_STATUS_ENABLED"
) -> str:
    """Why a campaign's ads show or do not, in the words that all three ad products share."""
    state = known(campaign.states, today)
    if state is not State.ENABLED:
        return f"CAMPAIGN_{state}"
    return "ENDED" if campaign.end and campaign.end < today else enabled


def status_inside(campaign: Campaign, own: State, today: date, live: str, prefix: str) -> str:
    """Why something inside a campaign serves: its own reason, or else its campaign's."""
    if own is not State.ENABLED:
        return f"{prefix}_{own}"
    return serving_status(campaign, today, enabled=live)


def present(row: dict[str, Any]) -> dict[str, Any]:
    """A row without its nulls: optional fields are absent."""
    return {name: value for name, value in row.items() if value is not None}


def iso(instant: datetime) -> str:
    """An instant (UTC) as ISO 8601 with milliseconds and Z."""
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"


def epoch_millis(instant: datetime) -> int:
    """An instant as milliseconds since 1970."""
    return int(instant.timestamp() * 1000)
