import logging
import random
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from amazon_client.errors import (
    AmazonError,
    InvalidRequest,
    MalformedResponse,
    ServerUnavailable,
    Throttled,
)
from amazon_client.http import AmazonHttp
from amazon_client.operations import Operation
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer, ManualClock

ROWS = Operation("getRows", "GET", "/rows", rate=10, burst=100)
CREATE = Operation(
    "createReport", "POST", "/reporting/reports", rate=10, burst=100, repeatable=False
)
OK = Answer(body={"rows": [1]}, headers={"x-amzn-RequestId": "OK-1"})
QUOTA = Answer(429, {"errors": [{"code": "QuotaExceeded", "message": "You exceeded your quota"}]})


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
