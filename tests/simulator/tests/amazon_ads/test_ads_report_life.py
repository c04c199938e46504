"""The life of a report: accepted, refused as a duplicate or too many, processed, downloaded."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import pytest
import requests

from simulator.simulation import Latencies


def last_days(api: Any, days: int = 31, country: str = "US") -> tuple[date, date]:
    today = api.today(country)
    return today - timedelta(days=days - 1), today


def detail(answer: requests.Response, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"code", "detail"}
    assert body["code"] == str(status)
    return body["detail"]


def test_a_report_is_pending_then_processing_then_completed(own: Any) -> None:
    api = own(time_scale=60, latencies=Latencies(ads_reports=(30.0, 30.0)))
    start, end = last_days(api, 2)
    created = api.create(api.body("spCampaigns", "date clicks", start, end)).json()
    assert created["status"] == "PENDING"
    assert created["url"] is None
    assert created["configuration"]["columns"] == ["date", "clicks"]
    statuses = []
    for _ in range(100):
        told = api.poll(created["reportId"])
        statuses.append(told["status"])
        if told["status"] == "COMPLETED":
            break
        time.sleep(0.02)
    assert list(dict.fromkeys(statuses)) == ["PENDING", "PROCESSING", "COMPLETED"]
    assert told["fileSize"] == len(requests.get(told["url"], timeout=10).content)
    assert told["generatedAt"] > told["createdAt"]


def test_a_second_identical_request_is_refused_with_the_first_ones_id(own: Any) -> None:
    api = own(time_scale=1)
    start, end = last_days(api, 2)
    body = api.body("spCampaigns", "date clicks", start, end)
    first = api.create(body).json()["reportId"]
    assert detail(api.create(body), 425) == f"The Request is a duplicate of : {first}"
    other_name = api.create({**body, "name": "again"})
    other_profile = api.create(body, "CA")
    assert {other_name.status_code, other_profile.status_code} == {200}


@pytest.mark.parametrize("remembers", [False, True])
def test_a_finished_report_is_made_again_or_remembered(own: Any, remembers: bool) -> None:
    api = own()
    api.sim.simulation.ads_reporting.remembers_finished = remembers
    start, end = last_days(api, 2)
    body = api.body("spCampaigns", "date clicks", start, end)
    first = api.create(body).json()["reportId"]
    api.finished(first)
    again = api.create(body).json()
    assert (again["reportId"] == first) is remembers
    assert (again["status"] == "COMPLETED") is remembers


def test_too_many_reports_in_flight_are_refused_with_and_without_a_retry_after(own: Any) -> None:
    api = own(time_scale=1)
    api.sim.simulation.ads_reporting.max_in_flight = 3
    today = api.today()
    bodies = [
        api.body("spCampaigns", "date clicks", today - timedelta(days), today) for days in range(5)
    ]
    answers = [api.create(body) for body in bodies]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [("Retry-After" in answer.headers) for answer in answers[3:]] == [True, False]
    europe = api.create(api.body("spCampaigns", "date", today, today), "DE")
    assert europe.status_code == 200


def test_a_burst_of_requests_is_limited_per_profile(own: Any) -> None:
    api = own(time_scale=0.001)
    rules = api.sim.simulation.ads_reporting
    rules.create_burst = 2
    today = api.today()
    bodies = [api.body("spCampaigns", "date", today - timedelta(d), today) for d in range(3)]
    assert [api.create(body).status_code for body in bodies] == [200, 200, 429]
    assert api.create(bodies[2], "CA").status_code == 200


def test_a_presigned_url_refuses_a_second_credential_and_expires(own: Any) -> None:
    api = own()
    api.sim.simulation.clock.shortest_lifetime = 0.5
    start, end = last_days(api, 2)
    report_id = api.create(api.body("spCampaigns", "date", start, end)).json()["reportId"]
    url = api.finished(report_id)["url"]
    assert requests.get(url, headers={"Authorization": "Bearer x"}, timeout=10).status_code == 400
    assert requests.get(url, timeout=10).status_code == 200
    time.sleep(3600 / api.sim.simulation.clock.time_scale + 0.1)
    assert requests.get(url, timeout=10).status_code == 403
    fresh = api.poll(report_id)["url"]
    assert fresh != url
    assert requests.get(fresh, timeout=10).status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"),
    [("report_fatal", "FAILED"), ("report_cancelled", "FAILURE"), ("report_empty", "COMPLETED")],
)
def test_a_fault_decides_a_reports_end(own: Any, fault: str, status: str) -> None:
    api = own()
    api.sim.faults.add("ads.reports.create", fault)
    start, end = last_days(api, 2)
    body = api.body("spCampaigns", "date clicks", start, end)
    told = api.finished(api.create(body).json()["reportId"])
    assert told["status"] == status
    assert bool(told["failureReason"]) is (fault == "report_fatal")
    if fault == "report_empty":
        assert requests.get(told["url"], timeout=10).content
    assert api.rows(body)


def test_a_report_can_show_a_status_that_nobody_documents(own: Any) -> None:
    api = own(time_scale=600)
    api.sim.faults.add("ads.reports.create", "report_unknown")
    start, end = last_days(api, 2)
    created = api.create(api.body("spCampaigns", "date clicks", start, end)).json()
    assert created["status"] == "AWAITING_CAPACITY"
    assert api.finished(created["reportId"])["status"] == "COMPLETED"


def test_throttling_faults_come_in_reportings_own_words(own: Any) -> None:
    api = own()
    api.sim.faults.add("ads.reports.create", "status", status=429, retry_after=2)
    start, end = last_days(api, 2)
    answer = api.create(api.body("spCampaigns", "date", start, end))
    assert detail(answer, 429)
    assert answer.headers["Retry-After"] == "2"
