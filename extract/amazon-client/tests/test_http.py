import logging
import random
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from itertools import pairwise

import pytest

from amazon_client.errors import (
    AccessDenied,
    AmazonError,
    DuplicateRequest,
    InvalidRequest,
    MalformedResponse,
    NeedsReauth,
    NotFound,
    ServerUnavailable,
    Throttled,
)
from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens
from amazon_client.operations import Operation
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer, ManualClock

ROWS = Operation("getRows", "GET", "/rows", rate=10, burst=100)
CREATE = Operation(
    "createReport", "POST", "/reporting/reports", rate=10, burst=100, repeatable=False
)
OK = Answer(body={"rows": [1]}, headers={"x-amzn-RequestId": "OK-1"})
EXPIRED = Answer(
    403,
    {
        "errors": [
            {
                "code": "Unauthorized",
                "message": "Access to requested resource is denied.",
                "details": "The access token you provided has expired.",
            }
        ]
    },
)
NO_ROLE = Answer(
    403,
    {"errors": [{"code": "Unauthorized", "message": "Access to requested resource is denied."}]},
)
QUOTA = Answer(429, {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota"}]})


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


# --- access tokens ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "refusal",
    [
        EXPIRED,
        Answer(401, {"code": "401", "details": "Authentication failed"}),
        Answer(401, {"code": "UNAUTHORIZED", "message": "no"}),
        Answer(401),
    ],
)
def test_an_expired_token_is_renewed_and_the_call_repeated(
    server: LocalServer, http: AmazonHttp, refusal: Answer
) -> None:
    server.on("GET", "/rows", refusal, OK)
    assert http.call(ROWS).data == {"rows": [1]}
    used = [request.headers["x-amz-access-token"] for request in server.requests("/rows")]
    assert used == ["Atza|1", "Atza|2"]


@pytest.mark.parametrize("refusal", [EXPIRED, Answer(401)])
def test_a_token_is_renewed_only_once_per_call(
    server: LocalServer, http: AmazonHttp, refusal: Answer
) -> None:
    server.on("GET", "/rows", refusal)
    with pytest.raises(AccessDenied):
        http.call(ROWS)
    assert len(server.requests("/rows")) == 2
    assert len(server.requests("/auth/o2/token")) == 2


def test_a_missing_role_does_not_renew_a_young_token(server: LocalServer, http: AmazonHttp) -> None:
    server.on("GET", "/rows", NO_ROLE)
    with pytest.raises(AccessDenied):
        http.call(ROWS)
    assert len(server.requests("/auth/o2/token")) == 1


def test_a_bare_403_renews_a_token_older_than_fifty_minutes(
    server: LocalServer, http: AmazonHttp, clock: ManualClock
) -> None:
    server.on("GET", "/rows", OK, NO_ROLE, OK)
    http.call(ROWS)
    clock.advance(51 * 60)
    assert http.call(ROWS).data == {"rows": [1]}


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize(
    "details",
    [
        "Not authorized to access scope",
        "No matching advertiser found for scope",
        "Scope header is missing",
    ],
)
def test_a_wrong_profile_is_denied_without_renewing_the_token(
    server: LocalServer, http: AmazonHttp, status: int, details: str
) -> None:
    server.on("GET", "/rows", Answer(status, {"code": str(status), "details": details}))
    with pytest.raises(AccessDenied):
        http.call(ROWS)
    assert len(server.requests("/rows")) == 1


def test_many_threads_with_an_expired_token_renew_it_once(
    server: LocalServer, http: AmazonHttp
) -> None:
    barrier = threading.Barrier(8)

    def refuse_the_first(request) -> Answer:
        if request.headers["x-amz-access-token"] == "Atza|1":
            barrier.wait(timeout=5)
            return EXPIRED
        return OK

    server.on("GET", "/rows", refuse_the_first)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: http.call(ROWS).data, range(8)))
    assert answers == [{"rows": [1]}] * 8
    assert len(server.requests("/auth/o2/token")) == 2


def test_a_revoked_authorisation_ends_a_call_without_sending_it(
    server: LocalServer, http: AmazonHttp
) -> None:
    server.on("POST", "/auth/o2/token", Answer(400, {"error": "invalid_grant"}))
    with pytest.raises(NeedsReauth):
        http.call(ROWS)
    assert server.requests("/rows") == []


# --- transient failures -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        Answer(500, {"errors": [{"code": "InternalFailure", "message": "?"}]}),
        Answer(502, "<html>bad gateway</html>"),
        Answer(503),
        Answer(504),
        Answer(hang_up=True),
        Answer(body="<html>maintenance</html>"),
        Answer(body=b""),
        Answer(body={"rows": list(range(100))}, cut_at=50),
        Answer(body={"rows": [1]}, framing="chunked", cut_at=5),
    ],
    ids=lambda answer: f"{answer.status}-{str(answer.body)[:20]}-{answer.framing}",
)
def test_a_transient_failure_is_never_an_empty_page_but_tried_again(
    server: LocalServer, http: AmazonHttp, clock: ManualClock, failure: Answer
) -> None:
    server.on("GET", "/rows", failure, failure, OK)
    assert http.call(ROWS).data == {"rows": [1]}
    first, second = clock.sleeps
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Answer(503), ServerUnavailable),
        (Answer(hang_up=True), ServerUnavailable),
        (Answer(body="<html>maintenance</html>"), MalformedResponse),
        (Answer(302, headers={"Location": "/login"}), MalformedResponse),
    ],
)
def test_the_number_of_tries_is_limited(
    server: LocalServer, http: AmazonHttp, failure: Answer, kind: type[AmazonError]
) -> None:
    server.on("GET", "/rows", failure)
    with pytest.raises(kind):
        http.call(ROWS)
    assert len(server.requests("/rows")) == 6


def test_a_silent_server_times_out(
    server: LocalServer, make_http: Callable[..., AmazonHttp]
) -> None:
    server.on("GET", "/rows", Answer(delay=5), OK)
    http = make_http(timeout=(1, 0.1))
    assert http.call(ROWS).data == {"rows": [1]}


def test_an_unreachable_server_is_unavailable_after_all_tries(
    make_http: Callable[..., AmazonHttp], clock: ManualClock
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with pytest.raises(ServerUnavailable, match="getRows: the connection broke or was refused"):
        make_http(base_url=nowhere).call(ROWS)
    assert len(clock.sleeps) == 5


def test_jitter_comes_from_the_injected_random_source(
    server: LocalServer, make_http: Callable[..., AmazonHttp]
) -> None:
    server.on("GET", "/rows", Answer(503))
    pauses = []
    for seed in (1, 1, 2):
        clock = ManualClock()
        with pytest.raises(ServerUnavailable):
            make_http(clock=clock, rng=random.Random(seed)).call(ROWS)
        pauses.append(clock.sleeps)
    assert pauses[0] == pauses[1] != pauses[2]


@pytest.mark.parametrize("failure", [Answer(500), Answer(hang_up=True)])
def test_a_create_whose_answer_is_lost_is_left_to_its_caller(
    server: LocalServer, http: AmazonHttp, failure: Answer
) -> None:
    server.on("POST", "/reporting/reports", failure, OK)
    with pytest.raises(ServerUnavailable):
        http.call(CREATE, json={})
    assert len(server.requests("/reporting/reports")) == 1


# --- throttling -------------------------------------------------------------------------------


def test_a_429_is_never_an_empty_page_but_waits_for_the_bucket(
    server: LocalServer, http: AmazonHttp, clock: ManualClock
) -> None:
    slow = Operation("searchOrders", "GET", "/rows", rate=0.0056, burst=20)
    server.on("GET", "/rows", QUOTA, OK)
    assert http.call(slow).data == {"rows": [1]}
    assert clock.monotonic() >= 1 / 0.0056


def test_a_throttled_create_is_repeated_since_nothing_was_made(
    server: LocalServer, http: AmazonHttp
) -> None:
    server.on("POST", "/reporting/reports", QUOTA, Answer(202, {"reportId": "1"}))
    assert http.call(CREATE, json={}).data == {"reportId": "1"}


def test_retry_after_is_obeyed(server: LocalServer, http: AmazonHttp, clock: ManualClock) -> None:
    server.on("GET", "/rows", Answer(429, b"", {"Retry-After": "40"}), OK)
    http.call(ROWS)
    assert 40 <= clock.monotonic() <= 51


def test_retry_after_comes_before_the_operation_s_own_backoff(
    server: LocalServer, http: AmazonHttp, clock: ManualClock
) -> None:
    patient = Operation("createReport", "GET", "/rows", rate=1, burst=5, throttle_backoff=60)
    server.on("GET", "/rows", Answer(429, b"", {"Retry-After": "5"}), OK)
    http.call(patient)
    assert 5 <= clock.monotonic() <= 5 * 1.25 + 1


def test_without_retry_after_pauses_double_up_to_the_operation_s_limit(
    server: LocalServer, http: AmazonHttp, clock: ManualClock
) -> None:
    patient = Operation(
        *("createReport", "GET", "/rows"),
        rate=1,
        burst=5,
        throttle_backoff=60,
        throttle_backoff_max=240,
    )
    html = Answer(429, "<html><h1>429 Too Many Requests</h1></html>")
    at: list[float] = []

    def note(_: object) -> Answer:
        at.append(clock.monotonic())
        return OK if len(at) == 6 else html

    server.on("GET", "/rows", note)
    http.call(patient)
    pauses = [after - before for before, after in pairwise(at)]
    for pause, least in zip(pauses, [60, 120, 240, 240, 240], strict=True):
        assert least <= pause <= least * 1.25 + 1


def test_throttling_without_end_is_an_error(
    server: LocalServer, make_http: Callable[..., AmazonHttp]
) -> None:
    server.on("GET", "/rows", QUOTA)
    with pytest.raises(Throttled, match="You exceeded your quota"):
        make_http(retries=RetryPolicy(throttle_retries=3)).call(ROWS)
    assert len(server.requests("/rows")) == 4


def test_a_429_for_one_account_does_not_hold_up_another(
    server: LocalServer, http: AmazonHttp, clock: ManualClock
) -> None:
    server.on("GET", "/rows", Answer(429, b"", {"Retry-After": "1000"}), OK)
    with ThreadPoolExecutor(1) as pool:
        throttled = pool.submit(http.call, ROWS, account="profile 1")
        throttled.result(timeout=10)
    before = clock.monotonic()
    http.call(ROWS, account="profile 2")
    assert clock.monotonic() == before


def test_every_failure_is_logged_with_operation_and_request_id(
    server: LocalServer, http: AmazonHttp, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "amazon_client")
    ids = {"x-amzn-RequestId": "ID-503"}, {"x-amzn-RequestId": "ID-429"}, {"x-amz-rid": "ID-400"}
    server.on(
        "GET",
        "/rows",
        Answer(503, b"", ids[0]),
        Answer(429, b"", ids[1]),
        Answer(400, b"", ids[2]),
    )
    with pytest.raises(InvalidRequest):
        http.call(ROWS)
    lines = [record.getMessage() for record in caplog.records]
    for line, (status, request_id) in zip(
        lines, [(503, "ID-503"), (429, "ID-429"), (400, "ID-400")], strict=True
    ):
        assert "getRows" in line
        assert f"HTTP {status}" in line
        assert f"request id {request_id}" in line
