"""Pages of a result: what a pagination token stands for, and how long."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from simulator.amazon_sp.dialect import invalid
from simulator.clock import Clock
from simulator.faults import Kind
from simulator.gateway import Call

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page and the token of the next one, if there is one."""

    rows: list[T]
    next_token: str | None


@dataclass(frozen=True)
class _Cursor(Generic[T]):
    rows: Sequence[T]
    offset: int
    size: int
    arguments: object
    expires: float


class Cursors(Generic[T]):
    """Tokens of one operation. They die after ``seconds`` and belong to one set of arguments."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock, self._seconds = clock, seconds
        self._cursors: dict[str, _Cursor[T]] = {}
        self._lock = threading.Lock()

    def first(self, rows: Sequence[T], size: int, arguments: object, call: Call) -> Page[T]:
        """The first page of a result, which later pages go on with unchanged."""
        return self._page(_Cursor(rows, 0, size, arguments, 0.0), call)

    def next(self, token: str, arguments: object, call: Call) -> Page[T]:
        """The page that a token stands for. Raises 400 when it is unknown, stale or misused."""
        with self._lock:
            cursor = self._cursors.get(token)
        if cursor is None:
            raise invalid("Invalid pagination token.", "The token is not known.")
        if cursor.expires <= self._clock.elapsed():
            raise invalid("Invalid pagination token.", "The token has expired.")
        if cursor.arguments != arguments:
            raise invalid("Invalid pagination token.", "The other parameters have changed.")
        return self._page(cursor, call)

    def _page(self, cursor: _Cursor[T], call: Call) -> Page[T]:
        start, end = cursor.offset, cursor.offset + cursor.size
        rows = list(cursor.rows[start:end])
        if call.suffers(Kind.REPEATED_PAGE) and start:
            rows = [*cursor.rows[max(0, start - 3) : start], *rows]
        if call.suffers(Kind.UNSORTED_PAGES):
            rows.reverse()
        if end >= len(cursor.rows) or call.suffers(Kind.PAGES_END_EARLY):
            return Page(rows, None)
        token = secrets.token_urlsafe(24)
        expires = self._clock.expiry(self._seconds)
        following = _Cursor(cursor.rows, end, cursor.size, cursor.arguments, expires)
        with self._lock:
            self._cursors[token] = following
        return Page(rows, token)
