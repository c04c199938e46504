import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from amazon_client.errors import (
    AccessDenied,
    NeedsReauth,
)
from amazon_client.http import AmazonHttp
from amazon_client.operations import Operation
from amazon_client.testing import Answer, LocalServer, ManualClock

ROWS = Operation("getRows", "GET", "/rows", rate=10, burst=100)
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
