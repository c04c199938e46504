"""The console script `tandem-tap-shopify`: tap-shopify's own command line."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import shopify
import singer
import tap_shopify
from singer import utils
from tap_shopify.context import Context

from tap_shopify_adapter import api, logs, schemas, streams
from tap_shopify_adapter.budget import within_budget
from tap_shopify_adapter.messages import Messages
from tap_shopify_adapter.selection import whole_columns
from tap_shopify_adapter.settings import ConfigurationError, Settings
from tap_shopify_adapter.tokens import access_token


def main() -> None:
    """Run the tap; its exit code is not 0 when anything was not read."""
    args = utils.parse_args([])
    logs.set_up()
    # The library sets logging up anew with every measurement: once was enough.
    singer.metrics.get_logger = logging.getLogger
    try:
        settings = Settings.of(args.config)
    except ConfigurationError as error:
        logs.LOGGER.critical("%s", error)
        sys.exit(1)
    failures: list[str] = []

    def failed(stream: str, error: Exception) -> None:
        failures.append(stream)
        logs.explain(error, stream)

    counts = install(settings, failed)
    with TemporaryDirectory(prefix="tap-shopify-") as folder:
        # The tap reads its own settings from a copy that nobody keeps: a token may be in it.
        path = Path(folder) / "config.json"
        path.touch(mode=0o600)
        sys.argv = _with_file(sys.argv, ("-c", "--config"), path)
        if args.catalog:
            catalog = Path(folder) / "catalog.json"
            catalog.write_text(json.dumps(whole_columns(args.catalog.to_dict())))
            sys.argv = _with_file(sys.argv, ("--catalog",), catalog)
        try:
            if settings.client:
                settings.config["access_token"] = access_token(settings.base, *settings.client)
            path.write_text(json.dumps(settings.config))
            # Without the tap's own way of logging what it ends with: it forgets the reason.
            tap_shopify.main.__wrapped__()
            counts.end()
        except Exception as error:
            failed("shop", error)
    if failures:
        logs.LOGGER.critical("Not read: %s", ", ".join(failures))
        sys.exit(1)


def install(settings: Settings, failed: Callable[[str, Exception], None]) -> logs.Counts:
    """Put everything of ours into its place; returns what counts the records."""
    if settings.api_url:
        api.use_address(settings.base)
    if settings.as_of:
        utils.now = _clock_from(settings.as_of)
    shopify.GraphQL.execute = within_budget(shopify.GraphQL.execute)
    streams.install(settings.bulk_poll_seconds, failed)
    load = tap_shopify.load_schemas
    tap_shopify.load_schemas = lambda: {
        name: schemas.exact(schema, with_personal_data=settings.include_personal_data)
        for name, schema in load().items()
    }
    messages = Messages(settings.store_id, _selected)
    counts = logs.Counts()
    write_schema, write_record = singer.write_schema, singer.write_record

    def told_schema(stream: str, schema: Any, keys: list[str], **more: Any) -> None:
        write_schema(stream, *messages.schema(stream, schema, keys))

    def told_record(stream: str, record: Any, time_extracted: datetime, **more: Any) -> None:
        row = messages.record(record, time_extracted)
        write_record(stream, row, time_extracted=time_extracted)
        counts.one(stream)

    singer.write_schema, singer.write_record = told_schema, told_record
    return counts


def _selected(stream: str) -> set[str]:
    unselected: list[str] = Context.get_unselected_fields(stream)
    everything: set[str] = Context.get_all_fields(stream)
    return everything - set(unselected)


def _clock_from(as_of: datetime) -> Callable[[], datetime]:
    began = time.monotonic()
    return lambda: as_of + timedelta(seconds=time.monotonic() - began)


def _with_file(words: list[str], options: tuple[str, ...], path: Path) -> list[str]:
    """The command line with another file behind an option that it has."""
    changed = list(words)
    for at, word in enumerate(words):
        option, equals, _ = word.partition("=")
        if option in options:
            changed[at + (not equals)] = f"{option}={path}" if equals else str(path)
    return changed
