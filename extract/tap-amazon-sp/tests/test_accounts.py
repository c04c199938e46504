"""Roles, authorisations and settings: what is missing is named, and the rest is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator import credentials
from simulator.world.sellers import SELLER_IDS
from tap_amazon_sp import streams
from tap_amazon_sp.tap import TapAmazonSP

Sync = Callable[..., Any]
THREE_DAYS = {"orders_source": "api", "start_date": "2026-11-22"}


def ids(run: Any, stream: str) -> set[str]:
    return {record["order_id"] for record in run.records[stream]}


def seller(region: str, grant: str) -> dict[str, str]:
    return {
        "region": region,
        "refresh_token": credentials.grant(credentials.AMAZON_SP, grant).refresh_token,
        "selling_partner_id": SELLER_IDS[region],
    }


def test_a_missing_role_stops_one_stream_and_is_named(sync: Sync) -> None:
    accounts = [seller("na", "na-without-brand-analytics")]
    run = sync("sales_traffic_by_date", "orders_bulk", accounts=accounts)
    assert run.exit_code != 0
    (failure,) = run.failures
    assert "sales_traffic_by_date" in failure
    assert "Brand Analytics" in failure
    assert run.records["orders_bulk"]


def test_a_revoked_region_asks_for_a_new_authorisation_and_the_other_is_read(sync: Sync) -> None:
    accounts = [seller("na", "na-revoked"), seller("fe", "fe")]
    run = sync("orders_bulk", "marketplace_participations", accounts=accounts)
    assert run.exit_code == 3
    assert any("Authorise the account again" in failure for failure in run.failures)
    assert {row["region"] for row in run.records["orders_bulk"]} == {"fe"}


def test_a_missing_seller_id_is_a_message_and_not_a_key(sync: Sync) -> None:
    accounts = [{**seller("na", "na"), "selling_partner_id": None}]
    run = sync("marketplace_participations", accounts=accounts)
    assert run.exit_code != 0
    assert "Merchant Token" in run.failures[0]
    assert run.records["marketplace_participations"] == []


def test_pseudo_marketplaces_are_listed_and_never_asked_for(
    sync: Sync, requests_sent: list[Any]
) -> None:
    run = sync("marketplace_participations", "orders", "fba_inventory")
    assert run.exit_code == 0
    listed = {row["marketplace_id"] for row in run.records["marketplace_participations"]}
    assert "A1MQXOICRS2Z7M" in listed
    assert all("A1MQXOICRS2Z7M" not in str(sent) for sent in requests_sent)


def test_discovery_asks_nothing_of_amazon(simulator: Any, requests_sent: list[Any]) -> None:
    tap = TapAmazonSP(config={"client_id": "x", "client_secret": "y"}, validate_config=False)
    assert len(tap.catalog_dict["streams"]) == len(streams.ALL) + 1
    assert requests_sent == []
