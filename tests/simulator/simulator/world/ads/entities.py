"""What an advertiser has built: profiles, portfolios, campaigns and what is inside them.

Everything is fixed before it happens: a value that changes over time (a campaign's state, name,
budget) is a ``History`` of dated values, read with ``known``. Ids are text, as they reach 2**63.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeVar
from zoneinfo import ZoneInfo

from simulator.world.events import AdProduct
from simulator.world.marketplaces import BY_COUNTRY, Market
from simulator.world.randomness import chance

T = TypeVar("T")


def identifier(seed: int, owner: str, kind: str, place: object) -> str:
    """A 64-bit id; most lie beyond 2**53, where floats lose digits."""
    random = chance(seed, "ads-id", owner, kind, place)
    return str(random.randrange(10**14, random.choice((10**16, 2**63))))


History = tuple[tuple[date, T], ...]
"""Values with the profile's day from which each one holds, oldest first."""


def known(history: History[T], day: date) -> T:
    """The value that holds on a day (the first one before its own day, too)."""
    return next((value for since, value in reversed(history) if since <= day), history[0][1])


class State(StrEnum):
    """Whether an entity serves, in Sponsored Products' words."""

    ENABLED = "ENABLED"
    PAUSED = "PAUSED"
    ARCHIVED = "ARCHIVED"


@dataclass(frozen=True)
class Profile:
    """One advertising profile: an account in one marketplace."""

    profile_id: str
    country_code: str
    account_type: str
    """seller, vendor or agency."""
    access: str = "edit"
    """``view`` where the user may only look: such a profile hides from the default listing."""
    sub_type: str | None = None

    @property
    def market(self) -> Market:
        """The marketplace it advertises in."""
        return BY_COUNTRY[self.country_code]

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone of every date in its reports."""
        return ZoneInfo(self.market.ads_zone_name)

    def day_of(self, instant: datetime) -> date:
        """The profile's calendar day at an instant."""
        return instant.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        """The instant (UTC) at which a day of the profile begins."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """A named group of campaigns, maybe with a budget of its own."""

    portfolio_id: str
    name: str
    policy: str = "NO_CAP"
    """NO_CAP, MONTHLY_RECURRING or DATE_RANGE (from ``start`` to ``end``)."""
    budget: Decimal | None = None
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Ad:
    """What is shown: one offer, or for Sponsored Brands a creative with several products."""

    ad_id: str | None
    """NULL for a legacy Sponsored Brands ad."""
    asins: tuple[str, ...]
    sku: str | None
    """NULL for Sponsored Brands, whose ads name products and not offers."""
    state: State

    def advertised(self, asin: str) -> str:
        """The ASIN a sale of ``asin`` counts against: itself where the ad shows it."""
        return asin if asin in self.asins else self.asins[0]


@dataclass(frozen=True, slots=True)
class Target:
    """What an ad group bids on: a keyword, or a product, audience or automatic target."""

    target_id: str
    text: str
    match_type: str
    """BROAD, PHRASE, EXACT, TARGETING_EXPRESSION or TARGETING_EXPRESSION_PREDEFINED."""
    bid: Decimal
    state: State
    search_terms: tuple[str, ...]
    """What shoppers typed when it matched; ``*`` where they typed nothing."""

    @property
    def is_keyword(self) -> bool:
        """Whether it matches words and not products or people."""
        return self.match_type in {"BROAD", "PHRASE", "EXACT"}


class NegativeMatch(StrEnum):
    """What a negative target keeps away: words, one product, or a brand."""

    EXACT = "NEGATIVE_EXACT"
    PHRASE = "NEGATIVE_PHRASE"
    PRODUCT = "PRODUCT"
    BRAND = "BRAND"

    @property
    def is_keyword(self) -> bool:
        """Whether it matches words."""
        return self in {NegativeMatch.EXACT, NegativeMatch.PHRASE}


@dataclass(frozen=True, slots=True)
class Negative:
    """What ads are not shown for."""

    target_id: str
    text: str
    """Words, an ASIN, or a brand's id."""
    match: NegativeMatch
    state: State


@dataclass(frozen=True, slots=True)
class AdGroup:
    """Ads and the targets they are shown for."""

    ad_group_id: str
    name: str
    state: State
    default_bid: Decimal
    ads: tuple[Ad, ...]
    """The ads that are shown."""
    targets: tuple[Target, ...]
    """The targets that are bid on."""
    idle_ads: tuple[Ad, ...] = ()
    """Ads that lists show and nobody ever saw."""
    idle_targets: tuple[Target, ...] = ()
    """Targets that lists show and nobody was ever matched by."""
    negatives: tuple[Negative, ...] = ()

    @property
    def all_ads(self) -> tuple[Ad, ...]:
        """What lists show."""
        return (*self.ads, *self.idle_ads)

    @property
    def all_targets(self) -> tuple[Target, ...]:
        """What lists show."""
        return (*self.targets, *self.idle_targets)


@dataclass(frozen=True)
class Campaign:
    """One campaign with all it will ever be. Amounts are in the profile's currency."""

    campaign_id: str
    profile: Profile
    ad_product: AdProduct
    names: History[str]
    states: History[State]
    budgets: History[Decimal]
    start: date
    end: date | None
    portfolio: Portfolio | None
    cost_type: str
    """CPC, or VCPM (paid per thousand viewable impressions)."""
    targeting: str
    """SP: AUTO or MANUAL; SD: the tactic."""
    visits: float
    """Traffic events on an average day."""
    is_swept: bool
    """A bot clicks on every third of its days, and Amazon takes all of that day back."""
    is_legacy: bool
    """Sponsored Brands without multiple ad groups: reports tell nothing of it."""
    ad_groups: tuple[AdGroup, ...]
    """The ad groups whose ads are shown."""
    idle_ad_groups: tuple[AdGroup, ...] = ()
    """Ad groups that were set up and never launched."""
    negatives: tuple[Negative, ...] = ()
    """What none of its ads is shown for (Sponsored Products only)."""

    @property
    def all_ad_groups(self) -> tuple[AdGroup, ...]:
        """What lists show."""
        return (*self.ad_groups, *self.idle_ad_groups)

    def __hash__(self) -> int:
        """Cheap: equal campaigns have the same ids."""
        return hash((self.profile.profile_id, self.campaign_id))

    def serves(self, day: date) -> bool:
        """Whether its ads may be shown on a day of the profile."""
        return (
            self.start <= day
            and (self.end is None or day <= self.end)
            and known(self.states, day) is State.ENABLED
        )

    def state_inside(self, own: State, day: date) -> State:
        """The state of something inside: archiving a campaign archives all that is in it."""
        is_archived = known(self.states, day) is State.ARCHIVED
        return State.ARCHIVED if is_archived else own

    def changed_on(self, day: date) -> date:
        """The day of its last change known on ``day``."""
        changes = (since for line in (self.names, self.states, self.budgets) for since, _ in line)
        return max((since for since in changes if since <= day), default=self.start)
