"""The world: one merchant's story, a pure function of (seed, size, now).

Every draw is addressed by seed and subject, never by ``now``: a later ``now`` shows more of the
same story (orders ship or cancel, numbers restate) and never another one.
"""

from __future__ import annotations

from simulator.world.history import World, build

__all__ = ["World", "build"]
