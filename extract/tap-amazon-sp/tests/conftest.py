"""A stand-in for Amazon that says what a test wrote down, and a running simulator."""

from __future__ import annotations

import io
import json
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import ManualClock
from simulator import credentials
from simulator.testing import Running, running
from simulator.world.sellers import SELLER_IDS
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.tap import TapAmazonSP


@dataclass(frozen=True)
class Asked:
    """A request that the stand-in got."""

    method: str
    path: str
    query: dict[str, str]
    body: Any


class StandIn:
    """An HTTP server that gives the answers a test wrote down, and keeps what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self._answers: dict[tuple[str, str], list[tuple[int, Any]]] = {}

    def answers(self, method: str, path: str, *bodies: Any, status: int = 200) -> None:
        """Answer calls of `path` with the bodies in turn, the last one from then on."""
        queue = self._answers.setdefault((method, path), [])
        queue.extend((status, body) for body in bodies)

    def answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/auth/o2/token":
            return 200, {"access_token": "Atza|test", "token_type": "bearer", "expires_in": 3600}
        self.asked.append(asked)
        queue = self._answers.get((asked.method, asked.path), [])
        missing = (404, {"errors": [{"code": "NotFound", "message": "not found"}]})
        return (queue.pop(0) if len(queue) > 1 else queue[0]) if queue else missing


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def serve(self) -> None:
            parts = urlsplit(self.path)
            text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = self.headers.get("Content-Type") == "application/json"
            asked = Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query)),
                json.loads(text) if is_json else None,
            )
            status, body = served.answer(asked)
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = serve

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = StandIn(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()


@pytest.fixture
def partner(stand_in: StandIn) -> SellingPartner:
    """The tap's way to the stand-in; waiting takes no time."""
    clock, session = ManualClock(), ReadOnlySession()
    lwa = LwaClient(f"{stand_in.url}/auth/o2/token", "id", "secret", session, clock)
    http = AmazonHttp(
        stand_in.url,
        TokenAuth(AccessTokens(lwa, "Atzr|test")),
        RateLimits(clock),
        clock,
        user_agent="tests",
        account="eu/A1",
        session=session,
    )
    return SellingPartner(http, session, clock)


AS_OF = "2026-11-24T18:00:00Z"
"""The instant at which the simulator's world stands unless a test moves it."""


@dataclass
class Run:
    """What a run of the tap wrote and how it ended."""

    exit_code: int
    failures: list[str]
    records: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    state: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, list[str]] = field(default_factory=dict)

    def bookmark(self, stream: str, region: str = "na") -> str | None:
        """The bookmark of a stream in a region."""
        partitions = self.state["bookmarks"][stream]["partitions"]
        (found,) = [p for p in partitions if p["context"]["region"] == region]
        value: str | None = found.get("replication_key_value")
        return value

    def runs(self, stream: str) -> list[dict[str, Any]]:
        """The rows of report_runs about a stream."""
        return [row for row in self.records["report_runs"] if row["stream"] == stream]


def settings(simulator: Running, folder: Path, regions: Collection[str], **more: Any) -> Any:
    """The tap's configuration for a simulator."""
    return {
        "client_id": credentials.SP_CLIENT.client_id,
        "client_secret": credentials.SP_CLIENT.client_secret,
        "accounts": [
            {
                "region": region,
                "refresh_token": credentials.sp_refresh_token(region),
                "selling_partner_id": SELLER_IDS[region],
            }
            for region in regions
        ],
        "api_url": simulator.sp_url,
        "auth_url": simulator.auth_url,
        "as_of": AS_OF,
        "cadence": "first_sync",
        "journal_path": str(folder / "journal.db"),
        "work_dir": str(folder),
        "report_poll_seconds": 0.05,
        **more,
    }


def run_tap(
    simulator: Running,
    folder: Path,
    *streams: str,
    regions: Collection[str] = ("na",),
    state: Mapping[str, Any] | None = None,
    **more: Any,
) -> Run:
    """Run the tap for some streams (and report_runs), or for all of them.

    Without a state it is the first run ever; with one, the journal is that of the run before.
    """
    config = settings(simulator, folder, regions, **more)
    if state is None:
        Path(config["journal_path"]).unlink(missing_ok=True)
    tap = TapAmazonSP(config=config, state=dict(state or {}))
    for name, stream in tap.streams.items():
        stream.selected = not streams or name in (*streams, "report_runs")
    output = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(output):
        exit_code = tap.run()
    output.seek(0)
    run = Run(exit_code, [str(failure) for failure in tap.failures])
    for line in output:
        message = json.loads(line)
        if message["type"] == "RECORD":
            run.records[message["stream"]].append(message["record"])
        elif message["type"] == "STATE":
            run.state = message["value"]
        elif message["type"] == "SCHEMA":
            run.keys[message["stream"]] = message["key_properties"]
    return run


@pytest.fixture(scope="session")
def steady_simulator() -> Iterator[Running]:
    """A simulator for tests that only read: no faults, no other instant."""
    with running() as simulator:
        yield simulator


@pytest.fixture(scope="session")
def full_run(steady_simulator: Running, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One first sync of everything in all regions."""
    folder = tmp_path_factory.mktemp("full")
    return run_tap(steady_simulator, folder, regions=("na", "eu", "fe"))


@pytest.fixture(scope="module")
def shared_simulator() -> Iterator[Running]:
    """A simulator for the tests of one module, which `simulator` puts back to rights."""
    with running() as simulator:
        yield simulator


@pytest.fixture
def simulator(shared_simulator: Running) -> Running:
    """A simulator without faults, at the usual instant, with full buckets and no calls yet."""
    shared_simulator.faults.clear()
    shared_simulator.set_now(datetime.fromisoformat(AS_OF))
    shared_simulator.simulation.limits.refill()
    shared_simulator.calls.reset()
    return shared_simulator


@pytest.fixture(name="run_tap")
def run_tap_fixture() -> Callable[..., Run]:
    """`run_tap`, for tests with a simulator of their own."""
    return run_tap


@pytest.fixture
def sync(simulator: Running, tmp_path: Path) -> Callable[..., Run]:
    """Run the tap against the simulator: `sync("orders", cadence="hourly", state=…)`."""
    return partial(run_tap, simulator, tmp_path)


@dataclass(frozen=True)
class Elsewhere:
    """Where the tap finds the stand-in, as it would find a simulator."""

    sp_url: str
    auth_url: str


@pytest.fixture
def sync_with_stand_in(stand_in: StandIn, tmp_path: Path) -> Callable[..., Run]:
    """Run the tap against what a test wrote down; the seller sells in the US and Canada."""
    places = [
        {
            "marketplace": {"id": place},
            "participation": {"isParticipating": True, "hasSuspendedListings": False},
        }
        for place in ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2")
    ]
    stand_in.answers("GET", "/sellers/v1/marketplaceParticipations", {"payload": places})
    elsewhere: Any = Elsewhere(stand_in.url, f"{stand_in.url}/auth/o2/token")
    return partial(run_tap, elsewhere, tmp_path)


@pytest.fixture
def requests_sent(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    """Every request to the API that leaves the process, as it leaves."""
    sent: list[Asked] = []
    send = HTTPAdapter.send

    def recording(adapter: HTTPAdapter, request: PreparedRequest, **kwargs: Any) -> Response:
        parts = urlsplit(request.url or "")
        if "/sp/" in parts.path:
            body = json.loads(request.body) if request.body else None
            query = dict(parse_qsl(parts.query))
            sent.append(Asked(str(request.method), parts.path, query, body))
        return send(adapter, request, **kwargs)

    monkeypatch.setattr(HTTPAdapter, "send", recording)
    return sent


@pytest.fixture(scope="class")
def standard_config(
    steady_simulator: Running, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """The configuration for the SDK's standard tests."""
    config: dict[str, Any] = settings(
        steady_simulator, tmp_path_factory.mktemp("standard"), ("na", "eu", "fe")
    )
    return config
