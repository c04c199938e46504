from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from amazon_client.errors import (
    AccessDenied,
    AmazonError,
    DuplicateRequest,
    InvalidRequest,
    NotFound,
)
from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens
from amazon_client.operations import Operation
from amazon_client.testing import Answer, LocalServer, ManualClock

ROWS = Operation("getRows", "GET", "/rows", rate=10, burst=100)
CREATE = Operation(
    "createReport", "POST", "/reporting/reports", rate=10, burst=100, repeatable=False
)
OK = Answer(body={"rows": [1]}, headers={"x-amzn-RequestId": "OK-1"})
NO_ROLE = Answer(
    403,
    {"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied."}]},
)


# --- requests ---------------------------------------------------------------------------------


def test_a_call_is_signed_in_and_says_who_it_is(server: LocalServer, http: AmazonHttp) -> None:
    server.on("GET", "/rows", OK)
    http.call(ROWS)
    headers = server.requests("/rows")[0].headers
    assert headers["x-amz-access-token"] == "Atza|1"
    assert headers["User-Agent"] == "tandem-tests/1.0 (Language=Python)"
    assert headers["Accept"] == "application/json"


def test_the_ads_api_gets_a_bearer_token_its_client_id_and_media_types(
    server: LocalServer, make_http: Callable[..., AmazonHttp], tokens: AccessTokens
) -> None:
    media_type = "application/vnd.spCampaign.v3+json"
    campaigns = Operation(
        *("listCampaigns", "POST", "/sp/campaigns/list"),
        rate=2,
        burst=2,
        content_type=media_type,
        accept=media_type,
    )
    server.on("POST", "/sp/campaigns/list", OK)
    client_id = {"Amazon-Advertising-API-ClientId": "id-1"}
    http = make_http(auth=TokenAuth(tokens, "Authorization", "Bearer ", client_id))
    http.call(campaigns, json={"maxResults": 500}, headers={"Amazon-Advertising-API-Scope": "77"})
    (request,) = server.requests("/sp/campaigns/list")
    assert request.json == {"maxResults": 500}
    assert request.headers["Authorization"] == "Bearer Atza|1"
    assert request.headers["Amazon-Advertising-API-ClientId"] == "id-1"
    assert request.headers["Amazon-Advertising-API-Scope"] == "77"
    assert request.headers["Accept"] == request.headers["Content-Type"] == media_type


def test_query_parameters_are_written_as_amazon_reads_them(
    server: LocalServer, http: AmazonHttp
) -> None:
    server.on("GET", "/rows", OK)
    pacific = timezone(timedelta(hours=-8))
    http.call(
        ROWS,
        query={
            "marketplaceIds": ["A", "B"],
            "lastUpdatedAfter": datetime(2026, 11, 23, 16, 0, tzinfo=pacific),
            "details": True,
            "paginationToken": "a+b/c=&d",
            "pageSize": 100,
            "nothing": None,
        },
    )
    (request,) = server.requests("/rows")
    assert request.query == {
        "marketplaceIds": "A,B",
        "lastUpdatedAfter": "2026-11-24T00:00:00Z",
        "details": "true",
        "paginationToken": "a+b/c=&d",
        "pageSize": "100",
    }


# --- answers ----------------------------------------------------------------------------------


def test_numbers_with_a_fraction_arrive_exactly(server: LocalServer, http: AmazonHttp) -> None:
    server.on("GET", "/rows", Answer(body='{"amount": 12345678901234.10, "n": 9007199254740993}'))
    data = http.call(ROWS).data
    assert data == {"amount": Decimal("12345678901234.10"), "n": 9007199254740993}
    assert str(data["amount"]) == "12345678901234.10"


def test_an_answer_carries_its_status_headers_and_request_id(
    server: LocalServer, http: AmazonHttp
) -> None:
    server.on("POST", "/reporting/reports", Answer(202, {"reportId": "1"}, OK.headers))
    response = http.call(CREATE, json={})
    assert (response.status, response.request_id) == (202, "OK-1")
    assert response.headers["X-AMZN-REQUESTID"] == "OK-1"


def test_an_answer_without_content_is_none(server: LocalServer, http: AmazonHttp) -> None:
    server.on("GET", "/rows", Answer(204))
    assert http.call(ROWS).data is None


# --- refusals ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequest),
        (405, InvalidRequest),
        (406, InvalidRequest),
        (409, InvalidRequest),
        (413, InvalidRequest),
        (415, InvalidRequest),
        (422, InvalidRequest),
        (403, AccessDenied),
        (404, NotFound),
        (410, NotFound),
        (425, DuplicateRequest),
    ],
)
def test_refusals_of_the_400_class_are_told_apart_and_never_retried(
    server: LocalServer,
    http: AmazonHttp,
    clock: ManualClock,
    status: int,
    kind: type[AmazonError],
) -> None:
    body = {"errors": [{"code": "Why", "message": "because"}]}
    server.on("GET", "/rows", Answer(status, body, {"x-amzn-RequestId": "ID-1"}))
    with pytest.raises(kind) as caught:
        http.call(ROWS)
    error = caught.value
    assert type(error) is kind
    assert (error.status, error.code, error.request_id) == (status, "Why", "ID-1")
    assert "getRows: because" in error.message
    assert error.remedy
    assert len(server.requests("/rows")) == 1
    assert clock.sleeps == []


def test_a_duplicate_names_the_request_that_is_under_way(
    server: LocalServer, http: AmazonHttp
) -> None:
    detail = "The Request is a duplicate of : 4545ce53-6edf-45d2-8489-193ec9d8029c"
    server.on("POST", "/reporting/reports", Answer(425, {"code": "425", "detail": detail}))
    with pytest.raises(DuplicateRequest, match="4545ce53-6edf-45d2-8489-193ec9d8029c"):
        http.call(CREATE, json={})


def test_an_error_says_what_failed_which_request_and_what_to_do(
    server: LocalServer, http: AmazonHttp
) -> None:
    server.on("GET", "/rows", Answer(403, NO_ROLE.body, {"x-amzn-RequestId": "ID-2"}))
    with pytest.raises(AccessDenied) as caught:
        http.call(ROWS)
    assert str(caught.value) == (
        "getRows: Access to requested resource is denied "
        "(HTTP 403, Unauthorized, request id ID-2). " + AccessDenied.default_remedy
    )
