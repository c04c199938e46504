"""What an advertiser has set up beside what runs: paused and archived things, and negatives.

Nobody ever sees or matches any of it, so that it changes no event; lists show it all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from simulator.world.ads.entities import (
    Ad,
    AdGroup,
    Negative,
    NegativeMatch,
    Profile,
    State,
    Target,
    identifier,
)
from simulator.world.events import AdProduct, Listing
from simulator.world.randomness import chance

SP, SB, SD = AdProduct
_LAUNCHED_LATER_EVERY = 3
_WORDS = (
    "cheap",
    "second hand",
    "repair",
    "toy",
    "rental",
    "wholesale",
    'the "real" one',
    "ricambi",
)


class Idle:
    """Adds to the ad groups of one profile what never serves."""

    def __init__(self, seed: int, profile: Profile, listings: Sequence[Listing]) -> None:
        self._seed, self._profile, self._listings = seed, profile, listings

    def ads(self, product: AdProduct, place: str) -> tuple[Ad, ...]:
        """An ad that was taken down. Brands ads are replaced in place, and leave none."""
        if product is SB:
            return ()
        offer = self._random("ads", product, place).choice(self._listings)
        ad_id = self._identifier(f"{product} idle ad", place)
        return (Ad(ad_id, (offer.asin,), offer.seller_sku, State.ARCHIVED),)

    def targets(
        self, product: AdProduct, place: str, targeting: str, bid: Decimal
    ) -> tuple[Target, ...]:
        """A paused and an archived keyword where keywords are bid on, else a paused target."""
        random = self._random("targets", product, place)
        if product is SD:
            kinds = [("views=(similar-product)", "TARGETING_EXPRESSION", State.PAUSED)]
        elif targeting == "AUTO":
            kinds = []
        else:
            asin = random.choice(self._listings).asin
            kinds = [
                (f"{random.choice(_WORDS)} pan", "PHRASE", State.PAUSED),
                (f"{random.choice(_WORDS)} pot", "EXACT", State.ARCHIVED),
                (f'asin="{asin}"', "TARGETING_EXPRESSION", State.ARCHIVED),
            ]
        return tuple(
            Target(
                self._identifier(f"{product} idle target", f"{place}/{number}"),
                text, match_type, bid, state, (),
            )
            for number, (text, match_type, state) in enumerate(kinds)
        )  # fmt: skip

    def negatives(self, product: AdProduct, place: str) -> tuple[Negative, ...]:
        """What an ad group keeps away; Display knows no negative keywords."""
        random = self._random("negatives", product, place)
        words = random.sample(_WORDS, 2)
        keywords = [
            (words[0], NegativeMatch.EXACT, State.ENABLED),
            (words[1], NegativeMatch.PHRASE, State.ARCHIVED),
        ]
        return self._negatives(
            product, place, [*(() if product is SD else keywords), *self._products(random)]
        )

    def campaign_negatives(self, product: AdProduct, place: str) -> tuple[Negative, ...]:
        """What a whole campaign keeps away, which only Sponsored Products can say."""
        if product is not SP:
            return ()
        random = self._random("campaign negatives", product, place)
        words = (random.choice(_WORDS), NegativeMatch.PHRASE, State.ENABLED)
        return self._negatives(product, f"{place} campaign", [words, *self._products(random)[:1]])

    def ad_groups(
        self, product: AdProduct, place: str, targeting: str, index: int
    ) -> tuple[AdGroup, ...]:
        """A paused ad group of every third campaign."""
        if index % _LAUNCHED_LATER_EVERY or product is SB:
            return ()
        inside, bid = f"{place}/later", self._profile.market.money(Decimal("0.75"))
        group = AdGroup(
            self._identifier(f"{product} idle ad group", place),
            "Launch later", State.PAUSED, bid, (), (),
            self.ads(product, inside), self.targets(product, inside, targeting, bid),
        )  # fmt: skip
        return (group,)

    def _products(self, random: Random) -> list[tuple[str, NegativeMatch, State]]:
        return [
            (random.choice(self._listings).asin, NegativeMatch.PRODUCT, State.ENABLED),
            (str(random.randrange(10**9, 10**10)), NegativeMatch.BRAND, State.ENABLED),
        ]

    def _negatives(
        self, product: AdProduct, place: str, kinds: list[tuple[str, NegativeMatch, State]]
    ) -> tuple[Negative, ...]:
        return tuple(
            Negative(self._identifier(f"{product} negative", f"{place}/{n}"), text, match, state)
            for n, (text, match, state) in enumerate(kinds)
        )

    def _random(self, subject: str, product: AdProduct, place: str) -> Random:
        return chance(self._seed, "idle", subject, self._profile.profile_id, product, place)

    def _identifier(self, kind: str, place: str) -> str:
        return identifier(self._seed, self._profile.profile_id, kind, place)
