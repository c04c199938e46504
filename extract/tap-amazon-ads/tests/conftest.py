"""Fixtures: Amazon's contracts, an Amazon that answers by script, and the simulator."""

from __future__ import annotations

import functools
import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.rate_limits import RateLimits
from amazon_client.read_only import ReadOnlySession
from amazon_client.testing import ManualClock
from simulator.credentials import ADS_CLIENT, AMAZON_ADS, grant
from simulator.testing import NOW, Running, running
from simulator.world.ads.profiles import seller_profile
from tap_amazon_ads.client import CLIENT_HEADER, AdsRegion
from tap_amazon_ads.tap import TapAmazonAds

PROJECT = Path(__file__).parents[3]
CONTRACTS = PROJECT.parent / "shared" / "contracts" / "ads-api"
PRODUCTS = ("sp", "sb", "sd")
TOKEN = {"access_token": "Atza|t", "token_type": "bearer", "expires_in": 3600}


def profile_id(country_code: str) -> str:
    """The id of the store's profile in a country."""
    profile = seller_profile(country_code)
    assert profile
    return profile.profile_id


@pytest.fixture(scope="session")
def contract_text() -> Callable[[str], bytes]:
    """Reads a file of Amazon's contracts; skips where they are not at hand."""
    if not CONTRACTS.is_dir():
        pytest.skip(f"Amazon's contracts are not at {CONTRACTS}")
    return lambda name: (CONTRACTS / name).read_bytes()


@pytest.fixture(scope="session")
def contract(contract_text: Callable[[str], bytes]) -> Callable[[str], Any]:
    """Reads a JSON file of Amazon's contracts; skips where they are not at hand."""
    return lambda name: json.loads(contract_text(name))


class Script(BaseAdapter):
    """The network: gives the next answer of a script and keeps the requests.

    An answer is the body of a 200 or a pair of status and body.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: list[Any] = []
        self.requests: list[requests.PreparedRequest] = []

    def send(self, request: requests.PreparedRequest, *_: Any, **__: Any) -> requests.Response:
        if str(request.url).endswith("/auth/o2/token"):
            status, body = 200, TOKEN
        else:
            self.requests.append(request)
            answer = self.answers.pop(0)
            status, body = answer if isinstance(answer, tuple) else (200, answer)
        response = requests.Response()
        response.status_code = status
        response.url = str(request.url)
        response.raw = io.BytesIO(json.dumps(body).encode())
        return response

    def close(self) -> None: ...

    @property
    def bodies(self) -> list[Any]:
        """The JSON that was sent, request by request."""
        return [json.loads(request.body or "null") for request in self.requests]


class Amazon:
    """One region of the Ads API whose answers are scripted."""

    def __init__(self) -> None:
        self.script = Script()
        self.clock = ManualClock()
        session = ReadOnlySession()
        session.mount("https://", self.script)
        lwa = LwaClient("https://lwa.test/auth/o2/token", "client", "secret", session, self.clock)
        tokens = AccessTokens(lwa, "Atzr|r")
        limits = RateLimits(self.clock)
        http = AmazonHttp(
            "https://ads.test",
            TokenAuth(tokens, "Authorization", "Bearer ", {CLIENT_HEADER: "client"}),
            limits,
            self.clock,
            user_agent="tests",
            account="na",
            session=session,
        )
        self.region = AdsRegion("na", http, limits)

    def answers(self, *answers: Any) -> None:
        """Add to the script."""
        self.script.answers += answers


@pytest.fixture
def amazon() -> Amazon:
    """A region of Amazon's Ads API that answers by script."""
    return Amazon()


@dataclass(frozen=True)
class Outcome:
    """What a run of the tap wrote and how it ended."""

    exit_code: int
    messages: list[dict[str, Any]]

    def records(self, stream: str) -> list[dict[str, Any]]:
        """A stream's records, in order."""
        return [
            message["record"]
            for message in self.messages
            if message["type"] == "RECORD" and message["stream"] == stream
        ]

    @property
    def keys(self) -> dict[str, list[str]]:
        """Each stream's key, as its schema message has it."""
        return {
            message["stream"]: message["key_properties"]
            for message in self.messages
            if message["type"] == "SCHEMA"
        }

    @property
    def state(self) -> dict[str, Any]:
        """The last state written."""
        states = [message["value"] for message in self.messages if message["type"] == "STATE"]
        return dict(states[-1])


@functools.cache
def discovered() -> str:
    """The catalog, which is the same for every configuration."""
    offline = {"client_id": "c", "client_secret": "s", "region": "na", "refresh_token": "r"}
    return str(TapAmazonAds(config=offline).catalog_json_text)


def run(config: dict[str, Any], *streams: str, state: dict[str, Any] | None = None) -> Outcome:
    """Run the tap for the streams named (all without a name) and collect what it writes."""
    catalog = json.loads(discovered())
    for entry in catalog["streams"]:
        selected = not streams or entry["tap_stream_id"] in (*streams, "report_runs")
        for mask in entry["metadata"]:
            if not mask["breadcrumb"]:
                mask["metadata"]["selected"] = selected
    tap = TapAmazonAds(config=config, state=state, catalog=catalog)
    written = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with redirect_stdout(written):
        exit_code = tap.run()
    written.seek(0)
    return Outcome(exit_code, [json.loads(line) for line in written])


@pytest.fixture(scope="session")
def profile_of() -> Callable[[str], str]:
    """Gives the id of the store's profile in a country."""
    return profile_id


@pytest.fixture
def run_tap() -> Callable[..., Outcome]:
    """Runs the tap; see `run`."""
    return run


class Bench:
    """Runs the tap against a running simulator."""

    def __init__(self, simulator: Running, folder: Path) -> None:
        self.simulator = simulator
        self._folder = folder

    def config(self, *regions: str, login: str = "all", **settings: Any) -> dict[str, Any]:
        """A configuration for the simulator; `login` is one of its authorisations."""
        token = grant(AMAZON_ADS, login).refresh_token
        return {
            "client_id": ADS_CLIENT.client_id,
            "client_secret": ADS_CLIENT.client_secret,
            "accounts": [{"region": r, "refresh_token": token} for r in regions or ("na",)],
            "api_url": self.simulator.ads_url,
            "auth_url": self.simulator.auth_url,
            "as_of": self.simulator.world.now.isoformat(),
            "journal_path": str(self._folder / "journal.sqlite"),
            "report_poll_seconds": 0.15,
            "cadence": "first_sync",
            **settings,
        }

    def run(
        self, config: dict[str, Any], *streams: str, state: dict[str, Any] | None = None
    ) -> Outcome:
        """Run the tap for the streams named (all without a name) and collect what it writes."""
        return run(config, *streams, state=state)


@pytest.fixture(scope="session")
def simulator() -> Iterator[Running]:
    """A simulator for the whole session; reports take a few tenths of a second."""
    with running(time_scale=600.0) as started:
        yield started


@pytest.fixture(scope="session")
def first_sync(simulator: Running, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A first sync of campaigns and their days for every profile of all regions."""
    bench = Bench(simulator, tmp_path_factory.mktemp("first-sync"))
    campaigns = [f"{product}_campaigns{days}" for product in PRODUCTS for days in ("", "_daily")]
    return bench.run(bench.config("na", "eu", "fe"), "profiles", *campaigns)


@pytest.fixture(scope="session")
def whole_sync(simulator: Running, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A first sync of every stream for two profiles."""
    bench = Bench(simulator, tmp_path_factory.mktemp("whole-sync"))
    wanted = [profile_id("US"), profile_id("JP")]
    return bench.run(bench.config("na", "fe", profile_ids=wanted, product_metadata=True))


@pytest.fixture(scope="session")
def standard_config(simulator: Running, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A configuration for the SDK's standard tests."""
    bench = Bench(simulator, tmp_path_factory.mktemp("standard"))
    return bench.config(profile_ids=[profile_id("US")], product_metadata=True)


@pytest.fixture
def bench(simulator: Running, tmp_path: Path) -> Iterator[Bench]:
    """The tap at a simulator without faults or memories of earlier tests."""
    yield Bench(simulator, tmp_path)
    simulator.faults.clear()
    simulator.set_now(NOW)
