import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from amazon_client.records import day, decimal, money, snake_case, utc_timestamp

COLUMNS = Path(__file__).parents[4] / "shared/contracts/ads-api/facts/reporting_v3_columns.json"


@pytest.mark.parametrize(
    ("amazon", "ours"),
    [
        ("sales1d", "sales_1d"),
        ("purchases7d", "purchases_7d"),
        ("unitsSoldClicks14d", "units_sold_clicks_14d"),
        ("attributedSalesSameSku30d", "attributed_sales_same_sku_30d"),
        ("kindleEditionNormalizedPagesRead14d", "kindle_edition_normalized_pages_read_14d"),
        ("orderedProductSalesB2B", "ordered_product_sales_b2b"),
        ("unitsOrderedB2B", "units_ordered_b2b"),
        ("buyBoxPercentage", "buy_box_percentage"),
        ("fnSku", "fn_sku"),
        ("AmazonOrderID", "amazon_order_id"),
        ("ASIN", "asin"),
        ("asins", "asins"),
        ("childASINs", "child_asins"),
        ("landingPageURL", "landing_page_url"),
        ("brandLogoAssetID", "brand_logo_asset_id"),
        ("newToBrandECPDetailPageView", "new_to_brand_ecp_detail_page_view"),
        ("eCPAddToCart", "ecp_add_to_cart"),
        ("longTermROAS", "long_term_roas"),
        ("video5SecondViews", "video_5_second_views"),
        ("addressLine1", "address_line_1"),
        ("settlement-start-date", "settlement_start_date"),
        ("Snapshot Date", "snapshot_date"),
        ("already_snake_case", "already_snake_case"),
        ("FinancialEventGroupId", "financial_event_group_id"),
        ("IsBusinessOrder", "is_business_order"),
    ],
)
def test_amazon_s_names_become_snake_case(amazon: str, ours: str) -> None:
    assert snake_case(amazon) == ours


@pytest.mark.skipif(not COLUMNS.exists(), reason="Amazon's contracts are not at hand")
def test_no_two_report_columns_become_one() -> None:
    def names(node: Any) -> set[str]:
        if isinstance(node, dict):
            return {key for key in node if not key.startswith("_")}.union(
                *map(names, node.values())
            )
        return set()

    columns = names(json.loads(COLUMNS.read_text()))
    assert len(columns) > 100
    assert len({snake_case(column) for column in columns}) == len(columns)


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        ("12345678901234567890.10", "12345678901234567890.10"),
        (Decimal("14.50"), "14.50"),
        (3, "3"),
        ("-0.00", "-0.00"),
        (" 1.5 ", "1.5"),
    ],
)
def test_numbers_stay_exact(given: Any, exact: str) -> None:
    assert str(decimal(given)) == exact


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_no_number_is_none(nothing: str | None) -> None:
    assert decimal(nothing) is None


@pytest.mark.parametrize("given", [0.1, True, [], {}])
def test_a_float_is_no_exact_number(given: Any) -> None:
    with pytest.raises(TypeError):
        decimal(given)


@pytest.mark.parametrize("given", ["1,141.18", "95,00", "abc", "NaN", "Infinity", "1 2"])
def test_text_that_is_no_number_is_an_error(given: str) -> None:
    with pytest.raises(ValueError, match=r"(?i)not a"):
        decimal(given)


@pytest.mark.parametrize(
    ("given", "amount", "currency"),
    [
        ({"amount": "35.90", "currencyCode": "USD"}, Decimal("35.90"), "USD"),
        ({"amount": Decimal("35.9"), "currencyCode": "EUR"}, Decimal("35.9"), "EUR"),
        ({"currencyAmount": Decimal("-1.20"), "currencyCode": "GBP"}, Decimal("-1.20"), "GBP"),
        ({"CurrencyAmount": 5, "CurrencyCode": "JPY"}, Decimal(5), "JPY"),
        ({"amount": 10, "currency": "CAD"}, Decimal(10), "CAD"),
        ({"amount": 0, "currencyCode": "USD"}, Decimal(0), "USD"),
        ({"currencyCode": "USD"}, None, "USD"),
        ({}, None, None),
        (None, None, None),
    ],
)
def test_money_becomes_an_amount_and_a_currency(
    given: Any, amount: Decimal | None, currency: str | None
) -> None:
    assert money("grand_total", given) == {
        "grand_total_amount": amount,
        "grand_total_currency_code": currency,
    }


@pytest.mark.parametrize("given", [0.1, "5.00", [1]])
def test_what_is_no_money_object_is_an_error(given: Any) -> None:
    with pytest.raises(TypeError, match="price"):
        money("price", given)


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-11-24T18:00:00Z", "2026-11-24T18:00:00Z"),
        ("2026-11-24T10:00:00-08:00", "2026-11-24T18:00:00Z"),
        ("2021-09-20T00:00-07:00", "2021-09-20T07:00:00Z"),
        ("2026-11-24T18:00:00.123Z", "2026-11-24T18:00:00.123000Z"),
        (datetime(2026, 11, 24, 18, tzinfo=UTC), "2026-11-24T18:00:00Z"),
        (datetime(2026, 11, 24, 18, tzinfo=timezone(timedelta(hours=9))), "2026-11-24T09:00:00Z"),
        (1795543200123, "2026-11-24T18:00:00.123000Z"),
        (None, None),
        ("", None),
    ],
)
def test_times_become_utc_with_z(given: Any, utc: str | None) -> None:
    assert utc_timestamp(given) == utc


@pytest.mark.parametrize(
    "given", ["2026-11-24T18:00:00", datetime(2026, 11, 24), "24.11.2026", True]
)
def test_a_time_without_offset_is_an_error_and_not_guessed(given: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several texts, all of them a refusal
        utc_timestamp(given)


@pytest.mark.parametrize(
    ("given", "iso"),
    [
        ("2026-11-24", "2026-11-24"),
        ("20261124", "2026-11-24"),
        (date(2026, 11, 24), "2026-11-24"),
        (None, None),
        ("", None),
    ],
)
def test_dates_become_iso_dates(given: Any, iso: str | None) -> None:
    assert day(given) == iso


@pytest.mark.parametrize("given", ["2026-11-24T18:00:00Z", "2026-13-01", datetime(2026, 11, 24)])
def test_a_time_is_no_date(given: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - several texts, all of them a refusal
        day(given)
