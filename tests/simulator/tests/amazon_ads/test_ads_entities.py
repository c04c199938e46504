"""Profiles and campaign lists: what they show, to whom, and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulator.world.ads.profiles import seller_profile

ALL = {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}
SP_CAMPAIGNS = "application/vnd.spCampaign.v3+json"
FAMILIES = [("POST", "/sp/campaigns/list"), ("GET", "/sd/campaigns"), ("GET", "/v2/profiles")]


def profiles(api: Any, region: str = "na", **query: str) -> list[dict[str, Any]]:
    answer = api.call("GET", "/v2/profiles", None, region, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def kinds(listed: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return [
        (p["countryCode"], p["accountInfo"]["type"], p["accountInfo"].get("subType", ""))
        for p in listed
    ]


def test_a_host_lists_its_own_regions_profiles_with_all_kinds_of_accounts(api: Any) -> None:
    assert kinds(profiles(api, accessLevel="view")) == [
        ("US", "seller", ""),
        ("CA", "seller", ""),
        ("MX", "seller", ""),
        ("US", "agency", ""),
        ("US", "vendor", "KDP_AUTHOR"),
    ]
    assert kinds(profiles(api, "eu")) == [
        ("UK", "seller", ""),
        ("DE", "seller", ""),
        ("UK", "vendor", "AMAZON_ATTRIBUTION"),
    ]
    assert kinds(profiles(api, "fe")) == [("JP", "seller", "")]


def test_the_default_access_level_hides_a_view_only_profile(api: Any) -> None:
    assert "MX" not in {p["countryCode"] for p in profiles(api)}
    assert "MX" in {p["countryCode"] for p in profiles(api, accessLevel="view")}


def test_a_view_only_user_sees_nothing_by_default(api: Any) -> None:
    viewer = type(api)(api.sim, "view-only")
    assert profiles(viewer) == []
    assert len(profiles(viewer, accessLevel="view", apiProgram="report")) == 3


@pytest.mark.parametrize(
    ("grant_name", "types"), [("agency-only", ["agency"]), ("no-profiles", [])]
)
def test_other_users_see_their_own(api: Any, grant_name: str, types: list[str]) -> None:
    user = type(api)(api.sim, grant_name)
    listed = profiles(user, accessLevel="view")
    assert [profile["accountInfo"]["type"] for profile in listed] == types


def test_profiles_carry_numbers_zones_and_the_sellers_id(api: Any) -> None:
    japan = profiles(api, "fe")[0]
    assert japan["profileId"] == int(seller_profile("JP").profile_id)
    assert float(japan["profileId"]) != japan["profileId"]
    assert (japan["currencyCode"], japan["timezone"]) == ("JPY", "Asia/Tokyo")
    zones = {p["countryCode"]: p["timezone"] for p in profiles(api) + profiles(api, "eu")}
    assert (zones["CA"], zones["DE"]) == ("America/Los_Angeles", "Europe/Paris")
    sellers = api.sim.world.sellers
    assert japan["accountInfo"]["id"] == sellers["fe"].selling_partner_id
    single = api.call("GET", f"/v2/profiles/{japan['profileId']}", None, "fe").json()
    assert single == japan


def test_profile_filters_narrow_and_refuse_the_unknown(api: Any) -> None:
    vendors = profiles(api, profileTypeFilter="vendor,agency")
    assert {p["accountInfo"]["type"] for p in vendors} == {"vendor", "agency"}
    for query in ({"accessLevel": "all"}, {"apiprogram": "report"}):
        answer = api.call("GET", "/v2/profiles", None, "na", params=query)
        assert answer.status_code == 400


def test_lists_hide_archived_campaigns_unless_asked(api: Any) -> None:
    default = {c["state"] for c in api.sp_campaigns().json()["campaigns"]}
    everything = {c["state"] for c in api.sp_campaigns(stateFilter=ALL).json()["campaigns"]}
    assert default == {"ENABLED", "PAUSED"}
    assert everything == {"ENABLED", "PAUSED", "ARCHIVED"}
    assert {c["state"] for c in api.sd_campaigns().json()} == {"enabled", "archived"}
    assert {c["state"] for c in api.sd_campaigns(stateFilter="enabled").json()} == {"enabled"}


def test_pages_of_products_follow_tokens_and_hold_every_campaign_once(api: Any) -> None:
    asked: dict[str, Any] = {"maxResults": 3, "stateFilter": ALL}
    found, pages = [], 0
    while True:
        page = api.sp_campaigns(**asked).json()
        found += [campaign["campaignId"] for campaign in page["campaigns"]]
        pages += 1
        if "nextToken" not in page:
            break
        asked["nextToken"] = page["nextToken"]
    assert pages == -(-page["totalResults"] // 3) > 2
    assert len(found) == len(set(found)) == page["totalResults"]


def test_pages_of_display_follow_start_index_and_count(api: Any) -> None:
    whole = api.sd_campaigns().json()
    parts = [api.sd_campaigns(startIndex=start, count=2).json() for start in range(0, 12, 2)]
    assert [campaign for part in parts for campaign in part] == whole
    assert len(whole) < 12


def test_a_token_is_good_for_its_own_request_only(api: Any) -> None:
    token = api.sp_campaigns(maxResults=2).json()["nextToken"]
    assert api.sp_campaigns(maxResults=3, nextToken=token).status_code == 200
    assert api.sp_campaigns(maxResults=2, nextToken=token, stateFilter=ALL).status_code == 400
    assert api.sp_campaigns("CA", maxResults=2, nextToken=token).status_code == 400
    assert api.sp_campaigns(nextToken="bm9uc2Vuc2U=").status_code == 400


@pytest.mark.parametrize(
    ("list_name", "body"),
    [
        ("sp_campaigns", {"maxResults": 0}),
        ("sp_campaigns", {"maxResults": 1001}),
        ("sp_campaigns", {"maxResults": "50"}),
        ("sp_campaigns", {"maxResults": True}),
        ("sp_campaigns", {"stateFilter": {"include": ["enabled"]}}),
        ("sp_campaigns", {"stateFilter": ["ENABLED"]}),
        ("sp_campaigns", {"campaignIdFilter": {"include": [123]}}),
        ("sp_campaigns", {"campaignIdFilter": {"include": ["1"] * 1001}}),
        ("sp_campaigns", {"pageSize": 10}),
        ("sp_campaigns", {"includeExtendedDataFields": "true"}),
        ("sb_campaigns", {"maxResults": 101}),
        ("sb_campaigns", {"campaignIdFilter": {"include": ["1"] * 11}}),
        ("sb_campaigns", {"marketplaceBudgetAllocationFilter": {"include": ["AUTO"]}}),
    ],
)
def test_a_body_outside_the_contract_is_refused(
    api: Any, list_name: str, body: dict[str, Any]
) -> None:
    answer = getattr(api, list_name)(**body)
    assert answer.status_code == 400
    assert answer.json()["code"] == "INVALID_ARGUMENT"
    assert answer.json()["message"]


@pytest.mark.parametrize(
    "query",
    [{"count": 0}, {"count": 5001}, {"startIndex": -1}, {"stateFilter": "ENABLED"}, {"page": 1}],
)
def test_a_display_query_outside_the_contract_is_refused(api: Any, query: dict[str, Any]) -> None:
    answer = api.sd_campaigns(**query)
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "details", "requestId"}


@pytest.mark.parametrize("media", ["application/json", "application/vnd.spcampaign.v2+json", None])
def test_the_wrong_media_type_is_refused(api: Any, media: str | None) -> None:
    right = SP_CAMPAIGNS
    for headers, status in (
        ({"Content-Type": media, "Accept": right}, 415),
        ({"Content-Type": right, "Accept": media or "*/*"}, 406),
    ):
        answer = api.call("POST", "/sp/campaigns/list", headers=headers, data=json.dumps({}))
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(("method", "path"), FAMILIES)
@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": None},
        {"Authorization": "Bearer Atza|unknown"},
        {"Authorization": "Atza|no-scheme"},
        {"Amazon-Advertising-API-ClientId": None},
        {"Amazon-Advertising-API-ClientId": "amzn1.application-oa2-client.other"},
    ],
)
def test_a_call_without_the_right_token_and_client_is_refused(
    api: Any, method: str, path: str, headers: dict[str, str | None]
) -> None:
    answer = api.call(method, path, headers=headers, data="{}" if method == "POST" else None)
    assert answer.status_code == 401
    assert "Authentication failed" in answer.text


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (None, "Scope header is missing"),
        ("1", "No matching advertiser found for scope"),
        (seller_profile("DE").profile_id, "No matching advertiser found for scope"),
    ],
)
def test_a_call_without_a_profile_of_the_region_is_refused(
    api: Any, scope: str | None, words: str
) -> None:
    headers = {"Amazon-Advertising-API-Scope": scope}
    answer = api.call("GET", "/sd/campaigns", headers=headers)
    assert (answer.status_code, answer.json()["details"]) == (401, words)
    answer = api.call("POST", "/sp/campaigns/list", headers=headers, data="{}")
    assert (answer.status_code, answer.json()) == (401, {"code": "UNAUTHORIZED", "message": words})
    answer = api.call("GET", "/reporting/reports/x", headers=headers)
    assert (answer.status_code, answer.json()) == (401, {"code": "401", "detail": words})


def test_a_user_without_the_profile_may_not_use_its_scope(api: Any) -> None:
    user = type(api)(api.sim, "agency-only")
    answer = user.sd_campaigns()
    assert (answer.status_code, answer.json()["details"]) == (401, "Not authorized to access scope")


def test_agencies_and_authors_lack_what_amazon_does_not_give_them(api: Any) -> None:
    agency, author = "4407719823351648", "4893320157764402"
    answer = api.call("GET", "/sd/campaigns", headers={"Amazon-Advertising-API-Scope": agency})
    assert answer.status_code == 403
    types = {"Content-Type": "application/vnd.sbcampaignresource.v4+json"}
    headers = {"Amazon-Advertising-API-Scope": author, **types, "Accept": types["Content-Type"]}
    answer = api.call("POST", "/sb/v4/campaigns/list", headers=headers, data="{}")
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("KDP authors do not have access")


def test_ids_are_strings_in_products_and_brands_and_numbers_in_display(api: Any) -> None:
    assert isinstance(api.sp_campaigns().json()["campaigns"][0]["campaignId"], str)
    assert isinstance(api.sb_campaigns().json()["campaigns"][0]["campaignId"], str)
    display = api.sd_campaigns().json()
    assert all(isinstance(c["campaignId"], int) for c in display)
    portfolios = {c["portfolioId"] for c in display}
    assert all(p is None or isinstance(p, int) for p in portfolios)


def test_extended_data_comes_when_asked_for_in_each_apis_own_form(api: Any) -> None:
    assert "extendedData" not in api.sp_campaigns().json()["campaigns"][0]
    sp = api.sp_campaigns(includeExtendedDataFields=True).json()["campaigns"][0]
    sb = api.sb_campaigns(includeExtendedDataFields=True).json()["campaigns"][0]
    assert sp["extendedData"]["creationDateTime"].endswith("Z")
    assert isinstance(sb["extendedData"]["creationDate"], int)
    sd = api.call("GET", "/sd/campaigns/extended").json()[0]
    assert isinstance(sd["creationDate"], int)
    assert len(sd["startDate"]) == 8


def test_filters_by_id_portfolio_and_name_narrow_a_list(api: Any) -> None:
    campaigns = api.sp_campaigns(stateFilter=ALL).json()["campaigns"]
    wanted = next(c for c in campaigns if "portfolioId" in c)
    by_id = api.sp_campaigns(stateFilter=ALL, campaignIdFilter={"include": [wanted["campaignId"]]})
    assert by_id.json()["campaigns"] == [wanted]
    by_portfolio = api.sp_campaigns(
        stateFilter=ALL, portfolioIdFilter={"include": [wanted["portfolioId"]]}
    ).json()["campaigns"]
    assert by_portfolio == [c for c in campaigns if c.get("portfolioId") == wanted["portfolioId"]]
    exact = {"include": [wanted["name"]], "queryTermMatchType": "EXACT_MATCH"}
    assert api.sp_campaigns(stateFilter=ALL, nameFilter=exact).json()["campaigns"] == [wanted]
    named = api.sd_campaigns(name=api.sd_campaigns().json()[0]["name"]).json()
    assert len(named) == 1


def test_one_enabled_brands_campaign_is_a_legacy_one(api: Any) -> None:
    campaigns = api.sb_campaigns().json()["campaigns"]
    legacy = [c for c in campaigns if not c["isMultiAdGroupsEnabled"]]
    assert len(legacy) == 1
    assert legacy[0]["state"] == "ENABLED"
    assert {c["costType"] for c in campaigns} == {"CPC", "VCPM"}


def test_a_repeated_page_holds_rows_of_the_one_before(own: Any) -> None:
    api = own()
    first = api.sp_campaigns(maxResults=4, stateFilter=ALL).json()
    api.sim.faults.add("ads.sp.campaigns", "repeated_page")
    second = api.sp_campaigns(maxResults=4, stateFilter=ALL, nextToken=first["nextToken"]).json()
    assert first["campaigns"][-1] in second["campaigns"]


def test_a_region_can_be_empty_for_a_user(api: Any) -> None:
    european = type(api)(api.sim, "eu-only")
    assert profiles(european, "na", accessLevel="view") == []
    assert len(profiles(european, "eu")) == 3
