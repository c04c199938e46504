"""Reports that Amazon makes of its own accord: a window is one of them, asked for by nobody.

A policy finds out, before the run begins, which reports there are (`list_ready`, one or two calls);
each new one becomes a window of its own, so that it is downloaded, handed over and journalled like
a report that was asked for, and one already loaded is left alone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from amazon_client.extraction.windows import Cadence, Planning, Window, instant, to_text

PATIENCE = timedelta(days=7)
"""How long after its creation a report may take until it is finished."""
_HAIR = timedelta(microseconds=1)


@dataclass(frozen=True)
class ReadyReport:
    """A finished report as Amazon lists it.

    Attributes:
        report_id: Amazon's id of (one listing of) it.
        document_id: of what can be downloaded; the same document may be listed several times.
        created_at: when Amazon began to make it.
        finished_at: when it could be downloaded.
    """

    report_id: str
    document_id: str
    created_at: datetime
    finished_at: datetime

    @property
    def window(self) -> Window:
        """What stands for it in plans: the instant it was finished, and less than a second more.

        The fraction comes from the document's id: reports finished in one second stay apart, in
        every run alike.
        """
        start = self.finished_at.replace(microsecond=0)
        fraction = zlib.crc32(self.document_id.encode()) % 999_999 + 1
        return Window(start, start + fraction * _HAIR)


def distinct(listed: Iterable[ReadyReport]) -> list[ReadyReport]:
    """One report per document, the one finished first, from the oldest on."""
    ordered = sorted(listed, key=lambda report: (report.finished_at, report.report_id))
    first: dict[str, ReadyReport] = {}
    for report in ordered:
        first.setdefault(report.document_id, report)
    return list(first.values())


@dataclass(frozen=True, kw_only=True)
class ReadyReportWindows:
    """One window per report that was finished since the last run looked.

    The bookmark is the instant at which a run looked, once it has handed everything over; until
    then the finishing time of the last report before the first missing one.

    Attributes:
        list_ready: gives the reports created since an instant, from the tap's client.
        overlap: how far before the bookmark a report may have been finished and is read (again), by
            cadence; a cadence left out does not look.
        retention: how long Amazon lists a report.
    """

    list_ready: Callable[[object, datetime], Iterable[ReadyReport]]
    overlap: Mapping[Cadence, timedelta] = field(
        default_factory=lambda: dict.fromkeys(
            (Cadence.FIRST_SYNC, Cadence.DAILY, Cadence.WEEKLY), timedelta(minutes=10)
        )
    )
    retention: timedelta = timedelta(days=90)

    def windows(self, planning: Planning) -> list[Window]:
        """Return a window for each new report, oldest first."""
        since = self._since(planning)
        if since is None:
            return []
        oldest = planning.now - self.retention + timedelta(minutes=1)
        listed = self.list_ready(planning.client(), max(since - PATIENCE, oldest))
        return [report.window for report in distinct(listed) if report.finished_at >= since]

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return up to when every finished report has been handed over (ISO, UTC)."""
        if not delivered:
            return planning.bookmark
        whole = delivered >= len(windows)
        reached = planning.now.replace(microsecond=0) if whole else windows[delivered - 1].start
        assert isinstance(reached, datetime)
        old = planning.bookmark
        return to_text(max(reached, instant(old)) if old else reached)

    def _since(self, planning: Planning) -> datetime | None:
        if planning.cadence not in self.overlap:
            return None
        first = datetime.combine(planning.first_day, time(), UTC)
        if planning.bookmark is None:
            return first
        overlap = self.overlap[planning.cadence]
        if planning.lookback_days is not None:
            overlap = timedelta(days=planning.lookback_days)
        again = instant(planning.bookmark) - overlap
        return min(first, again) if planning.cadence is Cadence.FIRST_SYNC else again
