"""The advertising side of the story: who advertises what, who saw it, and which sales it led to."""

from __future__ import annotations

from simulator.world.ads.invoice_truth import invoice_truth
from simulator.world.ads.level_truth import level_truth
from simulator.world.ads.plan import AdsPlan, Touch
from simulator.world.ads.truth import truth

__all__ = ["AdsPlan", "Touch", "invoice_truth", "level_truth", "truth"]
