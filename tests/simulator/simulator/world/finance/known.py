"""What of the ledger is known at an instant, seller by seller."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from simulator.world.events import ZERO
from simulator.world.finance.events import AccountType, Kind, Sort, Transaction
from simulator.world.finance.ledger import Settlement
from simulator.world.finance.periods import Period, period_of
from simulator.world.finance.services import charge
from simulator.world.marketplaces import Market

if TYPE_CHECKING:
    from simulator.world import World


class FinanceView:
    """The finance side of a world at its ``now``. Nothing is told from before the world opened."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.now = world.now
        self.ledger = world.story.ledger
        self.opened_at = datetime.combine(world.opened, time(), UTC)

    def transactions(self, region: str) -> list[Transaction]:
        """What the transaction API tells, by instant."""
        return [t for t in self._transactions if t.market.region == region]

    def settlements(self, region: str) -> list[Settlement]:
        """The settlements whose reports are listed, by end of their period."""
        return [
            s for s in self.groups(region) if s.reported_at <= self.now and s.period.end <= self.now
        ]

    def groups(self, region: str) -> list[Settlement]:
        """Every settlement that has begun, open ones included, by end of their period."""
        found = (
            self.ledger.settlement(period)
            for market, account_type in self.ledger.accounts()
            if market.region == region
            for period in self._periods(market, account_type)
        )
        return sorted(found, key=lambda s: (s.period.end, s.settlement_id))

    def status(self, transaction: Transaction) -> str:
        """DEFERRED, then DEFERRED_RELEASED once its release is known; RELEASED for all others."""
        if transaction.deferral is None:
            return "RELEASED"
        matures_at = transaction.deferral.matures_at
        # The release itself is told with some delay; the deferred one never says so before it.
        return "DEFERRED_RELEASED" if self._releases_known(matures_at, transaction) else "DEFERRED"

    def settlement_of(self, transaction: Transaction) -> Settlement | None:
        """The settlement, open or closed, that has a transaction's money; None while deferred."""
        if transaction.deferral is not None:
            return None
        at = transaction.posted_at
        period = period_of(transaction.market, transaction.account_type, at)
        if transaction.sort is Sort.TRANSFER and not transaction.in_settlement:
            period = period.before  # A transfer follows the settlement that it pays out.
        return self.ledger.settlement(period)

    def open_settlement(self, market: Market, account_type: AccountType) -> Settlement:
        """The settlement of an account that is running."""
        return self.ledger.settlement(period_of(market, account_type, self.now))

    def reserve_held(self, settlement: Settlement) -> Decimal:
        """What the account held back when the settlement began."""
        charges = (c for t in settlement.transactions for c in t.all_charges)
        kept = (charge.amount for charge in charges if charge.kind is Kind.PREVIOUS_RESERVE)
        return sum(kept, ZERO)

    def seller_id(self, region: str) -> str:
        """The seller whose money it is."""
        return self._world.sellers[region].selling_partner_id

    def balance(self, settlement: Settlement) -> list[Transaction]:
        """The transactions of a settlement, open or closed, that are posted by now."""
        return [t for t in settlement.transactions if t.posted_at <= self.now]

    def _periods(self, market: Market, account_type: AccountType) -> Iterator[Period]:
        period = period_of(market, account_type, self.opened_at)
        while period.start <= self.now:
            yield period
            period = period.at(period.number + 1)

    def _releases_known(self, matures_at: datetime, deferred: Transaction) -> bool:
        assert deferred.deferral is not None
        return matures_at <= self.now and deferred.deferral.release_id in self._known_ids

    @cached_property
    def _known_ids(self) -> frozenset[str]:
        return frozenset(t.transaction_id for t in self._transactions)

    @cached_property
    def _transactions(self) -> list[Transaction]:
        story = self._world.story
        found: list[Transaction] = []
        for market in story.markets:
            found += self.ledger.customers(market, self.opened_at, self.now)
            for period in self._periods(market, AccountType.STANDARD):
                found += self.ledger.services(period)
        for region in {market.region for market in story.markets}:
            for settlement in self.groups(region):
                found += (t for t in settlement.transactions if t.sort is Sort.TRANSFER)
                if settlement.period.end <= self.now and settlement.total > 0:
                    found.append(self._transfer(settlement))
        known = (t for t in found if t.in_api and self.opened_at <= t.posted_at)
        known = (t for t in known if t.known_at <= self.now)
        return sorted(known, key=lambda t: (t.posted_at, t.transaction_id))

    def _transfer(self, settlement: Settlement) -> Transaction:
        """The deposit, as the transaction API tells it; the report has it as its header only."""
        at = settlement.period.end + timedelta(minutes=55)
        return charge(
            self._world.story, settlement.market, Kind.TRANSFER, -settlement.total, at,
            sort=Sort.TRANSFER, description="Transfer to bank account",
            account_type=settlement.period.account_type, in_settlement=False,
        )  # fmt: skip
