"""What the endings of a query mean, its pages, and how a query is found again."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stdout
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from amazon_client.errors import AccessDenied
from amazon_client.extraction import Account, Progress, Request, Window
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.data_kiosk import DataKiosk
from tap_amazon_sp.datasets import KioskQuery
from tap_amazon_sp.tap import TapAmazonSP

QUERIES = "/dataKiosk/2023-11-15/queries"
DOCUMENT = "/dataKiosk/2023-11-15/documents/D1"
TEXT = '{schema{rows(day:"2026-11-01"){a b}}}'
DATASET = KioskQuery(
    name="some", report_type="rows", role="Some Role", body=lambda account, window: {"query": TEXT}
)


def request(continuation: str | None = None) -> Request:
    day = date(2026, 11, 1)
    return DATASET.request(Account("default", "eu", "A1"), Window(day, day), continuation)


def query(status: str, query_id: str = "Q1", **details: Any) -> dict[str, Any]:
    return {
        "queryId": query_id,
        "query": TEXT,
        "processingStatus": status,
        "createdTime": "2026-11-24T17:59:00Z",
        **details,
    }


@pytest.fixture
def kiosk(partner: SellingPartner) -> DataKiosk:
    return DataKiosk("eu", partner)


def test_a_query_and_its_next_page_are_submitted(kiosk: DataKiosk, stand_in: Any) -> None:
    stand_in.answers("POST", QUERIES, {"queryId": "Q1"}, {"queryId": "Q2"}, status=202)
    assert kiosk.create(request()) == "Q1"
    assert kiosk.create(request("T")) == "Q2"
    bodies = [asked.body for asked in stand_in.asked]
    assert bodies == [{"query": TEXT}, {"query": TEXT, "paginationToken": "T"}]


def test_a_refused_query_names_the_role_it_needs(kiosk: DataKiosk, stand_in: Any) -> None:
    message = "Unauthorized to access requested fields."
    refusal = {"errors": [{"code": "Unauthorized", "message": message, "details": "rows.a"}]}
    stand_in.answers("POST", QUERIES, refusal, status=403)
    with pytest.raises(AccessDenied, match=r"requested fields.*rows needs the role Some Role"):
        kiosk.create(request())


@pytest.mark.parametrize(
    ("answer", "progress"),
    [
        (query("IN_QUEUE"), Progress.RUNNING),
        (query("IN_PROGRESS"), Progress.RUNNING),
        (query("SOMETHING_NEW"), Progress.RUNNING),
        (query("DONE", dataDocumentId="D1"), Progress.DONE),
        (query("DONE"), Progress.NO_DATA),
        (query("CANCELLED"), Progress.FAILED),
        (query("FATAL"), Progress.FAILED),
    ],
)
def test_each_status_means_one_thing(
    kiosk: DataKiosk, stand_in: Any, answer: dict[str, Any], progress: Progress
) -> None:
    stand_in.answers("GET", f"{QUERIES}/Q1", answer)
    status = kiosk.poll(request(), "Q1")
    assert (status.progress, status.raw_status) == (progress, answer["processingStatus"])


def test_a_finished_query_tells_its_document_its_time_and_that_there_is_more(
    kiosk: DataKiosk, stand_in: Any
) -> None:
    done = query(
        "DONE", dataDocumentId="D1", processingEndTime="2026-11-24T18:00:07Z",
        pagination={"nextToken": "T"},
    )  # fmt: skip
    stand_in.answers("GET", f"{QUERIES}/Q1", done)
    status = kiosk.poll(request(), "Q1")
    assert (status.handle, status.continuation) == ("D1", "T")
    assert status.generated_at == datetime(2026, 11, 24, 18, 0, 7, tzinfo=UTC)


def test_a_page_without_document_is_no_end_while_there_are_more_pages(
    kiosk: DataKiosk, stand_in: Any
) -> None:
    stand_in.answers("GET", f"{QUERIES}/Q1", query("DONE", pagination={"nextToken": "T"}))
    assert kiosk.poll(request(), "Q1").progress is Progress.FAILED


def test_a_fatal_query_gives_the_text_of_its_error_document(
    kiosk: DataKiosk, stand_in: Any
) -> None:
    stand_in.answers("GET", f"{QUERIES}/Q1", query("FATAL", errorDocumentId="D1"))
    stand_in.answers("GET", DOCUMENT, {"documentId": "D1", "documentUrl": f"{stand_in.url}/d"})
    stand_in.answers("GET", "/d", b'{\n  "message": "Data is not available yet."\n}')
    assert kiosk.poll(request(), "Q1").reason == '{ "message": "Data is not available yet." }'


def test_a_query_that_amazon_has_forgotten_is_expired(kiosk: DataKiosk) -> None:
    assert kiosk.poll(request(), "Q1").progress is Progress.EXPIRED


def test_a_query_meant_before_a_crash_is_found_again_by_its_text(
    kiosk: DataKiosk, stand_in: Any
) -> None:
    spaced = TEXT.replace("{", "{\n  ")
    first = {"queries": [query("DONE", "Q4", query="{other{rows{a}}}")]}
    second = [
        query("FATAL", "Q5"),
        query("DONE", "Q7", createdTime="2026-11-24T17:59:30Z"),
        query("IN_QUEUE", "Q6", query=spaced),
    ]
    stand_in.answers(
        "GET", QUERIES, {**first, "pagination": {"nextToken": "T"}}, {"queries": second}
    )
    since = datetime(2026, 11, 24, 17, 58, tzinfo=UTC)
    assert kiosk.find(request(), since) == "Q6"
    window = {"pageSize": "100", "createdSince": "2026-11-24T17:58:00Z"}
    assert [asked.query for asked in stand_in.asked] == [window, {**window, "paginationToken": "T"}]


def test_a_later_page_is_not_looked_for_since_amazon_does_not_tell_pages_apart(
    kiosk: DataKiosk, stand_in: Any
) -> None:
    stand_in.answers("GET", QUERIES, {"queries": [query("DONE", "Q1")]})
    assert kiosk.find(request("T"), datetime(2026, 11, 24, tzinfo=UTC)) is None
    assert stand_in.asked == []


def test_a_document_is_located(kiosk: DataKiosk, stand_in: Any) -> None:
    stand_in.answers("GET", DOCUMENT, {"documentId": "D1", "documentUrl": "https://s3/x"})
    assert kiosk.locate(request(), "Q1", "D1", fresh=True).url == "https://s3/x"


def test_a_long_answer_is_read_page_by_page(stand_in: Any, tmp_path: Path) -> None:
    us = {"id": "ATVPDKIKX0DER", "name": "Amazon.com", "countryCode": "US"}
    sold = {"isParticipating": True, "hasSuspendedListings": False}
    stand_in.answers(
        "GET",
        "/sellers/v1/marketplaceParticipations",
        {"payload": [{"marketplace": us, "participation": sold}]},
    )
    stand_in.answers("POST", QUERIES, {"queryId": "Q1"}, {"queryId": "Q2"}, status=202)
    more = {"pagination": {"nextToken": "T"}}
    for number, rest in (("1", more), ("2", {})):
        done = query("DONE", f"Q{number}", dataDocumentId=f"D{number}", **rest)
        located = {"documentId": f"D{number}", "documentUrl": f"{stand_in.url}/d{number}"}
        rows = [
            {"startDate": f"2026-11-{number}{day}", "marketplaceId": "ATVPDKIKX0DER"}
            for day in (1, 2)
        ]
        stand_in.answers("GET", f"{QUERIES}/Q{number}", done)
        stand_in.answers("GET", f"/dataKiosk/2023-11-15/documents/D{number}", located)
        stand_in.answers("GET", f"/d{number}", "\n".join(map(json.dumps, rows)).encode())
    tap = TapAmazonSP(
        config={
            "client_id": "x", "client_secret": "y", "region": "na", "refresh_token": "z",
            "selling_partner_id": "A1", "as_of": "2026-11-24T18:00:00Z",
            "api_url": stand_in.url, "auth_url": f"{stand_in.url}/auth/o2/token",
            "journal_path": str(tmp_path / "journal.db"), "report_poll_seconds": 0.01,
        }
    )  # fmt: skip
    for name, stream in tap.streams.items():
        stream.selected = name == "sales_traffic_by_date"
    output = io.TextIOWrapper(io.BytesIO())
    with redirect_stdout(output):
        assert tap.run() == 0
    output.seek(0)
    messages = [json.loads(line) for line in output]
    records = [message["record"] for message in messages if message["type"] == "RECORD"]
    dates = ["2026-11-11", "2026-11-12", "2026-11-21", "2026-11-22"]
    assert [record["date"] for record in records] == dates
    assert {record["report_id"] for record in records} == {"Q1"}
    asked = [asked.body for asked in stand_in.asked if asked.method == "POST"]
    assert asked == [{"query": asked[0]["query"]}, {**asked[0], "paginationToken": "T"}]
