"""Tokens, client secrets, codes and presigned URLs never show, whatever goes wrong."""

import gzip
import logging
import random
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from amazon_client.downloads import DocumentLocation, download
from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.operations import Operation
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.redaction import redact
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer, ManualClock

# Put together, so that the source lines of a traceback do not hold it.
CANARY = "-".join(("tell", "tale"))
TOKEN_PATH = "/auth/o2/token"
QUERY = f"X-Amz-Credential={CANARY}&X-Amz-Signature={CANARY}"
# No retry beyond the first keeps these quick; the log of a retry is covered by that one.
ONCE = RetryPolicy(retries=1, throttle_retries=1)

FAILURES = [
    pytest.param(Answer(500, "oops"), id="500"),
    pytest.param(Answer(403, {"message": f"token Atza|{CANARY} is bad"}), id="echoes a token"),
    pytest.param(Answer(400, {"details": f"https://s3.example/d?{QUERY}"}), id="echoes a url"),
    pytest.param(Answer(400, f"<p>refresh_token=Atzr|{CANARY}</p>"), id="echoes in html"),
    pytest.param(
        Answer(403, f"<Error><Code>X</Code><StringToSign>{CANARY}</StringToSign></Error>"), id="s3"
    ),
    pytest.param(Answer(429), id="429"),
    pytest.param(Answer(401), id="401"),
    pytest.param(Answer(302, headers={"Location": f"/elsewhere?{QUERY}"}), id="redirect"),
    pytest.param(Answer(hang_up=True), id="reset"),
    pytest.param(Answer(delay=2), id="timeout"),
    pytest.param(Answer(body=f'"{CANARY}' + "x" * 10_000, cut_at=100), id="cut"),
    pytest.param(Answer(body=f"<html>{CANARY}</html>"), id="html"),
    pytest.param(Answer(body=gzip.compress(b"x" * 1000)[:-4]), id="cut gzip"),
]


@pytest.fixture
def assert_hidden(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[BaseException], None]]:
    """Checks an error, its traceback, everything it drags along, and the whole debug log."""
    caplog.set_level(logging.DEBUG)

    def check(error: BaseException) -> None:
        seen: list[BaseException] = []
        pending: list[BaseException | None] = [error]
        while pending:
            one = pending.pop()
            if one is None or one in seen:
                continue
            seen.append(one)
            pending += [one.__cause__, one.__context__]
            shown = "".join(traceback.format_exception(one)) + repr(one) + repr(one.__dict__)
            assert CANARY not in shown
            assert not isinstance(one, requests.RequestException), "it quotes URLs and holds a body"
        assert CANARY not in caplog.text
        for record in caplog.records:
            assert CANARY not in str(record.__dict__)

    return check


@pytest.fixture
def lwa_with_canary(server: LocalServer, session: ReadOnlySession, clock: ManualClock) -> LwaClient:
    server.on(
        *("POST", TOKEN_PATH),
        Answer(body={"access_token": f"Atza|{CANARY}", "expires_in": 3600}),
    )
    return LwaClient(
        *(server.url + TOKEN_PATH, "client-id", f"amzn1.oa2-cs.v1.{CANARY}", session, clock),
        retries=ONCE,
        rng=random.Random(1),
        timeout=(5, 0.3),
    )


@pytest.mark.parametrize("answer", FAILURES)
def test_a_failing_sign_in_shows_no_secret(
    server: LocalServer, lwa_with_canary: LwaClient, assert_hidden: Callable, answer: Answer
) -> None:
    server.on("POST", TOKEN_PATH, answer)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - whichever, it must not tell
        lwa_with_canary.refresh(f"Atzr|{CANARY}")
    assert_hidden(caught.value)
    with pytest.raises(Exception) as caught:  # noqa: PT011
        lwa_with_canary.exchange_code(f"{CANARY}-code", "https://example.com/")
    assert_hidden(caught.value)


@pytest.mark.parametrize("answer", FAILURES)
def test_a_failing_call_shows_no_secret(
    server: LocalServer,
    session: ReadOnlySession,
    lwa_with_canary: LwaClient,
    clock: ManualClock,
    assert_hidden: Callable,
    answer: Answer,
) -> None:
    server.on("GET", "/rows", answer)
    tokens = AccessTokens(lwa_with_canary, f"Atzr|{CANARY}")
    http = AmazonHttp(
        *(server.url, TokenAuth(tokens, "Authorization", "Bearer "), RateLimits(clock), clock),
        user_agent="tests",
        account="a",
        session=session,
        retries=ONCE,
        rng=random.Random(1),
        timeout=(5, 0.3),
    )
    rows = Operation("getRows", "GET", "/rows", rate=100, burst=100)
    with pytest.raises(Exception) as caught:  # noqa: PT011
        http.call(rows, query={"nextToken": CANARY})
    assert_hidden(caught.value)
    for shown in (repr(http), repr(tokens), repr(lwa_with_canary), str(vars(caught.value))):
        assert CANARY not in shown


@pytest.mark.parametrize("answer", FAILURES)
def test_a_failing_download_shows_no_presigned_url(
    server: LocalServer,
    session: ReadOnlySession,
    clock: ManualClock,
    tmp_path: Path,
    assert_hidden: Callable,
    answer: Answer,
) -> None:
    server.on("GET", "/document", answer)
    server.on("GET", "/elsewhere", Answer(404))
    location = DocumentLocation(f"{server.url}/document?{QUERY}")
    arguments = {"session": session, "clock": clock, "retries": ONCE, "timeout": (5, 0.3)}
    try:
        download(lambda fresh: location, tmp_path / "document", **arguments)  # type: ignore[arg-type]
    except Exception as error:
        assert_hidden(error)
    else:
        assert answer.status == 200, "only HTML, which is a document like any other, arrives"


def test_a_download_from_an_unreachable_storage_shows_no_presigned_url(
    session: ReadOnlySession, clock: ManualClock, tmp_path: Path, assert_hidden: Callable
) -> None:
    location = DocumentLocation(f"http://127.0.0.1:1/{CANARY}?{QUERY}")
    with pytest.raises(Exception) as caught:  # noqa: PT011
        download(lambda fresh: location, tmp_path / "d", session=session, clock=clock, retries=ONCE)
    assert_hidden(caught.value)


def test_a_successful_run_shows_no_secret_even_in_the_debug_log(
    server: LocalServer,
    session: ReadOnlySession,
    lwa_with_canary: LwaClient,
    clock: ManualClock,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    server.on("GET", "/document", Answer(body=b"rows"))
    AccessTokens(lwa_with_canary, f"Atzr|{CANARY}").get()
    location = DocumentLocation(f"{server.url}/document?{QUERY}")
    download(lambda fresh: location, tmp_path / "d", session=session, clock=clock)
    assert "GET /document?[query]" in caplog.text, "the library's debug log is on"
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    ("text", "redacted"),
    [
        ("Atza|IwEB-ab_c and Atzr|IwEB", "[token] and [token]"),
        ("Atz.sprdt|AbC", "[token]"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer [token]"),
        ("secret amzn1.oa2-cs.v1.0123abcd", "secret [client secret]"),
        ("https://a.b/c/d?X-Amz-Signature=1&x=2 end", "https://a.b/c/d?[query] end"),
        ('"GET /doc?sig=1 HTTP/1.1" 200', '"GET /doc?[query] HTTP/1.1" 200'),
        ("client_secret=abc&grant_type=x", "client_secret=[secret]&grant_type=x"),
        ('{"refresh_token": "abc"}', '{"refresh_token": "[secret]"}'),
        ("Is this a question? Yes", "Is this a question? Yes"),
        ("parameter : refresh_token. User may have", "parameter : refresh_token. User may have"),
    ],
)
def test_redaction_takes_secrets_out_and_leaves_the_rest(text: str, redacted: str) -> None:
    assert redact(text) == redacted
