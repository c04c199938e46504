"""FBA inventory: pages, pools and what a seller SKU shows."""

from __future__ import annotations

from typing import Any

from simulator.truth import inventory
from simulator.world import World
from simulator.world.marketplaces import BY_COUNTRY

PATH = "/fba/inventory/v1/summaries"


def pages(api: Any, country: str, **changes: str) -> list[list[dict[str, Any]]]:
    market = BY_COUNTRY[country]
    here = api.of(market.region)
    query = {
        "details": "true",
        "granularityType": "Marketplace",
        "granularityId": market.marketplace_id,
        "marketplaceIds": market.marketplace_id,
    } | changes
    found, token = [], None
    while True:
        api.simulation.limits.refill()
        answer = here.get(PATH, **query, **({"nextToken": token} if token else {})).json
        found.append(answer["payload"]["inventorySummaries"])
        token = answer.get("pagination", {}).get("nextToken")
        if not token:
            return found


def rows(api: Any, country: str, **changes: str) -> list[dict[str, Any]]:
    return [row for page in pages(api, country, **changes) for row in page]


def test_a_marketplace_takes_at_least_three_pages_without_repeating_a_sku(api: Any) -> None:
    found = pages(api, "US")
    assert len(found) >= 3
    skus = [row["sellerSku"] for page in found for row in page]
    assert len(set(skus)) == len(skus)


def test_every_fba_offer_is_told_and_no_merchant_fulfilled_one(api: Any, world: World) -> None:
    us = BY_COUNTRY["US"].marketplace_id
    expected = {o.seller_sku for o in world.listings if o.marketplace_id == us and o.fn_sku}
    told = {row["sellerSku"] for row in rows(api, "US")}
    assert told == expected
    assert not any(sku.endswith("-MFN") for sku in told)


def test_the_pools_quantity_is_repeated_in_every_marketplace_of_it(api: Any) -> None:
    def told(country: str) -> dict[tuple[str, str], Any]:
        return {
            (row["sellerSku"], row["fnSku"]): row["inventoryDetails"] for row in rows(api, country)
        }

    germany = told("DE")
    assert germany
    assert told("FR") == told("IT") == told("ES") == germany
    assert told("UK") != germany


def test_skus_that_share_an_fnsku_show_the_same_stock(api: Any) -> None:
    by_fn_sku: dict[str, list[Any]] = {}
    for row in rows(api, "US"):
        by_fn_sku.setdefault(row["fnSku"], []).append(row)
    shared = [same for same in by_fn_sku.values() if len(same) > 1]
    assert shared
    for same in shared:
        assert len({str(row["inventoryDetails"]) for row in same}) == 1


def test_each_pool_tells_the_worlds_stock(api: Any, world: World) -> None:
    truth = {(row["pool"], row["fn_sku"]): row for row in inventory(world)}
    for country in ("US", "CA", "UK", "DE", "JP"):
        pool = BY_COUNTRY[country].pool
        for row in rows(api, country):
            expected, details = truth[pool, row["fnSku"]], row["inventoryDetails"]
            assert row["sellerSku"] in expected["seller_skus"]
            assert row["totalQuantity"] == expected["total"]
            assert details["fulfillableQuantity"] == expected["fulfillable"]
            assert details["reservedQuantity"]["totalReservedQuantity"] == expected["reserved"]
            unfulfillable = details["unfulfillableQuantity"]
            assert unfulfillable["totalUnfulfillableQuantity"] == expected["unfulfillable"]


def test_parts_add_up_to_their_totals(api: Any) -> None:
    for row in rows(api, "US"):
        details = row["inventoryDetails"]
        reserved = dict(details["reservedQuantity"])
        assert reserved.pop("totalReservedQuantity") == sum(reserved.values())
        bad = dict(details["unfulfillableQuantity"])
        assert bad.pop("totalUnfulfillableQuantity") == sum(bad.values())
        inbound = sum(value for name, value in details.items() if name.startswith("inbound"))
        researching = details["researchingQuantity"]["totalResearchingQuantity"]
        parts = details["fulfillableQuantity"] + sum(reserved.values()) + sum(bad.values())
        assert row["totalQuantity"] == parts + inbound + researching


def test_details_are_there_only_when_asked_for(api: Any) -> None:
    assert all("inventoryDetails" not in row for row in rows(api, "US", details="false"))


def test_skus_and_changes_can_be_singled_out(api: Any) -> None:
    everything = rows(api, "US")
    two = ",".join(row["sellerSku"] for row in everything[:2])
    assert rows(api, "US", sellerSkus=two) == everything[:2]
    changed = rows(api, "US", startDateTime="2026-11-24T00:00:00Z")
    assert 0 < len(changed) < len(everything)


def test_a_page_can_hold_rows_of_the_one_before(api: Any) -> None:
    api.simulation.faults.add("getInventorySummaries", "repeated_page", nth=2)
    skus = [row["sellerSku"] for row in rows(api, "US")]
    assert len(set(skus)) < len(skus)
