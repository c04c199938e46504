"""What the endings of a report mean, and how a report is found again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from amazon_client.errors import AccessDenied
from amazon_client.extraction import Account, Progress, Request, Window
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.datasets import SellerReport
from tap_amazon_sp.reports import Reports, specification

REPORTS = "/reports/2021-06-30/reports"
DOCUMENT = "/reports/2021-06-30/documents/D1"
START, END = datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
SELLER = Account("default", "eu", "A1", marketplace_ids=("M1", "M2"))


def request(**details: Any) -> Request:
    dataset = SellerReport(name="some", report_type="GET_SOME_DATA", role="Some Role", **details)
    return dataset.request(SELLER, Window(START, END))


def report(status: str, report_id: str = "R1", **details: Any) -> dict[str, Any]:
    return {
        "reportId": report_id,
        "reportType": "GET_SOME_DATA",
        "processingStatus": status,
        "createdTime": "2026-11-24T17:59:00+00:00",
        "dataStartTime": "2026-10-01T00:00:00+00:00",
        "dataEndTime": "2026-10-31T00:00:00.000Z",
        "marketplaceIds": ["M2", "M1"],
        **details,
    }


@pytest.fixture
def reports(partner: SellingPartner) -> Reports:
    return Reports("eu", partner)


def test_a_report_is_asked_for_with_its_window_and_marketplaces(
    reports: Reports, stand_in: Any
) -> None:
    stand_in.answers("POST", REPORTS, {"reportId": "R1"}, status=202)
    assert reports.create(request(options={"dateGranularity": "DAY"})) == "R1"
    assert stand_in.asked[0].body == {
        "reportType": "GET_SOME_DATA",
        "marketplaceIds": ["M1", "M2"],
        "dataStartTime": "2026-10-01T00:00:00Z",
        "dataEndTime": "2026-10-31T00:00:00Z",
        "reportOptions": {"dateGranularity": "DAY"},
    }


def test_a_snapshot_report_has_no_times() -> None:
    dataset = SellerReport(name="some", report_type="GET_SOME_DATA", role="Some Role")
    asked = dataset.request(SELLER, Window(END, END))
    assert specification(asked) == {
        "reportType": "GET_SOME_DATA",
        "marketplaceIds": ["M1", "M2"],
    }


def test_a_refused_report_names_the_role_it_needs(reports: Reports, stand_in: Any) -> None:
    refusal = {"errors": [{"code": "Unauthorized", "message": "Access is denied.", "details": ""}]}
    stand_in.answers("POST", REPORTS, refusal, status=403)
    with pytest.raises(AccessDenied, match=r"GET_SOME_DATA needs the role Some Role"):
        reports.create(request())


@pytest.mark.parametrize(
    ("answer", "progress"),
    [
        (report("IN_QUEUE"), Progress.RUNNING),
        (report("IN_PROGRESS"), Progress.RUNNING),
        (report("SOMETHING_NEW"), Progress.RUNNING),
        (report("DONE", reportDocumentId="D1"), Progress.DONE),
        (report("DONE"), Progress.NO_DATA),
        (report("CANCELLED"), Progress.NO_DATA),
    ],
)
def test_each_status_means_one_thing(
    reports: Reports, stand_in: Any, answer: dict[str, Any], progress: Progress
) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", answer)
    status = reports.poll(request(), "R1")
    assert (status.progress, status.raw_status) == (progress, answer["processingStatus"])


def test_a_finished_report_says_when_and_which_document(reports: Reports, stand_in: Any) -> None:
    done = report("DONE", reportDocumentId="D1", processingEndTime="2026-11-24T18:00:07.123Z")
    stand_in.answers("GET", f"{REPORTS}/R1", done)
    status = reports.poll(request(), "R1")
    assert status.generated_at == datetime(2026, 11, 24, 18, 0, 7, 123000, UTC)
    assert status.handle == "D1"


def test_a_report_that_amazon_has_forgotten_is_expired(reports: Reports) -> None:
    assert reports.poll(request(), "R1").progress is Progress.EXPIRED


def test_a_fatal_report_gives_the_reason_of_its_document(reports: Reports, stand_in: Any) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", report("FATAL", reportDocumentId="D1"))
    stand_in.answers("GET", DOCUMENT, {"reportDocumentId": "D1", "url": f"{stand_in.url}/d"})
    stand_in.answers("GET", "/d", {"errorDetails": "The requested data is unavailable."})
    status = reports.poll(request(), "R1")
    assert (status.progress, status.reason) == (
        Progress.FAILED,
        "The requested data is unavailable.",
    )


def test_a_fatal_report_whose_explanation_is_gone_still_fails(
    reports: Reports, stand_in: Any
) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", report("FATAL", reportDocumentId="D1"))
    status = reports.poll(request(), "R1")
    assert status.progress is Progress.FAILED
    assert "could not be read" in (status.reason or "")


def test_a_fatal_report_without_document_is_answered_by_its_newest_finished_sibling(
    reports: Reports, stand_in: Any
) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", report("FATAL"))
    older = report("DONE", "R7", reportDocumentId="D7", createdTime="2026-11-24T10:00:00Z")
    newer = report("DONE", "R8", reportDocumentId="D8", createdTime="2026-11-24T11:00:00Z")
    other = report(
        "DONE", "R9", reportDocumentId="D9", dataStartTime="2026-10-02T00:00:00Z",
        createdTime="2026-11-24T12:00:00Z",
    )  # fmt: skip
    stand_in.answers("GET", REPORTS, {"reports": [older, newer, other]})
    status = reports.poll(request(), "R1")
    assert (status.progress, status.handle) == (Progress.DONE, "D8")
    assert stand_in.asked[-1].query["processingStatuses"] == "DONE"


def test_a_fatal_report_without_document_and_sibling_fails(reports: Reports, stand_in: Any) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", report("FATAL"))
    stand_in.answers("GET", REPORTS, {"reports": []})
    assert reports.poll(request(), "R1").progress is Progress.FAILED


def test_a_cancelled_snapshot_is_not_empty_but_answered_by_its_sibling_or_fails(
    reports: Reports, stand_in: Any
) -> None:
    stand_in.answers("GET", f"{REPORTS}/R1", report("CANCELLED"))
    sibling = report("DONE", "R8", reportDocumentId="D8")
    stand_in.answers("GET", REPORTS, {"reports": [sibling]}, {"reports": []})
    snapshot = request(keeps_snapshots=True)
    assert reports.poll(snapshot, "R1").handle == "D8"
    assert reports.poll(snapshot, "R1").progress is Progress.FAILED


def test_a_report_meant_before_a_crash_is_found_again(reports: Reports, stand_in: Any) -> None:
    listed = [
        report("FATAL", "R2"),
        report("CANCELLED", "R3"),
        report("IN_PROGRESS", "R4"),
        report("DONE", "R5", dataEndTime="2026-10-30T00:00:00Z"),
        report("DONE", "R6", marketplaceIds=["M1"]),
    ]
    stand_in.answers("GET", REPORTS, {"reports": listed})
    since = datetime(2026, 11, 24, 17, 58, tzinfo=UTC)
    assert reports.find(request(), since) == "R4"
    assert stand_in.asked[0].query == {
        "reportTypes": "GET_SOME_DATA",
        "pageSize": "100",
        "createdSince": "2026-11-24T17:58:00Z",
    }


def test_reports_are_looked_for_on_every_page_with_the_token_alone(
    reports: Reports, stand_in: Any
) -> None:
    first = {"reports": [report("FATAL", "R2")], "nextToken": "T"}
    stand_in.answers("GET", REPORTS, first, {"reports": [report("DONE", "R9")]})
    assert reports.find(request(), END) == "R9"
    assert stand_in.asked[1].query == {"nextToken": "T"}


def test_nothing_is_found_where_nothing_fits(reports: Reports, stand_in: Any) -> None:
    stand_in.answers("GET", REPORTS, {"reports": [report("FATAL", "R2")]})
    assert reports.find(request(), END) is None


def test_a_document_is_located_with_its_compression(reports: Reports, stand_in: Any) -> None:
    document = {"reportDocumentId": "D1", "url": "https://s3/x", "compressionAlgorithm": "GZIP"}
    stand_in.answers("GET", DOCUMENT, document)
    location = reports.locate(request(), "R1", "D1", fresh=False)
    assert (location.url, location.compression) == ("https://s3/x", "GZIP")
