"""Reports below the campaign: rows are the world's own sums, and grains relate as Amazon's do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator.world.ads import level_truth
from simulator.world.ads.profiles import seller_profile

WINDOWS = (1, 7, 14, 30)
SP = {
    "impressions": "impressions", "clicks": "clicks", "cost": "spend",
    **{f"sales{d}d": f"sales_{d}d" for d in WINDOWS},
    **{f"purchases{d}d": f"purchases_{d}d" for d in WINDOWS},
    **{f"unitsSoldClicks{d}d": f"units_{d}d" for d in WINDOWS},
    **{f"attributedSalesSameSku{d}d": f"sales_{d}d_same_sku" for d in WINDOWS},
}  # fmt: skip
BOTH = {
    "impressions": "impressions", "clicks": "clicks", "cost": "spend", "sales": "sales_14d",
    "salesClicks": "sales_14d_clicks", "purchases": "purchases_14d",
    "purchasesClicks": "purchases_14d_clicks", "unitsSold": "units_14d",
}  # fmt: skip
NEW = {"newToBrandSales": "sales_14d_new_to_brand"}
# Report, grouping, level, key columns of the report with those of the level, and measures.
GRAINS = [
    ("spCampaigns", ["campaign", "adGroup"], "ads_ad_groups", {"adGroupId": "ad_group_id"}, SP),
    ("spCampaigns", ["campaign", "campaignPlacement"], "ads_placements",
     {"placementClassification": "placement"}, SP),
    ("spTargeting", ["targeting"], "ads_targets",
     {"adGroupId": "ad_group_id", "keywordId": "target_id"}, SP),
    ("spSearchTerm", ["searchTerm"], "ads_search_terms",
     {"adGroupId": "ad_group_id", "keywordId": "target_id", "searchTerm": "search_term"}, SP),
    ("spAdvertisedProduct", ["advertiser"], "ads_ads",
     {"adGroupId": "ad_group_id", "adId": "ad_id"}, SP),
    ("sbCampaignPlacement", ["campaignPlacement"], "ads_placements",
     {"placementClassification": "placement"}, BOTH | NEW),
    ("sbAdGroup", ["adGroup"], "ads_ad_groups", {"adGroupId": "ad_group_id"}, BOTH | NEW),
    ("sbTargeting", ["targeting"], "ads_targets", {"adGroupId": "ad_group_id"}, BOTH | NEW),
    ("sbAds", ["ads"], "ads_ads", {"adGroupId": "ad_group_id", "adId": "ad_id"}, BOTH | NEW),
    ("sbSearchTerm", ["searchTerm"], "ads_search_terms",
     {"adGroupId": "ad_group_id", "keywordId": "target_id", "searchTerm": "search_term"}, BOTH),
    ("sdAdGroup", ["adGroup"], "ads_ad_groups", {"adGroupId": "ad_group_id"}, BOTH | NEW),
    ("sdTargeting", ["targeting"], "ads_targets",
     {"adGroupId": "ad_group_id", "targetingId": "target_id"}, BOTH | NEW),
    ("sdAdvertisedProduct", ["advertiser"], "ads_ads",
     {"adGroupId": "ad_group_id", "adId": "ad_id"}, BOTH | NEW),
]  # fmt: skip
PRODUCT_OF = {"sp": "SPONSORED_PRODUCTS", "sb": "SPONSORED_BRANDS", "sd": "SPONSORED_DISPLAY"}


@pytest.fixture(scope="module")
def levels(api: Any) -> dict[str, list[dict[str, Any]]]:
    return level_truth(api.sim.world, [seller_profile("US")])


def last_days(api: Any, days: int = 31) -> tuple[Any, Any]:
    today = api.today()
    return today - timedelta(days=days - 1), today


def summed(rows: list[dict[str, Any]], key: list[str], measures: list[str]) -> dict[Any, Any]:
    found: dict[Any, dict[str, Any]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        place = tuple(str(row[name]) for name in key)
        for measure in measures:
            found[place][measure] += Decimal(row[measure])
    return {place: dict(sums) for place, sums in found.items()}


@pytest.mark.parametrize(
    ("report", "group_by", "level", "keys", "measures"), GRAINS, ids=lambda v: str(v)[:40]
)
def test_rows_equal_the_worlds_own_sums(
    api: Any, levels: Any, report: str, group_by: list[str], level: str, keys: Any, measures: Any
) -> None:
    start, end = last_days(api)
    columns = ["date", "campaignId", *keys, *measures]
    told = api.rows(api.body(report, " ".join(columns), start, end, groupBy=group_by))
    profile = seller_profile("US").profile_id
    expected = [
        {**row, "day": row["day"].isoformat()}
        for row in levels[level]
        if row["profile_id"] == profile
        and row["ad_product"] == PRODUCT_OF[report[:2]]
        and start <= row["day"] <= end
    ]
    theirs = ["date", "campaignId", *keys]
    ours = ["day", "campaign_id", *keys.values()]
    if report == "sbSearchTerm":
        # Terms that matched a product target name no keyword.
        theirs.remove("keywordId")
        ours.remove("target_id")
    left = summed(told, theirs, list(measures))
    right = summed(expected, ours, list(measures.values()))
    assert left.keys() == right.keys()
    assert len(told) == len(expected) > 0
    for key, sums in left.items():
        assert sums == {name: right[key][measures[name]] for name in sums}, key


NATURAL_KEYS = {
    "spTargeting": ("targeting", "campaignId adGroupId keywordId"),
    "spSearchTerm": ("searchTerm", "campaignId adGroupId keywordId searchTerm"),
    "spAdvertisedProduct": ("advertiser", "adId"),
    "spPurchasedProduct": (
        "asin", "campaignId adGroupId keywordId advertisedAsin advertisedSku purchasedAsin",
    ),
    "spGrossAndInvalids": ("campaign", "campaignName"),
    "sbCampaignPlacement": ("campaignPlacement", "campaignId placementClassification"),
    "sbAdGroup": ("adGroup", "adGroupId"),
    "sbTargeting": ("targeting", "adGroupId keywordId targetingId"),
    "sbAds": ("ads", "adGroupId adId"),
    "sbPurchasedProduct": ("purchasedAsin", "campaignId adGroupId purchasedAsin attributionType"),
    "sdAdGroup": ("adGroup", "adGroupId"),
    "sdTargeting": ("targeting", "adGroupId targetingId"),
    "sdAdvertisedProduct": ("advertiser", "adId"),
    "sdPurchasedProduct": ("asin", "adGroupId promotedAsin promotedSku asinBrandHalo"),
}  # fmt: skip


@pytest.mark.parametrize("report", NATURAL_KEYS)
def test_natural_keys_are_unique(api: Any, report: str) -> None:
    group_by, key = NATURAL_KEYS[report]
    start, end = last_days(api)
    rows = api.rows(api.body(report, f"date {key}", start, end, groupBy=[group_by]))
    assert len({tuple(row.values()) for row in rows}) == len(rows) > 0


def totals(rows: list[dict[str, Any]], *measures: str) -> list[Decimal]:
    return [sum((Decimal(row[measure]) for row in rows), Decimal(0)) for measure in measures]


def test_finer_grains_hold_less_and_never_more(api: Any) -> None:
    start, end = last_days(api)

    def told(report: str, group_by: list[str]) -> list[Decimal]:
        body = api.body(
            report, "date impressions clicks cost sales30d", start, end, groupBy=group_by
        )
        return totals(api.rows(body), "impressions", "clicks", "cost", "sales30d")

    campaign = told("spCampaigns", ["campaign"])
    group = told("spCampaigns", ["adGroup"])
    target = told("spTargeting", ["targeting"])
    term = told("spSearchTerm", ["searchTerm"])
    assert campaign == group
    assert all(fine < coarse for fine, coarse in zip(target, group, strict=True))
    assert all(fine <= coarse for fine, coarse in zip(term, target, strict=True))
    assert term[0] < target[0]


def test_a_search_term_has_a_click_and_may_be_no_words(api: Any) -> None:
    start, end = last_days(api)
    rows = api.rows(
        api.body("spSearchTerm", "date searchTerm clicks", start, end, groupBy=["searchTerm"])
    )
    assert min(row["clicks"] for row in rows) >= 1
    assert any(term.startswith("b0") for term in {row["searchTerm"] for row in rows})


def test_display_tells_sales_without_target_under_minus_twenty(api: Any) -> None:
    start, end = last_days(api)
    columns = "date adGroupId targetingId targetingText impressions cost sales"
    rows = api.rows(api.body("sdTargeting", columns, start, end, groupBy=["targeting"]))
    unallocated = [row for row in rows if row["targetingId"] == -20]
    assert unallocated
    assert {row["targetingText"] for row in unallocated} == {"Unallocated"}
    assert all((row["impressions"], row["cost"]) == (0, 0) for row in unallocated)
    assert all(row["sales"] > 0 for row in unallocated)
    campaigns = api.rows(api.body("sdCampaigns", "date cost sales", start, end))
    assert totals(rows, "cost", "sales") == totals(campaigns, "cost", "sales")


def test_brands_targeting_names_a_keyword_or_a_target(api: Any) -> None:
    start, end = last_days(api)
    columns = "date keywordId keywordText targetingId targetingText keywordType"
    rows = api.rows(api.body("sbTargeting", columns, start, end, groupBy=["targeting"]))
    assert all((row["keywordId"] is None) is not (row["targetingId"] is None) for row in rows)
    assert {row["keywordType"] for row in rows if row["targetingId"]} == {"TARGETING_EXPRESSION"}


def test_brands_products_bought_have_no_cost_and_follow_how_the_campaign_is_paid(api: Any) -> None:
    start, end = last_days(api)
    refused = api.create(
        api.body("sbPurchasedProduct", "date cost", start, end, groupBy=["purchasedAsin"])
    )
    assert refused.status_code == 400
    columns = "campaignPriceTypeCode attributionType sales14d salesClicks14d productName"
    rows = api.rows(api.body("sbPurchasedProduct", columns, start, end, groupBy=["purchasedAsin"]))
    by_click = [row for row in rows if row["campaignPriceTypeCode"] == "CPC"]
    assert all(row["sales14d"] == row["salesClicks14d"] for row in by_click)
    assert {row["attributionType"] for row in rows} == {"Promoted", "Brand Halo"}
    assert any(row["sales14d"] > row["salesClicks14d"] for row in rows)
    assert all(row["productName"] for row in rows)


def test_products_bought_are_other_products(api: Any, levels: Any) -> None:
    start, end = last_days(api)
    columns = "date advertisedAsin purchasedAsin sales30d salesOtherSku30d"
    rows = api.rows(api.body("spPurchasedProduct", columns, start, end, groupBy=["asin"]))
    assert all(row["advertisedAsin"] != row["purchasedAsin"] for row in rows)
    expected = sum(
        row["sales_30d"]
        for row in levels["ads_purchased_products"]
        if row["profile_id"] == seller_profile("US").profile_id
        and row["ad_product"] == "SPONSORED_PRODUCTS"
        and not row["is_promoted"]
        and start <= row["day"] <= end
    )
    assert totals(rows, "sales30d", "salesOtherSku30d") == [expected, expected]


def test_gross_traffic_is_valid_and_invalid_together(api: Any) -> None:
    start, end = last_days(api)
    columns = "date campaignName clicks grossClickThroughs invalidClickThroughs"
    rows = api.rows(api.body("spGrossAndInvalids", columns, start, end))
    assert all(r["grossClickThroughs"] == r["clicks"] + r["invalidClickThroughs"] for r in rows)
    assert any(r["invalidClickThroughs"] and not r["clicks"] for r in rows)


def test_filters_of_finer_reports_narrow_them(api: Any) -> None:
    start, end = last_days(api)
    exact = [{"field": "keywordType", "values": ["EXACT"]}]
    body = api.body(
        "spTargeting", "date keywordType", start, end, groupBy=["targeting"], filters=exact
    )
    assert {row["keywordType"] for row in api.rows(body)} == {"EXACT"}
    enabled = [{"field": "adCreativeStatus", "values": ["ENABLED"]}]
    body = api.body(
        "spAdvertisedProduct", "date", start, end, groupBy=["advertiser"], filters=enabled
    )
    assert api.rows(body)


def test_a_storm_of_duplicates_names_reports_that_can_be_adopted(own: Callable[..., Any]) -> None:
    api = own()
    start, end = last_days(api, 2)
    api.sim.faults.add("ads.reports.create", "report_duplicate", times=None)
    answer = api.create(api.body("spCampaigns", "date clicks", start, end))
    assert answer.status_code == 425
    adopted = answer.json()["detail"].rpartition(" ")[2]
    assert api.finished(adopted)["status"] == "COMPLETED"
