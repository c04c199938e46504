"""All advertising of a world, and which ad (if any) led to an order item."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache, partial
from random import Random

from simulator.world.ads.campaigns import Builder, portfolios
from simulator.world.ads.creatives import Asset, Creative, creatives, library
from simulator.world.ads.entities import Ad, AdGroup, Campaign, Portfolio, Profile
from simulator.world.ads.profiles import PROFILES, is_advertiser, seller_profile
from simulator.world.ads.traffic import Visits, visits_of_day
from simulator.world.events import AdProduct, AdTouch, Listing
from simulator.world.marketplaces import BY_COUNTRY, MARKETS
from simulator.world.randomness import Wheel, between, chance
from simulator.world.sizes import Size

ADVERTISED_SHARE = 0.45
"""Order items that an ad has led to, where a fitting one ran."""
SAME_PRODUCT_SHARE = 0.75
_ATTEMPTS = 8
_KEPT_DAYS = 25_000
"""Campaign days kept in memory, or more: what a first sync asks for (60 to 90 days)."""
_KEPT_DAYS_PER_CAMPAIGN = 90
_VIEW_ONLY_CAMPAIGNS = 3
# Days between ad and order, with weights; the last lies beyond every attribution window.
_LAGS: Wheel[tuple[float, float]] = Wheel(
    [(0.01, 0.9), (1, 7), (7, 14), (14, 30), (30, 38)], [40, 28, 14, 11, 7]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch(AdTouch):
    """An ad interaction with what only advertising knows of the sale."""

    visits: Visits
    """The burst of visits that the click or view was one of."""
    new_to_brand: bool
    """The shopper's first order of the brand within a year."""
    reported_at: datetime
    """From when ad reports count the sale; the order may be known earlier."""


class AdsPlan:
    """Profiles, campaigns and visits: fixed by seed, size and listings.

    Independent of ``now``. Campaigns and visits come into being when first asked for.
    """

    def __init__(self, seed: int, size: Size, listings: Sequence[Listing]) -> None:
        self._seed, self._size = seed, size
        self._listings: dict[str, list[Listing]] = defaultdict(list)
        for listing in listings:
            self._listings[listing.marketplace_id].append(listing)
        self._campaigns: dict[str, tuple[Campaign, ...]] = {}
        kept = max(_KEPT_DAYS, sum(size.campaigns.values()) * _KEPT_DAYS_PER_CAMPAIGN)
        self._visits = lru_cache(maxsize=kept)(partial(visits_of_day, seed))
        self._pickers: dict[str, _Picker] = {}

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every profile, advertisers or not."""
        return PROFILES

    def campaigns(self, profile: Profile) -> tuple[Campaign, ...]:
        """All campaigns a profile ever has, by ad product and position."""
        if profile.profile_id not in self._campaigns:
            self._campaigns[profile.profile_id] = self._build(profile)
        return self._campaigns[profile.profile_id]

    def offers(self, profile: Profile) -> list[Listing]:
        """What a profile advertises: the offers of its marketplace.

        The view-only profile shows what the merchant sells next door.
        """
        own = self._listings[profile.market.marketplace_id]
        return own if profile.access == "edit" else self._listings[BY_COUNTRY["US"].marketplace_id]

    def portfolios(self, profile: Profile) -> tuple[Portfolio, ...]:
        """A profile's portfolios, empty ones included."""
        return portfolios(self._seed, profile) if self.campaigns(profile) else ()

    def assets(self, profile: Profile) -> tuple[Asset, ...]:
        """The files of a profile's asset library."""
        return library(self._seed, profile) if self.campaigns(profile) else ()

    def creatives(self, campaign: Campaign, group: AdGroup, ad: Ad) -> tuple[Creative, ...]:
        """The versions of what a Brands or Display ad shows, oldest first."""
        return creatives(self._seed, campaign, group, ad)

    def visits(self, campaign: Campaign, day: date) -> tuple[Visits, ...]:
        """Everything that ever happened to a campaign's ads on a day of its profile."""
        return self._visits(campaign, day)

    def touch(
        self, marketplace_id: str, asin: str, order_item_id: str, placed_at: datetime
    ) -> AdTouch | None:
        """The ad interaction that led to an order item, or None for an organic sale.

        Depends on its arguments alone. The click or view is one of the visits that happened anyway,
        at most 38 days (and some hours) before the order.
        """
        random = chance(self._seed, "touch", order_item_id)
        if random.random() >= ADVERTISED_SHARE:
            return None
        picker = self._picker(marketplace_id)
        attempts = range(_ATTEMPTS if picker else 0)
        touches = (self._attempt(random, picker, asin, placed_at) for _ in attempts if picker)
        return next(filter(None, touches), None)

    def _attempt(
        self, random: Random, picker: _Picker, asin: str, placed_at: datetime
    ) -> Touch | None:
        campaign = picker.pick(random, asin)
        low, high = _LAGS.spin(random)
        wanted = placed_at - timedelta(days=random.uniform(low, high))
        is_view = campaign.ad_product is not AdProduct.SPONSORED_PRODUCTS and random.random() < (
            0.6 if campaign.cost_type == "VCPM" else 0.25
        )
        led = [
            visits
            for visits in self.visits(campaign, campaign.profile.day_of(wanted))
            if visits.at < placed_at
            and (visits.viewable_impressions if is_view else visits.clicks > visits.invalid_clicks)
        ]
        same = [visits for visits in led if asin in visits.ad.asins]
        if not led:
            return None
        return _touch(random, random.choice(same or led), asin, placed_at, is_view)

    def _picker(self, marketplace_id: str) -> _Picker | None:
        if marketplace_id not in self._pickers:
            profile = seller_profile(MARKETS[marketplace_id].country_code)
            self._pickers[marketplace_id] = _Picker(self.campaigns(profile) if profile else ())
        return self._pickers[marketplace_id] or None

    def _build(self, profile: Profile) -> tuple[Campaign, ...]:
        if not is_advertiser(profile):
            return ()
        least = _VIEW_ONLY_CAMPAIGNS if profile.access == "view" else 0
        count = self._size.campaigns.get(profile.country_code, least)
        return Builder(self._seed, profile, self.offers(profile)).build(count)


class _Picker:
    """Chooses the campaign that may have led to the sale of an ASIN."""

    def __init__(self, campaigns: Iterable[Campaign]) -> None:
        # Reports tell nothing of legacy campaigns, so no sale can be theirs.
        self._all = _by_visits([campaign for campaign in campaigns if not campaign.is_legacy])
        showing: dict[str, dict[int, Campaign]] = defaultdict(dict)
        for campaign in self._all:
            for group in campaign.ad_groups:
                for ad in group.ads:
                    for asin in ad.asins:
                        showing[asin][id(campaign)] = campaign
        self._showing = {asin: _by_visits(list(found.values())) for asin, found in showing.items()}

    def __len__(self) -> int:
        return len(self._all)

    def pick(self, random: Random, asin: str) -> Campaign:
        """A campaign, mostly one that shows the ASIN."""
        showing = self._showing.get(asin)
        is_same = showing is not None and random.random() < SAME_PRODUCT_SHARE
        return (showing if showing and is_same else self._all).spin(random)


def _by_visits(campaigns: list[Campaign]) -> Wheel[Campaign]:
    return Wheel(campaigns, [campaign.visits for campaign in campaigns])


def _touch(random: Random, visits: Visits, asin: str, placed_at: datetime, is_view: bool) -> Touch:
    campaign = visits.campaign
    # Amazon models some Display sales without knowing which target they belong to.
    is_unallocated = campaign.ad_product is AdProduct.SPONSORED_DISPLAY and random.random() < 0.15
    return Touch(
        profile_id=campaign.profile.profile_id,
        marketplace_id=campaign.profile.market.marketplace_id,
        ad_product=campaign.ad_product,
        campaign_id=campaign.campaign_id,
        ad_group_id=visits.ad_group.ad_group_id,
        at=visits.at,
        kind="view" if is_view else "click",
        advertised_asin=visits.ad.advertised(asin),
        ad_id=visits.ad.ad_id,
        target_id=None if is_unallocated else visits.target.target_id,
        search_term=visits.search_term,
        visits=visits,
        new_to_brand=random.random() < 0.35,
        reported_at=placed_at + between(random, timedelta(minutes=10), timedelta(hours=20)),
    )
