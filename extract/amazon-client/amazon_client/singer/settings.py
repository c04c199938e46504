"""The settings both taps share: their schema, and what they mean once read."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from amazon_client.errors import ConfigurationError
from amazon_client.extraction.windows import Cadence

REGIONS = ("na", "eu", "fe")

_TEXT = {"type": ["string", "null"]}
_OR_NOTHING = ["number", "string", "null"]
_REGION = {"type": "string", "enum": list(REGIONS)}
_DATE = {"type": ["string", "null"], "format": "date"}
_INSTANT = {"type": ["string", "null"], "format": "date-time"}


def number(description: str, **more: Any) -> dict[str, Any]:
    """The schema of a setting that is a number, or the text of one: environments hold only text."""
    kinds = {"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?$"}
    return {**kinds, "description": description, **more}


def _described(schema: Mapping[str, Any], description: str, **more: Any) -> dict[str, Any]:
    return {**schema, "description": description, **more}


_COMMON: dict[str, Any] = {
    "store_id": _described(_TEXT, "Slug of the merchant; first in every key", default="default"),
    "client_id": _described({"type": "string"}, "Client id of the Login with Amazon application"),
    "client_secret": _described({"type": "string"}, "Its client secret", secret=True),
    "accounts": {
        "type": ["array", "null"],
        "description": "One entry per region that the store has authorised",
        "items": {
            "type": "object",
            "required": ["region", "refresh_token"],
            "properties": {
                "region": _REGION,
                "refresh_token": _described({"type": "string"}, "Refresh token", secret=True),
                "selling_partner_id": _TEXT,
            },
        },
    },
    "region": _described(
        {"type": ["string", "null"], "enum": [*REGIONS, None]}, "Region, instead of accounts"
    ),
    "refresh_token": _described(_TEXT, "Refresh token, instead of accounts", secret=True),
    "selling_partner_id": _described(_TEXT, "Seller id, instead of accounts"),
    "start_date": _described(_DATE, "First day to read; by default 59 days before today"),
    "as_of": _described(_INSTANT, "Run as if at this instant"),
    "cadence": _described(
        {"type": ["string", "null"], "enum": [*(cadence.value for cadence in Cadence), None]},
        "What the run is for: how far back it reads",
        default=Cadence.DAILY.value,
    ),
    "lookback_days": {
        "type": ["object", "null"],
        "description": "Days to read again, by stream, instead of the stream's own",
        "additionalProperties": {"type": "integer", "minimum": 1},
    },
    "api_url": _described(_TEXT, "Instead of Amazon's API; may hold {region}"),
    "auth_url": _described(_TEXT, "Instead of Login with Amazon's token URL; may hold {region}"),
    "user_agent": _described(_TEXT, "Sent with every call"),
    "journal_url": _described(
        _TEXT, "Postgres for the report journal (schema ops); else a SQLite file", secret=True
    ),
    "journal_path": _described(
        _TEXT, "SQLite file of the report journal; by default beside the tap's working folder"
    ),
    "work_dir": _described(_TEXT, "Folder for downloads; by default the system's temporary one"),
    "report_poll_seconds": number(
        "First pause before asking how far a report is; grows up to six times",
        type=_OR_NOTHING,
        exclusiveMinimum=0,
        default=5,
    ),
    "report_deadline_minutes": number(
        "How long to wait for one report before leaving it to the next run",
        type=_OR_NOTHING,
        exclusiveMinimum=0,
    ),
}


def common_settings(extra: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return `config_jsonschema`: the common settings and a tap's own ones.

    Args:
        extra: JSON schemas of the tap's own settings, by name.
    """
    return {
        "type": "object",
        "properties": deepcopy({**_COMMON, **(extra or {})}),
        "required": ["client_id", "client_secret"],
    }


@dataclass(frozen=True)
class Credentials:
    """The authorisation of one region.

    Attributes:
        region: `na`, `eu` or `fe`.
        refresh_token: Login with Amazon's refresh token; never shown.
        selling_partner_id: the seller, where the API needs to be told.
        extra: further keys of the entry in `accounts` (`profile_ids`, or the `client_id` and
            `client_secret` of an application that this account alone has authorised).
    """

    region: str
    refresh_token: str = field(repr=False)
    selling_partner_id: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Settings:
    """The common settings, read. Secrets are never shown."""

    store_id: str
    client_id: str
    client_secret: str = field(repr=False)
    accounts: tuple[Credentials, ...]
    cadence: Cadence
    start_date: date | None
    as_of: datetime | None
    lookback_days: Mapping[str, int]
    user_agent: str
    journal_url: str | None = field(repr=False)
    journal_path: Path
    work_dir: Path | None
    poll_seconds: float
    deadline_seconds: float
    api_url_pattern: str | None
    auth_url_pattern: str | None

    @classmethod
    def read(
        cls, config: Mapping[str, Any], *, tap_name: str, version: str, deadline_minutes: float
    ) -> Settings:
        """Read a tap's configuration.

        Args:
            config: the tap's, validated against `common_settings`.
            tap_name: for the default user agent and journal.
            version: of the tap, for the user agent.
            deadline_minutes: the tap's default.

        Raises:
            ConfigurationError: a setting is missing or makes no sense; says which.
        """
        set_ = {name: value for name, value in config.items() if value not in (None, "")}
        work_dir = set_.get("work_dir")
        agent = f"{tap_name}/{version} (Language=Python; Platform=Singer)"
        return cls(
            store_id=set_.get("store_id", "default"),
            client_id=_needed(set_, "client_id"),
            client_secret=_needed(set_, "client_secret"),
            accounts=_accounts(set_),
            cadence=Cadence(set_.get("cadence", Cadence.DAILY.value)),
            start_date=_parsed(set_, "start_date", lambda text: date.fromisoformat(text[:10])),
            as_of=_parsed(set_, "as_of", _utc),
            lookback_days=set_.get("lookback_days", {}),
            user_agent=set_.get("user_agent", agent),
            journal_url=set_.get("journal_url"),
            journal_path=Path(set_.get("journal_path", f".{tap_name}-journal.sqlite")),
            work_dir=Path(work_dir) if work_dir else None,
            poll_seconds=float(set_.get("report_poll_seconds", 5)),
            deadline_seconds=60 * float(set_.get("report_deadline_minutes", deadline_minutes)),
            api_url_pattern=set_.get("api_url"),
            auth_url_pattern=set_.get("auth_url"),
        )

    def client_of(self, credentials: Credentials) -> tuple[str, str]:
        """Id and secret of the application that an account has authorised: its own, else ours."""
        own = credentials.extra.get("client_id"), credentials.extra.get("client_secret")
        return (str(own[0]), str(own[1])) if all(own) else (self.client_id, self.client_secret)

    def api_url(self, region: str, default: str) -> str:
        """The API's address for a region: the setting `api_url`, else the default."""
        return _address(self.api_url_pattern, region, default)

    def auth_url(self, region: str, default: str) -> str:
        """The token's address for a region: the setting `auth_url`, else the default."""
        return _address(self.auth_url_pattern, region, default)


def _needed(config: Mapping[str, Any], name: str) -> str:
    if name not in config:
        raise ConfigurationError(f"{name} is not set")
    return str(config[name])


def _accounts(config: Mapping[str, Any]) -> tuple[Credentials, ...]:
    known = ("region", "refresh_token", "selling_partner_id")
    entries = config.get("accounts") or []
    if not entries:
        if "refresh_token" not in config:
            raise ConfigurationError(
                "no account is set", remedy="Set accounts, or region and refresh_token."
            )
        entries = [{name: config[name] for name in known if name in config}]
    found = tuple(
        Credentials(
            _needed(entry, "region"),
            _needed(entry, "refresh_token"),
            entry.get("selling_partner_id"),
            {name: value for name, value in entry.items() if name not in known},
        )
        for entry in entries
    )
    regions = [account.region for account in found]
    if len(set(regions)) < len(regions):
        raise ConfigurationError(f"accounts name a region twice: {', '.join(regions)}")
    return found


def _parsed(config: Mapping[str, Any], name: str, parse: Any) -> Any:
    if name not in config:
        return None
    try:
        return parse(config[name])
    except ValueError as error:
        raise ConfigurationError(f"{name} makes no sense: {error}") from None


def _utc(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)


def _address(pattern: str | None, region: str, default: str) -> str:
    return pattern.replace("{region}", region).rstrip("/") if pattern else default
