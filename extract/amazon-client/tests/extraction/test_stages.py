"""Windows asked for in stages, and paged answers that are read from another dataset."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import pytest

from amazon_client.documents import read_json_array, read_json_lines
from amazon_client.errors import ReportFailed
from amazon_client.extraction import (
    Account,
    Answer,
    Cadence,
    DayWindows,
    Delivery,
    Page,
    PagedDataset,
    Progress,
    ReportDataset,
    Request,
)
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.testing import Ending

Body = Mapping[str, Any]


def names(answer: Answer) -> list[str]:
    return [row["name"] for document in answer.documents for row in read_json_array(document.path)]


def follow_ups(request: Request, answers: Sequence[Answer]) -> Sequence[Body]:
    """First the names; then what each of them is; then nothing."""
    if len(answers) > 1:
        return ()
    return [{"about": name} for name in names(answers[0])]


STAGED = ReportDataset(
    name="staged",
    report_type="products",
    backend="reports",
    windows=DayWindows(lookback={Cadence.DAILY: 14}, max_days=31),
    follow_ups=follow_ups,
)
THREE = Ending(rows=[{"name": "a"}, {"name": "b"}, {"name": "c"}])
FIRST_DAY = timedelta(days=13)


@pytest.fixture
def started(runs: Any, account: Account) -> Callable[..., Any]:
    """Begin a run of the staged dataset, of one window, and return what a stream waits for."""

    def begin() -> Any:
        first = (runs.clock.now() - FIRST_DAY).date()
        run = runs.start(datasets={STAGED: ("staged",)}, start_date=first)
        (pending,) = run.pending("staged", STAGED, account)
        return pending

    return begin


def test_what_follows_from_an_answer_is_asked_side_by_side_and_delivered_with_it(
    runs: Any, started: Callable[..., Any]
) -> None:
    runs.api.endings["staged"] = [THREE, Ending(rows=[{"name": "of one"}])]
    all_asked = threading.Event()

    def created(request: Request) -> None:
        if len(runs.api.made) == 4:
            all_asked.set()

    def poll(request: Request) -> None:
        assert not request.body or all_asked.wait(10)  # none waits for another to be done

    runs.api.hooks |= {"created": created, "poll": poll}
    delivery: Delivery = started().wait()
    asked = [made.request.body for made in runs.api.made.values()]
    assert asked == [{}, {"about": "a"}, {"about": "b"}, {"about": "c"}]
    assert [answer.body for answer in delivery.answers] == asked
    assert [names(answer) for answer in delivery.answers[1:]] == [["of one"]] * 3
    assert len(delivery.documents) == 4
    assert delivery.report_id == "R1"
    assert runs.api.most_in_flight == 3


def test_an_answer_from_which_nothing_follows_is_the_whole_delivery(
    runs: Any, started: Callable[..., Any]
) -> None:
    runs.api.endings["staged"] = [Ending(progress=Progress.NO_DATA)]
    delivery: Delivery = started().wait()
    assert delivery.no_data
    assert [answer.documents for answer in delivery.answers] == [()]


def test_pages_of_a_later_question_belong_to_its_answer(
    runs: Any, started: Callable[..., Any]
) -> None:
    runs.api.endings["staged"] = [
        Ending(rows=[{"name": "a"}]),
        Ending(rows=[{"name": "p1"}], more=[[{"name": "p2"}]]),
    ]
    delivery: Delivery = started().wait()
    first, second = delivery.answers
    assert names(first) == ["a"]
    assert len(second.documents) == 2


def test_one_question_that_fails_fails_the_window_and_the_others_are_kept(
    runs: Any, started: Callable[..., Any]
) -> None:
    failed = Ending(progress=Progress.FAILED, reason="no")
    runs.api.endings["staged"] = [THREE, failed, failed, failed, failed, failed, failed]
    with pytest.raises(ReportFailed, match="no"):
        started().wait()


def test_a_killed_run_asks_for_no_question_twice(runs: Any, started: Callable[..., Any]) -> None:
    runs.api.endings["staged"] = [THREE, Ending(rows=[{"name": "of one"}])]
    polled: list[str] = []

    def die(request: Request) -> None:
        polled.append(str(request.body))
        if len(polled) > 3 and request.body:
            raise Cancelled

    runs.api.hooks["poll"] = die
    with pytest.raises(Cancelled):
        started().wait()
    runs.close()
    made = len(runs.api.made)
    runs.api.hooks.clear()
    delivery: Delivery = started().wait()
    assert len(delivery.answers) == 4
    assert made <= len(runs.api.made) <= 4
    assert len({str(one.request.body) for one in runs.api.made.values()}) == len(runs.api.made)


# Paged answers with a source


def _described(client: Any, request: Request, source: Delivery) -> Iterator[Page]:
    for document in source.documents:
        yield Page([{"from": row["name"]} for row in read_json_array(document.path)])


LISTED = ReportDataset(
    name="listed",
    report_type="list",
    backend="reports",
    windows=DayWindows(lookback={Cadence.DAILY: 14}, max_days=31),
)
DESCRIBED = PagedDataset(name="described", report_type="describe", fetch=_described, source=LISTED)


@pytest.mark.parametrize("selected", [True, False])
def test_a_paged_answer_is_read_from_its_source_whether_that_is_wanted_or_not(
    runs: Any, account: Account, selected: bool
) -> None:
    runs.api.endings["listed"] = [THREE]
    datasets = {DESCRIBED: ("described",), **({LISTED: ("listed",)} if selected else {})}
    first = (runs.clock.now() - FIRST_DAY).date()
    run = runs.start(datasets=datasets, start_date=first)
    (pending,) = run.pending("described", DESCRIBED, account)
    (document,) = pending.wait().documents
    assert [row["from"] for row in read_json_lines(document.path)] == ["a", "b", "c"]
    assert len(runs.api.made) == 1


def test_a_source_that_fails_fails_what_is_read_from_it(runs: Any, account: Account) -> None:
    runs.api.endings["listed"] = [Ending(progress=Progress.FAILED, reason="no list")]
    first = (runs.clock.now() - FIRST_DAY).date()
    run = runs.start(datasets={DESCRIBED: ("described",)}, start_date=first)
    (pending,) = run.pending("described", DESCRIBED, account)
    with pytest.raises(ReportFailed, match="no list"):
        pending.wait()
