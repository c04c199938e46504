"""Ground truth of the money, added up straight from the ledger's charges and by nothing else.

No API projection is looked at: a mistake there must not repeat here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.world.events import ZERO
from simulator.world.finance.classes import class_of
from simulator.world.finance.events import Kind, Sort, Transaction
from simulator.world.finance.ledger import Settlement

if TYPE_CHECKING:
    from simulator.world import World

Row = dict[str, Any]
_WITH_ORDER = (Sort.SHIPMENT, Sort.REFUND)


def truth(world: World) -> dict[str, list[Row]]:
    """The finance sections.

    - ``settlements``: one row per settlement whose report is listed by now: settlement_id,
      group_id, region, marketplace_id, account_type, currency_code, start, end, total, lines,
      ``orders_part`` (lines of orders and refunds) and ``unallocated_part`` (the rest, moves
      between settlements included), ``carried_in`` (0 or negative), ``transfer`` (paid, sent_back,
      carried_on or charged), and ``classes``: Σ per class.
    - ``finance_days``: one row per marketplace, day of the marketplace's zone, basis, class and
      currency: basis ``event`` counts every transaction once, on the day it was first posted,
      deferred or not; basis ``cash`` counts what is free, on the day it was set free. Moves
      between settlements and transfers are in neither. ``unallocated`` is the part of ``amount``
      that belongs to no order.
    """
    return {"settlements": settlements(world), "finance_days": finance_days(world)}


def settlements(world: World) -> list[Row]:
    """See ``truth``."""
    return [
        _settlement(settlement)
        for region in world.sellers
        for settlement in world.finance.settlements(region)
    ]


def _settlement(settlement: Settlement) -> Row:
    period, total = settlement.period, ZERO
    classes: dict[str, Decimal] = defaultdict(lambda: ZERO)
    orders_part, carried, lines = ZERO, ZERO, 0
    for transaction in settlement.transactions:
        for charge in transaction.all_charges:
            total += charge.amount
            lines += 1
            classes[class_of(transaction, charge)] += charge.amount
            if transaction.sort in _WITH_ORDER:
                orders_part += charge.amount
            if charge.kind is Kind.CARRIED:
                carried += charge.amount
    fate = "sent_back" if settlement.is_failed else "paid"
    return {
        "settlement_id": settlement.settlement_id,
        "group_id": settlement.group_id,
        "region": period.market.region,
        "marketplace_id": period.market.marketplace_id,
        "account_type": period.account_type.value,
        "currency_code": period.market.currency_code,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "total": total,
        "lines": lines,
        "orders_part": orders_part,
        "unallocated_part": total - orders_part,
        "carried_in": carried,
        "transfer": fate if total > 0 else "carried_on" if settlement.is_carried else "charged",
        "classes": dict(sorted(classes.items())),
    }


def finance_days(world: World, since: datetime | None = None) -> list[Row]:
    """See ``truth``.

    ``since`` lets the ledger begin later than the world, as for a client that reads only the last
    weeks: a release whose deferred partner lies before it is then the only one to tell of the sale.
    """
    begin = since or world.finance.opened_at
    sums: dict[tuple[str, date, str, str], list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for transaction in _known(world, begin):
        day = transaction.market.day_of(transaction.posted_at)
        bases = []
        if transaction.releases is None or transaction.releases.posted_at < begin:
            bases.append("event")
        if transaction.deferral is None:
            bases.append("cash")
        for charge in transaction.all_charges:
            name = class_of(transaction, charge)
            for basis in bases:
                pair = sums[transaction.market.marketplace_id, day, basis, name]
                pair[0] += charge.amount
                pair[1] += ZERO if transaction.sort in _WITH_ORDER else charge.amount
    currencies = {market.marketplace_id: market.currency_code for market in world.markets}
    return [
        {
            "marketplace_id": marketplace_id,
            "day": day,
            "basis": basis,
            "class": name,
            "currency_code": currencies[marketplace_id],
            "amount": amount,
            "unallocated": unallocated,
        }
        for (marketplace_id, day, basis, name), (amount, unallocated) in sorted(sums.items())
    ]


def _known(world: World, begin: datetime) -> Iterator[Transaction]:
    """Every transaction that the API or a listed settlement report tells, each once."""
    seen: set[str] = set()
    for region in world.sellers:
        view = world.finance
        settled = (t for s in view.settlements(region) for t in s.transactions)
        for transaction in (*view.transactions(region), *settled):
            moves = transaction.sort in (Sort.TRANSFER, Sort.BALANCE)
            if moves or transaction.transaction_id in seen:
                continue
            seen.add(transaction.transaction_id)
            if transaction.posted_at >= begin:
                yield transaction
