"""Everything that one running simulator shares between its APIs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from simulator.calls import Calls
from simulator.clock import Clock
from simulator.documents import Storage
from simulator.faults import Faults
from simulator.limits import Limits
from simulator.lwa import Login
from simulator.world import World


@dataclass
class Latencies:
    """How long Amazon takes, in scaled seconds."""

    sp_documents: float = 60.0
    """SP-API reports and Data Kiosk queries are ready after this time."""
    ads_reports: tuple[float, float] = (60.0, 180.0)
    """Ads reports are ready after a time in this range."""
    shopify_bulk: float = 20.0
    """Shopify's bulk operations are complete after this time."""


@dataclass
class AdsReporting:
    """How Reporting v3 behaves where the real one is known to vary."""

    max_in_flight: int = 60
    """Unfinished reports per region; more are refused with 429."""
    creates_per_second: float = 1.0
    """Per profile, in scaled time, after a burst."""
    create_burst: float = 60.0
    remembers_finished: bool = False
    """Whether a repeated request for a finished report gets that report again, not a new one."""


class Simulation:
    """The world and the machinery around it. What only one API needs lives in its own modules."""

    def __init__(
        self,
        world: World,
        time_scale: float = 1.0,
        latencies: Latencies | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.clock = Clock(world.now, time_scale, monotonic=monotonic)
        self.latencies = latencies or Latencies()
        self.ads_reporting = AdsReporting()
        self.kiosk_page = 50_000
        """Lines of a document of Data Kiosk; a longer answer has further pages."""
        self.faults = Faults()
        self.calls = Calls()
        self.limits = Limits(self.clock)
        self.login = Login(self.clock)
        self.documents = Storage(self.clock)
        self._lock = threading.Lock()
        self._world = _told(world)

    @property
    def world(self) -> World:
        """The world as known at the clock's ``world_now``."""
        return self._world

    def set_now(self, now: datetime) -> None:
        """Let more (or less) of the same story be known."""
        with self._lock:
            self._world = _told(self._world.at(now))
            self.clock.move(now)


def _told(world: World) -> World:
    """The world with its orders and its money generated, so that no call has to wait for them."""
    assert world.orders is not None
    assert world.finance.transactions("na") is not None
    return world
