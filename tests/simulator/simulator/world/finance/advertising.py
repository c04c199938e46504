"""Advertising invoices: a week of a profile's spend, paid from the proceeds of its marketplace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.world.ads.entities import Profile
from simulator.world.events import ZERO
from simulator.world.randomness import chance

if TYPE_CHECKING:
    from simulator.world.story import Story

_FIRST = date(2026, 1, 5)
_WEEK = timedelta(days=7)
_AFTER = timedelta(days=4)
"""Invoices wait until invalid clicks are struck out (three days), so their amount is final."""


@dataclass(frozen=True, slots=True)
class AdInvoice:
    """What a profile owes for the days from ``first`` to ``last``, both included."""

    invoice_id: str
    profile: Profile
    first: date
    last: date
    issued_at: datetime
    amount: Decimal
    """Positive; Σ final spend of all campaigns that reports tell of, rounded once."""


def invoices(story: Story, profile: Profile, start: datetime, end: datetime) -> Iterator[AdInvoice]:
    """The invoices issued from ``start`` up to ``end`` (not included), oldest first."""
    number = max(0, (profile.day_of(start) - _FIRST).days // 7 - 3)
    while True:
        first = _FIRST + number * _WEEK
        issued_at = _issued_at(profile, first)
        if issued_at >= end:
            return
        if issued_at >= start and (amount := _spend(story, profile, first)):
            serial = chance(story.seed, "ad invoice", profile.profile_id, number).randrange(10**8)
            last = first + _WEEK - timedelta(days=1)
            yield AdInvoice(f"TRN{serial:08d}-{number}", profile, first, last, issued_at, amount)
        number += 1


def _issued_at(profile: Profile, first: date) -> datetime:
    local = datetime.combine(first + _WEEK + _AFTER, time(4, 11), profile.zone)
    return datetime.fromtimestamp(local.timestamp(), tz=profile.midnight(first).tzinfo)


def _spend(story: Story, profile: Profile, first: date) -> Decimal:
    total = ZERO
    for campaign in story.ads.campaigns(profile):
        if campaign.is_legacy:  # No report tells of it, and neither does an invoice.
            continue
        for offset in range(_WEEK.days):
            for visits in story.ads.visits(campaign, first + timedelta(days=offset)):
                paid = visits.clicks - visits.invalid_clicks
                total += paid * visits.click_price + visits.view_cost
    return total.quantize(profile.market.minor_unit)
