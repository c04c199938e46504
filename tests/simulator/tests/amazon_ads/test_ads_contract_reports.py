"""Report types against Amazon's tables and examples; skipped where their folder is absent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simulator.amazon_ads.report_types import REPORT_TYPES, allowed_columns

REPORTS = "openapi/OfflineReport_prod_3p.2025-12.json"

Contract = Callable[[str], Path]
Facts = Callable[[str], Any]


@pytest.mark.parametrize("report_type", REPORT_TYPES)
def test_report_types_offer_exactly_amazons_columns_groupings_and_filters(
    facts: Facts, report_type: str
) -> None:
    ours = REPORT_TYPES[report_type]
    theirs = facts("reporting_v3_report_types")["report_types"][report_type]
    assert ours.ad_product == theirs["adProduct"]
    assert len(set(ours.columns)) == len(ours.columns)
    assert set(ours.columns) == set(theirs["base_columns"])
    assert set(ours.group_by) == set(theirs["group_by"])
    for name, grouping in ours.group_by.items():
        assert set(grouping.columns) == set(theirs["group_by"][name]["extra_columns"])
        texts = [text.replace("`", "") for text in theirs["group_by"][name]["filters"]]
        written = [f"{field} (values: {', '.join(v)})" for field, v in grouping.filters.items()]
        assert [text.replace(" ", "") for text in written] == [t.replace(" ", "") for t in texts]
    assert f"{ours.max_days} days" == theirs["max_range"]
    assert f"{ours.retention_days} days" == theirs["retention"]


# Documented as integers, though they are sums of money.
MONEY = {"salesBrandHalo", "salesBrandHaloClicks"}


def told_types(facts: Facts, report_type: str) -> dict[str, str]:
    types = facts("reporting_v3_report_types")["report_types"][report_type]["column_types"]
    return {column: kind for column, kind in types.items() if kind and column not in MONEY}


@pytest.mark.parametrize("report_type", REPORT_TYPES)
def test_rows_have_amazons_types_for_every_column_that_may_be_asked_for(
    api: Any, facts: Facts, report_type: str
) -> None:
    kinds = {"Integer": int, "Decimal": (int, float), "String": str}
    ours = REPORT_TYPES[report_type]
    types = told_types(facts, report_type)
    start, end = api.today() - timedelta(10), api.today()
    for grouping in ours.group_by:
        columns = allowed_columns(ours, [grouping], "DAILY")
        body = api.body(report_type, " ".join(columns), start, end, groupBy=[grouping])
        rows = json.loads(json.dumps(api.rows(body), default=float))
        assert rows
        for row in rows:
            assert list(row) == columns
            for column, value in row.items():
                if value is not None and column in types:
                    assert isinstance(value, kinds[types[column]]), (column, value)


def test_the_recommended_columns_are_told_and_not_null(api: Any) -> None:
    start, end = api.today() - timedelta(20), api.today()
    recommended = {
        "spCampaigns": "date campaignId campaignName campaignStatus campaignBudgetAmount "
        "campaignBudgetType campaignBudgetCurrencyCode impressions clicks cost spend",
        "sbCampaigns": "date campaignId impressions clicks cost costType purchases purchasesClicks "
        "purchasesPromoted sales salesClicks salesPromoted unitsSold unitsSoldClicks "
        "newToBrandPurchases newToBrandPurchasesClicks newToBrandSales newToBrandSalesClicks "
        "newToBrandUnitsSold newToBrandUnitsSoldClicks detailPageViews detailPageViewsClicks "
        "brandedSearches brandedSearchesClicks viewableImpressions",
        "sdCampaigns": "date campaignId impressions impressionsViews clicks cost purchases "
        "purchasesClicks purchasesPromotedClicks sales salesClicks salesPromotedClicks unitsSold "
        "unitsSoldClicks newToBrandPurchases newToBrandPurchasesClicks newToBrandSales "
        "newToBrandSalesClicks newToBrandUnitsSold newToBrandUnitsSoldClicks costType "
        "campaignStatus campaignBudgetAmount",
    }
    for report_type, columns in recommended.items():
        rows = api.rows(api.body(report_type, columns, start, end))
        assert all(value is not None for row in rows for value in row.values())


def test_amazons_own_example_requests_are_taken(own: Any, contract: Contract, facts: Facts) -> None:
    api = own()
    document = json.loads(contract(REPORTS).read_text())
    content = document["paths"]["/reporting/reports"]["post"]["requestBody"]["content"]
    examples = next(iter(content.values()))["examples"]
    start, end = (api.today() - timedelta(3)).isoformat(), api.today().isoformat()
    told = facts("reporting_v3_report_types")["report_types"]
    taken = set()
    for name, example in examples.items():
        configuration = dict(example["value"]["configuration"])
        report_type = REPORT_TYPES.get(configuration["reportTypeId"])
        if report_type is None:
            continue
        # Where example and guide differ, the guide's words are taken. Some have the range's columns
        # with DAILY, too.
        known = allowed_columns(report_type, configuration["groupBy"], configuration["timeUnit"])
        doubted = {
            "startDate",
            "endDate",
            "date",
            *told[report_type.report_type_id]["examples_not_in_doc"],
        }
        assert set(configuration["columns"]) - doubted <= set(known), name
        offered = set.intersection(
            *(set(report_type.group_by[g].filters) for g in configuration["groupBy"])
        )
        configuration["columns"] = [c for c in configuration["columns"] if c in known]
        configuration["filters"] = [
            f for f in configuration.get("filters") or [] if f["field"] in offered
        ]
        body = {**example["value"], "startDate": start, "endDate": end}
        answer = api.create({**body, "configuration": configuration})
        assert answer.status_code == 200, (name, answer.text)
        taken.add(report_type.report_type_id)
    assert taken == set(REPORT_TYPES)
