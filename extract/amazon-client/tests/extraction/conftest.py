"""Fixtures of extraction: a report API that behaves as told, and runs of its own journal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from amazon_client.documents import read_json_array, read_json_lines
from amazon_client.extraction import (
    Account,
    Cadence,
    Dataset,
    DayWindows,
    Delivery,
    PagedDataset,
    ReportDataset,
)
from amazon_client.extraction.cancellation import CancellableClock
from amazon_client.extraction.journal import Journal
from amazon_client.extraction.journal_database import open_journal
from amazon_client.extraction.plans import Planner, Standing
from amazon_client.extraction.run import Extraction, Tools
from amazon_client.extraction.testing import ReportApi
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import LocalServer, ManualClock

ACCOUNT = Account("acme", "na", "A1")

CAMPAIGNS = ReportDataset(
    name="campaigns",
    report_type="spCampaigns",
    backend="reports",
    windows=DayWindows(
        lookback={Cadence.DAILY: 31, Cadence.FIRST_SYNC: 60, Cadence.WEEKLY: 60, Cadence.HOURLY: 2},
        max_days=31,
    ),
)
"""60 days are two windows, 31 days are one; the manual clock stands at 2026-11-24."""


@dataclass
class Runs:
    """Runs of extraction, one after the other, on one journal and one stand-in of Amazon."""

    api: ReportApi
    clock: ManualClock
    session: ReadOnlySession
    folder: Path
    client: Callable[[Account], Any] = lambda account: None
    deadline_seconds: float = 1800.0
    started: list[Extraction] = field(default_factory=list)

    def start(
        self,
        standings: Mapping[str, Standing] | None = None,
        *,
        datasets: Mapping[Dataset, tuple[str, ...]] | None = None,
        cadence: Cadence = Cadence.DAILY,
        accounts: tuple[Account, ...] = (ACCOUNT,),
        start_date: date | None = None,
        resume_within: timedelta = timedelta(hours=4),
        ended: frozenset[str] | None = None,
    ) -> Extraction:
        """Begin a run that wants `datasets`, each for the streams named beside it."""
        datasets = datasets or {CAMPAIGNS: ("campaigns",)}
        clock = CancellableClock(self.clock)
        journal = open_journal(None, self.folder / "journal.sqlite")
        planner = Planner(
            store_id="acme",
            api="amazon_ads",
            clock=clock,
            journal=journal,
            cadence=cadence,
            start_date=start_date,
            resume_within=resume_within,
            ended=ended,
        )
        tools = Tools(
            planner=planner,
            journal=journal,
            clock=clock,
            session=self.session,
            backend=lambda name, account: self.api,
            client=self.client,
            work_dir=self.folder,
            deadline_seconds=self.deadline_seconds,
        )
        known = standings or {}
        wanted = {
            dataset: {
                account: {stream: known.get(stream, Standing()) for stream in streams}
                for account in accounts
            }
            for dataset, streams in datasets.items()
        }
        extraction = Extraction(tools, wanted)
        self.started.append(extraction)
        extraction.start()
        return extraction

    def close(self) -> None:
        """End every run."""
        for extraction in self.started:
            extraction.close()


@pytest.fixture
def api(server: LocalServer) -> ReportApi:
    return ReportApi(server)


@pytest.fixture
def runs(
    api: ReportApi, clock: ManualClock, session: ReadOnlySession, tmp_path: Path
) -> Iterator[Runs]:
    made = Runs(api, clock, session, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL server."""
    with pytest.importorskip("tandem.testing").server() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgres"])
def open_journal_again(
    request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Journal]]:
    """Opens the same journal as often as it is called, once per kind of database.

    In Postgres by the migrated database's loader, as the project's taps do.
    """
    if request.param == "sqlite":
        yield lambda: open_journal(None, tmp_path / "journal.sqlite")
        return
    running = request.getfixturevalue("postgres")
    with pytest.importorskip("tandem.testing").new_database(running) as address:
        url = f"{address.url()}?options=-c%20role%3Dtandem_loader"
        yield lambda: open_journal(url, tmp_path / "unused")


@pytest.fixture
def campaigns() -> ReportDataset:
    return CAMPAIGNS


@pytest.fixture
def account() -> Account:
    return ACCOUNT


@pytest.fixture
def read_rows() -> Callable[[Delivery], list[Any]]:
    """Reads the rows of a delivery's documents."""

    def read(delivery: Delivery) -> list[Any]:
        paged = isinstance(delivery.request.dataset, PagedDataset)
        reader = read_json_lines if paged else read_json_array
        return [row for document in delivery.documents for row in reader(document.path)]

    return read
