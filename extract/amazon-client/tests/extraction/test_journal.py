from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from amazon_client.errors import ConfigurationError
from amazon_client.extraction import Window
from amazon_client.extraction.journal import Entry, Journal, PlanKey, SavedPlan
from amazon_client.extraction.journal_database import open_journal

KEY = PlanKey("acme", "amazon_ads", "na/1", "campaigns")
NOW = datetime(2026, 11, 24, 18, 0, 0, 123456, tzinfo=UTC)
WINDOWS = (
    Window(date(2026, 9, 26), date(2026, 10, 26)),
    Window(datetime(2026, 10, 27, tzinfo=UTC), datetime(2026, 11, 24, 17, 58, tzinfo=UTC)),
)
PLAN = SavedPlan(
    "plan-1",
    NOW,
    tuple(Entry(number, 0, window, f"print-{number}") for number, window in enumerate(WINDOWS)),
)

Open = Callable[[], Journal]


def stored(journal: Journal, key: PlanKey = KEY) -> SavedPlan | None:
    return journal.settle_plan(key, lambda saved: saved)


def test_a_plan_is_read_back_as_it_was_written(open_journal_again: Open) -> None:
    assert open_journal_again().settle_plan(KEY, lambda saved: PLAN) == PLAN
    assert stored(open_journal_again()) == PLAN


def test_a_plan_is_its_keys_alone(open_journal_again: Open) -> None:
    journal = open_journal_again()
    journal.settle_plan(KEY, lambda saved: PLAN)
    for other in (
        replace(KEY, store_id="other"),
        replace(KEY, api="amazon_sp"),
        replace(KEY, account="eu/1"),
        replace(KEY, dataset="ad_groups"),
    ):
        assert stored(journal, other) is None


def test_a_new_plan_replaces_the_open_one_and_none_ends_it(open_journal_again: Open) -> None:
    journal = open_journal_again()
    journal.settle_plan(KEY, lambda saved: PLAN)
    other = replace(PLAN, plan="plan-2", entries=PLAN.entries[:1])
    journal.settle_plan(KEY, lambda saved: other)
    assert stored(journal) == other
    journal.settle_plan(KEY, lambda saved: None)
    assert stored(journal) is None


def test_intent_and_id_are_there_for_the_next_process(open_journal_again: Open) -> None:
    journal = open_journal_again()
    journal.settle_plan(KEY, lambda saved: PLAN)
    journal.intend(KEY, PLAN, PLAN.entries[0], NOW)
    intended = stored(open_journal_again())
    assert intended is not None
    assert [entry.intent_at for entry in intended.entries] == [NOW, None]
    assert journal.commit_id(KEY, "plan-1", PLAN.entries[0], "R1", NOW) == ("R1", NOW)
    committed = stored(open_journal_again())
    assert committed is not None
    assert [entry.report_id for entry in committed.entries] == ["R1", None]


def test_whoever_commits_an_id_first_decides_it(open_journal_again: Open) -> None:
    one, other = open_journal_again(), open_journal_again()
    one.settle_plan(KEY, lambda saved: PLAN)
    later = NOW.replace(minute=5)
    assert one.commit_id(KEY, "plan-1", PLAN.entries[0], "R1", NOW) == ("R1", NOW)
    assert other.commit_id(KEY, "plan-1", PLAN.entries[0], "R2", later) == ("R1", NOW)


def test_a_retired_plans_latecomer_keeps_its_own_id(open_journal_again: Open) -> None:
    journal = open_journal_again()
    assert journal.commit_id(KEY, "gone", PLAN.entries[0], "R9", NOW) == ("R9", NOW)


def test_forgetting_an_id_forgets_what_followed_from_it(open_journal_again: Open) -> None:
    journal = open_journal_again()
    journal.settle_plan(KEY, lambda saved: PLAN)
    first, second = PLAN.entries
    part = replace(first, part=1, fingerprint="page-2")
    for entry, report_id in ((first, "R1"), (part, "R2"), (second, "R3")):
        journal.intend(KEY, PLAN, entry, NOW)
        journal.commit_id(KEY, "plan-1", entry, report_id, NOW)
    journal.forget_id(KEY, "plan-1", first, "another process's")
    saved = stored(journal)
    assert saved is not None
    assert [entry.report_id for entry in saved.entries] == ["R1", "R2", "R3"]
    journal.forget_id(KEY, "plan-1", first, "R1")
    saved = stored(journal)
    assert saved is not None
    assert saved.entries == (
        first,
        replace(second, intent_at=NOW, report_id="R3", requested_at=NOW),
    )


def test_processes_that_plan_at_once_agree_on_one_plan(open_journal_again: Open) -> None:
    open_journal_again()
    barrier, agreed = threading.Barrier(4), []

    def plan(number: int) -> None:
        journal = open_journal_again()
        mine = replace(PLAN, plan=f"plan-{number}")
        barrier.wait()
        agreed.append(journal.settle_plan(KEY, lambda saved: saved or mine))

    threads = [threading.Thread(target=plan, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(agreed) == 4
    assert len({saved.plan for saved in agreed if saved}) == 1


def test_processes_that_open_a_new_journal_at_once_all_can_use_it(tmp_path: Path) -> None:
    failures: list[Exception] = []
    barrier = threading.Barrier(4)

    def use() -> None:
        barrier.wait()
        try:
            stored(open_journal(None, tmp_path / "deeper" / "journal.sqlite"))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_journal_that_cannot_be_reached_is_told_without_its_password() -> None:
    url = "postgresql://ada:hunter2@127.0.0.1:1/nowhere?connect_timeout=2"
    with pytest.raises(ConfigurationError) as failure:
        open_journal(url, Path("unused"))
    assert "127.0.0.1" in str(failure.value)
    assert "hunter2" not in str(failure.value)
    assert failure.value.__context__ is None


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ConfigurationError, match="journal_path"):
        open_journal(None, tmp_path / "file" / "journal.sqlite")
