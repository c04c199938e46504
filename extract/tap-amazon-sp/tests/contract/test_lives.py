"""The examples in Amazon's models of the life of reports and queries are understood."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from amazon_client.errors import AmazonError, InvalidRequest, NotFound
from amazon_client.extraction import Account, Progress, Window
from amazon_client.operations import Operation
from tap_amazon_sp import data_kiosk, reports, streams
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.data_kiosk import DataKiosk
from tap_amazon_sp.reports import Reports
from tap_amazon_sp.streams import orders

SELLER = Account("default", "na", "A1", marketplace_ids=("ATVPDKIKX0DER",))
NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


def report_request() -> Any:
    return streams.OrdersBulk.dataset.request(SELLER, Window(NOW.replace(day=1), NOW))


def query_request() -> Any:
    window = Window(date(2026, 11, 1), date(2026, 11, 24))
    return streams.SalesTrafficByDate.dataset.request(SELLER, window)


def example(contracts: Any, model: str, operation_id: str, status: str) -> Any:
    (first, *_) = contracts.swagger(model).examples(operation_id, status)
    return first["response"]


def test_the_examples_of_a_reports_life_are_understood(
    contracts: Any, partner: SellingPartner, stand_in: Any
) -> None:
    model, path = "reports_2021-06-30", "/reports/2021-06-30"
    created = example(contracts, model, "createReport", "202")
    running = example(contracts, model, "getReport", "200")
    listed = example(contracts, model, "getReports", "200")
    document = example(contracts, model, "getReportDocument", "200")
    stand_in.answers("POST", f"{path}/reports", created, status=202)
    stand_in.answers("GET", f"{path}/reports/{created['reportId']}", running)
    # The example has a next page, of which there is none.
    stand_in.answers("GET", f"{path}/reports", listed, {"reports": []})
    stand_in.answers("GET", f"{path}/documents/{document['reportDocumentId']}", document)
    made = Reports("na", partner)
    report_id = made.create(report_request())
    assert report_id == created["reportId"]
    status = made.poll(report_request(), report_id)
    assert (status.progress, status.raw_status) == (Progress.RUNNING, running["processingStatus"])
    assert made.find(report_request(), NOW) is None  # another type's window
    located = made.locate(report_request(), report_id, document["reportDocumentId"], fresh=True)
    assert located.url == document["url"]


def test_the_examples_of_a_querys_life_are_understood(
    contracts: Any, partner: SellingPartner, stand_in: Any
) -> None:
    model, path = "dataKiosk_2023-11-15", "/dataKiosk/2023-11-15"
    created = example(contracts, model, "createQuery", "202")
    done = example(contracts, model, "getQuery", "200")
    document = example(contracts, model, "getDocument", "200")
    pages = [one["response"] for one in contracts.swagger(model).examples("getQueries")]
    stand_in.answers("POST", f"{path}/queries", created, status=202)
    stand_in.answers("GET", f"{path}/queries/{created['queryId']}", done)
    stand_in.answers("GET", f"{path}/queries", *pages)
    stand_in.answers("GET", f"{path}/documents/{document['documentId']}", document)
    kiosk = DataKiosk("na", partner)
    query_id = kiosk.create(query_request())
    assert query_id == created["queryId"]
    status = kiosk.poll(query_request(), query_id)
    assert (status.progress, status.handle) == (Progress.DONE, done["dataDocumentId"])
    assert status.generated_at == datetime.fromisoformat(done["processingEndTime"])
    second = pages[1]["queries"][0]
    same = streams.SalesTrafficByDate.dataset.request(SELLER, query_request().window)
    same.body["query"] = second["query"]
    assert kiosk.find(same, NOW) == second["queryId"]
    assert kiosk.locate(same, query_id, status.handle, fresh=False).url == document["documentUrl"]


REFUSALS: tuple[tuple[Operation, str, str, type[AmazonError]], ...] = (
    # operation, model, status of the example, error
    (reports.CREATE_REPORT, "reports_2021-06-30", "400", InvalidRequest),
    (reports.GET_REPORTS, "reports_2021-06-30", "400", InvalidRequest),
    (reports.GET_REPORT, "reports_2021-06-30", "400", InvalidRequest),
    (reports.GET_DOCUMENT, "reports_2021-06-30", "400", InvalidRequest),
    (data_kiosk.CREATE_QUERY, "dataKiosk_2023-11-15", "400", InvalidRequest),
    (data_kiosk.GET_QUERIES, "dataKiosk_2023-11-15", "400", InvalidRequest),
    (data_kiosk.GET_QUERY, "dataKiosk_2023-11-15", "404", NotFound),
    (data_kiosk.GET_DOCUMENT, "dataKiosk_2023-11-15", "404", NotFound),
    (orders.SEARCH_ORDERS, "orders_2026-01-01", "400", InvalidRequest),
)


@pytest.mark.parametrize(
    ("operation", "model", "status", "kind"), REFUSALS, ids=[case[0].name for case in REFUSALS]
)
def test_the_example_of_a_refusal_is_told_in_amazons_words(
    contracts: Any,
    partner: SellingPartner,
    stand_in: Any,
    operation: Operation,
    model: str,
    status: str,
    kind: type[AmazonError],
) -> None:
    response = example(contracts, model, operation.name, status)
    names = ("reportId", "reportDocumentId", "queryId", "documentId")
    values = dict.fromkeys(names, "x")
    path = operation.path.format(**values)
    stand_in.answers(operation.method, path, response, status=int(status))
    with pytest.raises(kind) as raised:
        partner.http.call(operation, path_params=values)
    error = response["errors"][0]
    assert raised.value.code == error["code"]
    assert error["message"] in raised.value.message
    assert (error.get("details") or "") in raised.value.message
