"""What reports the tap asks for agrees with Amazon's contracts, where those are at hand.

The columns are compared with the guide's lists per report type and groupBy and with the examples of
the OpenAPI contract, requests and media types with the contract itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from amazon_client.extraction import Account, Window
from amazon_client.singer.schema import DAY, DECIMAL, INTEGER, TEXT, flatten
from tap_amazon_ads.reporting import CREATE, GET
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.streams.base import DailyReport

Contract = Callable[[str], Any]

REPORTS = [stream for stream in STREAMS if issubclass(stream, DailyReport)]
WINDOW = Window(date(2026, 10, 1), date(2026, 10, 31))
ACCOUNT = Account("default", "na", "1111111111111111", "America/Los_Angeles")

REPORT_TYPES = {"Integer": {INTEGER, TEXT}, "Decimal": {DECIMAL}, "String": {TEXT, DAY}}
"""The guide's types and what they may land as; an Integer lands as text where it is an id."""
by_name: Any = {"ids": lambda stream: stream.name}


def body(stream: type[DailyReport]) -> dict[str, Any]:
    return dict(stream.dataset.request(ACCOUNT, WINDOW).body)


def asked_columns(stream: type[DailyReport]) -> list[str]:
    return list(body(stream)["configuration"]["columns"])


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_every_column_asked_for_is_allowed_for_the_report_and_its_grouping(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    report_type = facts[stream.report.report_type]
    allowed = set(report_type["base_columns"])
    for group in stream.report.group_by:
        allowed |= set(report_type["group_by"][group]["extra_columns"])
    columns = asked_columns(stream)
    assert set(columns) <= allowed
    assert len(columns) == len(set(columns))
    # startDate and endDate exist in summaries only; one refused column refuses the report.
    assert not {"startDate", "endDate"} & set(columns)


ONLY_IN_THE_GUIDE = {
    # What tells placements apart; the contract's example leaves it out.
    "sp_placements_daily": {"placementClassification"},
    # The example calls it `query`.
    "sb_search_terms_daily": {"searchTerm"},
    # The example calls the currency `budgetCurrency` and purchases `newToBrandOrders14d`, and has
    # clicks apart nowhere.
    "sb_purchased_products_daily": {
        "ordersClicks14d",
        "salesClicks14d",
        "unitsSoldClicks14d",
    },
}
"""Columns where guide and contract differ: Amazon's refusal would be healed, but for keys."""


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_every_column_asked_for_is_in_amazons_own_example_too(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    examples = facts[stream.report.report_type]["openapi_examples"]
    in_examples = {
        column
        for example in examples
        if set(example["groupBy"]) == set(stream.report.group_by)
        for column in example["columns"]
    }
    excused = ONLY_IN_THE_GUIDE.get(stream.name, set())
    assert set(asked_columns(stream)) - {"date"} - in_examples == excused


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_report_columns_land_as_the_types_the_guide_gives(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    types = facts[stream.report.report_type]["column_types"]
    wrong = {
        column.name: (types[column.path[0]], column.kind)
        for column in flatten(stream.columns)
        if column.path
        and column.kind not in REPORT_TYPES[types[column.path[0]]]
        # The guide calls two columns of money integers.
        and not (column.kind == DECIMAL and column.path[0].startswith("sales"))
    }
    assert not wrong
    ids = [c.kind for c in flatten(stream.columns) if c.path and c.path[0].endswith("Id")]
    assert set(ids) == {TEXT}


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_reports_stay_inside_range_and_retention(
    stream: type[DailyReport], contract: Contract
) -> None:
    facts = contract("facts/reporting_v3_report_types.json")["report_types"]
    report_type = facts[stream.report.report_type]
    windows: Any = stream.dataset.windows
    assert f"{windows.max_days} days" == report_type["max_range"]
    if stream.name == "sp_search_terms_daily":
        # The guide at hand says 95 days, Amazon's documentation of September 2026 says 65.
        assert windows.retention_days == 65
    else:
        assert f"{windows.retention_days} days" == report_type["retention"]
    assert report_type["adProduct"] == stream.report.ad_product


KEYS = {
    "sp_campaigns_daily": "date campaign_id",
    "sp_ad_groups_daily": "date campaign_id ad_group_id",
    "sp_placements_daily": "date campaign_id placement_classification",
    "sp_targeting_daily": "date campaign_id ad_group_id keyword_id",
    "sp_search_terms_daily": "date campaign_id ad_group_id keyword_id search_term match_type "
    "targeting",
    "sp_advertised_products_daily": "date ad_id",
    "sp_purchased_products_daily": "date campaign_id ad_group_id keyword_id advertised_asin "
    "advertised_sku purchased_asin",
    "sb_campaigns_daily": "date campaign_id",
    "sb_placements_daily": "date campaign_id placement_classification",
    "sb_ad_groups_daily": "date ad_group_id",
    "sb_targeting_daily": "date ad_group_id keyword_id targeting_id keyword_type",
    "sb_ads_daily": "date ad_group_id ad_id",
    "sb_search_terms_daily": "date ad_group_id keyword_id search_term match_type",
    "sb_purchased_products_daily": "date campaign_id ad_group_id purchased_asin attribution_type",
    "sd_campaigns_daily": "date campaign_id",
    "sd_ad_groups_daily": "date ad_group_id",
    "sd_targeting_daily": "date ad_group_id targeting_id",
    "sd_advertised_products_daily": "date ad_id",
    "sd_purchased_products_daily": "date ad_group_id promoted_asin promoted_sku asin_brand_halo",
}
"""The natural keys of Amazon's 19 reports by day."""


def test_there_are_19_reports_under_their_natural_keys() -> None:
    assert {stream.name: " ".join(stream.keys) for stream in REPORTS} == KEYS


@pytest.mark.parametrize(
    "stream",
    [s for s in REPORTS if s.name.startswith("sp_") and s.name != "sp_purchased_products_daily"],
    **by_name,
)
def test_every_attribution_window_of_sponsored_products_is_a_column_of_its_own(
    stream: type[DailyReport],
) -> None:
    columns = {column.name: column.path for column in flatten(stream.columns)}
    for window in ("1d", "7d", "14d", "30d"):
        for ours, theirs in (
            ("sales", "sales"),
            ("purchases", "purchases"),
            ("purchases_same_sku", "purchasesSameSku"),
            ("units_sold_clicks", "unitsSoldClicks"),
            ("units_sold_same_sku", "unitsSoldSameSku"),
            ("attributed_sales_same_sku", "attributedSalesSameSku"),
        ):
            assert columns[f"{ours}_{window}"] == (f"{theirs}{window}",)


@pytest.mark.parametrize("stream", REPORTS, **by_name)
def test_the_report_request_is_one_of_the_contract(
    stream: type[DailyReport], contract: Contract
) -> None:
    document = contract("openapi/OfflineReport_prod_3p.2025-12.json")
    schemas = document["components"]["schemas"]
    asked = body(stream)
    assert set(asked) <= set(schemas["CreateAsyncReportRequest"]["properties"])
    assert set(schemas["CreateAsyncReportRequest"]["required"]) <= set(asked)
    configuration = schemas["AsyncReportConfiguration"]
    assert set(asked["configuration"]) <= set(configuration["properties"])
    assert set(configuration["required"]) <= set(asked["configuration"])
    properties = configuration["properties"]
    assert asked["configuration"]["format"] in properties["format"]["enum"]
    assert asked["configuration"]["timeUnit"] in properties["timeUnit"]["enum"]
    assert asked["configuration"]["adProduct"] in schemas["AsyncReportAdProduct"]["enum"]


def test_the_report_request_has_the_shape_of_the_sample(contract: Contract) -> None:
    sample = contract("samples/report_create.request.json")
    sp = next(stream for stream in REPORTS if stream.name == "sp_campaigns_daily")
    ours = body(sp)
    assert {**ours, "configuration": None, "name": None} == {
        **sample,
        "configuration": None,
        "name": None,
    }
    unlike = ("columns",)
    assert {k: v for k, v in ours["configuration"].items() if k not in unlike} == {
        k: v for k, v in sample["configuration"].items() if k not in unlike
    }


def test_media_types_of_the_report_operations_are_those_of_the_contract(
    contract: Contract,
) -> None:
    paths = contract("openapi/OfflineReport_prod_3p.2025-12.json")["paths"]
    create = paths["/reporting/reports"]["post"]
    assert CREATE.content_type in create["requestBody"]["content"]
    assert CREATE.accept in create["responses"]["200"]["content"]
    get = paths["/reporting/reports/{reportId}"]["get"]
    assert GET.accept in get["responses"]["200"]["content"]
    assert GET.path in paths
