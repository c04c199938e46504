"""When accounts settle: every fourteen days, each on days and at a second of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from simulator.world.finance.events import AccountType
from simulator.world.marketplaces import Market

if TYPE_CHECKING:
    from simulator.world.story import Story

PERIOD = timedelta(days=14)
_NUMBER = 44
"""The number of the period that ends at the instants below."""
_ENDS = {
    "US": datetime(2026, 11, 12, 7, 22, 41, tzinfo=UTC),
    "CA": datetime(2026, 11, 17, 8, 3, 9, tzinfo=UTC),
    "UK": datetime(2026, 11, 13, 4, 41, 30, tzinfo=UTC),
    "DE": datetime(2026, 11, 18, 7, 49, 55, tzinfo=UTC),
    "JP": datetime(2026, 11, 16, 15, 12, 7, tzinfo=UTC),
}
_INVOICED_LATER = timedelta(days=3)
"""The account of invoiced orders settles on other days: periods of one marketplace overlap."""


@dataclass(frozen=True, slots=True)
class Period:
    """One settlement period of an account; numbers count on without gaps."""

    market: Market
    account_type: AccountType
    number: int

    @property
    def end(self) -> datetime:
        """The instant before which its transactions are posted."""
        later = _INVOICED_LATER if self.account_type is AccountType.INVOICED else timedelta()
        end = _ENDS[self.market.country_code] + later
        return end + (self.number - _NUMBER) * PERIOD

    @property
    def start(self) -> datetime:
        """The instant from which on."""
        return self.end - PERIOD

    def at(self, number: int) -> Period:
        """The period of another number of the same account."""
        return replace(self, number=number)

    @property
    def before(self) -> Period:
        """The one before."""
        return self.at(self.number - 1)


def accounts(story: Story) -> Iterator[tuple[Market, AccountType]]:
    """Every account of the merchant."""
    for market in story.markets:
        yield market, AccountType.STANDARD
        if market.country_code in story.size.invoiced:
            yield market, AccountType.INVOICED


def period_of(market: Market, account_type: AccountType, instant: datetime) -> Period:
    """The period of an account that an instant lies in."""
    known = Period(market, account_type, _NUMBER)
    return known.at(_NUMBER + (instant - known.end) // PERIOD + 1)
