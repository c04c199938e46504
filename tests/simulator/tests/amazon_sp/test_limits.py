"""Amazon's rates and bursts, to the call."""

from __future__ import annotations

from typing import Any

import pytest

ORDERS = "/orders/2026-01-01/orders"
REPORTS = "/reports/2021-06-30/reports"
QUERY = {"lastUpdatedAfter": "2026-11-24T00:00:00Z"}
INVENTORY = {
    "granularityType": "Marketplace",
    "granularityId": "ATVPDKIKX0DER",
    "marketplaceIds": "ATVPDKIKX0DER",
}
CASES = [
    ("getMarketplaceParticipations", "/sellers/v1/marketplaceParticipations", {}, 0.016, 15),
    ("searchOrders", ORDERS, QUERY, 0.0056, 20),
    ("getReports", REPORTS, {"reportTypes": "X"}, 0.0222, 10),
    ("getReport", f"{REPORTS}/1", {}, 2.0, 15),
    ("getReportDocument", "/reports/2021-06-30/documents/1", {}, 0.0167, 15),
    ("getQueries", "/dataKiosk/2023-11-15/queries", {}, 0.0222, 10),
    ("getQuery", "/dataKiosk/2023-11-15/queries/1", {}, 2.0, 15),
    ("getDocument", "/dataKiosk/2023-11-15/documents/1", {}, 0.0167, 15),
    ("getInventorySummaries", "/fba/inventory/v1/summaries", INVENTORY, 2.0, 2),
]


@pytest.mark.parametrize(("name", "path", "query", "rate", "burst"), CASES)
def test_a_burst_passes_and_then_one_call_per_interval(
    api: Any, name: str, path: str, query: dict[str, str], rate: float, burst: int
) -> None:
    statuses = [api.get(path, **query).status_code for _ in range(burst + 1)]
    assert statuses[:-1] == [statuses[0]] * burst
    assert statuses[0] in (200, 404)
    assert statuses[-1] == 429
    api.time.seconds += 0.98 / rate
    assert api.get(path, **query).status_code == 429
    api.time.seconds += 0.03 / rate
    assert api.get(path, **query).status_code == statuses[0]
    assert api.get(path, **query).status_code == 429
    assert api.simulation.calls.summary()[name]["throttled"] == 3


@pytest.mark.parametrize("operation", ["createReport", "createQuery"])
def test_fifteen_creations_pass_and_then_one_a_minute(api: Any, operation: str) -> None:
    def create() -> int:
        if operation == "createReport":
            return api.create_report().status_code
        return api.query("no query").status_code

    passed = 202 if operation == "createReport" else 400
    assert [create() for _ in range(16)] == [passed] * 15 + [429]
    api.time.seconds += 60
    assert [create(), create()] == [passed, 429]


def test_the_rate_stands_on_answers_and_never_on_429_or_403(api: Any) -> None:
    path = "/fba/inventory/v1/summaries"
    good, bad = api.get(path, **INVENTORY), api.get(path)
    throttled = api.get(path, **INVENTORY)
    denied = api.get(path, headers={"user-agent": "Test/1"}, **INVENTORY)
    assert [a.status_code for a in (good, bad, throttled, denied)] == [200, 400, 429, 403]
    assert good.headers["x-amzn-RateLimit-Limit"] == "2"
    assert bad.headers["x-amzn-RateLimit-Limit"] == "2"
    assert "x-amzn-RateLimit-Limit" not in throttled.headers
    assert "x-amzn-RateLimit-Limit" not in denied.headers
    assert throttled.headers["x-amzn-ErrorType"] == "TooManyRequestsException"
    assert "Retry-After" not in throttled.headers
    assert all(a.headers["x-amzn-RequestId"] for a in (good, bad, throttled, denied))


def test_every_seller_and_every_operation_has_its_own_bucket(api: Any) -> None:
    while api.get(ORDERS, **QUERY).status_code == 200:
        pass
    assert api.of("eu").get(ORDERS, **QUERY).status_code == 200
    assert api.get("/sellers/v1/marketplaceParticipations").status_code == 200


def test_a_refused_call_costs_no_token(api: Any) -> None:
    api.time.seconds += 3600
    for _ in range(30):
        api.get(ORDERS, headers={"user-agent": "Test/1"}, **QUERY)
    assert api.get(ORDERS, **QUERY).status_code == 200


def test_scaled_time_scales_limits_and_the_rate_told(api: Any) -> None:
    api.simulation.clock.time_scale = 60.0
    answer = api.get(ORDERS, **QUERY)
    assert float(answer.headers["x-amzn-RateLimit-Limit"]) == pytest.approx(0.0056 * 60)
