"""The settings of a run."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tap_shopify_journeys.errors import ConfigurationError

DEFAULT_DAYS = 60
"""Days that a first run reads, today among them."""


@dataclass(frozen=True)
class Settings:
    """What a run is told, with its defaults filled in."""

    shop: str
    store_id: str
    access_token: str | None = field(repr=False)
    client: tuple[str, str] | None = field(repr=False)
    now: Callable[[], datetime]
    start: datetime
    lookback: timedelta
    api_url: str
    user_agent: str

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Settings:
        """The settings of a configuration; empty ones count as absent.

        Raises:
            ConfigurationError: the shop or its credentials are missing, or an instant is none.
        """
        given = {name: value for name, value in config.items() if value not in (None, "")}
        shop = str(given.get("shop", "")).removeprefix("https://").rstrip("/")
        shop = shop.removesuffix(".myshopify.com")
        if not shop:
            raise ConfigurationError("`shop` is missing")
        token, client = given.get("access_token"), None
        if token is None:
            if not {"client_id", "client_secret"} <= given.keys():
                raise ConfigurationError("`access_token` is missing")
            client = (str(given["client_id"]), str(given["client_secret"]))
        now = _clock(_instant("as_of", given["as_of"]) if "as_of" in given else None)
        first = now().date() - timedelta(days=DEFAULT_DAYS - 1)
        address = given.get("api_url") or "https://{shop}.myshopify.com"
        return cls(
            shop=shop,
            store_id=str(given.get("store_id", "default")),
            access_token=token,
            client=client,
            now=now,
            start=_instant("start_date", given.get("start_date") or first.isoformat()),
            lookback=timedelta(days=float(given.get("lookback_days", 3))),
            api_url=str(address).replace("{shop}", shop).rstrip("/"),
            user_agent=str(given.get("user_agent", "tap-shopify-journeys")),
        )


def _clock(as_of: datetime | None) -> Callable[[], datetime]:
    """The machine's clock, or one that begins at an instant."""
    if as_of is None:
        return lambda: datetime.now(UTC)
    began = time.monotonic()
    return lambda: as_of + timedelta(seconds=time.monotonic() - began)


def _instant(name: str, text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise ConfigurationError(f"`{name}` is no date: {text!r}") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
