"""Reports and queries from their request to each way they can end."""

from __future__ import annotations

import json
from typing import Any

import pytest

START, END = "2026-11-01T00:00:00Z", "2026-11-20T00:00:00Z"
FOREVER = {"times": None}
QUERY = (
    "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate(aggregateBy:DAY "
    'startDate:"2026-11-01" endDate:"2026-11-02" marketplaceIds:["ATVPDKIKX0DER"])'
    "{startDate sales{unitsOrdered}}}}"
)


def create(api: Any) -> str:
    return api.create_report(dataStartTime=START, dataEndTime=END).json["reportId"]


def query_state(api: Any, query_id: str) -> dict[str, Any]:
    return api.get(f"/dataKiosk/2023-11-15/queries/{query_id}").json


def test_a_report_is_queued_then_in_progress_then_done(api: Any) -> None:
    report_id, seen = create(api), []
    for _ in range(7):
        seen.append(api.report(report_id)["processingStatus"])
        api.time.seconds += 10
    assert seen == ["IN_QUEUE"] * 2 + ["IN_PROGRESS"] * 4 + ["DONE"]
    done = api.report(report_id)
    assert done["reportDocumentId"]
    assert done["processingStartTime"] < done["processingEndTime"]
    assert (done["dataStartTime"], done["dataEndTime"]) == (START, END)


def test_the_latency_can_be_set(api: Any) -> None:
    api.simulation.latencies.sp_documents = 5
    report_id = create(api)
    api.time.seconds += 5
    assert api.report(report_id)["processingStatus"] == "DONE"


def test_a_report_without_orders_is_cancelled(api: Any) -> None:
    created = api.create_report(
        dataStartTime="2026-01-01T00:00:00Z", dataEndTime="2026-01-02T00:00:00Z"
    )
    api.time.seconds += 60
    report = api.report(created.json["reportId"])
    assert report["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in report


def test_a_window_of_more_than_30_days_gives_an_empty_report_and_no_error(api: Any) -> None:
    assert api.bulk_orders("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z") == []
    assert api.bulk_orders("2026-10-02T00:00:00Z", "2026-11-01T00:00:00Z")


def test_reports_are_listed_by_type_status_marketplace_and_time(api: Any) -> None:
    path, kind = "/reports/2021-06-30/reports", "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
    first = create(api)
    api.time.seconds += 60
    second = create(api)

    def listed(**filters: Any) -> list[str]:
        found = api.get(path, reportTypes=kind, **filters).json["reports"]
        return [report["reportId"] for report in found]

    assert listed() == [second, first]
    assert listed(processingStatuses="DONE") == [first]
    assert listed(marketplaceIds="A2EUQ1WTGCTBG2") == []
    assert listed(createdSince=api.report(second)["createdTime"]) == [second]
    assert listed(createdUntil=api.report(first)["createdTime"]) == [first]


@pytest.mark.parametrize(
    ("fault", "status", "has_document"),
    [
        ("report_fatal", "FATAL", True),
        ("report_fatal_bare", "FATAL", False),
        ("report_cancelled", "CANCELLED", False),
        ("report_empty", "CANCELLED", False),
        ("report_stuck", "IN_PROGRESS", False),
        ("report_unknown", "IN_REVIEW", False),
    ],
)
def test_a_report_can_meet_each_fate(api: Any, fault: str, status: str, has_document: bool) -> None:
    api.simulation.faults.add("createReport", fault, nth=2)
    lucky, struck, later = create(api), create(api), create(api)
    api.time.seconds += 61
    assert api.report(lucky)["processingStatus"] == "DONE"
    assert api.report(later)["processingStatus"] == "DONE"
    report = api.report(struck)
    assert report["processingStatus"] == status
    assert ("reportDocumentId" in report) is has_document


def test_a_fatal_reports_document_says_why(api: Any) -> None:
    api.simulation.faults.add("createReport", "report_fatal")
    report_id = create(api)
    api.time.seconds += 60
    document = api.document(api.report(report_id)["reportDocumentId"])
    assert "unavailable" in json.loads(document)["errorDetails"]


def test_an_unknown_status_ends_done(api: Any) -> None:
    api.simulation.faults.add("createReport", "report_unknown")
    report_id = create(api)
    api.time.seconds += 121
    assert api.report(report_id)["processingStatus"] == "DONE"


def test_a_stuck_report_never_ends(api: Any) -> None:
    api.simulation.faults.add("createReport", "report_stuck")
    report_id = create(api)
    api.time.seconds += 86_400
    api.tokens.clear()
    assert api.report(report_id)["processingStatus"] == "IN_PROGRESS"


def test_a_query_without_data_is_done_without_a_document(api: Any) -> None:
    assert api.rows(QUERY.replace("2026-11-0", "2026-01-0")) == []


def test_a_fatal_query_has_an_error_document(api: Any) -> None:
    api.simulation.faults.add("createQuery", "report_fatal")
    query_id = api.query(QUERY).json["queryId"]
    api.time.seconds += 60
    state = query_state(api, query_id)
    assert state["processingStatus"] == "FATAL"
    assert state["errorDocumentId"]
    assert "dataDocumentId" not in state


def test_a_fault_can_single_out_a_request(api: Any) -> None:
    api.simulation.faults.add("createReport", "report_cancelled", containing="A2EUQ1WTGCTBG2")
    us, ca = create(api), api.create_report(marketplaceIds=["A2EUQ1WTGCTBG2"]).json["reportId"]
    api.time.seconds += 60
    assert api.report(us)["processingStatus"] == "DONE"
    assert api.report(ca)["processingStatus"] == "CANCELLED"


def test_facts_are_those_of_the_worlds_now_at_the_request(api: Any) -> None:
    report_id = create(api)
    api.simulation.set_now(api.simulation.world.now.replace(day=28))
    api.time.seconds += 60
    later = api.report(report_id)
    assert later["processingStatus"] == "DONE"
    assert b"2026-11-2" not in api.document(later["reportDocumentId"]).split(b"<Message>", 1)[0]
