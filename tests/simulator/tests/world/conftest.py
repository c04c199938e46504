"""One world for all tests that only look at it."""

from __future__ import annotations

import pytest

from simulator.testing import NOW
from simulator.world import World, build


@pytest.fixture(scope="session")
def world() -> World:
    return build(7, "small", NOW)
