"""A tap's messages as they come through a pipe, with an eye on the time between them."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator

CHUNK = 1 << 18


class Messages:
    """The lines of a pipe or file; calls `drain` in between, when it is time to write what came.

    That is when nothing has come for `pause` seconds (the tap waits for Amazon, and the time is
    free), and every `age` seconds while lines keep coming.
    """

    def __init__(
        self, descriptor: int, drain: Callable[[], None], *, pause: float = 2.0, age: float = 15.0
    ) -> None:
        """Read nothing yet.

        Args:
            descriptor: of the open pipe or file.
            drain: called between two lines, never amid one.
            pause: seconds of silence after which to drain, once.
            age: seconds from one drain to the next.
        """
        self._descriptor = descriptor
        self._drain = drain
        self._pause = pause
        self._age = age

    def __iter__(self) -> Iterator[str]:
        """Yield the lines, without their ends; the last one may lack it."""
        rest, drained = b"", time.monotonic()
        fresh = False  # whether a line has come since the last drain
        while True:
            chunk = None if fresh and self._is_silent() else os.read(self._descriptor, CHUNK)
            if chunk == b"":
                break
            if chunk:
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    yield line.decode()
                fresh = fresh or bool(lines)
            if fresh and (chunk is None or time.monotonic() - drained >= self._age):
                self._drain()
                fresh, drained = False, time.monotonic()
        if rest:
            yield rest.decode()

    def _is_silent(self) -> bool:
        return not select.select([self._descriptor], [], [], self._pause)[0]
