"""The tap: settings, and what its streams share."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import IO, Any

from singer_sdk import Stream, Tap
from singer_sdk import typing as th

from tap_shopify_journeys.client import Client
from tap_shopify_journeys.errors import ConfigurationError, ShopifyError
from tap_shopify_journeys.journeys import Journeys
from tap_shopify_journeys.settings import Settings
from tap_shopify_journeys.streams import OrderJourneyMoments, OrderJourneys, Shops, parse_instant

INTERRUPTED = 130
SETTINGS = th.PropertiesList(
    th.Property("store_id", th.StringType, description="First part of every key"),
    th.Property("shop", th.StringType, description="my-shop of my-shop.myshopify.com"),
    th.Property("access_token", th.StringType, secret=True, description="Of a custom app"),
    th.Property("client_id", th.StringType, secret=True, description="Instead of a token"),
    th.Property("client_secret", th.StringType, secret=True, description="Instead of a token"),
    th.Property("start_date", th.StringType, description="First day; 60 days when empty"),
    th.Property("lookback_days", th.NumberType, description="Days to read again (3)"),
    th.Property("as_of", th.StringType, description="Run as if at this instant (UTC)"),
    th.Property("api_url", th.StringType, description="Another address; may hold {shop}"),
    th.Property("user_agent", th.StringType, description="How the tap names itself"),
)


class TapShopifyJourneys(Tap):
    """Customer journeys of orders, and the shop's record."""

    name = "tap-shopify-journeys"
    config_jsonschema = SETTINGS.to_dict()

    @cached_property
    def settings(self) -> Settings:
        """The settings, read.

        Raises:
            ConfigurationError: one is missing or wrong.
        """
        return Settings.of(self.config)

    @cached_property
    def journeys(self) -> Journeys:
        """The orders of this run."""
        return Journeys(Client(self.settings), self.settings)

    @cached_property
    def since(self) -> datetime:
        """From when on orders are read: the earliest bookmark of the selected streams, less the
        look-back; the start date where one has none."""
        found = [
            self._since(stream)
            for stream in self.streams.values()
            if stream.replication_key and stream.selected
        ]
        return min(found)

    def _since(self, stream: Stream) -> datetime:
        state = self.state.get("bookmarks", {}).get(stream.name, {})
        bookmark = state.get("replication_key_value")
        if not bookmark:
            return self.settings.start
        return parse_instant(str(bookmark)) - self.settings.lookback

    def discover_streams(self) -> Sequence[Stream]:
        """Make the streams."""
        return [Shops(self), OrderJourneys(self), OrderJourneyMoments(self)]

    @contextmanager
    def collecting(self, stream: str) -> Iterator[None]:
        """Record a failure of Shopify's under a stream instead of raising it."""
        try:
            yield
        except ShopifyError as error:
            self.failures.append((stream, error))
            kind = type(error).__name__
            self.logger.info(
                "progress event=problem stream=%s account=global kind=%s", stream, kind
            )
            self.logger.error("failed: %s (global): %s", stream, error)

    @cached_property
    def failures(self) -> list[tuple[str, ShopifyError]]:
        """What could not be read, by stream."""
        return []

    def run(self) -> int:
        """Sync all selected streams and return the exit code."""
        try:
            self.settings  # noqa: B018 - a wrong setting ends the run before it begins
            self.sync_all()
        except ConfigurationError as error:
            self.logger.error("%s", error)
            return error.exit_code
        except SystemExit:
            # The SDK's signal handler ends with 0, which a caller would take for success.
            self.logger.error("interrupted: the next run goes on where the target's state is")
            return INTERRUPTED
        return max((error.exit_code for _, error in self.failures), default=0)

    @classmethod
    def invoke(  # type: ignore[override]
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: Any = None,
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
    ) -> None:
        """Run from the command line; ends non-zero when anything could not be read."""
        super(Tap, cls).invoke(about=about, about_format=about_format)
        cls.print_version(print_fn=cls.logger.info)
        tap = cls(
            config=config.config if config else None,
            parse_env_config=bool(config and config.parse_env),
            state=json.load(state) if state else None,
            catalog=json.load(catalog) if catalog else None,
        )
        if code := tap.run():
            sys.exit(code)
