"""What the Reporting v3 backend does with each of Amazon's answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from amazon_client.errors import AccessDenied, InvalidRequest, ReportExpired
from amazon_client.extraction import Account, Progress, Request, Window
from tap_amazon_ads.profiles import Profile
from tap_amazon_ads.reporting import ReportingV3
from tap_amazon_ads.streams.sponsored_brands.reports import SbCampaignsDaily
from tap_amazon_ads.streams.sponsored_products.reports import SpCampaignsDaily

PROFILE = Profile("na", "77", "US", "USD", "America/Los_Angeles", account_name="Store")
ACCOUNT = Account("default", "na", "77", "America/Los_Angeles")
WINDOW = Window(date(2026, 11, 1), date(2026, 11, 24))
SP: Request = SpCampaignsDaily.dataset.request(ACCOUNT, WINDOW)
SB: Request = SbCampaignsDaily.dataset.request(ACCOUNT, WINDOW)


def refusal(columns: str) -> tuple[int, dict[str, str]]:
    allowed = ", ".join(f"allowedColumn{n}" for n in range(60))
    detail = (
        f"configuration columns includes invalid values: ({columns}). Allowed values: ({allowed})"
    )
    return 400, {"code": "400", "detail": detail}


def created(report_id: str, **more: Any) -> dict[str, Any]:
    return {"reportId": report_id, "status": "PENDING", "generatedAt": None, **more}


@pytest.fixture
def backend(amazon: Any) -> ReportingV3:
    return ReportingV3(amazon.region, lambda _: amazon.region.profile(PROFILE), amazon.clock)


def test_a_report_is_asked_for_in_the_profiles_name(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers(created("r1"))
    assert backend.create(SP) == "r1"
    headers = amazon.script.requests[0].headers
    assert headers["Amazon-Advertising-API-Scope"] == "77"
    assert headers["Amazon-Advertising-API-ClientId"] == "client"
    assert headers["Authorization"] == "Bearer Atza|t"


def test_a_report_that_is_being_made_already_is_adopted(amazon: Any, backend: ReportingV3) -> None:
    detail = "The Request is a duplicate of : 4545ce53-6edf-45d2-8489-193ec9d8029c"
    amazon.answers((425, {"code": "425", "detail": detail}))
    assert backend.create(SP) == "4545ce53-6edf-45d2-8489-193ec9d8029c"
    assert len(amazon.script.requests) == 1


def test_a_full_queue_is_waited_for_and_nothing_is_lost(amazon: Any, backend: ReportingV3) -> None:
    refused = (429, {"code": "429", "detail": "Too Many Requests"})
    amazon.answers(refused, refused, created("r1"))
    assert backend.create(SP) == "r1"
    # A minute, then two: Amazon often does not say when to come back.
    assert sum(amazon.clock.sleeps) >= 180


def test_refused_columns_are_left_out_once_with_a_warning(
    amazon: Any, backend: ReportingV3, caplog: pytest.LogCaptureFixture
) -> None:
    amazon.answers(refusal("sales30d, campaignStatus"), created("r2"))
    assert backend.create(SP) == "r2"
    first, second = (body["configuration"]["columns"] for body in amazon.script.bodies)
    assert [name for name in first if name not in ("sales30d", "campaignStatus")] == second
    assert "campaignStatus, sales30d" in caplog.text


def test_a_second_refusal_is_final(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers(refusal("sales30d"), refusal("sales14d"))
    with pytest.raises(InvalidRequest, match="sales14d"):
        backend.create(SP)
    assert len(amazon.script.requests) == 2


def test_a_column_once_refused_is_not_asked_for_again_in_the_same_run(
    amazon: Any, backend: ReportingV3
) -> None:
    amazon.answers(refusal("sales30d"), created("r1"), created("r2"))
    assert backend.create(SP) == "r1"
    other = Window(date(2026, 10, 1), date(2026, 10, 31))
    assert backend.create(SpCampaignsDaily.dataset.request(ACCOUNT, other)) == "r2"
    columns = amazon.script.bodies[2]["configuration"]["columns"]
    assert "sales30d" not in columns
    assert "sales7d" in columns


def test_a_report_is_not_made_without_its_key(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers(refusal("campaignId"))
    with pytest.raises(InvalidRequest, match="campaignId"):
        backend.create(SP)
    assert len(amazon.script.requests) == 1


def test_another_refusal_is_not_healed(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers((400, {"code": "400", "detail": "Report date is too far in the past"}))
    with pytest.raises(InvalidRequest, match="too far in the past"):
        backend.create(SP)


def test_an_old_report_that_amazon_remembers_is_asked_for_anew(
    amazon: Any, backend: ReportingV3
) -> None:
    old = (amazon.clock.now() - timedelta(hours=1)).isoformat()
    amazon.answers(created("old", status="COMPLETED", generatedAt=old), created("new"))
    assert backend.create(SP) == "new"
    first, second = amazon.script.bodies
    assert first["name"] != second["name"]
    assert {**first, "name": ""} == {**second, "name": ""}


def test_a_failed_report_that_amazon_remembers_is_asked_for_anew(
    amazon: Any, backend: ReportingV3
) -> None:
    amazon.answers(created("old", status="FAILED"), created("new"))
    assert backend.create(SP) == "new"


def test_a_finished_report_of_the_last_minutes_is_taken(amazon: Any, backend: ReportingV3) -> None:
    recent = (amazon.clock.now() - timedelta(minutes=10)).isoformat()
    amazon.answers(created("recent", status="COMPLETED", generatedAt=recent))
    assert backend.create(SP) == "recent"


@pytest.mark.parametrize(
    ("status", "progress"),
    [
        ("PENDING", Progress.RUNNING),
        ("PROCESSING", Progress.RUNNING),
        ("COMPLETED", Progress.DONE),
        ("FAILED", Progress.FAILED),
        ("FAILURE", Progress.FAILED),
        ("SOMETHING_NEW", Progress.RUNNING),
    ],
)
def test_every_status_means_one_thing(
    amazon: Any, backend: ReportingV3, status: str, progress: Progress
) -> None:
    amazon.answers({"reportId": "r", "status": status, "failureReason": "because"})
    told = backend.poll(SP, "r")
    assert (told.progress, told.raw_status, told.reason) == (progress, status, "because")


def test_a_report_that_amazon_no_longer_knows_is_expired(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers((404, {"code": "404", "detail": "Not Found"}))
    assert backend.poll(SP, "r").progress is Progress.EXPIRED
    amazon.answers((404, {"code": "404", "detail": "Not Found"}))
    with pytest.raises(ReportExpired):
        backend.locate(SP, "r", "https://old", fresh=True)


def test_a_fresh_address_is_looked_up_and_a_known_one_is_not(
    amazon: Any, backend: ReportingV3
) -> None:
    assert backend.locate(SP, "r", "https://known", fresh=False).url == "https://known"
    assert not amazon.script.requests
    amazon.answers({"reportId": "r", "status": "COMPLETED", "url": "https://new"})
    assert backend.locate(SP, "r", "https://known", fresh=True).url == "https://new"


def test_a_refused_scope_names_the_profile(amazon: Any, backend: ReportingV3) -> None:
    amazon.answers((401, {"code": "401", "details": "Not authorized to access scope"}))
    with pytest.raises(AccessDenied) as refused:
        backend.create(SP)
    assert "Profile 77 (US, unknown type, Store) of region na" in str(refused.value)
    assert len(amazon.script.requests) == 1, "another token would not help"


def test_a_closed_ad_product_is_asked_once_and_others_are_not_affected(
    amazon: Any, backend: ReportingV3
) -> None:
    amazon.answers((403, {"code": "403", "detail": "no access to Sponsored Brands"}))
    with pytest.raises(AccessDenied, match="Sponsored Brands is not open to profile 77"):
        backend.create(SB)
    with pytest.raises(AccessDenied, match="Sponsored Brands is not open to profile 77"):
        backend.create(SB)
    assert len(amazon.script.requests) == 1
    amazon.answers(created("r1"))
    assert backend.create(SP) == "r1"
