"""Helpers for the tests of whatever is built on this package."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


class ManualClock:
    """A clock that moves only when somebody sleeps or calls `advance`. Shared by threads."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)) -> None:
        """Stand at `now` (timezone-aware)."""
        self._start = now.astimezone(UTC)
        self._elapsed = 0.0
        self._lock = threading.Lock()
        self.sleeps: list[float] = []
        """Every wait so far, in seconds, in the order they were asked for."""

    def now(self) -> datetime:
        """The instant the clock stands at, in UTC."""
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Seconds moved since construction."""
        with self._lock:
            return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Move on by `seconds` at once."""
        if seconds > 0:
            with self._lock:
                self._elapsed += seconds
                self.sleeps.append(seconds)

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass without anybody having waited for them."""
        with self._lock:
            self._elapsed += seconds


@dataclass(frozen=True)
class Received:
    """A request as it arrived at a `LocalServer`."""

    method: str
    path: str
    query: Mapping[str, str]
    raw_query: str
    headers: Mapping[str, str]
    """Names in any case."""
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The body as form fields."""
        return dict(parse_qsl(self.body.decode()))

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What a `LocalServer` answers."""

    status: int = 200
    body: Any = b""
    """Bytes as they are, text in UTF-8, anything else as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut_at: int | None = None
    """Announce the whole body but hang up after so many of its bytes."""
    framing: str = "length"
    """How the body's end is told: `length`, `chunked`, `close` (by hanging up), or `none` (the
    connection just stays open)."""
    delay: float = 0.0
    """Seconds before anything is sent."""
    hang_up: bool = False
    """Close the connection without an answer."""

    @property
    def payload(self) -> bytes:
        """The body's bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class LocalServer:
    """A real HTTP server on a free port that answers as told and keeps what it received."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        """Every request, in order of arrival."""
        self.connections = 0
        """TCP connections so far: 0 means that not a byte arrived."""
        self._answers: dict[tuple[str, str], list[Answer | Callable[[Received], Answer]]] = {}
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def on(self, method: str, path: str, *answers: Answer | Callable[[Received], Answer]) -> None:
        """Answer requests for `path` with each of `answers` once, in order, then with the last."""
        with self._lock:
            self._answers[method, path] = list(answers)

    def requests(self, path: str) -> list[Received]:
        """The requests for `path` so far."""
        with self._lock:
            return [request for request in self.received if request.path == path]

    @contextmanager
    def running(self) -> Iterator[LocalServer]:
        """Serve until the block ends."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def _answer_to(self, request: Received) -> Answer:
        with self._lock:
            self.received.append(request)
            answers = self._answers.get((request.method, request.path))
            if not answers:
                return Answer(599, f"no answer prepared for {request.method} {request.path}")
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        return answer if isinstance(answer, Answer) else answer(request)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def setup(self) -> None:
                with server._lock:
                    server.connections += 1
                super().setup()

            def handle_one_request(self) -> None:
                # One method for every verb, where the base class wants one for each.
                self.raw_requestline = self.rfile.readline(65537)
                if not self.raw_requestline or not self.parse_request():
                    self.close_connection = True
                    return
                length = int(self.headers.get("Content-Length") or 0)
                parts = urlsplit(self.path)
                request = Received(
                    method=self.command,
                    path=parts.path,
                    query=dict(parse_qsl(parts.query)),
                    raw_query=parts.query,
                    headers=self.headers,  # type: ignore[arg-type]
                    body=self.rfile.read(length),
                )
                self._send(server._answer_to(request))

            def _send(self, answer: Answer) -> None:
                time.sleep(answer.delay)
                self.close_connection = (
                    answer.hang_up or answer.cut_at is not None or answer.framing == "close"
                )
                if answer.hang_up:
                    return
                payload = answer.payload
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                if answer.framing == "chunked":
                    self.send_header("Transfer-Encoding", "chunked")
                    payload = b"%x\r\n%s\r\n0\r\n\r\n" % (len(payload), payload)
                elif answer.framing == "length" and answer.status != 204:
                    self.send_header("Content-Length", str(len(payload)))
                self.end_headers()
                self.wfile.write(payload[: answer.cut_at])
                self.wfile.flush()

            def log_message(self, format: str, *args: Any) -> None:
                """Stay silent: a test's output is the test's."""

        return Handler


@contextmanager
def local_server() -> Iterator[LocalServer]:
    """A running `LocalServer`."""
    with LocalServer().running() as server:
        yield server
