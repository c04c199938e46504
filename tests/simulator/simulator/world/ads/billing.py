"""What Amazon bills for advertising: an invoice per profile and half month.

Everything that cost is billed, legacy Sponsored Brands campaigns included, of which reports tell
nothing; each campaign's share is rounded to the currency's minor unit, which reports do not do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from simulator.world.ads.entities import Campaign, Profile, identifier
from simulator.world.ads.plan import AdsPlan
from simulator.world.ads.traffic import REVIEWED_AFTER
from simulator.world.events import ZERO

ISSUED_AFTER = timedelta(days=4)
"""From a period's last day to its invoice: by then every visit is reviewed."""
PAID_AFTER = timedelta(days=10)
"""From the invoice to its payment."""
_PERCENT = Decimal("0.01")
FEE_PERCENT = {"CA": 3, "UK": 2}
"""Regulatory advertising fee on what ads cost (digital services taxes passed on)."""
TAX_PERCENT = {"MX": 16}
"""Tax on cost and fee; elsewhere the merchant accounts for it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One campaign's share of an invoice, rounded."""

    campaign: Campaign
    cost: Decimal
    events: int
    """Clicks, or viewable impressions where those are paid for."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """One billing period of a profile, as known at an instant."""

    invoice_id: str
    profile: Profile
    start: date
    end: date
    status: str
    lines: tuple[Line, ...]

    @property
    def issued(self) -> date:
        """The invoice's date."""
        return self.end + ISSUED_AFTER

    @property
    def cost(self) -> Decimal:
        """What the ads cost: the lines' sum."""
        return sum((line.cost for line in self.lines), ZERO)

    @property
    def fee(self) -> Decimal:
        """The regulatory fee."""
        return self._share(self.cost, FEE_PERCENT.get(self.profile.country_code, 0))

    @property
    def tax(self) -> Decimal:
        """Tax on cost and fee."""
        return self._share(self.cost + self.fee, TAX_PERCENT.get(self.profile.country_code, 0))

    @property
    def amount_due(self) -> Decimal:
        """Cost, fee and tax together."""
        return self.cost + self.fee + self.tax

    def _share(self, amount: Decimal, percent: int) -> Decimal:
        return rounded(amount * percent * _PERCENT, self.profile)


def rounded(amount: Decimal, profile: Profile) -> Decimal:
    """An amount in the currency's minor unit, halves up."""
    return amount.quantize(profile.market.minor_unit, ROUND_HALF_UP)


def periods(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Half months that begin within two days (both included), with their last days."""
    start = first
    while start <= last:
        if start.day == 1:
            yield start, start.replace(day=15)
        elif start.day == 16:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            yield start, following - timedelta(days=1)
        start += timedelta(days=1)


def invoices(
    plan: AdsPlan, seed: int, profile: Profile, first: date, now: datetime
) -> list[Invoice]:
    """The invoices of whole periods from ``first`` on, oldest first; the last still accumulates."""
    today = profile.day_of(now)
    return [
        Invoice(
            identifier(seed, profile.profile_id, "invoice", start)[:12], profile, start, end,
            _status(end, today), tuple(_lines(plan, profile, start, min(end, today), now)),
        )
        for start, end in periods(first, today)
    ]  # fmt: skip


def _status(end: date, today: date) -> str:
    issued = end + ISSUED_AFTER
    if today <= end:
        return "ACCUMULATING"
    if today < issued:
        return "PROCESSING"
    return "PAID_IN_FULL" if today >= issued + PAID_AFTER else "ISSUED"


def _lines(
    plan: AdsPlan, profile: Profile, start: date, end: date, now: datetime
) -> Iterator[Line]:
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    for campaign in plan.campaigns(profile):
        cost, events = ZERO, 0
        for day in days:
            for visits in plan.visits(campaign, day):
                if visits.reported_at <= now:
                    is_reviewed = visits.at + REVIEWED_AFTER <= now
                    clicks = visits.clicks - (visits.invalid_clicks if is_reviewed else 0)
                    cost += clicks * visits.click_price + visits.view_cost
                    events += visits.viewable_impressions if visits.view_cost else clicks
        if cost:
            yield Line(campaign, rounded(cost, profile), events)
