import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from amazon_client.downloads import Document
from amazon_client.errors import (
    TruncatedDownload,
)
from amazon_client.retry import RetryPolicy
from amazon_client.testing import Answer, LocalServer

TEXT = b"order-id\tamount\r\n" + b"".join(b"%d\t%d.50\r\n" % (n, n) for n in range(50_000))
PACKED = gzip.compress(TEXT)


def everything(server: LocalServer, *answers: Answer) -> None:
    """Answer the first address with the first answer, the second with the second, …"""
    for nth, answer in enumerate(answers, start=1):
        server.on("GET", f"/documents/{nth}", answer)


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
