"""What Reporting v3 refuses, and in which words."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import requests


def last_days(api: Any, days: int = 31, country: str = "US") -> tuple[date, date]:
    today = api.today(country)
    return today - timedelta(days=days - 1), today


def detail(answer: requests.Response, status: int = 400) -> str:
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"code", "detail"}
    assert body["code"] == str(status)
    return body["detail"]


def test_invalid_columns_are_named_beside_the_allowed_ones(api: Any) -> None:
    start, end = last_days(api, 2)
    told = detail(
        api.create(api.body("spCampaigns", "date clicks targeting salesClicks", start, end))
    )
    invalid = "configuration columns includes invalid values: (targeting, salesClicks). "
    assert told.startswith(f"{invalid}Allowed values: (impressions, clicks, cost, purchases1d")
    assert told.endswith(")")


def test_columns_are_checked_against_every_grouping_together(api: Any) -> None:
    start, end = last_days(api, 2)
    columns = "date campaignId adGroupId clicks"

    def status(*group_by: str) -> int:
        body = api.body("spCampaigns", columns, start, end, groupBy=list(group_by))
        return api.create(body).status_code

    assert status("campaign") == status("adGroup") == 400
    assert status("campaign", "adGroup") == 200


@pytest.mark.parametrize(
    ("time_unit", "column"), [("SUMMARY", "date"), ("DAILY", "startDate"), ("DAILY", "endDate")]
)
def test_dates_come_with_daily_and_ranges_with_summary_only(
    api: Any, time_unit: str, column: str
) -> None:
    start, end = last_days(api, 2)
    body = api.body("spCampaigns", f"clicks {column}", start, end, timeUnit=time_unit)
    assert f"invalid values: ({column})" in detail(api.create(body))


def test_filters_have_to_suit_every_grouping(api: Any) -> None:
    start, end = last_days(api, 2)
    body = api.body(
        "spCampaigns", "date clicks", start, end, groupBy=["campaign", "adGroup"],
        filters=[{"field": "campaignStatus", "values": ["ENABLED"]}],
    )  # fmt: skip
    assert detail(api.create(body)) == (
        "configuration filters includes fields: (campaignStatus) which are invalid for groupBys: "
        "adGroup. Allowed filters for groupBy adGroup: "
        "(field: adStatus, values: ENABLED, PAUSED, ARCHIVED)"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"timeUnit": "HOURLY"}, "configuration timeUnit is not supported for this report type"),
        ({"timeUnit": None}, "Required fields are invalid or missing: configuration timeUnit"),
        ({"format": "CSV"}, "Required fields are invalid or missing: configuration format"),
        ({"adProduct": "SPONSORED_BRANDS"}, "configuration adProduct"),
        ({"groupBy": ["advertiser"]}, "groupBy includes invalid values: (advertiser)"),
        ({"groupBy": []}, "configuration groupBy"),
        ({"columns": []}, "configuration columns"),
        ({"reportTypeId": "spKeywords"}, "reportTypeId includes invalid values: (spKeywords)"),
        ({"maxRows": 5}, "Unknown fields in configuration: maxRows"),
    ],
)
def test_a_configuration_outside_the_contract_is_refused(
    api: Any, change: dict[str, Any], words: str
) -> None:
    start, end = last_days(api, 2)
    body = api.body("spCampaigns", "date clicks", start, end)
    configuration = {**body["configuration"], **change}
    assert words in detail(api.create({**body, "configuration": configuration}))


@pytest.mark.parametrize(
    ("report_type", "retention"), [("spCampaigns", 95), ("sbCampaigns", 60), ("sdCampaigns", 65)]
)
def test_a_day_beyond_retention_is_too_far_in_the_past(
    api: Any, report_type: str, retention: int
) -> None:
    oldest = api.today() - timedelta(days=retention)
    body = api.body(report_type, "date clicks", oldest, oldest + timedelta(5))
    assert api.create(body).status_code == 200
    too_old = api.body(report_type, "date clicks", oldest - timedelta(1), oldest + timedelta(5))
    assert detail(api.create(too_old)) == "Report date is too far in the past"


def test_products_reports_hold_nothing_older_than_sixty_five_days(api: Any) -> None:
    today = api.today()
    body = api.body("spCampaigns", "date clicks", today - timedelta(80), today - timedelta(60))
    days = {row["date"] for row in api.rows(body)}
    assert min(days) == (today - timedelta(65)).isoformat()


def test_ranges_are_at_most_thirty_one_days_and_never_in_the_future(api: Any) -> None:
    start, end = last_days(api, 31)
    assert api.create(api.body("spCampaigns", "date", start, end)).status_code == 200
    for wrong in (
        api.body("spCampaigns", "date", start - timedelta(1), end),
        api.body("spCampaigns", "date", end, end + timedelta(1)),
        api.body("spCampaigns", "date", end, end - timedelta(1)),
    ):
        detail(api.create(wrong))


def test_today_is_the_profiles_and_not_utcs(own: Any) -> None:
    # 15:30 UTC on the 23rd is 00:30 on the 24th in Tokyo and the 23rd in Los Angeles.
    api = own(now=datetime(2026, 11, 23, 15, 30, tzinfo=UTC))
    tokyo = date(2026, 11, 24)
    body = api.body("spCampaigns", "date", tokyo, tokyo)
    assert api.create(body, "JP").status_code == 200
    assert "future" in detail(api.create(body, "US"))


@pytest.mark.parametrize(
    ("media", "status"),
    [("application/json", 200), ("text/plain", 415), ("application/vnd.spCampaign.v3+json", 415)],
)
def test_the_documented_media_type_and_plain_json_are_taken(
    api: Any, media: str, status: int
) -> None:
    start, end = last_days(api, 3)
    body = {**api.body("spCampaigns", "date", start, end), "name": media}
    assert api.create(body, media=media).status_code == status


def test_an_unknown_report_and_another_profiles_report_are_not_found(api: Any) -> None:
    start, end = last_days(api, 4)
    report_id = api.create(api.body("spCampaigns", "date", start, end)).json()["reportId"]
    for path, country in ((report_id, "CA"), ("4545ce53-6edf-45d2-8489-193ec9d8029c", "US")):
        assert detail(api.call("GET", f"/reporting/reports/{path}", country), 404) == "Not Found"
