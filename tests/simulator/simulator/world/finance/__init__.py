"""The money side of the story: what Amazon charged, paid out, held back and took back."""

from __future__ import annotations

from simulator.world.finance.known import FinanceView
from simulator.world.finance.ledger import Ledger, Settlement
from simulator.world.finance.truth import truth

__all__ = ["FinanceView", "Ledger", "Settlement", "truth"]
