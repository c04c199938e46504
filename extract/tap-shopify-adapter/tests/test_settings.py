"""What a configuration becomes, and which ones are refused in words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tap_shopify_adapter.budget import Refused, throttled_for, within_budget
from tap_shopify_adapter.settings import ConfigurationError, Settings

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)
GIVEN = {"shop": "northwind-home", "access_token": "token"}


def test_a_first_run_reads_sixty_days_today_among_them() -> None:
    assert Settings.of(GIVEN, NOW).config["start_date"] == "2026-09-26T00:00:00Z"


def test_the_days_are_counted_back_from_as_of() -> None:
    settings = Settings.of({**GIVEN, "as_of": "2026-03-01T00:00:00Z"}, NOW)
    assert settings.config["start_date"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("shop", ["northwind-home", "https://northwind-home.myshopify.com/"])
def test_a_shop_is_known_by_its_name_or_its_address(shop: str) -> None:
    assert Settings.of({**GIVEN, "shop": shop}).shop == "northwind-home"


def test_the_tap_gets_its_own_settings_only() -> None:
    settings = Settings.of({**GIVEN, "store_id": "acme", "results_per_page": "50", "as_of": ""})
    assert settings.store_id == "acme"
    assert settings.config.keys() == {*GIVEN, "results_per_page", "start_date", "date_window_size"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"shop": ""}, "`shop` is missing"),
        ({"access_token": None}, "`access_token` is missing"),
        ({"start_date": "yesterday"}, "`start_date` is no date"),
        ({"as_of": "now"}, "`as_of` is no date"),
    ],
)
def test_what_is_missing_or_wrong_is_said(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Settings.of({**GIVEN, **change})


def throttled(available: float) -> str:
    status = {"maximumAvailable": 2000, "currentlyAvailable": available, "restoreRate": 100}
    cost = {"requestedQueryCost": 642, "throttleStatus": status}
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    return json.dumps({"errors": [error], "extensions": {"cost": cost}})


def test_a_throttled_call_waits_until_its_points_are_there() -> None:
    answers, waited = iter([throttled(42), throttled(641), '{"data": {"THROTTLED": 1}}']), []
    execute = within_budget(lambda *_, **__: next(answers), waited.append)
    assert json.loads(execute(None, "{ shop { name } }"))["data"]
    assert waited == [6.0, 0.5]


def test_a_call_that_stays_throttled_is_given_back_as_it_is() -> None:
    execute = within_budget(lambda *_, **__: throttled(0), lambda seconds: None)
    assert throttled_for(execute(None, "")) == 6.42


def test_a_missing_scope_is_not_tried_again() -> None:
    answer = {"errors": [{"message": "Access denied", "extensions": {"code": "ACCESS_DENIED"}}]}
    execute = within_budget(lambda *_, **__: json.dumps(answer), lambda seconds: None)
    with pytest.raises(Refused, match="Access denied"):
        execute(None, "{ orders(first: 1) { nodes { id } } }")


def test_a_token_is_got_with_a_client_id_only_where_none_is_given() -> None:
    client = {"client_id": "id", "client_secret": "secret"}
    assert Settings.of({"shop": "acme", **client}).client == ("id", "secret")
    assert Settings.of({**GIVEN, **client}).client is None
    assert "client_secret" not in Settings.of({**GIVEN, **client}).config


def test_the_shops_address_is_its_own_unless_another_is_given() -> None:
    assert Settings.of(GIVEN).base == "https://northwind-home.myshopify.com"
    other = Settings.of({**GIVEN, "api_url": "http://127.0.0.1:1/shopify/{shop}/"})
    assert other.base == "http://127.0.0.1:1/shopify/northwind-home"
