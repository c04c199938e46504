"""What a run says of itself, in the shape of the Singer SDK when Meltano asks for it.

tap-shopify logs plain text. Under Meltano the same lines are JSON, with the counts of records by
which a sync checks that what was read was loaded.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from pathlib import Path
from typing import Any

LOGGER = logging.getLogger("tap_shopify_adapter")
_EVERY = 60.0
_SCOPE = re.compile(r"`(read_\w+)`")
_REAUTHORISE = (
    "install the app in the shop again and give its token as SHOPIFY_ACCESS_TOKEN, or connect the "
    "store anew"
)


class StructuredFormatter(logging.Formatter):
    """One JSON object a line, as `singer_sdk.logging.StructuredFormatter` writes it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; a metric is one whose argument is a dictionary with a `metric`."""
        line: dict[str, Any] = {
            "level": record.levelname.lower(),
            "pid": record.process,
            "logger_name": record.name,
            "ts": record.created,
            "thread_name": record.threadName,
            "app_name": "tap-shopify",
            "stream_name": None,
            "message": record.getMessage(),
            "extra": {},
        }
        if isinstance(record.args, dict) and "metric" in record.args:
            line |= {"message": "METRIC", "metric_info": record.args}
        return json.dumps(line, default=str)


def set_up() -> None:
    """Log in JSON when Meltano has asked for it in the Singer SDK's configuration file."""
    path = os.environ.get("SINGER_SDK_LOG_CONFIG", "")
    if path and Path(path).exists() and "StructuredFormatter" in Path(path).read_text():
        for handler in logging.getLogger().handlers:
            handler.setFormatter(StructuredFormatter())


class Counts:
    """Counts the records of one stream after the other."""

    def __init__(self) -> None:
        self._stream, self._count = "", 0
        self._began = self._told = time.monotonic()

    def one(self, stream: str) -> None:
        """Note a record of a stream."""
        if stream != self._stream:
            self.end()
            self._stream, self._began = stream, time.monotonic()
        self._count += 1
        if time.monotonic() - self._told > _EVERY:
            self._tell()

    def end(self) -> None:
        """The stream has ended."""
        if self._stream:
            self._tell()
            seconds = round(time.monotonic() - self._began, 3)
            _measure("timer", "sync_duration", seconds, self._stream)
        self._stream = ""

    def _tell(self) -> None:
        _measure("counter", "record_count", self._count, self._stream)
        self._count, self._told = 0, time.monotonic()


def _measure(kind: str, metric: str, value: float, stream: str) -> None:
    point = {"type": kind, "metric": metric, "value": value, "tags": {"stream": stream}}
    LOGGER.info("METRIC: %(metric)s %(value)s %(tags)s", point)


def explain(error: BaseException, stream: str) -> None:
    """Log why a run failed, and what to do: the first cause, not what it was wrapped in."""
    cause = error
    while following := cause.__cause__ or cause.__context__:
        cause = following
    text = " ".join(str(cause).split()) or type(cause).__name__
    kind, remedy = _kind(f"{type(cause).__name__} {text}")
    LOGGER.info("progress event=problem stream=%s account=global kind=%s", stream, kind)
    LOGGER.critical("%s (global): %s%s", stream, text[:500], f": {remedy}" if remedy else "")


def _kind(text: str) -> tuple[str, str]:
    if "401" in text or "Unauthorized" in text:
        return "NeedsReauth", _REAUTHORISE
    if "ACCESS_DENIED" in text or "ccess denied" in text:
        scopes = ", ".join(sorted(set(_SCOPE.findall(text)))) or "a scope that it lacks"
        return "AccessDenied", f"the app needs {scopes}; add it and {_REAUTHORISE}"
    if "404" in text:
        return "NotFound", "check SHOPIFY_SHOP, the name before .myshopify.com"
    return text.split(" ", 1)[0], ""
