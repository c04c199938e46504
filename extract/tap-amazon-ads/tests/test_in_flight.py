"""How many reports are asked for at once, and how long a late one is waited for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from amazon_client.extraction import Account, Progress, Request, Window
from amazon_client.extraction.errors import ReportLate
from amazon_client.rate_limits import TokenBucket
from amazon_client.testing import ManualClock
from tap_amazon_ads.in_flight import InFlight
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.reporting import ReportingV3
from tap_amazon_ads.streams.sponsored_products.reports import SpCampaignsDaily

PROFILE = Profile("na", "77", "US", "USD", "America/Los_Angeles")
ACCOUNT = Account("default", "na", "77", "America/Los_Angeles")
HOURS = timedelta(hours=1)


def request(last_day: int) -> Request:
    window = Window(date(2026, 11, 1), date(2026, 11, last_day))
    return SpCampaignsDaily.dataset.request(ACCOUNT, window)


@pytest.fixture
def backend(amazon: Any) -> ReportingV3:
    return ReportingV3(amazon.region, lambda _: amazon.region.profile(PROFILE), amazon.clock)


def pending(amazon: Any, report_id: str, age: timedelta) -> dict[str, str]:
    created = amazon.clock.now() - age
    return {"reportId": report_id, "status": "PENDING", "createdAt": created.isoformat()}


def test_the_bound_is_halved_with_each_refusal_and_grows_back_with_each_success(
    amazon: Any, backend: ReportingV3
) -> None:
    assert backend.max_in_flight == 40
    made = {"reportId": "r", "status": "PENDING"}
    amazon.answers((429, {"code": "429", "detail": "Too Many Requests"}), made)
    assert backend.create(request(10)) == "r"
    # Halved to 20; the success after it brought back a twentieth of 40.
    assert backend.max_in_flight == 22
    amazon.answers(*[made] * 8)
    for day in range(11, 19):
        backend.create(request(day))
    assert backend.max_in_flight == 38
    amazon.answers(*[made] * 3)
    for day in range(19, 22):
        backend.create(request(day))
    assert backend.max_in_flight == 40


def test_refusals_without_end_leave_a_bound_of_one() -> None:
    clock = ManualClock()
    bucket = TokenBucket(2, 40, clock, adaptive=True)
    in_flight = InFlight(bucket, 3 * HOURS)
    bounds = []
    for _ in range(8):
        clock.advance(bucket.throttled(60) + 1)
        bounds.append(in_flight.bound)
    assert bounds == [20, 10, 5, 2, 1, 1, 1, 1]


def test_a_late_report_is_waited_for_while_a_younger_one_is(
    amazon: Any, backend: ReportingV3
) -> None:
    amazon.answers(pending(amazon, "young", HOURS), pending(amazon, "old", 4 * HOURS))
    assert backend.poll(request(10), "young").progress is Progress.RUNNING
    assert backend.poll(request(11), "old").progress is Progress.RUNNING
    amazon.answers({"reportId": "young", "status": "COMPLETED", "url": "https://u"})
    assert backend.poll(request(10), "young").progress is Progress.DONE
    amazon.answers(pending(amazon, "old", 4 * HOURS))
    with pytest.raises(ReportLate, match=r"report old .* is still PENDING after 240 minutes"):
        backend.poll(request(11), "old")


def test_reports_that_are_all_late_are_all_parked(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers(pending(amazon, "a", 3 * HOURS), pending(amazon, "b", 5 * HOURS))
    for report_id in ("a", "b"):
        with pytest.raises(ReportLate):
            backend.poll(request(10), report_id)


def test_the_patience_can_be_set(amazon: Any) -> None:
    backend = ReportingV3(
        amazon.region,
        lambda _: amazon.region.profile(PROFILE),
        amazon.clock,
        patience=timedelta(minutes=20),
    )
    amazon.answers(pending(amazon, "a", timedelta(minutes=19)))
    assert backend.poll(request(10), "a").progress is Progress.RUNNING
    amazon.answers(pending(amazon, "a", timedelta(minutes=20)))
    with pytest.raises(ReportLate):
        backend.poll(request(10), "a")
