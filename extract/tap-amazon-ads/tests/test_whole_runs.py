"""Runs of every stream against the simulator: keys, joins between them, what is special."""

from __future__ import annotations

import logging
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from simulator.world.ads import truth

CAMPAIGN_DAYS = {"sp_campaigns_daily", "sb_campaigns_daily", "sd_campaigns_daily"}
FIRST_DAY = "2026-09-26"
"""Of 60 days, today included, in Los Angeles."""


def test_a_first_sync_of_every_stream_has_records_in_each(whole_sync: Any) -> None:
    assert whole_sync.exit_code == 0
    # The simulator's invoices correct nothing.
    empty = {name for name in whole_sync.keys if not whole_sync.records(name)}
    assert empty == {"invoice_adjustments"}


def test_no_two_rows_of_any_stream_have_one_key(whole_sync: Any) -> None:
    for stream, key in whole_sync.keys.items():
        found = Counter(tuple(row[name] for name in key) for row in whole_sync.records(stream))
        assert [k for k, times in found.items() if times > 1] == [], stream
        assert not [k for k in found if None in k], stream


def test_every_level_of_sponsored_products_spends_what_the_campaigns_spend(
    whole_sync: Any,
) -> None:
    """In the simulator, where nothing is left out below campaigns; Amazon's own may be less."""
    spent = {
        stream: sum(Decimal(row["cost"]) for row in whole_sync.records(stream))
        for stream in ("sp_campaigns_daily", "sp_ad_groups_daily", "sp_placements_daily")
    }
    assert len(set(spent.values())) == 1, spent


def test_spend_of_brands_is_that_of_campaigns_while_purchased_products_have_no_cost(
    whole_sync: Any, simulator: Any, profile_of: Any
) -> None:
    us = profile_of("US")
    rows = [r for r in whole_sync.records("sb_campaigns_daily") if r["profile_id"] == us]
    first = FIRST_DAY
    expected = sum(
        row["spend"]
        for row in truth(simulator.world)
        if (row["profile_id"], row["ad_product"]) == (us, "SPONSORED_BRANDS")
        and row["day"].isoformat() >= first
    )
    assert sum(Decimal(row["cost"]) for row in rows) == expected > 0
    bought = whole_sync.records("sb_purchased_products_daily")
    assert bought
    assert not {"cost", "spend"} & set(bought[0])
    # The legacy campaign, silent everywhere else, is there.
    legacy = {
        row["campaign_id"]
        for row in whole_sync.records("sb_campaigns")
        if row["is_multi_ad_groups_enabled"] is False
    }
    reported = {row["campaign_id"] for row in rows}
    assert legacy
    assert not legacy & reported


def test_legacy_brands_campaigns_are_warned_about_by_name(
    bench: Any, caplog: pytest.LogCaptureFixture, profile_of: Any
) -> None:
    with caplog.at_level(logging.WARNING):
        outcome = bench.run(bench.config(profile_ids=[profile_of("US")]), "sb_campaigns")
    legacy = [r for r in outcome.records("sb_campaigns") if not r["is_multi_ad_groups_enabled"]]
    (warning,) = [m for m in caplog.messages if "legacy Sponsored Brands" in m]
    for row in legacy:
        assert (f"{row['name']} ({row['campaign_id']})" in warning) == (row["state"] != "ARCHIVED")


def test_conversions_of_no_known_target_keep_their_row(whole_sync: Any) -> None:
    rows = whole_sync.records("sd_targeting_daily")
    unallocated = [row for row in rows if row["targeting_id"] == "-20"]
    assert unallocated
    assert "-20" not in {row["target_id"] for row in whole_sync.records("sd_targets")}


def test_legacy_ads_without_an_id_have_a_row_each(whole_sync: Any) -> None:
    ads = whole_sync.records("sb_ads")
    nameless = [row for row in ads if row["ad_id"] == ""]
    assert nameless
    assert len({(row["campaign_id"], row["ad_group_id"]) for row in nameless}) == len(nameless)


def test_a_keyword_or_a_target_is_named_in_each_row_of_brands_targeting(whole_sync: Any) -> None:
    rows = whole_sync.records("sb_targeting_daily")
    assert all(bool(row["keyword_id"]) != bool(row["targeting_id"]) for row in rows)
    keywords = {row["keyword_id"] for row in whole_sync.records("sb_keywords")}
    targets = {row["target_id"] for row in whole_sync.records("sb_targets")}
    assert {row["keyword_id"] for row in rows} - {""} <= keywords
    assert {row["targeting_id"] for row in rows} - {""} <= targets


def test_facts_of_every_level_join_the_lists_of_their_entities(whole_sync: Any) -> None:
    def ids(stream: str, column: str) -> set[tuple[str, str]]:
        return {(row["profile_id"], row[column]) for row in whole_sync.records(stream)}

    for product, ads in (("sp", "sp_product_ads"), ("sb", "sb_ads"), ("sd", "sd_product_ads")):
        groups = ids(f"{product}_ad_groups", "ad_group_id")
        assert ids(f"{product}_ad_groups_daily", "ad_group_id") <= groups
        assert ids(ads, "ad_group_id") <= groups
        assert ids(f"{product}_ad_groups", "campaign_id") <= ids(
            f"{product}_campaigns", "campaign_id"
        )
    targets = ids("sp_keywords", "keyword_id") | ids("sp_targets", "target_id")
    assert ids("sp_targeting_daily", "keyword_id") <= targets
    assert ids("sp_search_terms_daily", "keyword_id") <= targets
    assert ids("sp_advertised_products_daily", "ad_id") <= ids("sp_product_ads", "ad_id")
    portfolios = ids("portfolios", "portfolio_id")
    named = {pair for pair in ids("sp_campaigns", "portfolio_id") if pair[1]}
    assert named <= portfolios


def test_an_hourly_run_reads_reports_of_campaigns_alone(
    bench: Any, whole_sync: Any, profile_of: Any
) -> None:
    config = bench.config(profile_ids=[profile_of("US")], cadence="hourly")
    outcome = bench.run(config, state=whole_sync.state)
    assert outcome.exit_code == 0
    reported = {
        row["stream"] for row in outcome.records("report_runs") if row["stream"].endswith("_daily")
    }
    assert reported == CAMPAIGN_DAYS
    assert not outcome.records("invoices")
    assert outcome.records("sp_keywords")
