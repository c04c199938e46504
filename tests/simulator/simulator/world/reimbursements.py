"""What Amazon pays for goods that it lost or spoilt, and takes back: as the ledger has it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.world.finance.events import Kind, Part, Transaction
from simulator.world.randomness import chance

if TYPE_CHECKING:
    from simulator.world.history import World

_REASONS = {
    Kind.WAREHOUSE_DAMAGE: "Damaged_Warehouse",
    Kind.WAREHOUSE_LOST: "Lost_Warehouse",
    Kind.CLAWBACK: "Reimbursement_Reversal",
}


@dataclass(frozen=True, slots=True)
class Reimbursement:
    """One transaction of the ledger, with what the reimbursement report says besides."""

    transaction: Transaction
    part: Part
    reimbursement_id: str
    reason: str
    original: Reimbursement | None
    """What a reversal takes back."""

    @property
    def amount(self) -> Decimal:
        """The money; negative for a reversal."""
        return self.part.total


@lru_cache(maxsize=4)
def reimbursements(world: World, region: str) -> tuple[Reimbursement, ...]:
    """A seller's reimbursements and reversals known by now, by instant."""
    found: list[Reimbursement] = []
    for transaction in world.finance.transactions(region):
        for part in transaction.parts:
            (kind, *_) = (charge.kind for charge in part.charges)
            if kind in _REASONS:
                original = _original(found, part) if kind is Kind.CLAWBACK else None
                number = chance("reimbursement", transaction.transaction_id).randrange(10**10)
                found.append(
                    Reimbursement(transaction, part, f"{number + 10**10}", _REASONS[kind], original)
                )
    return tuple(found)


def _original(before: list[Reimbursement], part: Part) -> Reimbursement | None:
    """The latest payment for the same goods; one from before the story is not known."""
    fitting = [one for one in before if one.part.sku == part.sku and one.amount == -part.total]
    return fitting[-1] if fitting else None
