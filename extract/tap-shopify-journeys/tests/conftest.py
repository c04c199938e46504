"""The tap in this process, and the simulator over HTTP."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any

import pytest

from simulator.credentials import shopify_access_token
from simulator.shopify import SHOP_NAME
from simulator.testing import Running, running
from tap_shopify_journeys.tap import TapShopifyJourneys


@dataclass
class Output:
    """What a run has said: its records by stream, its last state, how it ended."""

    code: int
    records: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    state: dict[str, Any] | None = None


@pytest.fixture(scope="package")
def _shop() -> Iterator[Running]:
    with running(time_scale=6000) as simulator:
        yield simulator


@pytest.fixture
def shop(_shop: Running) -> Iterator[Running]:
    now = _shop.world.now
    _shop.calls.reset()
    yield _shop
    _shop.faults.clear()
    _shop.set_now(now)


@pytest.fixture
def config(shop: Running) -> dict[str, Any]:
    return {
        "shop": SHOP_NAME,
        "access_token": shopify_access_token(),
        "store_id": "acme",
        "api_url": shop.shopify_url,
        "as_of": shop.world.now.isoformat(),
    }


Run = Callable[..., Output]


@pytest.fixture
def run(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the tap with changed settings; it does not really wait."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)

    def go(state: dict[str, Any] | None = None, **changes: Any) -> Output:
        said = io.StringIO()
        with redirect_stdout(said):
            code = TapShopifyJourneys(config={**config, **changes}, state=state).run()
        output = Output(code)
        for line in said.getvalue().splitlines():
            message = json.loads(line)
            if message["type"] == "RECORD":
                output.records.setdefault(message["stream"], []).append(message["record"])
            elif message["type"] == "STATE":
                output.state = message["value"]
        return output

    return go
