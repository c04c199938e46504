"""What `--about` and the README tell of each stream: where it comes from and how it is read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from amazon_client.extraction import Cadence, DayWindows, Snapshot
from tap_amazon_ads import assets, invoices, products
from tap_amazon_ads.client import LIST_PROFILES
from tap_amazon_ads.lists import LISTS
from tap_amazon_ads.streams.base import AdsStream, DailyReport, PartStream

_CADENCES = ("first_sync", "weekly", "daily", "hourly")
HEADINGS = ("stream", "from", "key", "cursor", *_CADENCES, "permission")
_OTHER_SOURCES = {
    "profiles": LIST_PROFILES,
    "creative_assets": assets.SEARCH,
    "product_metadata": products.METADATA,
    "invoices": invoices.LIST,
}
NOTHING = "-"


@dataclass(frozen=True)
class Facts:
    """What there is to know of a stream."""

    stream: str
    source: str
    key: tuple[str, ...]
    """Below `store_id` and `profile_id`."""
    cursor: str | None
    reads: dict[str, str]
    """By cadence: how much is read (again)."""
    permission: str
    """What Amazon calls the permission that the user needs."""

    @property
    def row(self) -> tuple[str, ...]:
        """The values under `HEADINGS`."""
        return (
            f"`{self.stream}`",
            self.source,
            f"`{', '.join(self.key)}`" if self.key else NOTHING,
            f"`{self.cursor}`" if self.cursor else NOTHING,
            *(self.reads[cadence] for cadence in _CADENCES),
            f"`{self.permission}`",
        )


def facts(stream: type[AdsStream]) -> Facts:
    """What a stream's declaration says."""
    return Facts(
        stream=stream.name,
        source=_source(stream),
        key=stream.keys,
        cursor=stream.replication_key,
        reads={cadence.value: _reads(stream, cadence) for cadence in Cadence},
        permission=stream.permission,
    )


def table(streams: Iterable[type[AdsStream]]) -> str:
    """The streams as a table in Markdown."""
    rows: list[Sequence[str]] = [HEADINGS, ["---"] * len(HEADINGS)]
    rows += [facts(stream).row for stream in streams]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def with_streams(
    told: str, streams: Iterable[type[AdsStream]], output_format: str | None = None
) -> str:
    """What `--about` prints otherwise, and the streams: a list in JSON, else the table."""
    if output_format != "json":
        return f"{told.rstrip()}\n\n## Streams\n\n{table(streams)}\n"
    document = {**json.loads(told), "streams": [asdict(facts(stream)) for stream in streams]}
    return json.dumps(document, indent=2)


def _source(stream: type[AdsStream]) -> str:
    if issubclass(stream, DailyReport):
        report = stream.report
        return f"report `{report.report_type}` by {', '.join(report.group_by)}"
    if issubclass(stream, PartStream):
        return f"parts of `{stream.parent.name}`"
    operation = _OTHER_SOURCES.get(stream.name) or LISTS[stream.name].operation
    return f"`{operation.method} {operation.path}`"


def _reads(stream: type[AdsStream], cadence: Cadence) -> str:
    windows = stream.dataset.windows
    if isinstance(windows, DayWindows):
        days = windows.lookback.get(cadence)
        return f"{days} days" if days else NOTHING
    if isinstance(windows, Snapshot) and cadence not in windows.cadences:
        return NOTHING
    return "all"
