"""How big a world is: the only numbers that tell the small world from the large one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Size:
    """Volumes of a world. Days count back from the day of ``now`` when the world is first built."""

    name: str
    products: int
    history_days: int
    orders_per_day: float
    """Amazon-channel orders of all marketplaces together, on an average day."""
    shares: dict[str, float]
    """Part of the orders by country: where the merchant sells."""
    shop_orders_per_day: float
    campaigns: dict[str, int]
    """Campaigns per selling country, over the three ad products."""
    inventory_page: int
    """Rows per page of getInventorySummaries (Amazon does not publish its own; about 50)."""
    listed: frozenset[str] = field(default_factory=frozenset)
    """Countries with listings and stock (of a pool) but without sales."""
    invoiced: frozenset[str] = field(default_factory=frozenset)
    """Countries where orders by invoice have a settlement account of their own."""

    @property
    def participating(self) -> frozenset[str]:
        """Countries in which the seller account takes part."""
        return self.listed | self.shares.keys()


SMALL = Size(
    name="small",
    products=25,
    history_days=75,
    orders_per_day=16.0,
    shares={"US": 0.42, "CA": 0.13, "UK": 0.17, "DE": 0.18, "JP": 0.10},
    shop_orders_per_day=4.0,
    campaigns={"US": 12, "CA": 6, "UK": 7, "DE": 8, "JP": 5},
    inventory_page=10,
    listed=frozenset({"FR", "IT", "ES"}),
    invoiced=frozenset({"US", "DE"}),
)
LARGE = Size(
    name="large",
    products=300,
    history_days=75,
    orders_per_day=166.0,
    shares={"US": 0.78, "CA": 0.22},
    shop_orders_per_day=40.0,
    campaigns={"US": 300},
    inventory_page=50,
)
THREE_PROFILES = replace(
    LARGE, name="large-three-profiles", campaigns={"US": 300, "CA": 300, "MX": 300}
)
"""The large world with as many campaigns in two more profiles of the same region."""
SIZES: dict[str, Size] = {size.name: size for size in (SMALL, LARGE, THREE_PROFILES)}
