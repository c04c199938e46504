import gzip
import logging
import random
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from amazon_client.downloads import Document, DocumentLocation, download
from amazon_client.errors import (
    MalformedResponse,
    NotFound,
    ReportExpired,
    ServerUnavailable,
    TruncatedDownload,
)
from amazon_client.gunzip import DamagedGzip, Gunzip
from amazon_client.read_only import ReadOnlySession
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer, ManualClock

TEXT = b"order-id\tamount\r\n" + b"".join(b"%d\t%d.50\r\n" % (n, n) for n in range(50_000))
PACKED = gzip.compress(TEXT)
EXPIRED = Answer(
    403, "<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"
)


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
    documents: Documents,
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
    server: LocalServer, documents: Documents, fetch: Callable[..., Document], target: Path
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


CUT = [
    pytest.param(Answer(body=TEXT, cut_at=1000), id="plain, shorter than its length"),
    pytest.param(Answer(body=PACKED, cut_at=1000), id="gzip, shorter than its length"),
    pytest.param(Answer(body=TEXT, cut_at=0), id="nothing after the headers"),
    pytest.param(Answer(body=TEXT, framing="chunked", cut_at=1000), id="chunked, cut"),
    pytest.param(Answer(body=PACKED[:-1]), id="gzip without the end of its trailer"),
    pytest.param(Answer(body=PACKED[:-8]), id="gzip without trailer"),
    pytest.param(Answer(body=PACKED[:1000]), id="gzip cut before it was stored"),
    pytest.param(Answer(body=PACKED[:5]), id="gzip cut in its header"),
    pytest.param(Answer(body=damaged(PACKED)), id="gzip damaged"),
    pytest.param(Answer(body=PACKED[:-8] + b"\0" * 8), id="gzip with a wrong checksum"),
    pytest.param(Answer(body=PACKED + PACKED[:100]), id="second gzip member cut"),
    pytest.param(Answer(body=PACKED + b"rubbish"), id="gzip followed by rubbish"),
    pytest.param(Answer(body=gzip.compress(PACKED[:-8])), id="inner gzip without trailer"),
    pytest.param(Answer(body=PACKED[:-8], framing="chunked"), id="chunked gzip without trailer"),
    pytest.param(Answer(body=PACKED[:-8], framing="close"), id="gzip cut, of unknown length"),
    pytest.param(Answer(body=TEXT, framing="close"), id="plain, of unknown length"),
]


@pytest.mark.parametrize("answer", CUT)
def test_a_cut_document_is_an_error_and_never_a_shorter_one(
    server: LocalServer, fetch: Callable[..., Document], target: Path, answer: Answer
) -> None:
    everything(server, answer)
    with pytest.raises(TruncatedDownload, match="Report 1 is cut short"):
        fetch(retries=RetryPolicy(retries=2))
    assert len(server.received) == 3
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize("answer", CUT)
def test_a_cut_document_is_fetched_again_from_the_start(
    server: LocalServer, fetch: Callable[..., Document], target: Path, answer: Answer
) -> None:
    server.on("GET", "/documents/1", answer, answer, Answer(body=PACKED))
    fetch()
    assert target.read_bytes() == TEXT


def test_a_document_that_stalls_is_cut(
    server: LocalServer, fetch: Callable[..., Document], target: Path
) -> None:
    # The rest of the announced length never comes.
    stalled = Answer(body=TEXT, headers={"Content-Length": str(len(TEXT) + 1)}, framing="none")
    everything(server, stalled)
    with pytest.raises(TruncatedDownload):
        fetch(timeout=(1, 0.1), retries=RetryPolicy(retries=0))


def test_an_older_file_is_replaced_only_by_a_whole_one(
    server: LocalServer, fetch: Callable[..., Document], target: Path
) -> None:
    target.write_bytes(b"before")
    everything(server, Answer(body=PACKED, cut_at=1000), Answer(body=PACKED))
    with pytest.raises(TruncatedDownload):
        fetch(retries=RetryPolicy(retries=0))
    assert target.read_bytes() == b"before"
    fetch()
    assert target.read_bytes() == TEXT


# --- other failures ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure", [Answer(500), Answer(503, "<Error><Code>SlowDown</Code></Error>"), Answer(429)]
)
def test_a_busy_storage_is_asked_again_after_a_pause(
    server: LocalServer,
    fetch: Callable[..., Document],
    clock: ManualClock,
    documents: Documents,
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


# --- memory -----------------------------------------------------------------------------------


def test_any_cut_of_gzip_into_pieces_gives_the_same_bytes() -> None:
    rng = random.Random(5)
    for _ in range(50):
        kept: list[bytes] = []
        gunzip = Gunzip(kept.append)
        rest = gzip.compress(TEXT[:2000]) + gzip.compress(TEXT[2000:3000])
        while rest:
            cut = rng.randint(1, 60)
            gunzip.feed(rest[:cut])
            rest = rest[cut:]
        gunzip.finish()
        assert b"".join(kept) == TEXT[:3000]


def test_a_bomb_is_decompressed_in_small_parts() -> None:
    largest = 0

    def measure(part: bytes) -> None:
        nonlocal largest
        largest = max(largest, len(part))

    gunzip = Gunzip(measure)
    gunzip.feed(gzip.compress(b"\0" * 50_000_000))
    gunzip.finish()
    assert largest <= 1 << 20


def test_a_third_layer_of_gzip_is_not_unpacked() -> None:
    kept: list[bytes] = []
    gunzip = Gunzip(kept.append)
    inner = gzip.compress(b"x")
    gunzip.feed(gzip.compress(gzip.compress(inner)))
    gunzip.finish()
    assert b"".join(kept) == inner


def test_damage_is_told_without_the_library_s_exception() -> None:
    gunzip = Gunzip(lambda part: None)
    with pytest.raises(DamagedGzip) as caught:
        gunzip.feed(b"\x1f\x8b" + b"\xff" * 20)
    assert not isinstance(caught.value, zlib.error)


@pytest.mark.slow
def test_a_document_of_hundreds_of_megabytes_needs_little_memory(
    server: LocalServer, tmp_path: Path
) -> None:
    row = b'{"date":"2026-10-01","campaignId":158410630682987,"cost":14.5,"sales14d":71.96}'
    rows = 3_000_000
    packer = zlib.compressobj(1, wbits=31)
    body = packer.compress(b"[") + b"".join(
        packer.compress(b",".join([row] * 1000) + (b"," if n < rows // 1000 - 1 else b""))
        for n in range(rows // 1000)
    )
    server.on("GET", "/doc", Answer(body=body + packer.compress(b"]") + packer.flush()))
    program = f"""
import resource, sys
from pathlib import Path
from amazon_client.clock import SystemClock
from amazon_client.documents import read_json_array
from amazon_client.downloads import DocumentLocation, download
from amazon_client.read_only import ReadOnlySession
at_rest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
document = download(lambda fresh: DocumentLocation({server.url + "/doc"!r}), Path(sys.argv[1]),
                    session=ReadOnlySession(), clock=SystemClock())
rows = sum(1 for _ in read_json_array(document.path))
grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - at_rest
print(document.size, rows, grown)
"""
    printed = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "doc")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    size, count, grown_kib = map(int, printed.split())
    assert (size, count) == (rows * (len(row) + 1) + 1, rows)
    assert size > 200_000_000
    assert grown_kib < 20_000
