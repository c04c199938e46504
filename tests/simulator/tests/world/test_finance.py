"""The ledger: settlements follow from transactions, and no later look rewrites the past."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from simulator.testing import NOW
from simulator.truth import truth
from simulator.world import World, ads, build
from simulator.world.events import Channel
from simulator.world.finance.events import AccountType, Kind, Sort, Transaction
from simulator.world.finance.ledger import Settlement
from simulator.world.finance.truth import finance_days
from simulator.world.marketplaces import BY_COUNTRY

DAY = timedelta(days=1)
ZERO = Decimal(0)
TAXES = {Kind.TAX, Kind.SHIPPING_TAX, Kind.GIFT_WRAP_TAX}
WITHHELD = {Kind.WITHHELD_TAX, Kind.WITHHELD_SHIPPING_TAX, Kind.WITHHELD_GIFT_WRAP_TAX}


def everything(world: World) -> list[Transaction]:
    return [t for region in world.sellers for t in world.finance.transactions(region)]


def settlements(world: World) -> list[Settlement]:
    return [s for region in world.sellers for s in world.finance.settlements(region)]


def amount(transactions: list[Transaction], *kinds: Kind) -> Decimal:
    charges = (c for t in transactions for c in t.all_charges if c.kind in kinds)
    return sum((charge.amount for charge in charges), ZERO)


@pytest.mark.parametrize("later", [timedelta(hours=5), DAY, 20 * DAY])
def test_a_later_look_changes_nothing_but_statuses(world: World, later: timedelta) -> None:
    after = world.at(NOW + later)
    known = {t.transaction_id: t for t in everything(after)}
    for transaction in everything(world):
        assert known[transaction.transaction_id] == transaction
        before, now = (w.finance.status(transaction) for w in (world, after))
        assert before == now or (before, now) == ("DEFERRED", "DEFERRED_RELEASED")
    listed = {s.settlement_id: s for s in settlements(after)}
    assert all(listed[s.settlement_id] == s for s in settlements(world))


def test_a_world_built_later_tells_the_same_money() -> None:
    early, late = build(7, "small", NOW), build(7, "small", NOW + 10 * DAY)
    shared = late.finance.opened_at

    def told(world: World) -> set[tuple[str, Decimal]]:
        known = (t for t in everything(world) if shared <= t.posted_at and t.known_at <= NOW)
        return {(t.transaction_id, t.total) for t in known}

    assert told(early) == told(late) != set()


def test_accounts_settle_every_fortnight_in_five_currencies(world: World) -> None:
    by_account: dict[tuple[str, str], list[Settlement]] = defaultdict(list)
    for settlement in settlements(world):
        key = (settlement.market.currency_code, settlement.period.account_type.value)
        by_account[key].append(settlement)
    assert {currency for currency, _ in by_account} == {"USD", "CAD", "GBP", "EUR", "JPY"}
    for found in by_account.values():
        ends = [s.period.end for s in found]
        assert all(b - a == 14 * DAY for a, b in pairwise(ends))
    assert {kind for _, kind in by_account} == {kind.value for kind in AccountType}


def test_periods_of_one_marketplace_overlap(world: World) -> None:
    us = [s for s in settlements(world) if s.market.country_code == "US"]
    assert any(
        a.period.start < b.period.start < a.period.end
        for a in us
        for b in us
        if a.period.account_type is not b.period.account_type
    )


def test_every_cash_transaction_is_in_exactly_one_settlement(world: World) -> None:
    counted = Counter(t.transaction_id for s in settlements(world) for t in s.transactions)
    assert set(counted.values()) == {1}
    # An account is settled up to the end of its last listed period.
    reached: dict[tuple[str, AccountType], tuple[datetime, datetime]] = {}
    for settlement in settlements(world):
        key = (settlement.market.country_code, settlement.period.account_type)
        first, _ = reached.get(key, (settlement.period.start, None))
        reached[key] = (min(first, settlement.period.start), settlement.period.end)
    for transaction in everything(world):
        key = (transaction.market.country_code, transaction.account_type)
        first, end = reached[key]
        if transaction.in_settlement and transaction.posted_at >= first:
            is_settled = transaction.posted_at < end
            assert (transaction.transaction_id in counted) == is_settled


def test_tax_that_the_marketplace_owes_nets_to_nothing(world: World) -> None:
    for transaction in everything(world):
        if transaction.market.vat is None:
            assert amount([transaction], *TAXES, *WITHHELD) == 0
        else:
            assert not {c.kind for c in transaction.all_charges} & (TAXES | WITHHELD)


def test_money_follows_orders(world: World) -> None:
    shipped = {
        order.order_id: order
        for order in world.orders
        if order.channel is Channel.AMAZON and not order.replaces_order_id
    }
    seen = 0
    for transaction in everything(world):
        order = shipped.get(transaction.order_id or "")
        if order and transaction.sort is Sort.SHIPMENT and not transaction.releases:
            seen += 1
            assert order.shipped_at
            assert order.shipped_at < transaction.posted_at
            assert amount([transaction], Kind.PRINCIPAL) == sum(i.principal for i in order.items)
    assert seen > 900


def test_deferred_money_is_set_free_after_14_and_30_days(world: World) -> None:
    releases = [t for t in everything(world) if t.releases]
    held = Counter(
        (t.releases.deferral.reason, (t.posted_at - t.releases.posted_at).days)
        for t in releases
        if t.releases and t.releases.deferral
    )
    assert held.keys() == {("DD7", 14), ("B2B", 30)}
    for release in releases:
        assert release.releases
        assert release.total == release.releases.total
        assert release.transaction_id != release.releases.transaction_id
        assert not release.releases.in_settlement


def test_a_negative_balance_is_carried_on_and_a_transfer_fails(world: World) -> None:
    found = settlements(world)
    following = {(s.period.market, s.period.account_type, s.period.number): s for s in found}
    carried = [s for s in found if s.is_carried]
    failed = [s for s in found if s.is_failed]
    assert carried
    assert failed
    for settlement, kind in [*((s, Kind.CARRIED) for s in carried),
                             *((s, Kind.FAILED_TRANSFER) for s in failed)]:  # fmt: skip
        period = settlement.period
        after = following[period.market, period.account_type, period.number + 1]
        assert amount(list(after.transactions), kind) == settlement.total


def test_reserves_are_given_back_by_the_next_settlement(world: World) -> None:
    found = {(s.period.market, s.period.account_type, s.period.number): s
             for s in settlements(world)}  # fmt: skip
    pairs = 0
    for (market, account_type, number), settlement in found.items():
        before = found.get((market, account_type, number - 1))
        if before and account_type is AccountType.STANDARD:
            pairs += 1
            kept = amount(list(before.transactions), Kind.CURRENT_RESERVE)
            assert amount(list(settlement.transactions), Kind.PREVIOUS_RESERVE) == -kept != 0
    assert pairs > 10


def test_advertising_is_what_the_ads_api_bills(world: World) -> None:
    due = {
        (row["country_code"], row["start"]): row["amount_due"]
        for row in ads.invoice_truth(world)
        if not row["is_open"]
    }
    paid = [t for t in everything(world) if t.sort is Sort.ADVERTISING]
    seen = set()
    for payment in paid:
        assert payment.covers
        first = payment.market.day_of(payment.covers[0] + timedelta(hours=3))
        key = (payment.market.country_code, first)
        if key in due:
            seen.add(key)
            assert due[key] == -payment.total
    assert len(seen) > 15


def test_the_world_is_hard_enough(world: World) -> None:
    found = settlements(world)
    transactions = [t for s in found for t in s.transactions]
    kinds = {c.kind for t in transactions for c in t.all_charges}
    assert kinds == set(Kind) - {Kind.TRANSFER}
    identical = [p for t in transactions for p in t.parts if len(set(p.charges)) < len(p.charges)]
    assert identical
    assert any((t.reference or "").startswith("FBA1") for t in transactions)
    assert any(t.order_id and not t.names_marketplace for t in transactions)
    sold = {t.order_id: s for s in found for t in s.transactions if t.sort is Sort.SHIPMENT}
    assert any(
        t.sort is Sort.REFUND and sold.get(t.order_id, s) is not s
        for s in found
        for t in s.transactions
    )


def test_truth_adds_up(world: World) -> None:
    told = truth(world)
    by_id = {s.settlement_id: s for s in settlements(world)}
    assert len(told["settlements"]) == len(by_id)
    for row in told["settlements"]:
        assert row["total"] == sum(row["classes"].values())
        assert row["total"] == row["orders_part"] + row["unallocated_part"]
        assert row["total"] == by_id[row["settlement_id"]].total
    us = BY_COUNTRY["US"].marketplace_id
    for basis in ("event", "cash"):
        days = [r for r in told["finance_days"]
                if r["basis"] == basis and r["marketplace_id"] == us]  # fmt: skip
        assert sum(r["amount"] for r in days if r["class"].startswith("tax")) == 0


def test_a_deferred_sale_counts_once_on_the_event_basis(world: World) -> None:
    """Event less cash is what is still held back, but for sales from before the ledger begins."""
    since = NOW - 35 * DAY
    rows = [r for r in finance_days(world, since) if r["class"] == "product_sales"]
    event, cash = (
        sum(
            (r["amount"] for r in rows if r["basis"] == basis and r["currency_code"] == "USD"), ZERO
        )
        for basis in ("event", "cash")
    )
    known = {t.transaction_id for t in everything(world)}
    held = [
        transaction
        for transaction in everything(world)
        if transaction.deferral
        and transaction.posted_at >= since
        and transaction.market.currency_code == "USD"
        and transaction.deferral.release_id not in known
    ]
    assert event - cash == amount(held, Kind.PRINCIPAL) > 0
