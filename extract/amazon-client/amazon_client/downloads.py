"""Fetching a report's document from its presigned address to disk, whole or not at all."""

from __future__ import annotations

import logging
import random
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import Protocol

import requests

from amazon_client.clock import Clock
from amazon_client.error_bodies import parse_error
from amazon_client.errors import (
    AmazonError,
    MalformedResponse,
    ReportExpired,
    ServerUnavailable,
    TruncatedDownload,
)
from amazon_client.gunzip import DamagedGzip, Gunzip
from amazon_client.retry import DEFAULT_RETRIES, RetryPolicy
from amazon_client.transport import TIMEOUT, BrokenOff, TransportFailure, raw_chunks, send

logger = logging.getLogger(__name__)

_UNREADABLE_ENCODINGS = frozenset({"br", "zstd", "deflate", "compress"})


@dataclass(frozen=True)
class DocumentLocation:
    """Where a document can be fetched for a few minutes, without signing in."""

    url: str = field(repr=False)
    """Presigned: whoever has it can read the document, so it is never shown."""
    compression: str | None = None
    """GZIP where Amazon says so; the bytes themselves decide."""


@dataclass(frozen=True)
class Document:
    """A whole document on disk, decompressed."""

    path: Path
    charset: str | None
    """As the download's Content-Type declares it; see `amazon_client.charsets`."""
    size: int
    """Bytes on disk."""


class Locate(Protocol):
    """Finds a document's address."""

    def __call__(self, fresh: bool) -> DocumentLocation:
        """The address; with `fresh`, a new one because the last was refused."""
        ...


class _Refused(Exception):
    """The address is not accepted (any more); the message says what the storage answered."""


def download(
    locate: Locate,
    target: Path,
    *,
    session: requests.Session,
    clock: Clock,
    retries: RetryPolicy = DEFAULT_RETRIES,
    rng: random.Random | None = None,
    max_fresh: int = 3,
    timeout: tuple[float, float] = TIMEOUT,
    what: str = "The document",
) -> Document:
    """Fetch a document to `target` in constant memory, decompressing it on the way.

    No header of ours is sent that could sign in: presigned addresses refuse a second signature.
    A refused address (400, 403) is replaced by a fresh one, at most `max_fresh` times. `target`
    appears only when the document is whole: its length agrees with Content-Length, its gzip
    trailer with its content. A cut one is fetched again from the start.

    Args:
        locate: called with False first, with True for each fresh address.
        target: the file to write; its folder exists.
        session: a `ReadOnlySession`.
        clock: for the pauses between retries.
        retries: how often a failing or cut download is tried again.
        rng: source of the retries' jitter.
        max_fresh: how many refused addresses are replaced.
        timeout: seconds to connect, and between two bytes.
        what: what messages call the document, for example its report type and id.

    Raises:
        TruncatedDownload: cut short each time.
        ReportExpired: every address was refused, or the document is gone (404, 410).
        ServerUnavailable: no answer after all retries.
        MalformedResponse: an answer that is neither of these.
        AmazonError: whatever `locate` raises.
    """
    rng = rng or random.Random()
    failures = refusals = 0
    location = locate(False)
    while True:
        try:
            return _fetch(location.url, target, session, timeout, what)
        except _Refused as refusal:
            refusals += 1
            if refusals > max_fresh:
                raise ReportExpired(
                    f"{what}: {refusals} addresses in a row were refused ({refusal})"
                ) from None
            logger.info("%s: address refused (%s), asking for a fresh one", what, refusal)
            location = locate(True)
            continue
        except (ServerUnavailable, TruncatedDownload) as failure:
            failures += 1
            if failures > retries.retries:
                raise
            pause = retries.delay(failures, rng)
            logger.warning("%s Fetching it again in %.1f s", failure.facts, pause)
        clock.sleep(pause)


def _fetch(
    url: str, target: Path, session: requests.Session, timeout: tuple[float, float], what: str
) -> Document:
    try:
        answer = send(
            session,
            "GET",
            url,
            timeout=timeout,
            stream=True,
            allow_redirects=True,
            # What is compressed comes compressed anyway; nothing should be on top of it.
            headers={"Accept-Encoding": "identity"},
        )
    except TransportFailure as failure:
        raise ServerUnavailable(f"{what}: {failure}") from None
    with answer:
        if answer.status_code != 200:
            raise _problem(answer, what)
        encoding = answer.headers.get("Content-Encoding", "").strip().lower()
        if encoding in _UNREADABLE_ENCODINGS:
            raise MalformedResponse(f"{what} comes encoded as {encoding}, which was not asked for")
        partial = target.with_name(target.name + ".part")
        try:
            size = _store(answer, partial)
        except (BrokenOff, DamagedGzip) as failure:
            partial.unlink(missing_ok=True)
            raise TruncatedDownload(f"{what} is cut short: {failure}") from None
    partial.replace(target)
    return Document(target, _charset(answer), size)


def _store(answer: requests.Response, path: Path) -> int:
    """Write the answer's body, decompressed, and return the bytes written."""
    with path.open("wb") as sink:
        gunzip = Gunzip(sink.write)
        for chunk in raw_chunks(answer):
            gunzip.feed(chunk)
        gunzip.finish()
        size = sink.tell()
    told = "Content-Length" in answer.headers or "chunked" in answer.headers.get(
        "Transfer-Encoding", ""
    )
    if not told and not gunzip.compressed:
        raise BrokenOff("neither a length nor a checksum came with it, so nothing shows its end")
    return size


def _problem(answer: requests.Response, what: str) -> AmazonError | _Refused:
    """What an answer other than 200 amounts to."""
    status = answer.status_code
    try:
        body = parse_error(answer)
    except requests.RequestException:
        # The explanation itself broke off; its exception would quote the URL.
        return ServerUnavailable(f"{what}: no whole answer", status=status)
    if status in (400, 403):
        return _Refused(body.code or f"HTTP {status}")
    kind: type[AmazonError] = MalformedResponse
    if status in (404, 410):
        kind = ReportExpired
    elif status == 429 or status >= 500:
        kind = ServerUnavailable
    return kind(
        f"{what}: {body.message}", status=status, code=body.code, request_id=body.request_id
    )


def _charset(answer: requests.Response) -> str | None:
    header = Message()
    header["Content-Type"] = answer.headers.get("Content-Type", "")
    return header.get_content_charset()
