"""What a run is told: tap-shopify's own settings, and ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

DEFAULT_DAYS = 60
"""Days that a first run reads, today among them; older orders need ``read_all_orders``."""
WINDOW_DAYS = 90
"""Days of one bulk operation: each costs a wait, and a first run should need one only."""
_MINE = {
    *("store_id", "as_of", "api_url", "bulk_poll_seconds", "include_personal_data", "cadence"),
    *("client_id", "client_secret"),
}


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message says which and what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run.

    Attributes:
        shop: the shop's name, ``my-shop`` of ``my-shop.myshopify.com``.
        store_id: whose rows these are; the first part of every key.
        as_of: run as if at this instant; None for the clock.
        api_url: another address than Shopify's; ``{shop}`` is filled in.
        bulk_poll_seconds: between two looks at a bulk operation.
        include_personal_data: keep notes and customers' own words inside objects.
        client: client id and secret, where a token is to be got with them.
        config: what tap-shopify is given.
    """

    shop: str
    store_id: str
    as_of: datetime | None
    api_url: str | None
    bulk_poll_seconds: float
    include_personal_data: bool
    client: tuple[str, str] | None
    config: dict[str, Any]

    @property
    def base(self) -> str:
        """The shop's address, or what stands in for it."""
        if self.api_url:
            return self.api_url.replace("{shop}", self.shop).rstrip("/")
        return f"https://{self.shop}.myshopify.com"

    @classmethod
    def of(cls, config: Mapping[str, Any], now: datetime | None = None) -> Settings:
        """The settings in a configuration file's content; empty ones count as absent.

        Raises:
            ConfigurationError: the shop or its credentials are missing, or an instant is none.
        """
        given = {name: value for name, value in config.items() if value not in (None, "")}
        shop = str(given.get("shop", "")).removeprefix("https://").rstrip("/")
        shop = shop.removesuffix(".myshopify.com")
        if not shop:
            raise ConfigurationError("`shop` is missing: the name before .myshopify.com.")
        has_client = {"client_id", "client_secret"} <= given.keys()
        if "access_token" not in given and not has_client:
            raise ConfigurationError(
                "`access_token` is missing: the Admin API token of a custom app in the shop "
                "(or `client_id` and `client_secret` of an app of the Dev Dashboard)."
            )
        as_of = _instant("as_of", given["as_of"]) if "as_of" in given else None
        start = given.get("start_date") or first_day(as_of or now or datetime.now(UTC))
        _instant("start_date", start)
        theirs = {name: value for name, value in given.items() if name not in _MINE}
        theirs.setdefault("date_window_size", WINDOW_DAYS)
        return cls(
            shop=shop,
            store_id=str(given.get("store_id", "default")),
            as_of=as_of,
            api_url=given.get("api_url"),
            bulk_poll_seconds=float(given.get("bulk_poll_seconds", 5)),
            include_personal_data=str(given.get("include_personal_data", False)).lower() == "true",
            client=(
                (given["client_id"], given["client_secret"])
                if has_client and "access_token" not in given
                else None
            ),
            config={**theirs, "shop": shop, "start_date": str(start)},
        )


def first_day(now: datetime) -> str:
    """Midnight (UTC) of the first of the default days that end today."""
    first = now.astimezone(UTC).date() - timedelta(days=DEFAULT_DAYS - 1)
    return f"{first.isoformat()}T00:00:00Z"


def _instant(name: str, text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ConfigurationError(
            f"`{name}` is no date: {text!r}; write it as 2026-01-31 or 2026-01-31T00:00:00Z."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
