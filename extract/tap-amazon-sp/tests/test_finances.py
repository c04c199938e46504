"""Transactions, and what they are compared with, against the simulator's world."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from amazon_client.extraction import Account, Cadence, Planning
from simulator.world.finance.truth import settlements
from tap_amazon_sp.streams.finance_checks import FinancialEventGroups
from tap_amazon_sp.streams.finances import nodes
from tap_amazon_sp.streams.finances_source import Sweep, TransactionWindows

TRANSACTIONS = "financial_transactions"
FAMILY = (
    TRANSACTIONS,
    "financial_transaction_items",
    "financial_transaction_contexts",
    "financial_transaction_breakdowns",
)
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
DAY = timedelta(days=1)


def by_id(run: Any) -> dict[str, dict[str, Any]]:
    return {row["transaction_id"]: row for row in run.records[TRANSACTIONS]}


def test_every_transaction_of_the_world_lands_exactly(full_run: Any, steady_simulator: Any) -> None:
    view = steady_simulator.world.finance
    # 60 days up to today; in Tokyo it is tomorrow already.
    since = {region: datetime(2026, 9, day, tzinfo=UTC) for region, day in
             (("na", 26), ("eu", 26), ("fe", 27))}  # fmt: skip
    expected = {
        told.transaction_id: (told.total, view.status(told), told.market.marketplace_id)
        for region in steady_simulator.world.sellers
        for told in view.transactions(region)
        if since[region] <= told.posted_at < NOW - timedelta(minutes=3)
    }
    assert {
        key: (Decimal(row["total_amount"]), row["transaction_status"], row["marketplace_id"])
        for key, row in by_id(full_run).items()
    } == expected


def test_it_is_asked_once_per_region_without_a_marketplace(sync: Any, requests_sent: Any) -> None:
    sync(*FAMILY, regions=("eu",))
    asked = [call for call in requests_sent if call.path.endswith("/transactions")]
    assert asked
    assert all("marketplaceId" not in call.query for call in asked)


def test_leaves_and_roots_of_both_levels_explain_the_total(full_run: Any) -> None:
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for node in full_run.records["financial_transaction_breakdowns"]:
        amount = Decimal(node["breakdown_amount"])
        if node["is_leaf"]:
            sums[node["transaction_id"], node["level"], "leaves"] += amount
        if node["depth"] == 1:
            sums[node["transaction_id"], node["level"], "roots"] += amount
    transactions = by_id(full_run)
    for (key, _, _), amount in sums.items():
        assert amount == Decimal(transactions[key]["total_amount"])
    assert {key for key, level, _ in sums if level == "transaction"} == transactions.keys()


def test_items_add_up_to_their_transaction(full_run: Any) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in full_run.records["financial_transaction_items"]:
        sums[item["transaction_id"]] += Decimal(item["total_amount"])
        assert item["sku"]
    transactions = by_id(full_run)
    assert sums
    assert all(sums[key] == Decimal(transactions[key]["total_amount"]) for key in sums)


def test_a_path_names_every_type_from_the_root_down(full_run: Any) -> None:
    nodes_of: dict[tuple[str, int], dict[int, Any]] = defaultdict(dict)
    for node in full_run.records["financial_transaction_breakdowns"]:
        tree = nodes_of[node["transaction_id"], node["item_ordinal"]]
        tree[node["breakdown_ordinal"]] = node
    for tree in nodes_of.values():
        assert [*tree] == [*range(1, len(tree) + 1)]
        for node in tree.values():
            above = tree[node["parent_ordinal"]]["path"] + "/" if node["parent_ordinal"] else ""
            assert node["path"] == above + node["breakdown_type"]
            assert node["depth"] == node["path"].count("/") + 1


def test_equal_siblings_stay_apart() -> None:
    fee = {
        "breakdownType": "Base",
        "breakdownAmount": {"currencyAmount": -3, "currencyCode": "USD"},
    }
    tree = [{"breakdownType": "Fees", "breakdowns": [fee, fee]}]
    assert [(n["path"], n["breakdownOrdinal"], n["parentOrdinal"]) for n in nodes(tree)] == [
        ("Fees", 1, None),
        ("Fees/Base", 2, 1),
        ("Fees/Base", 3, 1),
    ]


def test_a_deferred_sale_released_14_days_later_lands_as_two_linked_records(
    simulator: Any, sync: Any
) -> None:
    first = sync(*FAMILY)
    held = {
        key: row
        for key, row in by_id(first).items()
        if row["transaction_status"] == "DEFERRED" and row["deferral_reason"] == "DD7"
    }
    assert held
    later = NOW + 16 * DAY
    simulator.set_now(later)
    second = sync(*FAMILY, state=first.state, cadence="daily", as_of=later.isoformat())
    landed = {**by_id(first), **by_id(second)}  # as an upsert would
    for key, row in held.items():
        flipped = landed[key]
        assert flipped["transaction_status"] == "DEFERRED_RELEASED"
        assert flipped["posted_date"] == row["posted_date"]
        release = landed[flipped["release_transaction_id"]]
        assert release["transaction_status"] == "RELEASED"
        assert release["deferred_transaction_id"] == key
        assert release["total_amount"] == flipped["total_amount"]
        waited = datetime.fromisoformat(release["posted_date"]) - datetime.fromisoformat(
            row["posted_date"]
        )
        assert waited == 14 * DAY


def test_the_sweep_finds_a_flip_from_before_the_look_back(simulator: Any, sync: Any) -> None:
    """A B2B sale is set free after 30 days, when its posting lies far behind the bookmark."""
    state = sync(*FAMILY).state
    deferred: dict[str, dict[str, Any]] = {}
    for days in (15, 30, 45):
        later = NOW + days * DAY
        simulator.set_now(later)
        run = sync(*FAMILY, state=state, cadence="daily", as_of=later.isoformat())
        state = run.state
        flipped = {k: r for k, r in by_id(run).items()
                   if r["transaction_status"] == "DEFERRED_RELEASED"}  # fmt: skip
        found = {key for key in flipped if key in deferred}
        beyond = [key for key in found if deferred[key]["deferral_reason"] == "B2B"]
        deferred |= {k: r for k, r in by_id(run).items() if r["transaction_status"] == "DEFERRED"}
    assert beyond
    assert Counter(row["stream"] for row in run.records["report_runs"])[TRANSACTIONS] == 2


def test_empty_pages_go_on(simulator: Any, sync: Any) -> None:
    run = sync(*FAMILY)
    assert simulator.calls.count("listTransactions") == 3  # 500, an empty one, the rest
    assert len(run.records[TRANSACTIONS]) > 500


def planning(cadence: Cadence, bookmark: str | None = None, **more: Any) -> Planning:
    return Planning(Account("s", "na", "A1"), cadence, NOW, bookmark, **more)


def test_windows_are_at_most_180_days() -> None:
    first = planning(Cadence.FIRST_SYNC, start_date=datetime(2025, 1, 1).date())
    windows = TransactionWindows().windows(first)
    assert len(windows) == 4
    assert all(window.end - window.start <= 180 * DAY for window in windows)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("cadence", "read", "swept"),
    [(Cadence.HOURLY, 2, None), (Cadence.DAILY, 14, 46), (Cadence.WEEKLY, 60, None)],
)
def test_each_cadence_looks_back_and_sweeps_as_far_as_told(
    cadence: Cadence, read: int, swept: int | None
) -> None:
    windows = TransactionWindows().windows(planning(cadence, "2026-11-24T18:00:00Z"))
    assert windows[0].start == NOW - read * DAY
    sweeps = [window for window in windows if isinstance(window, Sweep)]
    assert [(w.start, w.end) for w in sweeps] == (
        [(NOW - 60 * DAY, NOW - 14 * DAY)] if swept else []
    )


def test_the_sweep_moves_no_bookmark() -> None:
    policy, asked = TransactionWindows(), planning(Cadence.DAILY, "2026-11-20T18:00:00Z")
    windows = policy.windows(asked)
    assert isinstance(windows[-1], Sweep)
    reached = "2026-11-24T17:57:00Z"
    assert [policy.bookmark(asked, windows, n) for n in (0, 1, 2)] == [
        "2026-11-20T18:00:00Z", reached, reached,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cadence", "bookmark", "days"),
    [
        (Cadence.FIRST_SYNC, None, 59 + 45),
        (Cadence.DAILY, None, 59 + 45),
        (Cadence.DAILY, "2026-11-24T00:00:00Z", 45),
        (Cadence.FIRST_SYNC, "2026-11-24T00:00:00Z", 59 + 45),
    ],
)
def test_groups_that_were_open_on_the_first_day_are_read(
    cadence: Cadence, bookmark: str | None, days: int
) -> None:
    policy = FinancialEventGroups.dataset.windows  # type: ignore[attr-defined]
    (window,) = policy.windows(planning(cadence, bookmark))
    assert (NOW.date() - window.start.date()).days == days


def test_event_groups_tell_the_settlements_totals(full_run: Any, steady_simulator: Any) -> None:
    groups = {r["financial_event_group_id"]: r for r in full_run.records["financial_event_groups"]}
    closed = {row["group_id"]: row for row in settlements(steady_simulator.world)}
    shared = groups.keys() & closed.keys()
    assert len(shared) > 20
    for key in shared:
        assert Decimal(groups[key]["original_total_amount"]) == closed[key]["total"]
        assert groups[key]["original_total_currency_code"] == closed[key]["currency_code"]
    assert {g["processing_status"] for g in groups.values()} == {"Open", "Closed"}


def test_balances_of_every_account_add_up(full_run: Any) -> None:
    accounts: dict[tuple[str, str], dict[str, Decimal]] = defaultdict(dict)
    for row in full_run.records["financial_balances"]:
        account = accounts[row["account_marketplace_id"], row["account_type"]]
        account[row["balance_type"]] = Decimal(row["balance_amount"])
    assert len(accounts) == 7
    for parts in accounts.values():
        assert parts["TOTAL"] == parts["AVAILABLE"] + parts["RESERVED"]
        assert parts["RESERVED"] == parts["DEFERRED"] + parts["ACCOUNT_LEVEL_RESERVE"]


def test_a_summary_is_the_free_money_of_its_month(full_run: Any) -> None:
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for row in full_run.records[TRANSACTIONS]:
        is_free = row["transaction_status"] == "RELEASED" and row["transaction_type"] != "Transfer"
        if is_free and row["posted_date"][:7] == "2026-10":
            key = (row["account_marketplace_id"], row["account_type"])
            sums[key] += Decimal(row["total_amount"])
    told = {
        (row["account_marketplace_id"], row["account_type"]): Decimal(row["net_proceeds_amount"])
        for row in full_run.records["financial_summaries"]
        if row["period_start"] == "2026-10-01"
    }
    assert told == sums
