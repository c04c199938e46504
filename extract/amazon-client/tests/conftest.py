"""Fixtures of this package's tests: a real HTTP server, and a client that talks to it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from amazon_client.downloads import Document, DocumentLocation, download
from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import Answer, LocalServer, ManualClock, local_server

TOKEN_PATH = "/auth/o2/token"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def server() -> Iterator[LocalServer]:
    with local_server() as running:
        yield running


@pytest.fixture
def session() -> Iterator[ReadOnlySession]:
    with ReadOnlySession() as opened:
        yield opened


@pytest.fixture
def lwa(server: LocalServer, session: ReadOnlySession, clock: ManualClock) -> LwaClient:
    """Login with Amazon at the local server, which hands out Atza|1, Atza|2, …"""
    issued = iter(range(1, 1_000_000))

    def issue(_: object) -> Answer:
        token = f"Atza|{next(issued)}"
        return Answer(body={"access_token": token, "token_type": "bearer", "expires_in": 3600})

    server.on("POST", TOKEN_PATH, issue)
    return LwaClient(
        server.url + TOKEN_PATH,
        "amzn1.application-oa2-client.0",
        "amzn1.oa2-cs.v1.canary-secret",
        session,
        clock,
        rng=random.Random(7),
    )


@pytest.fixture
def tokens(lwa: LwaClient) -> AccessTokens:
    return AccessTokens(lwa, "Atzr|canary-refresh")


@pytest.fixture
def make_http(
    server: LocalServer, session: ReadOnlySession, tokens: AccessTokens, clock: ManualClock
) -> Callable[..., AmazonHttp]:
    """Makes a client of the local server; keywords replace the usual arguments."""

    def make(**changes: object) -> AmazonHttp:
        own_clock = changes.pop("clock", clock)
        arguments = {
            "user_agent": "tandem-tests/1.0 (Language=Python)",
            "account": "na/A1SELLER",
            "session": session,
            "rng": random.Random(7),
        } | changes
        return AmazonHttp(
            arguments.pop("base_url", server.url),  # type: ignore[arg-type]
            arguments.pop("auth", TokenAuth(tokens)),  # type: ignore[arg-type]
            RateLimits(own_clock),  # type: ignore[arg-type]
            own_clock,  # type: ignore[arg-type]
            **arguments,  # type: ignore[arg-type]
        )

    return make


@pytest.fixture
def http(make_http: Callable[..., AmazonHttp]) -> AmazonHttp:
    return make_http()


class Documents:
    """Hands out addresses at the local server, a new one for each fresh demand."""

    def __init__(self, server: LocalServer) -> None:
        self.server = server
        self.demands: list[bool] = []

    def __call__(self, fresh: bool) -> DocumentLocation:
        self.demands.append(fresh)
        url = f"{self.server.url}/documents/{len(self.demands)}?X-Amz-Signature=canary"
        return DocumentLocation(url, "GZIP")


@pytest.fixture
def documents(server: LocalServer) -> Documents:
    return Documents(server)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "report-1"


@pytest.fixture
def fetch(
    documents: Documents, target: Path, session: ReadOnlySession, clock: ManualClock
) -> Callable[..., Document]:
    def call(**changes: object) -> Document:
        arguments = {"session": session, "clock": clock, "what": "Report 1"} | changes
        return download(documents, target, **arguments)  # type: ignore[arg-type]

    return call
