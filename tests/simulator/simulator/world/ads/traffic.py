"""Impressions and clicks: what happened to a campaign's ads on one day of its profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from simulator.world.ads.entities import Ad, AdGroup, Campaign, Target
from simulator.world.events import ZERO, AdProduct
from simulator.world.randomness import between, chance, whole

REVIEWED_AFTER = timedelta(days=3)
"""How long after a visit Amazon strikes out its invalid part."""
SHOWN_WITHIN = timedelta(hours=6)
"""The longest that a visit takes to show in reports."""
OFF_AMAZON = "Off Amazon"
PLACEMENTS = (
    "Top of Search on-Amazon",
    "Detail Page on-Amazon",
    "Other on-Amazon",
    OFF_AMAZON,
)


@dataclass(frozen=True, slots=True)
class Visits:
    """A burst of visits: one ad shown for one target, with every later correction of it.

    Costs are exact and additive: each click's price, plus what viewable impressions cost together.
    """

    campaign: Campaign
    ad_group: AdGroup
    ad: Ad
    target: Target
    search_term: str
    placement: str
    at: datetime
    reported_at: datetime
    """From when reports count it."""
    impressions: int
    viewable_impressions: int
    clicks: int
    invalid_impressions: int
    invalid_clicks: int
    """Counted until ``reviewed_at``, then no more; their cost is given back."""
    click_price: Decimal
    view_cost: Decimal
    detail_page_views: int
    branded_searches: int

    @property
    def is_told_by_target(self) -> bool:
        """Whether reports by keyword, target or search term count it.

        They miss what happened off Amazon, so that they add up to less than the campaign does;
        Display ads, most of which are shown there, are told in full.
        """
        is_display = self.campaign.ad_product is AdProduct.SPONSORED_DISPLAY
        return is_display or self.placement != OFF_AMAZON

    @property
    def reviewed_at(self) -> datetime:
        """From when reports no longer count the invalid part."""
        return self.at + REVIEWED_AFTER


def visits_of_day(seed: int, campaign: Campaign, day: date) -> tuple[Visits, ...]:
    """Everything that ever happened to a campaign on a day of its profile, by instant."""
    if not campaign.serves(day):
        return ()
    random = chance(seed, "visits", campaign.profile.profile_id, campaign.campaign_id, day)
    opens = campaign.profile.midnight(day)
    closes = campaign.profile.midnight(day + timedelta(days=1))
    if campaign.is_swept and day.toordinal() % 3 == 0:
        return (_bot_visits(random, campaign, opens, closes),)
    count = max(1, round(random.gauss(campaign.visits, campaign.visits**0.5)))
    bursts = (_visits(random, campaign, opens, closes) for _ in range(count))
    return tuple(sorted(bursts, key=lambda burst: burst.at))


def _visits(random: Random, campaign: Campaign, opens: datetime, closes: datetime) -> Visits:
    is_paid_by_view = campaign.cost_type == "VCPM"
    impressions = random.randint(40, 600) * (4 if is_paid_by_view else 1)
    viewable = int(impressions * random.uniform(0.45, 0.8))
    clicks = whole(random, impressions * (0.0002 if is_paid_by_view else 0.003))
    invalid = int(clicks > 0 and random.random() < 0.2)
    return _burst(
        random, campaign, opens, closes, impressions, viewable, clicks,
        invalid_impressions=invalid * 2, invalid_clicks=invalid,
    )  # fmt: skip


def _bot_visits(random: Random, campaign: Campaign, opens: datetime, closes: datetime) -> Visits:
    clicks = random.randint(2, 5)
    seen = clicks * 4
    return _burst(
        random, campaign, opens, closes, seen, seen, clicks,
        invalid_impressions=seen, invalid_clicks=clicks,
    )  # fmt: skip


def _burst(
    random: Random,
    campaign: Campaign,
    opens: datetime,
    closes: datetime,
    impressions: int,
    viewable: int,
    clicks: int,
    *,
    invalid_impressions: int,
    invalid_clicks: int,
) -> Visits:
    # Fewer visits at night: the mean of two draws leans to midday.
    share = (random.random() + random.random()) / 2
    at = opens + timedelta(seconds=int(share * (closes - opens).total_seconds()))
    group = random.choice(campaign.ad_groups)
    target = random.choice(group.targets)
    minor = campaign.profile.market.minor_unit
    is_paid_by_view = campaign.cost_type == "VCPM"
    return Visits(
        campaign=campaign,
        ad_group=group,
        ad=random.choice(group.ads),
        target=target,
        search_term=random.choice(target.search_terms),
        placement=random.choice(PLACEMENTS),
        at=at,
        reported_at=at + between(random, timedelta(minutes=5), SHOWN_WITHIN),
        impressions=impressions,
        viewable_impressions=viewable,
        clicks=clicks,
        invalid_impressions=invalid_impressions,
        invalid_clicks=invalid_clicks,
        click_price=ZERO
        if is_paid_by_view
        else (target.bid * random.randint(55, 100) / 100).quantize(minor),
        # Fractions of a cent, as Amazon reports them for impressions paid by the thousand.
        view_cost=(target.bid * viewable / 500).quantize(minor / 100 if minor < 1 else minor)
        if is_paid_by_view
        else ZERO,
        detail_page_views=clicks - invalid_clicks,
        branded_searches=int(random.random() < 0.1),
    )
