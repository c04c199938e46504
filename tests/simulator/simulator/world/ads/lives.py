"""When campaigns run: lives in absolute calendar days, so that no choice of ``now`` moves them.

Most campaigns run steadily. Some pause every other while. A seasonal one ends, is archived, and has
a successor: whenever one looks, some archived campaign was still spending within the last 60 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from simulator.world.ads.entities import History, State
from simulator.world.events import AdProduct

T = TypeVar("T")

FOUNDED = date(2025, 6, 1)
"""The steady campaigns start here."""
_SEASONS_FROM = date(2026, 1, 1)
_PERIOD = timedelta(days=50)
_RUNS = timedelta(days=30)
_ARCHIVED_AFTER = timedelta(days=33)
_PAUSE = timedelta(days=26)
_PERIODS = 16
"""Beyond two years of seasons and pauses everything stays as it is."""
_SEASONAL = {
    AdProduct.SPONSORED_PRODUCTS: 3,
    AdProduct.SPONSORED_BRANDS: 3,
    AdProduct.SPONSORED_DISPLAY: 1,
}
_PAUSING = {
    AdProduct.SPONSORED_PRODUCTS: (2, 5),
    AdProduct.SPONSORED_BRANDS: (4, 5),
    AdProduct.SPONSORED_DISPLAY: (2, 3),
}


@dataclass(frozen=True, slots=True)
class Life:
    """One campaign's days: the season's number (None for the rest), first, last, and its states."""

    season: int | None
    start: date
    end: date | None
    states: History[State]


def lives(product: AdProduct, index: int) -> list[Life]:
    """The life, or for the seasonal position all lives, of the campaigns at a position."""
    if index == _SEASONAL[product]:
        return [_season(number) for number in range(_PERIODS)]
    if index % 10 in _PAUSING[product]:
        return [Life(None, FOUNDED, None, _pauses(_PAUSING[product].index(index % 10)))]
    return [Life(None, FOUNDED, None, ((FOUNDED, State.ENABLED),))]


def alternating(first: T, second: T, start: date, index: int) -> History[T]:
    """Two values that take turns; positions change on different days."""
    turn = _SEASONS_FROM + timedelta(days=index % 40)
    turns = [(turn + number * _PERIOD, (second, first)[number % 2]) for number in range(_PERIODS)]
    return ((start, first), *((day, value) for day, value in turns if day > start))


def _season(number: int) -> Life:
    start = _SEASONS_FROM + number * _PERIOD
    states = ((start, State.ENABLED), (start + _ARCHIVED_AFTER, State.ARCHIVED))
    return Life(number, start, start + _RUNS - timedelta(days=1), states)


def _pauses(phase: int) -> History[State]:
    """Two phases, each paused a little more than half of the time: one of them always is."""
    first = _SEASONS_FROM + phase * _PERIOD / 2
    turns = [(FOUNDED, State.ENABLED)]
    for number in range(_PERIODS):
        paused = first + number * _PERIOD
        turns += [(paused, State.PAUSED), (paused + _PAUSE, State.ENABLED)]
    return tuple(turns)
