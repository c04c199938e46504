from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from amazon_client.extraction.journal import Entry, Journal, PlanKey, SavedPlan
from amazon_client.extraction.outbox import Outbox, latest_instant
from amazon_client.extraction.windows import Window

Open = Callable[[], Journal]


def outbox(journal: Journal, run_id: str, accounts: tuple[str, ...] = ("na/1",)) -> Outbox:
    return Outbox(
        journal, store_id="acme", api="amazon_ads", accounts=list(accounts), run_id=run_id
    )


def note(box: Outbox, report_id: str, account: str = "na/1", plan: str | None = "plan") -> None:
    record = {"report_id": report_id, "status": "done", "row_count": 3, "generated_at": None}
    box.note(record, stream="campaigns", account=account, plan=plan, position=0)


def ids(records: list[Mapping[str, Any]]) -> list[str]:
    return [record["report_id"] for record in records]


def never(stream: str, account: str, plan: str, position: int) -> bool:
    return False


def always(stream: str, account: str, plan: str, position: int) -> bool:
    return True


def test_a_run_emits_what_it_noted_itself(open_journal_again: Open) -> None:
    box = outbox(open_journal_again(), "run-1")
    note(box, "R1")
    note(box, "R1")
    (record,) = box.take()
    assert record == {"report_id": "R1", "status": "done", "row_count": 3, "generated_at": None}


def test_rows_of_a_dead_run_are_emitted_once_their_records_are_proven(
    open_journal_again: Open,
) -> None:
    note(outbox(open_journal_again(), "run-1"), "R1")
    next_run = outbox(open_journal_again(), "run-2")
    next_run.reconcile(always, emitted=None)
    assert ids(next_run.take()) == ["R1"]


def test_rows_whose_records_are_not_proven_are_dropped(open_journal_again: Open) -> None:
    note(outbox(open_journal_again(), "run-1"), "R1")
    next_run = outbox(open_journal_again(), "run-2")
    next_run.reconcile(never, emitted=None)
    assert next_run.take() == []


def test_failures_need_no_proof(open_journal_again: Open) -> None:
    note(outbox(open_journal_again(), "run-1"), "R1", plan=None)
    next_run = outbox(open_journal_again(), "run-2")
    next_run.reconcile(never, emitted=None)
    assert ids(next_run.take()) == ["R1"]


def test_rows_are_kept_until_a_state_says_they_arrived(open_journal_again: Open) -> None:
    first = outbox(open_journal_again(), "run-1")
    note(first, "R1")
    first.take()
    second = outbox(open_journal_again(), "run-2")
    second.reconcile(always, emitted="some run before")
    assert ids(second.take()) == ["R1"]
    third = outbox(open_journal_again(), "run-3")
    third.reconcile(always, emitted="run-2")
    assert third.take() == []


def test_rows_of_other_accounts_are_another_runs_business(open_journal_again: Open) -> None:
    note(outbox(open_journal_again(), "run-1", ("eu/1",)), "R1", account="eu/1")
    box = outbox(open_journal_again(), "run-2", ("na/1",))
    box.reconcile(never, emitted=None)
    assert box.take() == []
    europe = outbox(open_journal_again(), "run-3", ("eu/1",))
    europe.reconcile(always, emitted=None)
    assert ids(europe.take()) == ["R1"]


def test_the_latest_instant_of_earlier_runs_outlives_them(open_journal_again: Open) -> None:
    journal = open_journal_again()
    assert latest_instant(journal, "acme", "amazon_ads") is None
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    key = PlanKey("acme", "amazon_ads", "na/1", "campaigns")
    window = Window.from_text("2026-11-01", "2026-11-24")
    plan = SavedPlan("run-1", noon, (Entry(0, 0, window, "fingerprint"),))
    journal.settle_plan(key, lambda saved: plan)
    assert latest_instant(open_journal_again(), "acme", "amazon_ads") == noon
    box = outbox(journal, "run-1", accounts=("na/2",))
    record = {"report_id": "R1", "extracted_at": "2026-11-24T12:00:07.250000Z"}
    box.note(record, stream="campaigns", account="na/2", plan=None)
    latest = latest_instant(open_journal_again(), "acme", "amazon_ads")
    assert latest == noon + timedelta(seconds=7.25)
    assert latest_instant(journal, "other", "amazon_ads") is None
    assert latest_instant(journal, "acme", "amazon_sp") is None
