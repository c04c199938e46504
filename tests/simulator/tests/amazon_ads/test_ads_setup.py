"""What an advertiser has beside what serves: idle things, invoices, further large profiles."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from simulator.world import World, build
from simulator.world.ads.billing import invoices
from simulator.world.ads.profiles import seller_profile

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
OPENED = date(2026, 9, 10)


@pytest.fixture(scope="module")
def world() -> World:
    return build(7, "small", NOW, OPENED)


def test_three_profiles_of_one_region_can_be_as_large_as_the_first() -> None:
    large, three = build(7, "large", NOW), build(7, "large-three-profiles", NOW)
    for country in ("US", "CA", "MX"):
        profile = seller_profile(country)
        steady = [c for c in three.ads.campaigns(profile) if c.start <= NOW.date()]
        assert len(steady) >= 300
    us = seller_profile("US")
    assert three.ads.campaigns(us) == large.ads.campaigns(us)


def test_what_never_serves_has_ids_of_its_own_and_no_visits(world: World) -> None:
    us = seller_profile("US")
    ids, idle = [], set()
    for campaign in world.ads.campaigns(us):
        for group in campaign.all_ad_groups:
            targets = [target.target_id for target in group.all_targets]
            negatives = [excluded.target_id for excluded in group.negatives]
            ads = [ad.ad_id for ad in group.all_ads if ad.ad_id]
            ids += [group.ad_group_id, *targets, *negatives, *ads]
            idle |= {target.target_id for target in group.idle_targets}
        ids += [excluded.target_id for excluded in campaign.negatives]
    assert len(set(ids)) == len(ids)
    seen = {
        visits.target.target_id
        for campaign in world.ads.campaigns(us)
        for days in range(0, 70, 5)
        for visits in world.ads.visits(campaign, OPENED + timedelta(days))
    }
    assert idle
    assert not idle & seen


def test_an_invoice_does_not_change_once_it_is_issued(world: World) -> None:
    us = seller_profile("US")
    then = invoices(world.ads, world.seed, us, world.opened, NOW)
    later = invoices(world.ads, world.seed, us, world.opened, NOW + timedelta(days=9))
    issued = [invoice for invoice in then if invoice.status in {"ISSUED", "PAID_IN_FULL"}]
    assert len(issued) >= 3
    assert [(i.invoice_id, i.lines) for i in issued] == [
        (i.invoice_id, i.lines) for i in later[: len(issued)]
    ]
