"""The advertising side of the story: who advertises what, who saw it, and which sales it led to."""

from __future__ import annotations

from simulator.world.ads.plan import AdsPlan, Touch
from simulator.world.ads.truth import truth

__all__ = ["AdsPlan", "Touch", "truth"]
