from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from amazon_client.errors import InvalidRequest
from amazon_client.extraction import Account, Delivery, InstantWindows, Page, PagedDataset, Request
from amazon_client.extraction.cancellation import Cancelled

ReadRows = Callable[[Delivery], list[Any]]
Fetch = Callable[[Any, Request], Iterator[Page]]


def dataset(fetch: Fetch, name: str = "orders", **more: Any) -> PagedDataset:
    return PagedDataset(name=name, report_type="searchOrders", fetch=fetch, **more)


def test_all_pages_are_one_delivery_with_numbers_as_exact_as_they_came(
    runs: Any, account: Account, read_rows: ReadRows
) -> None:
    price = Decimal("19.990000000000000001")

    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([{"id": 1, "price": price}, {"id": 2, "price": None}])
        yield Page([])
        yield Page([{"id": 3, "price": Decimal("1E+3")}])

    orders = dataset(fetch)
    (pending,) = runs.start(datasets={orders: ("orders",)}).pending("orders", orders, account)
    rows = read_rows(pending.wait())
    assert [row["id"] for row in rows] == [1, 2, 3]
    assert [row["price"] for row in rows] == [price, None, Decimal(1000)]


def test_an_error_from_a_late_page_hands_over_nothing(runs: Any, account: Account) -> None:
    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([{"id": 1}])
        yield Page([{"id": 2}])
        raise InvalidRequest("page 3")

    orders = dataset(fetch)
    (pending,) = runs.start(datasets={orders: ("orders",)}).pending("orders", orders, account)
    with pytest.raises(InvalidRequest, match="page 3"):
        pending.wait()


def test_pages_come_in_before_anybody_waits_for_them(runs: Any, account: Account) -> None:
    """A page token may live 30 seconds; a target may take longer."""
    finished = threading.Event()

    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([{"id": 1}])
        finished.set()

    orders = dataset(fetch)
    runs.start(datasets={orders: ("orders",)})
    assert finished.wait(10)


def test_paged_answers_are_read_side_by_side(runs: Any, account: Account) -> None:
    together = threading.Barrier(3)

    def fetch(client: Any, request: Request) -> Iterator[Page]:
        together.wait(10)
        yield Page([])

    datasets = [dataset(fetch, name) for name in ("orders", "inventory", "participations")]
    run = runs.start(datasets={one: (one.name,) for one in datasets})
    for one in datasets:
        (pending,) = run.pending(one.name, one, account)
        pending.wait()


def test_each_account_is_read_with_its_own_client(runs: Any, account: Account) -> None:
    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([{"client": client, "account": request.account.key}])

    runs.client = lambda account: f"client of {account.region}"
    orders, europe = dataset(fetch), Account("acme", "eu", "A1")
    run = runs.start(datasets={orders: ("orders",)}, accounts=(account, europe))
    (pending,) = run.pending("orders", orders, europe)
    delivery = pending.wait()
    assert delivery.documents[0].path.read_bytes() == (
        b'{"client":"client of eu","account":"eu/A1"}\n'
    )


def test_a_delivery_has_an_id_of_its_own(runs: Any, account: Account) -> None:
    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([])

    orders = dataset(fetch, windows=InstantWindows())
    run = runs.start(datasets={orders: ("orders",)}, accounts=(account, Account("acme", "eu", "A")))
    ids = [
        pending.wait().report_id
        for one in (account, Account("acme", "eu", "A"))
        for pending in run.pending("orders", orders, one)
    ]
    assert ids[0] == "api-orders-na-A1-2026-11-24T18:00:00Z"
    assert len(set(ids)) == len(ids) == 4


def test_the_bookmark_goes_no_further_than_amazon_says_the_answer_is_complete(
    runs: Any, account: Account
) -> None:
    complete = datetime(2026, 11, 24, 17, 50, tzinfo=UTC)

    def fetch(client: Any, request: Request) -> Iterator[Page]:
        yield Page([], covered_until=complete)

    orders = dataset(fetch, windows=InstantWindows())
    run = runs.start(datasets={orders: ("orders",)})
    first, last = run.pending("orders", orders, account)
    for pending in (first, last):
        covered_until = pending.wait().covered_until
        assert covered_until is not None
        pending.plan.trim(pending.position, covered_until)
    assert last.plan.bookmark("orders", 1) == "2026-10-26T00:00:00Z"
    assert last.plan.bookmark("orders", 2) == "2026-11-24T17:50:00Z"


def test_closing_ends_what_is_being_read(runs: Any, account: Account) -> None:
    begun, ended = threading.Event(), threading.Event()

    def fetch(client: Any, request: Request) -> Iterator[Page]:
        try:
            while True:
                begun.set()
                yield Page([{"id": 1}])
        finally:
            ended.set()

    orders = dataset(fetch)
    run = runs.start(datasets={orders: ("orders",)})
    (pending,) = run.pending("orders", orders, account)
    assert begun.wait(10)
    run.close()
    assert ended.wait(10)
    with pytest.raises(Cancelled):
        pending.wait()
