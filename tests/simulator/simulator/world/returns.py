"""What customers send back to Amazon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from simulator.world import inventory, warehouses
from simulator.world.events import FulfilledBy, Order, OrderItem
from simulator.world.marketplaces import MARKETS
from simulator.world.randomness import chance

if TYPE_CHECKING:
    from simulator.world.history import World

_REASONS = ("CUSTOMER_DAMAGED", "DEFECTIVE", "NOT_AS_DESCRIBED", "UNWANTED_ITEM", "SWITCHEROO")
_COMMENTS = (None, None, "Box was open", "Zu klein, schade", "箱が潰れていました")


@dataclass(frozen=True, slots=True)
class CustomerReturn:
    """Units of one order line that are back in a fulfilment centre."""

    returned_at: datetime
    order: Order
    item: OrderItem
    quantity: int
    is_sellable: bool
    reason: str
    centre: str
    license_plate: str
    comment: str | None


@lru_cache(maxsize=4)
def customer_returns(world: World) -> tuple[CustomerReturn, ...]:
    """The returns of all pools by now, by instant."""
    found = [
        _return(world.seed, order, item, back)
        for order in world.orders
        if order.fulfilled_by is FulfilledBy.AMAZON
        for item in order.items
        if (back := inventory.back_at(item)) and back <= world.now
    ]
    return tuple(sorted(found, key=lambda one: (one.returned_at, one.item.order_item_id)))


def _return(seed: int, order: Order, item: OrderItem, back: datetime) -> CustomerReturn:
    random = chance(seed, "customer-return", item.order_item_id)
    market = MARKETS[order.marketplace_id]
    country = warehouses.country_of(seed, market.pool, item.fn_sku or "")
    return CustomerReturn(
        returned_at=back,
        order=order,
        item=item,
        quantity=item.refund.quantity if item.refund else 0,
        is_sellable=inventory.is_sellable_again(seed, item),
        reason=random.choice(_REASONS),
        centre=warehouses.centre_of(seed, country, item.order_item_id),
        license_plate=f"LPN{random.choice('RNP')}{random.randrange(10**9):09d}",
        comment=random.choice(_COMMENTS),
    )
