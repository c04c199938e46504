"""What a report type is, and how one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.faults import Fault, Kind
from simulator.world import World
from simulator.world.marketplaces import MARKETS, Market

NEAR_REAL_TIME = timedelta(minutes=30)
DAILY = timedelta(hours=4)
"""How long Amazon keeps to a report of FBA before it makes another one."""


@dataclass(frozen=True)
class Asked:
    """One request of a report: the world it is told from, and what createReport was given."""

    world: World
    region: str
    marketplace_ids: tuple[str, ...]
    start: datetime
    end: datetime
    options: Mapping[str, str] = field(default_factory=dict)
    fault: Fault | None = None

    @property
    def markets(self) -> list[Market]:
        """The marketplaces named in which the seller lists anything."""
        return [MARKETS[marketplace_id] for marketplace_id in self.marketplace_ids]

    def suffers(self, kind: Kind) -> bool:
        """Whether a fault of this kind happens to the report."""
        return self.fault is not None and self.fault.fault is kind


@dataclass(frozen=True)
class ReportType:
    """How one report is made; None from ``render`` means that there is no data."""

    render: Callable[[Asked], bytes | None]
    content_type: Callable[[Asked], str]
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The values that each of its options takes."""
    regeneration: timedelta | None = None
    """How long Amazon lets a second, equal request end FATAL without a document."""
    has_window: bool = False
    """Whether both times must be given."""
    one_marketplace: bool = False
