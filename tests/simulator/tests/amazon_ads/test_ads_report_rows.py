"""What reports say: their rows equal the world's truth and restate with it."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from simulator.world.ads import truth

WINDOWS = (1, 7, 14, 30)
SP_COLUMNS = (
    "date campaignId campaignName campaignStatus impressions clicks cost "
    + " ".join(
        f"sales{d}d purchases{d}d unitsSoldClicks{d}d attributedSalesSameSku{d}d "
        f"purchasesSameSku{d}d unitsSoldSameSku{d}d"
        for d in WINDOWS
    )
)  # fmt: skip
FORTNIGHT_COLUMNS = (
    "date campaignId impressions clicks cost sales salesClicks purchases purchasesClicks "
    "unitsSold unitsSoldClicks newToBrandSales newToBrandPurchases newToBrandUnitsSold"
)
TRUTH = {
    "impressions": "impressions",
    "clicks": "clicks",
    "cost": "spend",
    **{f"sales{d}d": f"sales_{d}d" for d in WINDOWS},
    **{f"purchases{d}d": f"purchases_{d}d" for d in WINDOWS},
    **{f"unitsSoldClicks{d}d": f"units_{d}d" for d in WINDOWS},
    **{f"attributedSalesSameSku{d}d": f"sales_{d}d_same_sku" for d in WINDOWS},
    **{f"purchasesSameSku{d}d": f"purchases_{d}d_same_sku" for d in WINDOWS},
    **{f"unitsSoldSameSku{d}d": f"units_{d}d_same_sku" for d in WINDOWS},
    "sales": "sales_14d",
    "salesClicks": "sales_14d_clicks",
    "newToBrandSales": "sales_14d_new_to_brand",
    "purchases": "purchases_14d",
    "purchasesClicks": "purchases_14d_clicks",
    "newToBrandPurchases": "purchases_14d_new_to_brand",
    "unitsSold": "units_14d",
    "unitsSoldClicks": "units_14d_clicks",
    "newToBrandUnitsSold": "units_14d_new_to_brand",
}
TYPES = {
    "spCampaigns": ("SPONSORED_PRODUCTS", SP_COLUMNS),
    "sbCampaigns": ("SPONSORED_BRANDS", FORTNIGHT_COLUMNS),
    "sdCampaigns": ("SPONSORED_DISPLAY", FORTNIGHT_COLUMNS),
}


def last_days(api: Any, days: int = 31, country: str = "US") -> tuple[date, date]:
    today = api.today(country)
    return today - timedelta(days=days - 1), today


@pytest.mark.parametrize("country", ["US", "CA", "UK", "DE", "JP", "MX"])
@pytest.mark.parametrize("report_type", TYPES)
def test_rows_equal_the_worlds_own_arithmetic(api: Any, report_type: str, country: str) -> None:
    product, columns = TYPES[report_type]
    start, end = last_days(api, country=country)
    rows = api.rows(api.body(report_type, columns, start, end), country)
    expected = {
        (row["day"].isoformat(), row["campaign_id"]): row
        for row in truth(api.sim.world)
        if (row["country_code"], row["ad_product"]) == (country, product)
        and start <= row["day"] <= end
    }
    told = {(row["date"], str(row["campaignId"])): row for row in rows}
    assert len(told) == len(rows) == len(expected) > 0
    for key, row in told.items():
        for column, value in row.items():
            if column in TRUTH:
                assert value == expected[key][TRUTH[column]], (key, column)


def test_sixty_days_come_in_two_slices_without_a_gap_or_an_overlap(api: Any) -> None:
    today = api.today()
    slices = [(59, 30), (29, 0)]
    rows = [
        row
        for older, newer in slices
        for row in api.rows(
            api.body(
                "spCampaigns", "date campaignId cost", today - timedelta(older),
                today - timedelta(newer),
            )
        )
    ]  # fmt: skip
    keys = {(row["date"], row["campaignId"]) for row in rows}
    assert len(keys) == len(rows)
    assert len({day for day, _ in keys}) == 60


@pytest.mark.parametrize(
    ("report_type", "finer"),
    [
        ("spCampaigns", ["campaign", "adGroup"]),
        ("spCampaigns", ["campaign", "campaignPlacement"]),
        ("sdCampaigns", ["campaign", "matchedTarget"]),
    ],
)
def test_finer_groupings_add_up_to_the_campaigns(
    api: Any, report_type: str, finer: list[str]
) -> None:
    _, columns = TYPES[report_type]
    start, end = last_days(api, 20)
    sums: list[dict] = []
    counts = []
    for group_by in (["campaign"], finer):
        rows = api.rows(api.body(report_type, columns, start, end, groupBy=group_by))
        total: dict = defaultdict(int)
        for row in rows:
            for column in set(row) & set(TRUTH):
                total[row["date"], row["campaignId"], column] += row[column]
        sums.append(total)
        counts.append(len(rows))
    assert sums[0] == sums[1]
    assert counts[1] > counts[0]


def test_a_summary_is_the_sum_of_its_days(api: Any) -> None:
    start, end = last_days(api, 14)
    columns = "campaignId clicks cost sales7d"
    daily = api.rows(api.body("spCampaigns", f"date {columns}", start, end))
    summary = api.rows(
        api.body("spCampaigns", f"startDate endDate {columns}", start, end, timeUnit="SUMMARY")
    )
    for row in summary:
        days = [day for day in daily if day["campaignId"] == row["campaignId"]]
        assert row["cost"] == sum(day["cost"] for day in days)
        assert row["sales7d"] == sum(day["sales7d"] for day in days)
        assert (row["startDate"], row["endDate"]) == (start.isoformat(), end.isoformat())


def test_a_status_filter_keeps_the_campaigns_in_that_state(api: Any) -> None:
    start, end = last_days(api)
    wanted = [{"field": "campaignStatus", "values": ["ARCHIVED", "PAUSED"]}]
    body = api.body(
        "spCampaigns", "date campaignId campaignStatus clicks", start, end, filters=wanted
    )
    assert {row["campaignStatus"] for row in api.rows(body)} == {"PAUSED"}


def test_a_legacy_campaign_has_no_rows(api: Any) -> None:
    start, end = last_days(api)
    rows = api.rows(api.body("sbCampaigns", "date campaignId clicks", start, end))
    listed = api.sb_campaigns().json()["campaigns"]
    legacy = {int(c["campaignId"]) for c in listed if not c["isMultiAdGroupsEnabled"]}
    assert legacy
    assert not legacy & {row["campaignId"] for row in rows}


def test_paid_views_cost_without_clicks_and_in_fractions_of_a_cent(api: Any) -> None:
    start, end = last_days(api)
    rows = api.rows(api.body("sdCampaigns", "date costType clicks cost", start, end))
    viewed = [row for row in rows if row["costType"] == "VCPM"]
    assert any(row["cost"] > 0 and row["clicks"] == 0 for row in viewed)
    assert any(row["cost"] * 100 % 1 for row in viewed)


def test_a_report_asked_for_again_later_restates_the_same_days(own: Any) -> None:
    now = datetime(2026, 11, 24, 18, tzinfo=UTC)
    api = own(now=now)
    day = date(2026, 11, 23)
    body = api.body("spCampaigns", "date campaignId impressions clicks sales7d sales30d", day, day)
    first = {row["campaignId"]: row for row in api.rows(body)}
    api.sim.set_now(now + timedelta(days=20))
    later = {row["campaignId"]: row for row in api.rows(body)}
    assert sum(row["sales30d"] for row in later.values()) > sum(
        row["sales30d"] for row in first.values()
    )
    assert sum(row["clicks"] for row in later.values()) < sum(
        row["clicks"] for row in first.values()
    )


def test_a_row_whose_clicks_were_all_invalid_vanishes_from_the_report(own: Any) -> None:
    now = datetime(2026, 11, 24, 18, tzinfo=UTC)
    api = own(now=now)
    start, end = date(2026, 11, 21), date(2026, 11, 23)
    body = api.body("spCampaigns", "date campaignId clicks cost", start, end)
    first = {(row["date"], row["campaignId"]): row for row in api.rows(body)}
    api.sim.set_now(now + timedelta(days=4))
    later = {(row["date"], row["campaignId"]) for row in api.rows(body)}
    vanished = set(first) - later
    assert vanished
    assert all(first[key]["clicks"] > 0 and first[key]["cost"] > 0 for key in vanished)
