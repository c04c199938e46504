"""Advertising paid from proceeds: what the Ads API bills, taken from the marketplace's account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from simulator.world.ads import billing
from simulator.world.ads.entities import Profile

if TYPE_CHECKING:
    from simulator.world.story import Story

_LONGEST = timedelta(days=16) + billing.ISSUED_AFTER + timedelta(days=1)
"""From the first day of a billing period to its invoice, at most."""
_TAKEN_AT = time(4, 11)
"""Of the invoice's date, in the profile's zone: every visit it bills is reviewed by then."""


def payments(
    story: Story, profile: Profile, start: datetime, end: datetime
) -> Iterator[tuple[datetime, billing.Invoice]]:
    """The invoices taken from ``start`` up to ``end`` (not included), with the instants."""
    for first, last in billing.periods((start - _LONGEST).date(), end.date()):
        local = datetime.combine(last + billing.ISSUED_AFTER, _TAKEN_AT, profile.zone)
        taken_at = local.astimezone(UTC)
        if start <= taken_at < end:
            invoice = billing.invoices(story.ads, story.seed, profile, first, taken_at)[0]
            if invoice.amount_due:
                yield taken_at, invoice
