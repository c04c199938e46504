"""Ground truth of what is billed, and why it is not quite what reports say was spent."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from simulator.world.ads.billing import FEE_PERCENT, TAX_PERCENT, periods
from simulator.world.ads.entities import Profile
from simulator.world.ads.profiles import advertisers
from simulator.world.ads.truth import seen
from simulator.world.events import ZERO

if TYPE_CHECKING:
    from simulator.world import World


def invoice_truth(world: World) -> list[dict[str, Any]]:
    """One row per profile and billing period (half months) that began since the story did.

    ``billed`` (what ads cost, the sum of an invoice's lines) = ``reported_spend`` +
    ``unreported_spend`` (legacy Sponsored Brands campaigns, which no report tells) + ``rounding``
    (each campaign's share is billed in whole minor units). ``amount_due`` = ``billed`` + ``fee`` +
    ``tax``. Of the period under way (``is_open``), what is known so far.
    """
    return [
        _row(world, profile, start, end)
        for profile in advertisers()
        if world.ads.campaigns(profile)
        for start, end in periods(world.opened, profile.day_of(world.now))
    ]


def _row(world: World, profile: Profile, start: date, end: date) -> dict[str, Any]:
    spent: dict[bool, Decimal] = {False: ZERO, True: ZERO}
    billed = ZERO
    minor = profile.market.minor_unit
    for campaign in world.ads.campaigns(profile):
        cost: Decimal = ZERO
        for number in range((end - start).days + 1):
            for visits in world.ads.visits(campaign, start + timedelta(days=number)):
                if visits.reported_at <= world.now:
                    cost += seen(world, visits)["spend"]
        spent[campaign.is_legacy] += cost
        billed += cost.quantize(minor, ROUND_HALF_UP)
    country = profile.country_code
    fee = (billed * FEE_PERCENT.get(country, 0) / 100).quantize(minor, ROUND_HALF_UP)
    tax = ((billed + fee) * TAX_PERCENT.get(country, 0) / 100).quantize(minor, ROUND_HALF_UP)
    return {
        "profile_id": profile.profile_id,
        "country_code": country,
        "currency_code": profile.market.currency_code,
        "start": start,
        "end": end,
        "is_open": profile.day_of(world.now) <= end,
        "reported_spend": spent[False],
        "unreported_spend": spent[True],
        "rounding": billed - spent[False] - spent[True],
        "billed": billed,
        "fee": fee,
        "tax": tax,
        "amount_due": billed + fee + tax,
    }
