"""Builds a profile's campaigns: a few of every kind, each with its ad groups, ads and targets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from random import Random

from simulator.world.ads.entities import (
    Ad,
    AdGroup,
    Campaign,
    Portfolio,
    Profile,
    State,
    Target,
    identifier,
)
from simulator.world.ads.idle import Idle
from simulator.world.ads.lives import FOUNDED, Life, alternating, lives
from simulator.world.ads.wording import campaign_name, keyword, searches
from simulator.world.events import AdProduct, Listing
from simulator.world.randomness import Wheel, chance

SP, SB, SD = AdProduct
_LEGACY_INDEX, _SWEPT_INDEX = 2, 1
_AUTO_TARGETS = ("close-match", "loose-match", "substitutes", "complements")
_AUDIENCES = ("views=(exact-product)", "views=(related-product)", "purchases=(lookback=30)")


class Builder:
    """Builds the campaigns of one profile, each from its own chance."""

    def __init__(self, seed: int, profile: Profile, listings: Sequence[Listing]) -> None:
        self._seed, self._profile = seed, profile
        self._offers = Wheel(listings, [listing.weight or 1 for listing in listings])
        self._idle = Idle(seed, profile, listings)
        self._portfolios = portfolios(seed, profile)

    def build(self, count: int) -> tuple[Campaign, ...]:
        """Campaigns at ``count`` positions over the three ad products (none of an empty shelf)."""
        if not self._offers or not count:
            return ()
        displays, brands = max(1, count // 6), max(1, round(count / 4))
        shares = {SP: max(0, count - displays - brands), SB: brands, SD: displays}
        return tuple(
            self._campaign(product, index, life)
            for product, share in shares.items()
            for index in range(share)
            for life in lives(product, index)
        )

    def _campaign(self, product: AdProduct, index: int, life: Life) -> Campaign:
        profile = self._profile
        place = str(index) if life.season is None else f"{index}.{life.season}"
        random = chance(self._seed, "ads", profile.profile_id, product, place)
        # Ids are unique within a profile only: the first one is the same all over the region.
        owner = profile.market.region if index == 0 else profile.profile_id
        name = campaign_name(product, place)
        budget = profile.market.money(Decimal(random.randrange(15, 120)))
        targeting, cost_type = _kind(product, index)
        is_legacy = product is SB and index == _LEGACY_INDEX and profile.country_code == "US"
        return Campaign(
            self._identifier(product, place, owner),
            profile,
            product,
            names=alternating(name, f"{name} (2)", life.start, 7)
            if index == 0
            else ((life.start, name),),
            states=life.states,
            budgets=alternating(budget, budget * 2, life.start, index),
            start=life.start,
            end=life.end,
            portfolio=self._portfolios[index % 2] if index % 3 else None,
            cost_type=cost_type,
            targeting=targeting,
            visits=random.uniform(4, 12),
            is_swept=product is SP and index == _SWEPT_INDEX,
            is_legacy=is_legacy,
            ad_groups=tuple(
                self._ad_group(
                    random, product, f"{place}/{n}", f"Ad group {n}", targeting, is_legacy
                )
                for n in range(1, 3 if product is SP else 2)
            ),
            idle_ad_groups=self._idle.ad_groups(product, place, targeting, index),
            negatives=self._idle.campaign_negatives(product, place),
        )

    def _ad_group(
        self,
        random: Random,
        product: AdProduct,
        place: str,
        name: str,
        targeting: str,
        is_legacy: bool,
    ) -> AdGroup:
        bid = self._profile.market.money(Decimal(random.randrange(45, 160)) / 100)
        return AdGroup(
            self._identifier(f"{product} ad group", place),
            name,
            State.ENABLED,
            bid,
            self._ads(random, product, place, is_legacy),
            tuple(self._targets(random, product, place, targeting, bid)),
            self._idle.ads(product, place),
            self._idle.targets(product, place, targeting, bid),
            self._idle.negatives(product, place),
        )

    def _ads(
        self, random: Random, product: AdProduct, place: str, is_legacy: bool
    ) -> tuple[Ad, ...]:
        offers = list({(o := self._offers.spin(random)).asin: o for _ in range(3)}.values())
        if product is SB:
            ad_id = None if is_legacy else self._identifier(f"{product} ad", place)
            return (Ad(ad_id, tuple(offer.asin for offer in offers), None, State.ENABLED),)
        return tuple(
            Ad(
                self._identifier(f"{product} ad", f"{place}/{n}"),
                (offer.asin,),
                offer.seller_sku,
                State.ENABLED,
            )
            for n, offer in enumerate(offers)
        )

    def _targets(
        self, random: Random, product: AdProduct, place: str, targeting: str, bid: Decimal
    ) -> list[Target]:
        def target(text: str, match_type: str, terms: tuple[str, ...] = ("*",)) -> Target:
            identifier = self._identifier(f"{product} target", f"{place}/{text}/{match_type}")
            return Target(identifier, text, match_type, bid, State.ENABLED, terms)

        if product is SD:
            return [target(text, "TARGETING_EXPRESSION") for text in _AUDIENCES]
        asin = self._offers.spin(random).asin
        typed = (asin.lower(), *searches(random, "kitchen", "BROAD"))
        if targeting == "AUTO":
            return [
                target(text, "TARGETING_EXPRESSION_PREDEFINED", typed) for text in _AUTO_TARGETS
            ]
        taken: set[str] = set()
        matches = ("EXACT", "PHRASE", "BROAD") * 3
        keywords = [(keyword(random, taken), match) for match in matches]
        return [
            *(target(text, match, searches(random, text, match)) for text, match in keywords),
            target(f'asin="{asin}"', "TARGETING_EXPRESSION", (asin.lower(),)),
        ]

    def _identifier(self, kind: str, place: object, owner: str | None = None) -> str:
        return identifier(self._seed, owner or self._profile.profile_id, kind, place)


def portfolios(seed: int, profile: Profile) -> tuple[Portfolio, ...]:
    """A profile's portfolios; the last one holds no campaign."""
    kinds: tuple[tuple[str, str, int | None, date | None, date | None], ...] = (
        ("Always on", "NO_CAP", None, None, None),
        ("Q4 & Black Friday", "MONTHLY_RECURRING", 5000, FOUNDED, None),
        ("Frühjahr 2026", "DATE_RANGE", 900, date(2026, 3, 1), date(2026, 5, 31)),
    )
    return tuple(
        Portfolio(
            identifier(seed, profile.profile_id, "portfolio", number), name, policy,
            profile.market.money(Decimal(budget)) if budget else None, start, end,
        )
        for number, (name, policy, budget, start, end) in enumerate(kinds)
    )  # fmt: skip


def _kind(product: AdProduct, index: int) -> tuple[str, str]:
    """Targeting (or tactic) and cost type by position."""
    if product is SP:
        return ("AUTO" if index % 4 == 1 else "MANUAL"), "CPC"
    if product is SB:
        return "MANUAL", ("VCPM" if index % 3 == 1 else "CPC")
    return ("T00020", "CPC") if index % 2 else ("T00030", "VCPM")
