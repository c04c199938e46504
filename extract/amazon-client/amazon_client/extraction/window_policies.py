"""The usual policies: which windows a run asks for, and how far the bookmark may follow them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from amazon_client.extraction.windows import (
    ALL_CADENCES,
    Cadence,
    Planning,
    Window,
    instant,
    to_text,
)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class DayWindows:
    """Whole days up to today, some of them read again because Amazon restates them.

    A run reads from the day after the bookmark, or from `lookback` days back if that is earlier, so
    that a long pause leaves no hole; without a bookmark it reads from the start date, whatever the
    cadence.

    Attributes:
        lookback: how many days each cadence reads at least, today included; a cadence left out does
            not read this dataset.
        max_days: the longest window Amazon takes; longer stretches are cut.
        retention_days: how many days back Amazon answers for at all, today included.
        settled_days: the bookmark stays this many days before today: those days are not whole yet.
        until_days_ago: the last day read, counted back from today.
    """

    lookback: Mapping[Cadence, int]
    max_days: int = 31
    retention_days: int | None = None
    settled_days: int = 1
    until_days_ago: int = 0

    def windows(self, planning: Planning) -> list[Window]:
        """Return windows of days, oldest first; newest first in a first sync."""
        last = planning.today - timedelta(days=self.until_days_ago)
        first = self._first(planning, last)
        if first is None or first > last:
            return []
        cut = _cut(first, last + timedelta(days=1), timedelta(days=self.max_days))
        windows = [Window(start, end - timedelta(days=1)) for start, end in cut]
        return _in_order(windows, planning.cadence)

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return the last day up to which all has been delivered and is whole (ISO date)."""
        reached = _reached(windows, delivered, timedelta(days=1))
        if reached is None:
            return planning.bookmark
        settled = min(reached, planning.today - timedelta(days=self.settled_days))
        old = planning.bookmark
        return to_text(max(settled, date.fromisoformat(old)) if old else settled)

    def _first(self, planning: Planning, last: date) -> date | None:
        if planning.cadence not in self.lookback:
            return None
        least = self.lookback[planning.cadence]
        if planning.lookback_days is not None:
            hourly = planning.cadence is Cadence.HOURLY
            least = min(least, planning.lookback_days) if hourly else planning.lookback_days
        if planning.bookmark is None:
            first = planning.first_day
        else:
            after_bookmark = date.fromisoformat(planning.bookmark) + timedelta(days=1)
            first = min(after_bookmark, last - timedelta(days=least - 1))
            if planning.cadence is Cadence.FIRST_SYNC:
                first = min(first, planning.first_day)
            if planning.start_date:
                first = max(first, planning.start_date)
        return self._kept(planning, first)

    def _kept(self, planning: Planning, first: date) -> date:
        if self.retention_days is None:
            return first
        oldest = planning.today - timedelta(days=self.retention_days - 1)
        if first < oldest:
            logger.warning(
                "%s: Amazon no longer answers for %s to %s; reading from %s",
                planning.account,
                first,
                oldest - timedelta(days=1),
                oldest,
            )
        return max(first, oldest)


@dataclass(frozen=True, kw_only=True)
class InstantWindows:
    """Half-open stretches of time up to (almost) now, for what is read by time of update.

    A run reads from the bookmark less `overlap`; without a bookmark, and in every first sync, from
    the start date's midnight UTC.

    Attributes:
        max_span: the longest window Amazon takes; longer stretches are cut.
        overlap: how far before the bookmark to begin.
        delay: how far before now to end (Amazon wants "before" at least 2 minutes in the past).
        cadences: in which runs it is read.
    """

    max_span: timedelta = timedelta(days=30)
    overlap: timedelta = timedelta()
    delay: timedelta = timedelta(minutes=2)
    cadences: frozenset[Cadence] = ALL_CADENCES

    def begin(self, planning: Planning) -> datetime | None:
        """Return from when on to read, None for not at all. Override to plan otherwise."""
        if planning.cadence not in self.cadences:
            return None
        first = datetime.combine(planning.first_day, time(), UTC)
        if planning.bookmark is None:
            return first
        overlap = self.overlap
        if planning.lookback_days is not None:
            overlap = timedelta(days=planning.lookback_days)
        again = instant(planning.bookmark) - overlap
        return min(first, again) if planning.cadence is Cadence.FIRST_SYNC else again

    def windows(self, planning: Planning) -> list[Window]:
        """Return windows of instants, oldest first; newest first in a first sync."""
        end = planning.now.replace(microsecond=0) - self.delay
        start = self.begin(planning)
        if start is None or start >= end:
            return []
        windows = [Window(*ends) for ends in _cut(start, end, self.max_span)]
        return _in_order(windows, planning.cadence)

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return the instant up to which all has been delivered (ISO, UTC)."""
        reached = _reached(windows, delivered, timedelta())
        if reached is None:
            return planning.bookmark
        old = planning.bookmark
        return to_text(max(reached, instant(old)) if old else reached)


def _cut(start: Any, end: Any, span: timedelta) -> Iterator[tuple[Any, Any]]:
    """Yield half-open pieces no longer than `span`, from the oldest."""
    while start < end:
        piece = min(start + span, end)
        yield start, piece
        start = piece


def _in_order(windows: list[Window], cadence: Cadence) -> list[Window]:
    """Put the newest first in a first sync, so that a reader soon has the present."""
    return sorted(windows, reverse=cadence is Cadence.FIRST_SYNC)


def _reached(windows: Sequence[Window], delivered: int, gap: timedelta) -> Any:
    """Return the end of the unbroken run of delivered windows from the oldest one on."""
    done = set(windows[:delivered])
    reached = None
    for window in sorted(windows):
        if window not in done or (reached is not None and window.start > reached + gap):
            break
        reached = window.end
    return reached
