"""What Amazon refuses is refused, in Amazon's words."""

from __future__ import annotations

from typing import Any

import pytest

ORDERS = "/orders/2026-01-01/orders"
AFTER = {"lastUpdatedAfter": "2026-11-20T00:00:00Z"}
INVENTORY = {
    "granularityType": "Marketplace",
    "granularityId": "ATVPDKIKX0DER",
    "marketplaceIds": "ATVPDKIKX0DER",
}
US, DE, UNKNOWN = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A0000000000000"


def error(answer: Any) -> tuple[int, str]:
    (only,) = answer.json["errors"]
    return answer.status_code, only["code"]


def test_a_call_without_access_token_is_unauthorized(api: Any) -> None:
    answer = api.get(ORDERS, headers={"user-agent": "Test/1"}, **AFTER)
    assert error(answer) == (403, "Unauthorized")


def test_a_call_without_user_agent_is_unauthorized(api: Any) -> None:
    answer = api.get(ORDERS, headers={"x-amz-access-token": api.token, "user-agent": ""}, **AFTER)
    assert error(answer) == (403, "Unauthorized")


def test_an_unknown_access_token_is_malformed(api: Any) -> None:
    headers = {"x-amz-access-token": "Atza|nobody's", "user-agent": "Test/1"}
    answer = api.get(ORDERS, headers=headers, **AFTER)
    assert error(answer) == (403, "Unauthorized")
    assert "malformed" in answer.json["errors"][0]["details"]


def test_an_access_token_expires_after_an_hour_and_says_so(api: Any) -> None:
    assert api.get(ORDERS, **AFTER).status_code == 200
    api.time.seconds += 3601
    answer = api.get(ORDERS, **AFTER)
    assert error(answer) == (403, "Unauthorized")
    assert "expired" in answer.json["errors"][0]["details"]


def test_a_token_is_of_no_use_in_another_region(api: Any) -> None:
    assert error(api.of("na", region="eu").get(ORDERS, **AFTER)) == (403, "Unauthorized")


def test_a_missing_role_is_unauthorized(api: Any) -> None:
    answer = api.of("na-without-orders", region="na").get(ORDERS, **AFTER)
    assert error(answer) == (403, "Unauthorized")


def test_an_operation_that_does_not_exist_or_writes_is_unauthorized(api: Any) -> None:
    assert error(api.post("/listings/2021-08-01/items", {})) == (403, "Unauthorized")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"createdAfter": "2026-11-20T00:00:00Z", **AFTER},
        {"createdBefore": "2026-11-21T00:00:00Z", **AFTER},
        {"lastUpdatedBefore": "2026-11-24T17:59:00Z", **AFTER},
        {"lastUpdatedBefore": "2026-11-19T00:00:00Z", **AFTER},
        {"lastUpdatedAfter": "2026-11-20"},
        {"lastUpdatedAfter": "yesterday"},
        {"includedData": "PROCEEDS,EVERYTHING", **AFTER},
        {"fulfillmentStatuses": "Shipped", **AFTER},
        {"maxResultsPerPage": "101", **AFTER},
        {"maxResultsPerPage": "0", **AFTER},
        {"marketplaceIds": UNKNOWN, **AFTER},
        {"orderStatuses": "Shipped", **AFTER},
        {"paginationToken": "made up", **AFTER},
    ],
)
def test_search_orders_refuses(api: Any, query: dict[str, str]) -> None:
    assert error(api.get(ORDERS, **query)) == (400, "InvalidInput")


def test_another_regions_marketplace_is_unauthorized(api: Any) -> None:
    assert error(api.get(ORDERS, marketplaceIds=DE, **AFTER)) == (403, "Unauthorized")


def test_a_search_token_belongs_to_its_parameters_and_lives_a_day(api: Any) -> None:
    first = api.get(ORDERS, maxResultsPerPage=5, **AFTER).json
    token = first["pagination"]["nextToken"]
    again = {"maxResultsPerPage": 5, "paginationToken": token, **AFTER}
    assert api.get(ORDERS, **again).status_code == 200
    changed = again | {"includedData": "PROCEEDS"}
    assert error(api.get(ORDERS, **changed)) == (400, "InvalidInput")
    api.time.seconds += 86_401
    api.tokens.clear()
    assert error(api.get(ORDERS, **again)) == (400, "InvalidInput")


@pytest.mark.parametrize(
    "body",
    [
        {"reportType": "GET_EVERYTHING"},
        {"marketplaceIds": []},
        {"marketplaceIds": [UNKNOWN]},
        {"dataStartTime": "2026-11-24"},
        {"dataStartTime": "2026-11-24T00:00:00Z", "dataEndTime": "2026-11-23T00:00:00Z"},
        {"reportOptions": {"dateGranularity": "DAY"}},
        {"columns": ["sku"]},
    ],
)
def test_create_report_refuses(api: Any, body: dict[str, Any]) -> None:
    assert error(api.create_report(**body)) == (400, "InvalidInput")


def test_create_report_refuses_another_media_type(api: Any) -> None:
    answer = api.client.post(
        "/sp/na/reports/2021-06-30/reports", data="reportType=x", headers=api.headers
    )
    assert answer.status_code == 415


def test_get_reports_takes_its_token_alone(api: Any) -> None:
    path, types = "/reports/2021-06-30/reports", "GET_XML_ALL_ORDERS_DATA_BY_LAST_UPDATE_GENERAL"
    for _ in range(3):
        api.create_report()
    first = api.get(path, reportTypes=types, pageSize=2).json
    assert len(first["reports"]) == 2
    both = api.get(path, reportTypes=types, nextToken=first["nextToken"])
    assert error(both) == (400, "InvalidInput")
    rest = api.get(path, nextToken=first["nextToken"]).json
    assert len(rest["reports"]) == 1
    assert "nextToken" not in rest
    assert error(api.get(path)) == (400, "InvalidInput")


def test_a_report_of_another_seller_is_not_found(api: Any) -> None:
    report_id = api.create_report().json["reportId"]
    answer = api.of("eu").get(f"/reports/2021-06-30/reports/{report_id}")
    assert error(answer) == (404, "NotFound")


def test_a_report_is_forgotten_after_90_days(api: Any) -> None:
    report_id = api.create_report().json["reportId"]
    api.time.seconds += 91 * 86_400
    api.tokens.clear()
    answer = api.get(f"/reports/2021-06-30/reports/{report_id}")
    assert error(answer) == (404, "NotFound")


def by_date(selection: str = "startDate", start: str = "2026-11-20", **changes: str) -> str:
    arguments = {
        "aggregateBy": "DAY",
        "startDate": f'"{start}"',
        "endDate": '"2026-11-23"',
        "marketplaceIds": f'["{US}"]',
    } | changes
    inside = " ".join(f"{name}:{value}" for name, value in arguments.items())
    root = "analytics_salesAndTraffic_2024_04_24"
    return f"{{{root}{{salesAndTrafficByDate({inside}){{{selection}}}}}}}"


@pytest.mark.parametrize(
    "query",
    [
        "",
        "{",
        "{sampleQuery{a}}",
        by_date("sessions"),
        by_date("sales"),
        by_date(aggregateBy="HOUR"),
        by_date(granularity="DAY"),
        by_date(start="2024-11-20"),
        by_date(start="2026-11-24"),
        by_date(start="20 November"),
        by_date(marketplaceIds=f'["{UNKNOWN}"]'),
        by_date(marketplaceIds="[]"),
        by_date("startDate " * 1000),
        "query Q{a:analytics_salesAndTraffic_2024_04_24{__typename}}",
    ],
)
def test_data_kiosk_refuses(api: Any, query: str) -> None:
    assert error(api.query(query)) == (400, "InvalidInput")


def test_whitespace_does_not_count_towards_the_length_of_a_query(api: Any) -> None:
    assert api.query(by_date("startDate" + " " * 9000)).status_code == 202


def test_a_query_needs_the_role_of_its_fields(api: Any) -> None:
    answer = api.of("na-without-brand-analytics", region="na").query(by_date())
    assert error(answer) == (403, "Unauthorized")
    assert "requested fields" in answer.json["errors"][0]["message"]


def test_an_identical_query_waits_for_the_one_under_way(api: Any) -> None:
    assert api.query(by_date()).status_code == 202
    assert error(api.query(by_date())) == (429, "QuotaExceeded")
    assert api.query(by_date("endDate")).status_code == 202
    api.time.seconds += 61
    assert api.query(by_date()).status_code == 202


def test_trends_take_at_most_30_asins_and_children_only(api: Any) -> None:
    def trends(level: str, asins: int) -> str:
        names = ",".join(f'"B{n:09d}"' for n in range(asins))
        return (
            "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficTrends("
            f"asinAggregation:{level} dateAggregation:DAY "
            'startDate:"2026-11-20" endDate:"2026-11-23" '
            f'filters:[{{marketplaceId:"{US}" asins:[{names}]}}]){{startDate}}}}}}'
        )

    assert api.query(trends("CHILD", 30)).status_code == 202
    assert error(api.query(trends("CHILD", 31))) == (400, "InvalidInput")
    assert error(api.query(trends("SKU", 1))) == (400, "InvalidInput")


@pytest.mark.parametrize(
    "changes",
    [
        {"granularityType": "Region"},
        {"granularityId": None},
        {"marketplaceIds": f"{US},A2EUQ1WTGCTBG2"},
        {"marketplaceIds": "A2EUQ1WTGCTBG2"},
        {"details": "yes"},
        {"pageSize": "50"},
    ],
)
def test_inventory_refuses(api: Any, changes: dict[str, str | None]) -> None:
    query = {name: value for name, value in (INVENTORY | changes).items() if value}
    assert error(api.get("/fba/inventory/v1/summaries", **query)) == (400, "InvalidInput")


def test_an_inventory_token_dies_after_30_seconds(api: Any) -> None:
    path = "/fba/inventory/v1/summaries"
    first = api.get(path, **INVENTORY).json
    again = INVENTORY | {"nextToken": first["pagination"]["nextToken"]}
    api.time.seconds += 29
    assert api.get(path, **again).status_code == 200
    api.time.seconds += 2
    assert error(api.get(path, **again)) == (400, "InvalidInput")


def test_a_presigned_url_refuses_credentials_and_expires_after_five_minutes(api: Any) -> None:
    created = api.create_report(dataStartTime="2026-11-01T00:00:00Z").json["reportId"]
    api.time.seconds += 60
    document = api.report(created)["reportDocumentId"]
    url = api.get(f"/reports/2021-06-30/documents/{document}").json["url"]
    assert api.client.get(url, headers=api.headers).status_code == 400
    assert api.client.get(url, headers={"Authorization": "Bearer x"}).status_code == 400
    assert api.client.get(url.replace("Signature=", "Signature=0")).status_code == 403
    assert api.client.get(url).status_code == 200
    api.time.seconds += 301
    assert api.client.get(url).status_code == 403


def test_content_encoding_is_opted_into(api: Any) -> None:
    created = api.create_report(dataStartTime="2026-11-01T00:00:00Z").json["reportId"]
    api.time.seconds += 60
    path = f"/reports/2021-06-30/documents/{api.report(created)['reportDocumentId']}"
    plain = api.client.get(api.get(path).json["url"])
    encoded = api.client.get(api.get(path, enableContentEncodingUrlHeader="true").json["url"])
    assert "Content-Encoding" not in plain.headers
    assert encoded.headers["Content-Encoding"] == "gzip"
    assert plain.data == encoded.data
