import gzip
import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amazon_client.downloads import Document, DocumentLocation, download
from amazon_client.errors import (
    MalformedResponse,
    NotFound,
    ReportExpired,
    ServerUnavailable,
)
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import Answer, LocalServer, ManualClock

TEXT = b"order-id\tamount\r\n" + b"".join(b"%d\t%d.50\r\n" % (n, n) for n in range(50_000))
PACKED = gzip.compress(TEXT)
EXPIRED = Answer(
    403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
)


def everything(server: LocalServer, *answers: Answer) -> None:
    """Answer the first address with the first answer, the second with the second, …"""
    for nth, answer in enumerate(answers, start=1):
        server.on("GET", f"/documents/{nth}", answer)


# --- what arrives -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(TEXT, {}, id="plain"),
        pytest.param(PACKED, {}, id="gzip"),
        pytest.param(PACKED, {"Content-Encoding": "gzip"}, id="gzip as content encoding"),
        pytest.param(
            gzip.compress(PACKED), {"Content-Encoding": "gzip"}, id="gzip, encoded once more"
        ),
        pytest.param(PACKED + gzip.compress(b"more"), {}, id="several gzip members"),
        pytest.param(PACKED + b"\0" * 100, {}, id="padded gzip"),
        pytest.param(b"", {}, id="empty"),
        pytest.param(b"\x1f", {}, id="one byte"),
        pytest.param(gzip.compress(b""), {}, id="gzip of nothing"),
    ],
)
@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_a_document_arrives_whole_and_decompressed(
    server: LocalServer,
    fetch: Callable[..., Document],
    target: Path,
    body: bytes,
    headers: dict[str, str],
    framing: str,
) -> None:
    everything(server, Answer(body=body, headers=headers, framing=framing))
    document = fetch()
    whole = body
    while whole[:2] == b"\x1f\x8b":
        whole = gzip.decompress(whole)
    assert document == Document(target, None, len(whole))
    assert target.read_bytes() == whole


def test_a_compressed_document_without_length_is_proved_whole_by_its_trailer(
    server: LocalServer, fetch: Callable[..., Document], target: Path
) -> None:
    everything(server, Answer(body=PACKED, framing="close"))
    fetch()
    assert target.read_bytes() == TEXT


def test_no_header_that_signs_in_is_sent(
    server: LocalServer,
    fetch: Callable[..., Document],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password else")
    monkeypatch.setenv("NETRC", str(netrc))
    everything(server, Answer(body=PACKED))
    fetch()
    (request,) = server.received
    names = {name.lower() for name in request.headers}
    assert names <= {"host", "user-agent", "accept-encoding", "accept", "connection"}
    assert request.headers["Accept-Encoding"] == "identity"


def test_the_address_is_used_exactly_as_it_was_signed(
    server: LocalServer, session: ReadOnlySession, clock: ManualClock, target: Path
) -> None:
    signed = "X-Amz-Credential=A%2F20261124%2Fus-east-1&X-Amz-Signature=ab%2Bcd%3D&x=a+b"
    server.on("GET", "/doc", Answer(body=TEXT))
    location = DocumentLocation(f"{server.url}/doc?{signed}")
    download(lambda fresh: location, target, session=session, clock=clock)
    assert server.received[0].raw_query == signed


@pytest.mark.parametrize(
    ("content_type", "charset"),
    [
        ("text/plain; charset=Cp1252", "cp1252"),
        ('text/plain; charset="windows-31j"', "windows-31j"),
        ("text/plain;charset=UTF-8", "utf-8"),
        ("application/octet-stream", None),
    ],
)
def test_the_declared_charset_is_kept(
    server: LocalServer, fetch: Callable[..., Document], content_type: str, charset: str | None
) -> None:
    everything(server, Answer(body=PACKED, headers={"Content-Type": content_type}))
    assert fetch().charset == charset


# --- expired addresses ------------------------------------------------------------------------


@pytest.mark.parametrize("refusal", [EXPIRED, Answer(400), Answer(403)])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_a_fresh_address_is_fetched_for_each_one_that_has_expired(
    server: LocalServer,
    documents: Any,
    fetch: Callable[..., Document],
    target: Path,
    refusal: Answer,
    times: int,
) -> None:
    everything(server, *[refusal] * times, Answer(body=PACKED))
    fetch()
    assert target.read_bytes() == TEXT
    assert documents.demands == [False] + [True] * times


def test_refused_addresses_end_in_an_error_after_a_few(
    server: LocalServer, documents: Any, fetch: Callable[..., Document], target: Path
) -> None:
    everything(server, *[EXPIRED] * 9)
    with pytest.raises(ReportExpired, match=r"Report 1: 4 addresses .* refused \(AccessDenied\)"):
        fetch()
    assert documents.demands == [False, True, True, True]
    assert not target.exists()


@pytest.mark.parametrize("status", [404, 410])
def test_a_document_that_is_gone_has_expired(
    server: LocalServer, fetch: Callable[..., Document], status: int
) -> None:
    everything(server, Answer(status, headers={"x-amz-request-id": "S3-1"}))
    with pytest.raises(ReportExpired, match="S3-1"):
        fetch()
    assert len(server.received) == 1


def test_an_error_in_finding_the_address_is_told_as_it_is(
    target: Path, session: ReadOnlySession, clock: ManualClock
) -> None:
    def locate(fresh: bool) -> DocumentLocation:
        raise NotFound("getReportDocument: no such document")

    with pytest.raises(NotFound):
        download(locate, target, session=session, clock=clock)


# --- cut and damaged documents ----------------------------------------------------------------


def damaged(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


# --- other failures ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [Answer(500), Answer(503, "<Error><Code>SlowDown</Code></Error>"), Answer(429)]
)
def test_a_busy_storage_is_asked_again_after_a_pause(
    server: LocalServer,
    fetch: Callable[..., Document],
    clock: ManualClock,
    documents: Any,
    failure: Answer,
) -> None:
    server.on("GET", "/documents/1", failure, Answer(hang_up=True), Answer(body=PACKED))
    fetch(rng=random.Random(1))
    assert len(clock.sleeps) == 2
    assert documents.demands == [False]


def test_a_storage_that_stays_away_is_unavailable_after_all_tries(
    server: LocalServer, fetch: Callable[..., Document]
) -> None:
    everything(server, Answer(503))
    with pytest.raises(ServerUnavailable):
        fetch()
    assert len(server.received) == 6


@pytest.mark.parametrize(
    "answer",
    [
        Answer(206, TEXT),
        Answer(204),
        Answer(401),
        Answer(body=b"x", headers={"Content-Encoding": "br"}),
    ],
    ids=["part", "nothing", "sign in", "brotli"],
)
def test_an_unexpected_answer_is_an_error(
    server: LocalServer, fetch: Callable[..., Document], answer: Answer
) -> None:
    everything(server, answer)
    with pytest.raises(MalformedResponse):
        fetch()


def test_each_new_try_is_logged_without_the_address(
    server: LocalServer, fetch: Callable[..., Document], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "amazon_client")
    ids = {"x-amz-request-id": "S3-9"}
    everything(server, EXPIRED)
    server.on("GET", "/documents/2", Answer(503, b"", ids), Answer(body=PACKED))
    fetch()
    refused, retried = (record.getMessage() for record in caplog.records)
    assert refused == "Report 1: address refused (AccessDenied), asking for a fresh one"
    assert "S3-9" in retried
    assert "canary" not in caplog.text


def test_a_location_does_not_show_its_url() -> None:
    assert "canary" not in repr(DocumentLocation("https://s3.example/canary", "GZIP"))
