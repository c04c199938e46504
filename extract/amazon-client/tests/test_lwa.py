import logging
import random
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from amazon_client.errors import (
    AmazonError,
    BadClient,
    ConfigurationError,
    NeedsReauth,
    ServerUnavailable,
)
from amazon_client.lwa import AccessTokens, Grant, LwaClient
from amazon_client.read_only import ReadOnlySession
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer, ManualClock

PATH = "/auth/o2/token"
GRANTED = Answer(body={"access_token": "Atza|new", "refresh_token": "Atzr|1", "expires_in": 3600})


def refused(status: int, error: str) -> Answer:
    return Answer(status, {"error": error, "error_description": "because"})


def test_a_refresh_sends_the_documented_form(server: LocalServer, lwa: LwaClient) -> None:
    lwa.refresh("Atzr|mine")
    (request,) = server.received
    assert request.headers["Content-Type"].startswith("application/x-www-form-urlencoded")
    assert request.raw_query == ""
    assert request.form == {
        "grant_type": "refresh_token",
        "refresh_token": "Atzr|mine",
        "client_id": "amzn1.application-oa2-client.0",
        "client_secret": "amzn1.oa2-cs.v1.canary-secret",
    }


def test_an_authorisation_code_is_exchanged_for_a_refresh_token(
    server: LocalServer, lwa: LwaClient
) -> None:
    server.on("POST", PATH, GRANTED)
    grant = lwa.exchange_code("code-1", "https://example.com/callback")
    assert grant.refresh_token == "Atzr|1"
    form = server.received[0].form
    assert form["grant_type"] == "authorization_code"
    assert (form["code"], form["redirect_uri"]) == ("code-1", "https://example.com/callback")


def test_a_stale_code_says_to_start_again(server: LocalServer, lwa: LwaClient) -> None:
    server.on("POST", PATH, refused(400, "invalid_grant"))
    with pytest.raises(NeedsReauth, match="start connecting again"):
        lwa.exchange_code("code-1")


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (refused(400, "invalid_grant"), NeedsReauth),
        (refused(401, "invalid_client"), BadClient),
        (refused(400, "unauthorized_client"), BadClient),
        (refused(400, "invalid_request"), ConfigurationError),
        (refused(400, "invalid_scope"), ConfigurationError),
        (refused(400, "unsupported_grant_type"), ConfigurationError),
        (refused(400, "access_denied"), ConfigurationError),
        (Answer(404, "<html>no such page</html>"), ConfigurationError),
        (Answer(302, headers={"Location": "/elsewhere"}), ConfigurationError),
    ],
)
def test_final_errors_are_told_apart_and_never_retried(
    server: LocalServer, lwa: LwaClient, clock: ManualClock, answer: Answer, kind: type[AmazonError]
) -> None:
    server.on("POST", PATH, answer)
    with pytest.raises(kind) as caught:
        lwa.refresh("Atzr|x")
    assert type(caught.value) is kind
    assert len(server.received) == 1
    assert clock.sleeps == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(503, "<html>down</html>"),
        Answer(429),
        refused(400, "temporarily_unavailable"),
        refused(500, "server_error"),
        Answer(hang_up=True),
        Answer(body="<html>200 but not a token</html>"),
        Answer(body={"token_type": "bearer"}),
        Answer(body={"access_token": "Atza|x", "expires_in": 3600}, cut_at=10),
    ],
    ids=lambda answer: f"{answer.status}-{str(answer.body)[:30]}",
)
def test_transient_errors_are_retried_with_growing_pauses(
    server: LocalServer, lwa: LwaClient, clock: ManualClock, answer: Answer
) -> None:
    server.on("POST", PATH, answer, answer, GRANTED)
    assert lwa.refresh("Atzr|x").access_token == "Atza|new"
    first, second = clock.sleeps
    assert 0.5 <= first <= 1.5
    assert 1.0 <= second <= 3.0


def test_retries_are_limited(server: LocalServer, lwa: LwaClient) -> None:
    server.on("POST", PATH, Answer(503))
    with pytest.raises(ServerUnavailable):
        lwa.refresh("Atzr|x")
    assert len(server.received) == 6


def test_jitter_comes_from_the_injected_random_source(
    server: LocalServer, session: ReadOnlySession
) -> None:
    server.on("POST", PATH, Answer(503))
    pauses = []
    for _ in range(2):
        clock = ManualClock()
        client = LwaClient(server.url + PATH, "i", "s", session, clock, rng=random.Random(42))
        with pytest.raises(ServerUnavailable):
            client.refresh("Atzr|x")
        pauses.append(clock.sleeps)
    assert pauses[0] == pauses[1]


def test_a_server_that_does_not_answer_is_given_up(
    server: LocalServer, session: ReadOnlySession, clock: ManualClock
) -> None:
    server.on("POST", PATH, Answer(delay=5))
    client = LwaClient(
        *(server.url + PATH, "i", "s", session, clock),
        retries=RetryPolicy(retries=1),
        timeout=(1, 0.05),
    )
    with pytest.raises(ServerUnavailable, match="no answer in time"):
        client.refresh("Atzr|x")
    assert len(server.received) == 2


def test_nothing_is_requested_before_the_first_token_is_needed(
    server: LocalServer, tokens: AccessTokens
) -> None:
    assert server.received == []


def test_one_token_serves_until_a_minute_before_its_end(
    server: LocalServer, tokens: AccessTokens, clock: ManualClock
) -> None:
    assert tokens.get() == "Atza|1"
    clock.advance(3600 - 60.5)
    assert tokens.get() == "Atza|1"
    clock.advance(1)
    assert tokens.get() == "Atza|2"
    assert len(server.received) == 2


def test_a_short_lived_token_is_not_renewed_for_every_call(
    server: LocalServer, tokens: AccessTokens, clock: ManualClock
) -> None:
    server.on("POST", PATH, Answer(body={"access_token": "Atza|short", "expires_in": 60}))
    tokens.get()
    clock.advance(53)
    tokens.get()
    assert len(server.received) == 1
    clock.advance(2)
    tokens.get()
    assert len(server.received) == 2


def test_many_threads_share_one_token_request(server: LocalServer, tokens: AccessTokens) -> None:
    server.on("POST", PATH, Answer(body=GRANTED.body, delay=0.1))
    barrier = threading.Barrier(16)

    def ask(_: int) -> str:
        barrier.wait()
        return tokens.get()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(ask, range(16))) == {"Atza|new"}
    assert len(server.received) == 1


def test_many_threads_that_saw_one_token_refused_renew_it_once(
    server: LocalServer, tokens: AccessTokens
) -> None:
    stale = tokens.get()
    barrier = threading.Barrier(16)

    def renew(_: int) -> str:
        barrier.wait()
        tokens.invalidate(stale)
        return tokens.get()

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(renew, range(16))) == {"Atza|2"}
    assert len(server.received) == 2


def test_threads_waiting_for_a_failing_request_share_its_failure(
    server: LocalServer, session: ReadOnlySession, clock: ManualClock
) -> None:
    server.on("POST", PATH, Answer(503, delay=0.5))
    client = LwaClient(server.url + PATH, "i", "s", session, clock, retries=RetryPolicy(retries=0))
    tokens = AccessTokens(client, "Atzr|x")
    barrier = threading.Barrier(8)

    def ask(_: int) -> type[Exception]:
        barrier.wait()
        with pytest.raises(ServerUnavailable) as caught:
            tokens.get()
        return caught.type

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [ServerUnavailable] * 8
    assert len(server.received) == 1


def test_after_a_transient_failure_the_next_caller_tries_anew(
    server: LocalServer, tokens: AccessTokens
) -> None:
    server.on("POST", PATH, *[Answer(503)] * 6, GRANTED)
    with pytest.raises(ServerUnavailable):
        tokens.get()
    assert tokens.get() == "Atza|new"


def test_a_final_failure_is_told_again_without_asking_again(
    server: LocalServer, tokens: AccessTokens
) -> None:
    server.on("POST", PATH, refused(400, "invalid_grant"))
    caught = []
    for _ in range(3):
        with pytest.raises(NeedsReauth, match="Authorise the account again") as failure:
            tokens.get()
        caught.append(failure.value)
    assert len(server.received) == 1
    assert len({id(error) for error in caught}) == 3, "one exception raised by many threads"


def test_needing_a_new_authorisation_ends_a_program_with_a_code_of_its_own() -> None:
    codes = [kind.exit_code for kind in (NeedsReauth, BadClient, ConfigurationError, AmazonError)]
    assert len(set(codes)) == 4
    assert 0 not in codes


def test_a_grant_does_not_show_its_tokens() -> None:
    shown = repr(Grant("Atza|canary", 3600, "Atzr|canary"))
    assert "canary" not in shown


def test_the_request_id_of_a_refusal_is_told(
    server: LocalServer, lwa: LwaClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    failing = Answer(503, b"", {"x-amzn-RequestId": "LWA-1"})
    final = Answer(400, {"error": "invalid_grant", "request_id": "LWA-2"})
    server.on("POST", PATH, failing, final)
    with pytest.raises(NeedsReauth, match="request id LWA-2"):
        lwa.refresh("Atzr|x")
    assert "LWA-1" in caplog.text
