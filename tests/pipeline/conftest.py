"""Whole runs: a real PostgreSQL, the simulator over HTTP, the real taps, target and dbt."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pipeline import Pipeline
from singer import LoneTap, Received

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
    pipeline.load()
    pipeline.build()
    return pipeline


@pytest.fixture(scope="session")
def simulator() -> Iterator[Running]:
    """A simulator for taps alone, without faults at the beginning of each test."""
    with running() as simulator:
        yield simulator


@pytest.fixture
def lone_tap(simulator: Running, tmp_path: Path) -> Iterator[Callable[[str], LoneTap]]:
    """Makes taps without a target; whatever still runs in the end is killed."""
    made: list[LoneTap] = []
    simulator.faults.clear()
    simulator.calls.reset()

    def make(name: str) -> LoneTap:
        made.append(LoneTap(name, simulator, tmp_path))
        return made[-1]

    yield make
    simulator.faults.clear()
    for tap in made:
        if tap.child is not None:
            tap.child.kill()
            tap.child.wait()


@pytest.fixture(scope="session")
def uninterrupted(
    simulator: Running, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Received]:
    """What a target holds after a first sync of a tap that nothing disturbed."""

    @cache
    def received(name: str) -> Received:
        simulator.faults.clear()
        tap = LoneTap(name, simulator, tmp_path_factory.mktemp("whole"))
        code, lines = tap.run()
        assert code == 0, tap.log[-3000:]
        return Received().take(lines)

    return received
