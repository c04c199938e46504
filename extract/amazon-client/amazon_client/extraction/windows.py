"""Windows of time, what a run plans them from, and what decides them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from amazon_client.extraction.accounts import Account

FIRST_SYNC_DAYS = 60
"""What a first sync reads: D-59 ... D, both included."""


class Cadence(Enum):
    """What a run is for."""

    FIRST_SYNC = "first_sync"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


ALL_CADENCES = frozenset(Cadence)


@dataclass(frozen=True, order=True)
class Window:
    """A stretch of time: both days included, or half-open between two UTC instants.

    Attributes:
        start: first day, or the instant from which on.
        end: last day (included), or the instant before which. Equal instants are a snapshot.
    """

    start: date | datetime
    end: date | datetime

    @property
    def is_days(self) -> bool:
        """Whether the window is one of whole days."""
        return not isinstance(self.start, datetime)

    def to_text(self) -> tuple[str, str]:
        """Return both ends as ISO text, as the journal holds them."""
        return to_text(self.start), to_text(self.end)

    @classmethod
    def from_text(cls, start: str, end: str) -> Window:
        """Return the window that `to_text` wrote."""
        return cls(_from_text(start), _from_text(end))

    def __str__(self) -> str:
        """Show the window in logs."""
        return "..".join(self.to_text())


@dataclass(frozen=True)
class Planning:
    """What windows are planned from.

    Attributes:
        account: who is asked about.
        cadence: what the run is for.
        now: the run's present (UTC); `as_of` where that is set.
        bookmark: where the slowest of the dataset's selected streams stands, as its state has it.
        start_date: the setting; None for the default of 60 days.
        lookback_days: the user's override of how many days to read again (an hourly run keeps to
            its own where that is fewer); None for the policy's.
        selected: names of all streams selected in the run.
        client: gives the tap's client of the account, for a policy that asks Amazon which windows
            there are.
    """

    account: Account
    cadence: Cadence
    now: datetime
    bookmark: str | None = None
    start_date: date | None = None
    lookback_days: int | None = None
    selected: frozenset[str] = frozenset()
    client: Callable[[], Any] = lambda: None

    @property
    def today(self) -> date:
        """The account's present day, in its own zone."""
        return self.now.astimezone(ZoneInfo(self.account.time_zone)).date()

    @property
    def first_day(self) -> date:
        """The first day of all that a stream without bookmark reads."""
        return self.start_date or self.today - timedelta(days=FIRST_SYNC_DAYS - 1)


class WindowPolicy(Protocol):
    """Decides the windows of a dataset."""

    def windows(self, planning: Planning) -> list[Window]:
        """Return the windows wanted, in the order to ask for and deliver them; empty for none."""

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return the bookmark once the first `delivered` of the windows have been handed over.

        `planning` carries the bookmark so far, and `now` is when the windows were planned. The
        bookmark never goes back, nor past a window that is still missing.
        """


@dataclass(frozen=True)
class Snapshot:
    """The state of things at the moment of asking: one window without length, no bookmark.

    Attributes:
        cadences: in which runs it is taken.
    """

    cadences: frozenset[Cadence] = ALL_CADENCES

    def windows(self, planning: Planning) -> list[Window]:
        """Return the present instant, where this cadence takes a snapshot."""
        return [Window(planning.now, planning.now)] if planning.cadence in self.cadences else []

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return nothing: the next snapshot starts anew."""
        return None


def to_text(moment: date | datetime) -> str:
    """Return ISO text of a date or a UTC instant (with Z)."""
    text = moment.isoformat()
    return text.replace("+00:00", "Z") if isinstance(moment, datetime) else text


def _from_text(text: str) -> date | datetime:
    return instant(text) if "T" in text else date.fromisoformat(text)


def instant(text: str) -> datetime:
    """Return the instant that ISO text with an offset or Z means, in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(UTC)
