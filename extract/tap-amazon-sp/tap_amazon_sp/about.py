"""What the tap tells of itself: of every stream its source, key, cursor, look-back and role."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from amazon_client.extraction import Cadence, Dataset, DayWindows, Snapshot
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.datasets import KioskQuery, SellerSearch

CADENCES = (Cadence.FIRST_SYNC, Cadence.WEEKLY, Cadence.DAILY, Cadence.HOURLY)


def stream_facts(stream_types: Iterable[type[AmazonStream]]) -> list[dict[str, Any]]:
    """One entry per stream, from its declaration."""
    return [
        {
            "stream": stream.name,
            "source": _source(stream.dataset),
            "key": ["store_id", "selling_partner_id", *stream.keys],
            "cursor": stream.replication_key or "whole snapshot",
            "look_back": {
                cadence.value: _look_back(stream.dataset.windows, cadence) for cadence in CADENCES
            },
            "role": getattr(stream.dataset, "role", None),
        }
        for stream in stream_types
    ]


def _source(dataset: Dataset) -> str:
    kind = "Data Kiosk" if isinstance(dataset, KioskQuery) else "report"
    return f"{'operation' if isinstance(dataset, SellerSearch) else kind} {dataset.report_type}"


def _look_back(windows: Any, cadence: Cadence) -> str:
    """How far back a run of a cadence reads a dataset."""
    cadences = getattr(windows, "cadences", None)
    if cadences is not None and cadence not in cadences:
        return "not read"
    if isinstance(windows, DayWindows):
        days = windows.lookback.get(cadence)
        return "not read" if days is None else f"{days} days"
    if isinstance(windows, Snapshot):
        return "the present"
    overlap = getattr(windows, "overlaps", getattr(windows, "overlap", None))
    if isinstance(overlap, Mapping):
        overlap = overlap.get(cadence)
        if overlap is None:
            return "not read"
    if isinstance(overlap, timedelta):
        first = cadence is Cadence.FIRST_SYNC
        return "from the start date" if first else f"bookmark less {_words(overlap)}"
    return "see the README"


def _words(span: timedelta) -> str:
    return f"{span.days} days" if span.days else f"{span.seconds // 60} minutes"


def with_streams(text: str, output_format: str, facts: Iterable[Mapping[str, Any]]) -> str:
    """The SDK's text about the tap, with its streams, in the same format."""
    if output_format == "json":
        return json.dumps({**json.loads(text), "streams": list(facts)}, indent=2)
    table = [
        "| stream | source | key | cursor | look-back: first / weekly / daily / hourly | role |",
        "|---|---|---|---|---|---|",
    ]
    for fact in facts:
        cells = (
            fact["stream"],
            fact["source"],
            ", ".join(fact["key"]),
            fact["cursor"],
            " / ".join(fact["look_back"].values()),
            fact["role"] or "none",
        )
        table.append(f"| {' | '.join(cells)} |")
    title = "## Streams" if output_format == "markdown" else "Streams:"
    return "\n".join([text.rstrip(), "", title, "", *table])
