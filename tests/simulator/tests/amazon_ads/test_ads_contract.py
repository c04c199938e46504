"""The simulated Ads API against Amazon's contracts; skipped where their folder is absent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from simulator.amazon_ads import (
    sponsored_brands,
    sponsored_brands_v3,
    sponsored_display,
    sponsored_products,
)

ALL = {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}
SP = "openapi/SponsoredProducts_prod_3p.2025-12.json"
SB = "openapi/sponsored-brands-extra.2022-12.json"
SD = "openapi/sponsored-display.2022-12.json"
REPORTS = "openapi/OfflineReport_prod_3p.2025-12.json"
PROFILES = "openapi/Profiles_prod_3p.2025-12.yaml"

Contract = Callable[[str], Path]
Facts = Callable[[str], Any]


def validate(answer: Any, contract: Path, schema: str) -> None:
    """Check an answer against a component of an OpenAPI 3.0 file, formats included."""
    text = contract.read_text()
    document = yaml.safe_load(text) if contract.suffix == ".yaml" else json.loads(text)
    rooted = {**_with_nulls(document), "$ref": f"#/components/schemas/{schema}"}
    jsonschema.Draft202012Validator(rooted).validate(answer)


def _with_nulls(node: Any) -> Any:
    """OpenAPI's ``nullable`` in JSON Schema's words."""
    if isinstance(node, list):
        return [_with_nulls(entry) for entry in node]
    if not isinstance(node, dict):
        return node
    turned = {name: _with_nulls(value) for name, value in node.items()}
    if node.get("nullable") is True:
        if isinstance(node.get("type"), str):
            turned["type"] = [node["type"], "null"]
        if "enum" in node:
            turned["enum"] = [*node["enum"], None]
    return turned


def fields_of(value: Any, fact: dict[str, Any], place: str) -> Iterator[str]:
    """Where a value departs from a field's facts: type, enum, unknown properties."""
    kinds: dict[str, Any] = {
        "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list,
        "object": dict,
    }  # fmt: skip
    if value is None:
        if not fact.get("nullable"):
            yield f"{place} is null"
        return
    if not isinstance(value, kinds[fact["type"]]):
        yield f"{place} is no {fact['type']}"
    elif "enum" in fact and value not in fact["enum"]:
        yield f"{place} has the unknown value {value}"
    elif isinstance(value, list):
        for entry in value:
            yield from fields_of(entry, fact.get("items", {"type": "object"}), f"{place}[]")
    elif isinstance(value, dict) and "properties" in fact:
        yield from departures(value, fact["properties"], place)


def departures(row: dict[str, Any], fields: dict[str, Any], place: str = "") -> Iterator[str]:
    for name, value in row.items():
        if name in fields:
            yield from fields_of(value, fields[name], f"{place}.{name}")
        else:
            yield f"{place}.{name} is unknown"


def listed_entities(api: Any, country: str) -> dict[str, list[dict[str, Any]]]:
    """Every entity list by its name among the facts."""
    full = {"stateFilter": ALL, "includeExtendedDataFields": True}
    every = {"stateFilter": "enabled,paused,archived"}
    listed = {
        "profiles": api.call("GET", "/v2/profiles", country, params={"accessLevel": "view"}).json()
    }
    for listing in (*sponsored_products.LISTS, *sponsored_brands.LISTS):
        answer = api.listed(listing.operation.path, listing.media_type, full, country)
        listed[listing.operation.name.removeprefix("ads.").replace(".", "_")] = answer.json()[
            listing.key
        ]
    for index_list in (*sponsored_display.LISTS, *sponsored_brands_v3.INDEX_LISTS):
        path = index_list.operation.path
        headers = {"Accept": index_list.media_types[0]}
        query = every if index_list.states else {}
        name = index_list.operation.name.removeprefix("ads.").replace(".", "_")
        listed[name] = api.call("GET", path, country, headers=headers, params=query).json()
        if index_list.has_extended and name != "sd_negative_targets":
            listed[f"{name}_extended"] = api.call("GET", f"{path}/extended", country).json()
    for name, path, key, _ in sponsored_brands_v3.TARGET_LISTS:
        media = f"application/vnd.sblist{key.lower()}response.v3+json"
        listed[f"sb_{name}"] = api.listed(path, media, {}, country).json()[key]
    portfolios = "application/vnd.spPortfolio.v3+json"
    listed["portfolios"] = api.listed(
        "/portfolios/list", portfolios, {"includeExtendedDataFields": True}, country
    ).json()["portfolios"]
    creatives = "application/vnd.sbAdCreativeResource.v4+json"
    ad = next(ad for ad in listed["sb_ads"] if "adId" in ad)
    listed["sb_ad_creatives"] = api.listed(
        "/sb/ads/creatives/list", creatives, {"adId": ad["adId"]}, country
    ).json()["creatives"]
    return listed


@pytest.mark.parametrize("country", ["US", "JP"])
def test_entities_have_amazons_fields_types_and_enums(api: Any, facts: Facts, country: str) -> None:
    entities = facts("entities")["entities"]
    for name in ("sb_targets", "sb_negative_targets"):
        # The contract's lists say arrays; the facts hold the type of one of their entries.
        for field in ("expressions", "resolvedExpressions"):
            entry = entities[name]["fields"][field]
            if entry["type"] == "object":
                entities[name]["fields"][field] = {"type": "array", "items": entry}
    for name, rows in listed_entities(api, country).items():
        assert rows, name
        fields = entities[name]["fields"]
        assert [gap for row in rows for gap in departures(row, fields, name)] == []
        required = set(entities[name].get("required", ()))
        assert all(required <= set(row) for row in rows)


def test_sponsored_products_lists_follow_the_contract(api: Any, contract: Contract) -> None:
    page = api.sp_campaigns(stateFilter=ALL, includeExtendedDataFields=True)
    assert page.headers["Content-Type"] == "application/vnd.spCampaign.v3+json"
    validate(
        page.json(), contract(SP), "SponsoredProductsListSponsoredProductsCampaignsResponseContent"
    )
    refused = api.sp_campaigns(maxResults=0)
    validate(
        refused.json(), contract(SP), "SponsoredProductsCampaignAccessExceptionResponseContent"
    )


def test_sponsored_brands_lists_follow_the_contract(api: Any, contract: Contract) -> None:
    page = api.sb_campaigns(stateFilter=ALL, includeExtendedDataFields=True)
    validate(page.json(), contract(SB), "ListSponsoredBrandsCampaignsResponseContent")
    refused = api.sb_campaigns(maxResults=0)
    validate(refused.json(), contract(SB), "InvalidArgumentExceptionResponseContent")


def test_sponsored_display_lists_follow_the_contract(api: Any, contract: Contract) -> None:
    for campaign in api.sd_campaigns().json():
        validate(campaign, contract(SD), "Campaign")
    validate(api.sd_campaigns(count=0).json(), contract(SD), "Error")


def test_profiles_follow_the_contract(api: Any, contract: Contract) -> None:
    for region in ("na", "eu", "fe"):
        query = {"accessLevel": "view"}
        for profile in api.call("GET", "/v2/profiles", None, region, params=query).json():
            validate(profile, contract(PROFILES), "Profile")


def test_report_answers_follow_the_contract_at_every_stage(own: Any, contract: Contract) -> None:
    api = own(time_scale=600)
    body = api.body("spCampaigns", "date clicks", api.today(), api.today())
    created = api.create(body)
    assert created.headers["Content-Type"] == ("application/vnd.createasyncreportresponse.v3+json")
    validate(created.json(), contract(REPORTS), "AsyncReport")
    validate(body, contract(REPORTS), "CreateAsyncReportRequest")
    validate(api.create(body).json(), contract(REPORTS), "AsyncReportingError")
    validate(api.finished(created.json()["reportId"]), contract(REPORTS), "AsyncReport")
    sample = json.loads(contract("samples/report_completed.response.json").read_text())
    assert set(api.finished(created.json()["reportId"])) == set(sample)


EXPORTS = "openapi/AmazonAdsAPIExports_prod_3p.2025-12.json"
BILLING = "openapi/AdvertisingBilling_prod_3p.2025-12.json"
ASSETS = "openapi/common-creative-assets.2022-12.json"
PRODUCTS = "openapi/common-product-meta-data.2022-12.json"


@pytest.mark.parametrize("listing", sponsored_products.LISTS, ids=lambda li: li.operation.name)
def test_sponsored_products_paths_and_media_types_are_the_contracts(
    contract: Contract, listing: Any
) -> None:
    operation = json.loads(contract(SP).read_text())["paths"][listing.operation.path]["post"]
    assert list(operation["requestBody"]["content"]) == [listing.media_type]
    assert list(operation["responses"]["200"]["content"]) == [listing.media_type]


def test_exports_follow_the_contract(api: Any, contract: Contract) -> None:
    created, told = api.export("targets")
    for answer in (created, told):
        validate(answer, contract(EXPORTS), "UniversalApiExportResponse")
    sample = json.loads(contract("samples/export_completed.response.json").read_text())
    assert set(told) == set(sample)


def test_invoices_follow_the_contract(api: Any, contract: Contract) -> None:
    accept = {"Accept": "application/vnd.invoices.v1.1+json"}
    summaries = api.call("GET", "/invoices", "UK", headers=accept).json()["invoiceSummaries"]
    for summary in summaries:
        validate(summary, contract(BILLING), "invoiceSummary")
    accept = {"Accept": "application/vnd.invoice.v1.1+json"}
    single = api.call("GET", f"/invoices/{summaries[1]['id']}", "UK", headers=accept)
    validate(single.json(), contract(BILLING), "invoice")


def test_assets_and_product_metadata_follow_the_contract(api: Any, contract: Contract) -> None:
    headers = {"Content-Type": "application/json"}
    found = api.call("POST", "/assets/search", headers=headers, data="{}").json()
    for asset in found["assetList"]:
        # Its text and example say that these are addresses, its type says objects.
        addresses = asset["storageLocationUrls"].pop("processedUrls")
        assert all(isinstance(address, str) for address in addresses.values())
        validate(asset, contract(ASSETS), "caAsset")
    media = {
        "Content-Type": "application/vnd.productmetadatarequest.v1+json",
        "Accept": "application/vnd.productmetadataresponse.v1+json",
    }
    body = json.loads(contract("samples/product_metadata.request.json").read_text())
    asins = [listing.asin for listing in api.sim.world.listings[:2]]
    answer = api.call(
        "POST", "/product/metadata", headers=media, data=json.dumps({**body, "asins": asins})
    )
    assert answer.status_code == 200
    validate(answer.json(), contract(PRODUCTS), "ProductMetadataResponse")


def test_refusals_are_worded_as_amazon_was_seen_to_word_them(own: Any, facts: Facts) -> None:
    api = own(time_scale=1)
    seen = facts("error_bodies")
    bare = api.call("GET", "/v2/profiles", None, headers={"Authorization": None})
    expected = seen["ads_v2_401"]
    assert bare.status_code == expected["status"]
    assert {**bare.json(), "requestId": ""} == {**expected["body"], "requestId": ""}
    body = api.body("spCampaigns", "date clicks", api.today(), api.today())
    report_id = api.create(body).json()["reportId"]
    duplicate = api.create(body)
    known = seen["reporting_425"]["body"]
    assert duplicate.status_code == seen["reporting_425"]["status"]
    detail = known["detail"].replace(known["detail"].split()[-1], report_id)
    assert duplicate.json() == {**known, "detail": detail}
    old = api.body("spCampaigns", "date", api.today() - timedelta(99), api.today() - timedelta(90))
    assert api.create(old).json()["detail"] == seen["reporting_400_too_old"]["details"]
    wrong = api.create({**body, "configuration": {**body["configuration"], "timeUnit": "HOURLY"}})
    assert wrong.json()["detail"] in seen["reporting_400_timeunit"]["detail"]
    revoked = type(api)(api.sim, "revoked")
    with pytest.raises(KeyError, match="access_token"):
        revoked.token()
