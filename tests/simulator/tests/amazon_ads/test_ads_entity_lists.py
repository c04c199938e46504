"""Lists below the campaigns: every family's own paging, ids, states and expressions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from simulator.amazon_ads import sponsored_brands, sponsored_products
from simulator.amazon_ads.listing import EntityList
from simulator.world.ads.entities import State
from simulator.world.ads.profiles import seller_profile

ALL = {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}
EVERYTHING = "enabled,paused,archived,pending,draft"
TOKEN_LISTS = (*sponsored_products.LISTS, *sponsored_brands.LISTS)
SD_PATHS = ("campaigns", "adGroups", "productAds", "targets", "negativeTargets")
KEYWORDS = "application/vnd.sbkeyword.v3+json"
TARGETS = "application/vnd.sblisttargetsresponse.v3+json"
CREATIVES = "application/vnd.sbAdCreativeResource.v4+json"


def whole(api: Any, listing: EntityList, country: str = "US", **body: Any) -> list[dict[str, Any]]:
    """A list through all of its pages."""
    found, asked = [], {"stateFilter": ALL, **body}
    while True:
        answer = api.listed(listing.operation.path, listing.media_type, asked, country)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found += page[listing.key]
        if "nextToken" not in page:
            assert len(found) == page[listing.total_key]
            return found
        asked["nextToken"] = page["nextToken"]


def named(name: str) -> EntityList:
    return next(listing for listing in TOKEN_LISTS if listing.operation.name == f"ads.{name}")


def known_groups(api: Any, product: str, country: str = "US") -> Iterator[Any]:
    profile = seller_profile(country)
    today = api.today(country)
    for campaign in api.sim.world.ads.campaigns(profile):
        if campaign.ad_product == product and campaign.start <= today:
            for group in campaign.all_ad_groups:
                yield campaign, group


@pytest.mark.parametrize("listing", TOKEN_LISTS, ids=lambda listing: listing.operation.name)
def test_every_list_pages_through_each_entity_once(api: Any, listing: EntityList) -> None:
    at_once = whole(api, listing)
    in_pages = whole(api, listing, maxResults=-(-len(at_once) // 3))
    assert at_once == in_pages
    assert len({json.dumps(row, sort_keys=True) for row in at_once}) == len(at_once) > 2


def test_lists_hold_what_the_world_holds(api: Any) -> None:
    groups = list(known_groups(api, "SPONSORED_PRODUCTS"))
    targets = [target for _, group in groups for target in group.all_targets]
    ids = {
        "sp.ad_groups": ("adGroupId", {group.ad_group_id for _, group in groups}),
        "sp.product_ads": ("adId", {ad.ad_id for _, group in groups for ad in group.all_ads}),
        "sp.keywords": ("keywordId", {t.target_id for t in targets if t.is_keyword}),
        "sp.targets": ("targetId", {t.target_id for t in targets if not t.is_keyword}),
    }
    for name, (field, expected) in ids.items():
        told = [row[field] for row in whole(api, named(name))]
        assert set(told) == expected
        assert len(told) == len(expected)


@pytest.mark.parametrize(
    "listing", sponsored_products.LISTS, ids=lambda listing: listing.operation.name
)
def test_archived_entities_hide_unless_asked_for(api: Any, listing: EntityList) -> None:
    default = api.listed(listing.operation.path, listing.media_type, {}).json()[listing.key]
    assert "ARCHIVED" not in {row["state"] for row in default}
    assert "ARCHIVED" in {row["state"] for row in whole(api, listing)}


def test_what_is_inside_an_archived_campaign_is_archived(api: Any) -> None:
    archived = {
        row["campaignId"] for row in whole(api, named("sp.campaigns")) if row["state"] == "ARCHIVED"
    }
    keywords = [row for row in whole(api, named("sp.keywords")) if row["campaignId"] in archived]
    assert {row["state"] for row in keywords} == {State.ARCHIVED}


def test_child_lists_narrow_by_campaign_and_by_their_own_ids(api: Any) -> None:
    listing = named("sp.negative_keywords")
    rows = whole(api, listing)
    first = rows[0]
    by_id = whole(api, listing, negativeKeywordIdFilter={"include": [first["keywordId"]]})
    assert by_id == [first]
    by_campaign = whole(api, listing, campaignIdFilter={"include": [first["campaignId"]]})
    assert by_campaign == [row for row in rows if row["campaignId"] == first["campaignId"]]


def test_a_filter_that_the_simulator_does_not_follow_is_refused_and_not_ignored(api: Any) -> None:
    listing = named("sp.keywords")
    body = {"keywordTextFilter": {"keywordText": "pan"}}
    assert api.listed(listing.operation.path, listing.media_type, body).status_code == 501


def test_automatic_targets_have_no_bid_of_their_own(api: Any) -> None:
    targets = whole(api, named("sp.targets"))
    assert {row["expressionType"] for row in targets if "bid" not in row} == {"AUTO"}
    assert all("bid" in row for row in targets if row["expressionType"] == "MANUAL")
    assert {row["expression"][0]["type"] for row in targets} == {
        "QUERY_HIGH_REL_MATCHES", "QUERY_BROAD_REL_MATCHES", "ASIN_SUBSTITUTE_RELATED",
        "ASIN_ACCESSORY_RELATED", "ASIN_SAME_AS",
    }  # fmt: skip


def test_legacy_ads_have_neither_id_nor_name(api: Any) -> None:
    legacy = {
        row["campaignId"]
        for row in whole(api, named("sb.campaigns"))
        if not row["isMultiAdGroupsEnabled"]
    }
    ads = whole(api, named("sb.ads"))
    without = [ad for ad in ads if "adId" not in ad]
    assert {ad["campaignId"] for ad in without} == legacy
    assert all("name" not in ad for ad in without)
    assert all("extendedData" in ad for ad in ads)


def brands(api: Any, path: str, media: str, **query: Any) -> Any:
    return api.call("GET", path, headers={"Accept": media}, params=query)


def test_brands_keywords_show_enabled_and_paused_ones_unless_asked(api: Any) -> None:
    default = brands(api, "/sb/keywords", KEYWORDS).json()
    everything = brands(api, "/sb/keywords", KEYWORDS, stateFilter=EVERYTHING).json()
    assert {row["state"] for row in default} == {"enabled", "paused"}
    assert {row["state"] for row in everything} == {"enabled", "paused", "archived"}
    assert all(isinstance(row["keywordId"], int) for row in everything)
    assert {row["matchType"] for row in everything} == {"broad", "phrase", "exact"}
    pages = [
        brands(api, "/sb/keywords", KEYWORDS, stateFilter=EVERYTHING, startIndex=start, count=20)
        for start in range(0, len(everything) + 20, 20)
    ]
    assert [row for page in pages for row in page.json()] == everything


def test_brands_keywords_want_their_own_media_type(api: Any) -> None:
    assert brands(api, "/sb/keywords", "application/json").status_code == 406
    assert brands(api, "/sb/keywords", KEYWORDS.replace("v3", "v3.2")).status_code == 200


def test_brands_targets_filter_by_state_and_page_by_token(api: Any) -> None:
    states = [{"filterType": "TARGETING_STATE", "values": EVERYTHING.split(",")}]

    def told(**body: Any) -> dict[str, Any]:
        return api.listed("/sb/targets/list", TARGETS, body).json()

    assert {row["state"] for row in told()["targets"]} == {"enabled"}
    everything = told(filters=states)
    assert {row["state"] for row in everything["targets"]} == {"enabled", "archived"}
    first = told(filters=states, maxResults=2)
    second = told(filters=states, maxResults=2, nextToken=first["nextToken"])
    assert [*first["targets"], *second["targets"]] == everything["targets"][:4]
    wrong = api.listed("/sb/targets/list", TARGETS, {"filters": [{"filterType": "COLOUR"}]})
    assert wrong.status_code == 400


def test_one_brands_ads_creatives_come_newest_first_and_the_ad_carries_the_latest(api: Any) -> None:
    counts = set()
    for country in ("US", "CA", "UK", "DE", "JP"):
        for ad in whole(api, named("sb.ads"), country):
            if "adId" in ad:
                body = {"adId": ad["adId"]}
                told = api.listed("/sb/ads/creatives/list", CREATIVES, body, country).json()
                versions = [entry["creativeVersion"] for entry in told["creatives"]]
                assert versions == sorted(versions, reverse=True)
                assert ad["creative"]["creativeVersion"] == versions[0]
                counts.add(len(versions))
    assert counts == {1, 2}
    missing = api.listed("/sb/ads/creatives/list", CREATIVES, {})
    assert missing.status_code == 400


@pytest.mark.parametrize("path", SD_PATHS)
def test_display_lists_are_extended_on_request_and_show_all_states(api: Any, path: str) -> None:
    plain = api.call("GET", f"/sd/{path}").json()
    extended = api.call("GET", f"/sd/{path}/extended").json()
    assert len(plain) == len(extended) > 0
    assert "archived" in {row["state"] for row in plain}
    assert all({"servingStatus", "creationDate"} <= set(row) for row in extended)
    assert not any("servingStatus" in row for row in plain)


def test_display_expressions_nest(api: Any) -> None:
    expressions = [row["expression"][0] for row in api.call("GET", "/sd/targets").json()]
    assert {"type": "lookback", "value": "30"} in [v for e in expressions for v in e["value"]]


def test_display_creatives_name_their_assets(api: Any) -> None:
    creatives = api.call("GET", "/sd/creatives").json()
    group = creatives[0]["adGroupId"]
    narrowed = api.call("GET", "/sd/creatives", params={"adGroupIdFilter": group}).json()
    assert narrowed == [creatives[0]]
    assert api.call("GET", "/sd/creatives", params={"count": 101}).status_code == 400
    known = {asset.asset_id for asset in api.sim.world.ads.assets(seller_profile("US"))}
    assert {row["properties"]["brandLogo"]["assetId"] for row in creatives} <= known


def test_portfolios_page_without_being_asked_how_many(api: Any) -> None:
    media = "application/vnd.spPortfolio.v3+json"
    first = api.listed("/portfolios/list", media, {}).json()
    rest = api.listed("/portfolios/list", media, {"nextToken": first["nextToken"]}).json()
    portfolios = first["portfolios"] + rest["portfolios"]
    assert len(portfolios) == first["totalResults"] == 3
    assert {p["budget"]["policy"] for p in portfolios} == {
        "NO_CAP", "MONTHLY_RECURRING", "DATE_RANGE",
    }  # fmt: skip
    used = {c.get("portfolioId") for c in whole(api, named("sp.campaigns"))} - {None}
    assert used < {p["portfolioId"] for p in portfolios}
    assert api.listed("/portfolios/list", media, {"maxResults": 5}).status_code == 400


def test_a_call_for_extended_data_weighs_five(own: Callable[..., Any]) -> None:
    api = own(time_scale=0.001)
    listing = named("sp.ad_groups")
    body = {"includeExtendedDataFields": True}
    answers = [
        api.listed(listing.operation.path, listing.media_type, body).status_code for _ in range(7)
    ]
    assert answers == [200] * 6 + [429]
    display = [api.call("GET", "/sd/targets/extended").status_code for _ in range(7)]
    assert display == [200] * 6 + [429]
    assert [api.call("GET", "/sd/targets").status_code for _ in range(7)] == [200] * 7


def test_pages_can_repeat_lose_and_disfigure_rows(own: Callable[..., Any]) -> None:
    api = own()
    listing = named("sp.keywords")

    def second() -> list[dict[str, Any]]:
        first = api.listed(listing.operation.path, listing.media_type, {"maxResults": 10}).json()
        body = {"maxResults": 10, "nextToken": first["nextToken"]}
        return api.listed(listing.operation.path, listing.media_type, body).json()["keywords"]

    right = second()
    api.sim.faults.add("ads.sp.keywords", "repeated_page", nth=2)
    assert second()[3:] == right[:7]
    api.sim.faults.clear()
    api.sim.faults.add("ads.sp.keywords", "missing_rows", nth=2)
    assert second() == right[3:]
    api.sim.faults.clear()
    api.sim.faults.add("ads.sp.keywords", "unknown_enum", nth=2)
    assert second()[0]["state"] == "QUARANTINED"
    api.sim.faults.add("ads.sd.targets", "unknown_enum")
    assert api.call("GET", "/sd/targets").json()[0]["state"] == "quarantined"
