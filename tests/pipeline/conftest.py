"""Whole runs: a real PostgreSQL, the simulator over HTTP, the real taps, target and dbt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pipeline import JOURNEYS, SCHEMAS, SHOPIFY, Pipeline
from singer import LoneTap

from simulator.testing import Running, running
from tandem import testing
from tandem.database import EmbeddedPostgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with testing.server() as server:
        yield server


@pytest.fixture(scope="session")
def new_pipeline(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Pipeline]]:
    """Makes pipelines, each with a simulator, a database and a folder of its own."""
    with ExitStack() as stack:

        def make(now: datetime | None = None, **simulator: Any) -> Pipeline:
            if now is not None:
                simulator["now"] = now
            return Pipeline(
                stack.enter_context(running(**simulator)),
                stack.enter_context(testing.new_database(postgres)),
                tmp_path_factory.mktemp("pipeline"),
            )

        yield make


@pytest.fixture(scope="session")
def loaded(new_pipeline: Callable[..., Pipeline]) -> Pipeline:
    """The demo store after its first sync, modelled; tests only read from it."""
    pipeline = new_pipeline()
    pipeline.load(*SCHEMAS, SHOPIFY, JOURNEYS)
    pipeline.build()
    return pipeline


@pytest.fixture(scope="session")
def _simulator() -> Iterator[Running]:
    with running() as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Running) -> Iterator[Running]:
    """A simulator for taps alone, as if nobody had called it yet."""
    _simulator.set_now(_simulator.world.now)
    _simulator.simulation.limits.refill()
    _simulator.calls.reset()
    yield _simulator
    _simulator.faults.clear()


@pytest.fixture
def lone_tap(simulator: Running, tmp_path: Path) -> Iterator[Callable[..., LoneTap]]:
    """Makes taps without a target; whatever still runs in the end is killed."""
    made: list[LoneTap] = []

    def make(name: str, streams: frozenset[str] | None = None) -> LoneTap:
        made.append(LoneTap(name, simulator, tmp_path, streams))
        return made[-1]

    yield make
    for tap in made:
        if tap.child is not None:
            tap.child.kill()
            tap.child.wait()
