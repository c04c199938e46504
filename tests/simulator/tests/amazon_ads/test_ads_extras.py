"""Exports, invoices, assets and product metadata."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import requests

from simulator.simulation import Latencies
from simulator.world.ads import invoice_truth
from simulator.world.ads.profiles import seller_profile

EVERYTHING = ["ENABLED", "PAUSED", "ARCHIVED"]
INVOICES = {"Accept": "application/vnd.invoices.v1.1+json"}
INVOICE = {"Accept": "application/vnd.invoice.v1.1+json"}
METADATA = {
    "Content-Type": "application/vnd.productmetadatarequest.v1+json",
    "Accept": "application/vnd.productmetadataresponse.v1+json",
}


@pytest.mark.parametrize("kind", ["campaigns", "adGroups", "targets", "ads"])
def test_an_export_leaves_archived_entities_out_unless_asked(api: Any, kind: str) -> None:
    default, everything = api.exported(kind), api.exported(kind, stateFilter=EVERYTHING)
    assert "ARCHIVED" not in {row["state"] for row in default}
    assert "ARCHIVED" in {row["state"] for row in everything}
    assert {row["adProduct"] for row in everything} == {
        "SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY",
    }  # fmt: skip
    ids = [value for row in everything for name, value in row.items() if name.endswith("Id")]
    assert all(isinstance(value, str) for value in ids)


def test_an_export_holds_what_the_lists_hold(api: Any) -> None:
    media = "application/vnd.spCampaign.v3+json"
    lists = api.listed("/sp/campaigns/list", media, {"stateFilter": {"include": EVERYTHING}}).json()
    rows = api.exported("campaigns", adProductFilter=["SPONSORED_PRODUCTS"], stateFilter=EVERYTHING)
    told = {row["campaignId"]: row for row in rows}
    assert told.keys() == {row["campaignId"] for row in lists["campaigns"]}
    for row in lists["campaigns"]:
        twin = told[row["campaignId"]]
        money = twin["budgetCaps"]["budgetValue"]["monetaryBudget"]
        assert (twin["name"], twin["state"]) == (row["name"], row["state"])
        assert money == {"currencyCode": "USD", "amount": row["budget"]["budget"]}
        assert twin.get("portfolioId") == row.get("portfolioId")


def test_ads_and_most_targets_do_not_name_their_campaign(api: Any) -> None:
    assert not any("campaignId" in row for row in api.exported("ads"))
    targets = api.exported("targets")
    named = {row["adProduct"] for row in targets if "campaignId" in row}
    assert named == {"SPONSORED_PRODUCTS"}
    whole = [row for row in targets if "adGroupId" not in row]
    assert whole
    assert all(row["negative"] and "campaignId" in row for row in whole)


def test_targets_can_be_narrowed(api: Any) -> None:
    rows = api.exported(
        "targets",
        negativeFilter=[True],
        targetTypeFilter=["KEYWORD"],
        targetLevelFilter=["CAMPAIGN"],
    )
    assert {(row["negative"], row["targetType"]) for row in rows} == {(True, "KEYWORD")}
    media = "application/vnd.targetsexport.v1+json"
    assert api.listed("/targets/export", media, {"stateFilter": []}).status_code == 400
    assert api.listed("/ads/export", media, {}).status_code == 415


def test_five_exports_of_a_kind_are_made_at_once_and_each_look_mints_a_url(
    own: Callable[..., Any],
) -> None:
    api = own(time_scale=60, latencies=Latencies(ads_reports=(240.0, 240.0)))
    media = "application/vnd.campaignsexport.v1+json"
    answers = [api.listed("/campaigns/export", media, {}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [202] * 5 + [429]
    assert api.listed("/ads/export", media.replace("campaigns", "ads"), {}).status_code == 202
    path = f"/exports/{answers[0].json()['exportId']}"
    assert api.call("GET", path, headers={"Accept": "application/json"}).status_code == 406
    assert api.call("GET", path, "CA", headers={"Accept": media}).status_code == 404
    _, told = _until_done(api, path, media)
    again = api.call("GET", path, headers={"Accept": media}).json()
    assert told["url"] != again["url"]
    contents = [requests.get(url, timeout=10).content for url in (told["url"], again["url"])]
    assert contents[0] == contents[1]


def _until_done(api: Any, path: str, media: str) -> tuple[set[str], dict[str, Any]]:
    seen = set()
    for _ in range(1000):
        told = api.call("GET", path, headers={"Accept": media}).json()
        if "url" in told or "error" in told:
            return seen, told
        seen.add(told["status"])
        api.sim.simulation.limits.refill()
    raise AssertionError(path)


@pytest.mark.parametrize(
    ("fault", "statuses"),
    [("report_fatal", {"FAILED"}), ("report_unknown", {"COMPLETED"})],
)
def test_a_fault_decides_an_exports_end(own: Any, fault: str, statuses: set[str]) -> None:
    api = own()
    api.sim.faults.add("ads.exports.ads", fault)
    _, told = api.export("ads")
    assert {told["status"]} == statuses


def invoices(api: Any, country: str = "US", **query: Any) -> list[dict[str, Any]]:
    """All invoices through every cursor, newest first."""
    found = []
    while True:
        page = api.call("GET", "/invoices", country, headers=INVOICES, params=query).json()
        found += page["invoiceSummaries"]
        if page["nextCursor"] is None:
            return found
        query = {name: value for name, value in query.items() if name != "count"}
        query["cursor"] = page["nextCursor"]


@pytest.mark.parametrize("country", ["US", "UK", "MX", "JP"])
def test_invoices_equal_the_worlds_own_arithmetic(api: Any, country: str) -> None:
    expected = {
        f"{row['start']:%Y%m%d}": row
        for row in invoice_truth(api.sim.world)
        if row["country_code"] == country
    }
    told = invoices(api, country)
    assert {row["fromDate"] for row in told} == expected.keys()
    for row in told:
        truth = expected[row["fromDate"]]
        assert Decimal(str(row["amountDue"]["amount"])) == truth["amount_due"]
        assert Decimal(str(row["taxAmountDue"]["amount"])) == truth["tax"]
        assert (row["status"] == "ACCUMULATING") is truth["is_open"]
        whole = api.call("GET", f"/invoices/{row['id']}", country, headers=INVOICE).json()
        lines = [Decimal(str(line["cost"]["amount"])) for line in whole["invoiceLines"]]
        assert sum(lines) == truth["billed"]


def test_what_is_billed_is_what_reports_tell_but_for_the_known_difference(api: Any) -> None:
    truth = next(
        row
        for row in invoice_truth(api.sim.world)
        if row["country_code"] == "US" and row["start"] == date(2026, 11, 1)
    )
    reported = sum(
        Decimal(row["cost"])
        for report in ("spCampaigns", "sbCampaigns", "sdCampaigns")
        for row in api.rows(api.body(report, "date cost", truth["start"], truth["end"]))
    )
    assert reported == truth["reported_spend"]
    assert truth["unreported_spend"] > 0
    assert abs(truth["rounding"]) < Decimal("0.10")
    known = truth["unreported_spend"] + truth["rounding"]
    assert truth["billed"] - reported == known


def test_invoices_page_by_cursor_and_narrow_by_status_and_date(api: Any) -> None:
    everything = invoices(api)
    assert invoices(api, count=2) == everything
    paid = invoices(api, invoiceStatuses="PAID_IN_FULL,ISSUED")
    assert {row["status"] for row in paid} == {"PAID_IN_FULL", "ISSUED"}
    november = invoices(api, startDate="2026-11-01", endDate="2026-11-30")
    assert {row["invoiceDate"][:6] for row in november} == {"202611"}
    for query in ({"count": 2, "cursor": "x"}, {"cursor": "x~2"}, {"invoiceStatuses": "OPEN"}):
        answer = api.call("GET", "/invoices", headers=INVOICES, params=query)
        assert answer.status_code == 400, query


def search(api: Any, **body: Any) -> requests.Response:
    headers = {"Content-Type": "application/json"}
    return api.call("POST", "/assets/search", headers=headers, data=json.dumps(body))


def test_assets_are_found_by_pages_by_type_and_by_name(api: Any) -> None:
    whole = search(api).json()
    assert whole["totalRecords"] == len(whole["assetList"]) == 9
    first = search(api, pageCriteria={"size": 4}).json()
    by_token = search(api, pageCriteria={"size": 4, "identifier": {"token": first["token"]}}).json()
    by_number = search(api, pageCriteria={"size": 4, "identifier": {"pageNumber": 1}}).json()
    ids = [
        [asset["assetId"] for asset in page["assetList"]] for page in (whole, by_token, by_number)
    ]
    assert ids[1] == ids[2] == ids[0][4:8]
    videos = {"valueFilters": [{"valueField": "ASSET_TYPE", "values": ["VIDEO"]}]}
    assert search(api, filterCriteria=videos).json()["totalRecords"] == 2
    assert search(api, text="logo").json()["totalRecords"] == 2
    assert search(api, sortCriteria={"field": "SIZE"}).status_code == 501


def test_an_assets_url_expires_and_another_gives_the_same_file(own: Callable[..., Any]) -> None:
    api = own()
    asset = search(api).json()["assetList"][0]
    before = asset["storageLocationUrls"]["defaultUrl"]
    content = requests.get(before, timeout=10).content
    assert content.startswith(b"\x89PNG")
    api.sim.faults.add("download", "expired_url", containing=before.rpartition("=")[2])
    assert requests.get(before, timeout=10).status_code == 403
    query = {"assetId": asset["assetId"], "version": asset["version"]}
    again = api.call("GET", "/assets", params=query).json()["assetVersionList"][0]
    assert again["url"] != before
    assert requests.get(again["url"], timeout=10).content == content
    assert api.call("GET", "/assets", params={"assetId": "amzn1.none"}).status_code == 404


def metadata(api: Any, **body: Any) -> requests.Response:
    asked = {"pageIndex": 0, "pageSize": 300, "checkItemDetails": True, **body}
    given = {name: value for name, value in asked.items() if value is not None}
    return api.call("POST", "/product/metadata", headers=METADATA, data=json.dumps(given))


def test_product_metadata_tells_of_products_by_asin_or_sku(api: Any) -> None:
    offers = api.sim.world.ads.offers(seller_profile("US"))
    wanted = list({offer.asin for offer in offers[:5]})
    told = metadata(api, asins=[*wanted, "B0UNKNOWN0"]).json()["ProductMetadataList"]
    assert [row["asin"] for row in told] == wanted
    assert all(row["imageUrl"].endswith("._SS60_.jpg") and row["title"] for row in told)
    by_sku = metadata(api, skus=[offers[0].seller_sku]).json()["ProductMetadataList"]
    assert by_sku[0]["asin"] == offers[0].asin
    bare = metadata(api, asins=wanted, checkItemDetails=False).json()["ProductMetadataList"]
    assert all(set(row) == {"asin", "sku"} for row in bare)


def test_product_metadata_pages_by_cursor(api: Any) -> None:
    whole = metadata(api).json()["ProductMetadataList"]
    first = metadata(api, pageSize=10).json()
    second = metadata(api, pageSize=10, cursorToken=first["cursorToken"]).json()
    assert [*first["ProductMetadataList"], *second["ProductMetadataList"]] == whole[:20]


@pytest.mark.parametrize(
    "body",
    [
        {"asins": ["B0"] * 301},
        {"asins": []},
        {"pageSize": 301},
        {"pageIndex": None},
        {"asin": "B0"},
    ],
)
def test_product_metadata_refuses_what_the_contract_does_not_take(api: Any, body: Any) -> None:
    assert metadata(api, **body).status_code == 400
