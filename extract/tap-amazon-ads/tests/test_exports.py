"""Exports tell what lists tell, and are used where lists are long."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import pytest

from tap_amazon_ads.export_rows import EXPORTED, expression
from tap_amazon_ads.exports import CREATE, GET, PRODUCTS, STATES

GLOBAL_IDS = {"global_ad_group_id", "global_ad_id", "global_keyword_id", "global_target_id"}
PLACE = {"report_id", "extracted_at"}
"""What differs from run to run."""


def facts(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [
        {name: value for name, value in row.items() if name not in GLOBAL_IDS | PLACE}
        for row in records
    ]
    return sorted(rows, key=lambda row: str(sorted(row.items(), key=str)))


KINDS = ("campaigns", "adGroups", "ads", "targets")


def exported(bench: Any) -> Counter[str]:
    """How many exports of each kind have been asked for."""
    calls = bench.simulator.calls.summary()
    return Counter({k: calls.get(f"ads.exports.{k}", {}).get("calls", 0) for k in KINDS})


def test_records_are_the_same_from_exports_as_from_lists(bench: Any, profile_of: Any) -> None:
    config = bench.config(profile_ids=[profile_of("US")])
    before = exported(bench)
    lists = bench.run({**config, "entity_source": "lists"}, *EXPORTED)
    assert exported(bench) == before
    exports = bench.run({**config, "entity_source": "exports"}, *EXPORTED)
    # One each, whatever number of streams reads it.
    assert exported(bench) - before == Counter(("adGroups", "ads", "targets"))
    assert (lists.exit_code, exports.exit_code) == (0, 0)
    for stream in EXPORTED:
        assert facts(exports.records(stream)) == facts(lists.records(stream)), stream
        assert lists.records(stream)


@pytest.mark.parametrize(
    ("threshold", "exports"),
    [
        (0, {"adGroups": 1, "ads": 1, "targets": 1}),
        # Ads and keywords are exported; their campaigns are looked up in the export of ad groups.
        (100, {"adGroups": 1, "ads": 1, "targets": 1}),
        (200, {"adGroups": 1, "targets": 1}),
        (300, {}),
    ],
)
def test_long_lists_are_exported_by_themselves(
    bench: Any, profile_of: Any, whole_sync: Any, threshold: int, exports: dict[str, int]
) -> None:
    # The profile has 35 ad groups, 107 ads and 260 keywords of Sponsored Products.
    us = profile_of("US")
    streams = ("sp_ad_groups", "sp_product_ads", "sp_keywords")
    config = bench.config(profile_ids=[us], export_threshold=threshold)
    before = exported(bench)
    outcome = bench.run(config, *streams)
    assert exported(bench) - before == Counter(exports)
    for stream in streams:
        known = [row for row in whole_sync.records(stream) if row["profile_id"] == us]
        assert facts(outcome.records(stream)) == facts(known)


def test_what_no_export_gives_is_read_from_the_list(
    bench: Any, profile_of: Any, caplog: pytest.LogCaptureFixture
) -> None:
    bench.simulator.faults.add("ads.exports.targets", "report_fatal")
    config = bench.config(profile_ids=[profile_of("US")], entity_source="exports")
    with caplog.at_level(logging.WARNING):
        outcome = bench.run(config, "sp_keywords")
    assert outcome.exit_code == 0
    assert len(outcome.records("sp_keywords")) == 260
    assert "sp_keywords is read from its list instead" in caplog.text
    assert "INTERNAL_ERROR" in caplog.text


@pytest.mark.parametrize(
    "fault",
    [
        ("ads.exports.targets", "report_unknown"),
        ("ads.exports.get", "status"),
        ("download", "expired_url"),
        ("download", "cut_gzip"),
    ],
    ids=" ".join,
)
def test_an_export_is_whole_although(bench: Any, profile_of: Any, fault: tuple[str, str]) -> None:
    bench.simulator.faults.add(*fault)
    config = bench.config(profile_ids=[profile_of("US")], entity_source="exports")
    outcome = bench.run(config, "sp_keywords")
    assert outcome.exit_code == 0
    assert len(outcome.records("sp_keywords")) == 260


@pytest.mark.parametrize(
    ("details", "predicates"),
    [
        ({"matchType": "SEARCH_CLOSE_MATCH"}, [("QUERY_HIGH_REL_MATCHES", None)]),
        ({"matchType": "PRODUCT_EXACT", "asin": "B0"}, [("ASIN_SAME_AS", "B0")]),
        ({"matchType": "PRODUCT_SIMILAR", "asin": "B0"}, [("ASIN_EXPANDED_FROM", "B0")]),
        (
            {"productCategoryId": "9", "productPriceGreaterThan": 5, "productPriceLessThan": 20},
            [("ASIN_CATEGORY_SAME_AS", "9"), ("ASIN_PRICE_BETWEEN", "5-20")],
        ),
        (
            {"productCategoryId": "9", "productRatingGreaterThan": 4},
            [("ASIN_CATEGORY_SAME_AS", "9"), ("ASIN_REVIEW_RATING_GREATER_THAN", "4")],
        ),
        (
            {"productBrand": "b", "productPrimeShippingEligible": True},
            [("ASIN_BRAND_SAME_AS", "b"), ("ASIN_IS_PRIME_SHIPPING_ELIGIBLE", "true")],
        ),
    ],
)
def test_what_a_target_matches_is_written_as_lists_write_it(
    details: dict[str, Any], predicates: list[tuple[str, str | None]]
) -> None:
    found = [(part["type"], part.get("value")) for part in expression(details)]
    assert found == predicates


def test_exports_are_asked_for_as_the_contract_says(contract: Any) -> None:
    document = contract("openapi/AmazonAdsAPIExports_prod_3p.2025-12.json")
    paths, schemas = document["paths"], document["components"]["schemas"]
    base = schemas["BaseUniversalApiExportRequest"]["properties"]
    assert set(STATES) <= set(base["stateFilter"]["items"]["enum"])
    assert set(PRODUCTS) <= set(base["adProductFilter"]["items"]["enum"])
    told = paths["/exports/{exportId}"]["get"]["responses"]["200"]["content"]
    for kind, create in CREATE.items():
        assert create.content_type in paths[create.path]["post"]["requestBody"]["content"]
        assert create.accept in paths[create.path]["post"]["responses"]["202"]["content"]
        assert GET[kind].accept in told
