"""What becomes of the documents of reports: parts, preparation, removal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from amazon_client.errors import (
    MalformedResponse,
    ReportExpired,
)
from amazon_client.extraction import Account, Delivery, Progress, ReportDataset, Request
from amazon_client.extraction.plans import Standing
from amazon_client.extraction.testing import Ending, ReportApi

ReadRows = Callable[[Delivery], list[Any]]


def test_a_report_without_data_is_a_delivery_without_documents(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    api.endings["campaigns"] = [Ending(Progress.NO_DATA)]
    run = runs.start()
    first, _ = run.pending("campaigns", campaigns, account)
    delivery = first.wait()
    assert delivery.no_data
    assert delivery.report_id == "R1"


def test_a_report_whose_document_is_gone_is_asked_for_anew(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    def gone_at_first(request: Request) -> None:
        if len(api.made) == 1:
            raise ReportExpired("no longer kept")

    api.hooks["locate"] = gone_at_first
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    assert pending.wait().report_id == "R2"


def test_all_pages_of_a_result_are_one_delivery_under_the_first_reports_id(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    pages = Ending(rows=[{"n": 1}], more=[[{"n": 2}], [{"n": 3}]])
    api.endings["campaigns"] = [pages]
    run = runs.start({"campaigns": Standing(bookmark="2026-11-23")})
    (pending,) = run.pending("campaigns", campaigns, account)
    delivery = pending.wait()
    assert delivery.report_id == "R1"
    assert read_rows(delivery) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert [made.request.continuation for made in api.made.values()] == [None, "1", "2"]


def test_threads_and_work_files_are_gone_after_closing(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    before = set(threading.enumerate())
    api.endings["campaigns"] = [Ending(rows=[{"n": 1}]), Ending(Progress.RUNNING, polls=10**9)]
    runs.deadline_seconds = float("inf")
    run = runs.start()
    first, _ = run.pending("campaigns", campaigns, account)
    (document,) = first.wait().documents
    assert document.path.exists()
    run.close()
    assert not document.path.parent.exists()
    assert {thread for thread in threading.enumerate() if "reports" in thread.name} <= before


def test_a_document_is_removed_after_its_last_reader(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    run = runs.start(datasets={campaigns: ("parents", "children")})
    parents = run.pending("parents", campaigns, account)[0]
    children = run.pending("children", campaigns, account)[0]
    (document,) = parents.wait().documents
    parents.release()
    assert document.path.exists()
    children.release()
    assert not document.path.exists()


def test_a_document_is_prepared_once_for_all_its_readers(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    prepared: list[Path] = []

    def prepare(document: Path, target: Path) -> None:
        prepared.append(document)
        target.write_text(document.read_text().replace("1", "2"))

    api.endings["campaigns"] = [Ending(rows=[{"n": 1}])]
    dataset = replace(campaigns, prepare=prepare)
    run = runs.start(
        {"parents": Standing(bookmark="2026-11-23"), "children": Standing(bookmark="2026-11-23")},
        datasets={dataset: ("parents", "children")},
    )
    readers = [run.pending(stream, dataset, account)[0] for stream in ("parents", "children")]
    assert [read_rows(reader.wait()) for reader in readers] == [[{"n": 2}], [{"n": 2}]]
    (original,) = prepared
    assert not original.exists()
    (document,) = readers[0].wait().documents
    assert document.size == document.path.stat().st_size
    for reader in readers:
        reader.release()
    assert list(document.path.parent.iterdir()) == []


def test_a_document_that_cannot_be_prepared_fails_and_its_report_is_kept(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account, read_rows: ReadRows
) -> None:
    def prepare(document: Path, target: Path) -> None:
        target.write_text("half")
        raise MalformedResponse("not whole XML")

    api.endings["campaigns"] = [Ending(rows=[{"n": 1}])]
    standings = {"campaigns": Standing(bookmark="2026-11-23")}
    broken = replace(campaigns, prepare=prepare)
    run = runs.start(standings, datasets={broken: ("campaigns",)})
    with pytest.raises(MalformedResponse, match="not whole XML"):
        run.pending("campaigns", broken, account)[0].wait()
    run.close()
    # A connector that can read it needs no new report.
    (pending,) = runs.start(standings).pending("campaigns", campaigns, account)
    assert read_rows(pending.wait()) == [{"n": 1}]
    assert len(api.asked) == 1
