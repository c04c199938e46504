from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from singer_sdk import typing as th

from amazon_client.errors import ConfigurationError
from amazon_client.extraction import Cadence
from amazon_client.singer.settings import Settings, common_settings

LEAST = {"client_id": "id", "client_secret": "s3cret", "region": "na", "refresh_token": "t0ken"}


def read(**config: Any) -> Settings:
    merged = {**LEAST, **config}
    return Settings.read(merged, tap_name="tap-demo", version="1.2.3", deadline_minutes=30)


def test_the_least_settings_are_enough() -> None:
    settings = read()
    assert settings.store_id == "default"
    assert settings.cadence is Cadence.DAILY
    assert settings.start_date is None
    assert settings.poll_seconds == 5
    assert settings.deadline_seconds == 1800
    assert settings.journal_path == Path(".tap-demo-journal.sqlite")
    assert settings.user_agent.startswith("tap-demo/1.2.3 (")
    assert [(a.region, a.refresh_token) for a in settings.accounts] == [("na", "t0ken")]


def test_accounts_take_precedence_and_keep_what_only_their_tap_knows() -> None:
    settings = read(
        accounts=[
            {"region": "eu", "refresh_token": "e", "selling_partner_id": "A1"},
            {"region": "fe", "refresh_token": "f", "profile_ids": ["1"]},
        ]
    )
    europe, east = settings.accounts
    assert (europe.region, europe.selling_partner_id, dict(europe.extra)) == ("eu", "A1", {})
    assert (east.region, dict(east.extra)) == ("fe", {"profile_ids": ["1"]})


def test_dates_and_instants_are_read() -> None:
    settings = read(start_date="2026-09-26T00:00:00Z", as_of="2026-11-24T10:00:00-08:00")
    assert settings.start_date == date(2026, 9, 26)
    assert settings.as_of == datetime(2026, 11, 24, 18, tzinfo=UTC)


def test_addresses_name_the_region() -> None:
    settings = read(api_url="http://127.0.0.1:8000/sp/{region}/")
    assert settings.api_url("eu", "https://amazon") == "http://127.0.0.1:8000/sp/eu"
    assert settings.auth_url("eu", "https://amazon") == "https://amazon"


def test_empty_settings_count_as_not_set() -> None:
    """An unset variable of a .env file arrives as an empty text."""
    settings = read(api_url="", start_date="", journal_url=None)
    assert settings.api_url("eu", "https://amazon") == "https://amazon"
    assert settings.start_date is None


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"client_secret": ""}, "client_secret is not set"),
        ({"refresh_token": None}, "no account is set"),
        ({"region": None}, "region is not set"),
        ({"start_date": "soon"}, "start_date makes no sense"),
        ({"as_of": "soon"}, "as_of makes no sense"),
        (
            {"accounts": [{"region": "eu", "refresh_token": r} for r in "ab"]},
            "accounts name a region twice",
        ),
    ],
)
def test_a_wrong_setting_is_named(config: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        read(**config)


def test_a_number_may_come_as_text_as_it_does_from_the_environment() -> None:
    validator = th.DEFAULT_JSONSCHEMA_VALIDATOR(common_settings())
    validator.validate({**LEAST, "report_poll_seconds": "0.25", "report_deadline_minutes": 7.5})
    for wrong in (0, -1, "soon", "-1", ""):
        assert list(validator.iter_errors({**LEAST, "report_poll_seconds": wrong})), wrong
    settings = read(report_poll_seconds="0.25", report_deadline_minutes="7.5")
    assert (settings.poll_seconds, settings.deadline_seconds) == (0.25, 450)


def test_secrets_are_never_shown() -> None:
    settings = read(journal_url="postgresql://ada:hunter2@localhost/tandem")
    for secret in ("s3cret", "t0ken", "hunter2"):
        assert secret not in repr(settings)


def test_the_schema_takes_what_is_documented_and_marks_secrets() -> None:
    schema = common_settings({"orders_source": {"type": "string"}})
    validator = th.DEFAULT_JSONSCHEMA_VALIDATOR(schema)
    validator.validate({**LEAST, "accounts": [{"region": "eu", "refresh_token": "t"}]})
    assert list(validator.iter_errors({"client_id": "id"}))
    assert list(validator.iter_errors({**LEAST, "cadence": "monthly"}))
    assert "orders_source" in schema["properties"]
    secrets = [name for name, entry in schema["properties"].items() if entry.get("secret")]
    assert secrets == ["client_secret", "refresh_token", "journal_url"]


def test_taps_do_not_share_one_schema() -> None:
    common_settings()["properties"]["store_id"]["default"] = "changed"
    assert common_settings()["properties"]["store_id"]["default"] == "default"
