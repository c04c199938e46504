"""A simulator in a thread, for tests of whatever reads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from simulator import server
from simulator.calls import Calls
from simulator.faults import Faults
from simulator.simulation import Latencies, Simulation
from simulator.world import World, build

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""The instant at which tests look at the world unless they say otherwise."""


@dataclass(frozen=True)
class Running:
    """A running simulator; ``simulation`` is its inside."""

    url: str
    simulation: Simulation

    @property
    def sp_url(self) -> str:
        """``api_url`` for tap-amazon-sp; ``{region}`` is to be filled in."""
        return f"{self.url}/sp/{{region}}"

    @property
    def ads_url(self) -> str:
        """``api_url`` for tap-amazon-ads; ``{region}`` is to be filled in."""
        return f"{self.url}/ads/{{region}}"

    @property
    def shopify_url(self) -> str:
        """``api_url`` of the taps that read the shop; ``{shop}`` is to be filled in."""
        return f"{self.url}/shopify/{{shop}}"

    @property
    def auth_url(self) -> str:
        """The token endpoint of Login with Amazon."""
        return f"{self.url}/auth/o2/token"

    @property
    def world(self) -> World:
        """The world as known now."""
        return self.simulation.world

    @property
    def faults(self) -> Faults:
        """Failures to switch on and off."""
        return self.simulation.faults

    @property
    def calls(self) -> Calls:
        """What was asked for."""
        return self.simulation.calls

    def set_now(self, now: datetime) -> None:
        """Let the world be known as of another instant."""
        self.simulation.set_now(now)


@contextmanager
def running(
    seed: int = 7,
    size: str = "small",
    now: datetime = NOW,
    time_scale: float = 600.0,
    latencies: Latencies | None = None,
    port: int = 0,
) -> Iterator[Running]:
    """Serve a world on a free local port for the length of a ``with`` block."""
    simulation = Simulation(build(seed, size, now), time_scale, latencies)
    http = server.make(simulation, port=port)
    thread = threading.Thread(
        target=http.serve_forever, kwargs={"poll_interval": 0.05}, name="simulator", daemon=True
    )
    thread.start()
    try:
        yield Running(server.url_of(http), simulation)
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
