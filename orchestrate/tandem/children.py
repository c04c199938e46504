"""The processes that a sync starts: side by side, and none outlives it.

Signals are noted, never raised: an exception out of a handler may strike anywhere, and has broken
`Thread.join`. Threads read what the children print, the main one waits and looks for the note.
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click
from rich.console import Console

from tandem.errors import TandemError

_Result = TypeVar("_Result")
_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_PRIVATE = 0o077
"""The umask of children: Meltano writes a tap's settings, secrets included, to a file."""


class Interrupted(click.exceptions.Exit):
    """A signal asked the command to end; the exit code is 128 and its number."""


class Children:
    """Child processes, and the jobs that look after them. Shared by threads."""

    def __init__(self, console: Console) -> None:
        """Say on `console` that a signal came, should one come."""
        self._console = console
        self._running: list[subprocess.Popen[str]] = []
        self._signal: int | None = None

    def start(
        self, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> subprocess.Popen[str]:
        """Start a process whose output, errors included, is to be read.

        Raises:
            TandemError: a signal has come: nothing is begun any more.
        """
        if self._signal is not None:
            raise TandemError("the sync was stopped before it began")
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=folder,
            env=environment,
            umask=_PRIVATE,
        )
        self._running.append(child)
        return child

    def together(
        self, jobs: Sequence[Callable[[], _Result]], *, at_once: int | None = None
    ) -> list[_Result]:
        """Do the jobs side by side, in threads, and wait for them; `at_once` bounds how many.

        Raises:
            Interrupted: a signal came; all children have ended.
        """
        with ThreadPoolExecutor(at_once or max(len(jobs), 1)) as pool:
            futures = [pool.submit(job) for job in jobs]
            while not all(future.done() for future in futures):
                if self._signal is not None:
                    end(self._running)
                time.sleep(0.1)
        if self._signal is not None:
            raise Interrupted(128 + self._signal)
        return [future.result() for future in futures]

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note ending signals during the block; only the main thread may enter it."""

        def note(number: int, frame: FrameType | None) -> None:
            self._signal = self._signal or number

        before = {number: signal.signal(number, note) for number in _ENDING_SIGNALS}
        try:
            yield
        except Interrupted:
            name = signal.Signals(self._signal or signal.SIGTERM).name
            self._console.print(f"Stopped by {name}; the next run goes on from here.")
            raise
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def lines(child: subprocess.Popen[str]) -> Iterator[str]:
    """What a child prints, until it closes its end."""
    assert child.stdout is not None
    with child.stdout:
        yield from child.stdout


def end(children: Sequence[subprocess.Popen[str]]) -> None:
    """See every child to its end.

    A signal to the whole group has reached them too, and a second one would keep them from
    cleaning up: those that have not heard of it are told after a moment.
    """
    for seconds, tell in ((3, subprocess.Popen.terminate), (30, subprocess.Popen.kill)):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if all(child.poll() is not None for child in children):
                return
            time.sleep(0.1)
        for child in children:
            tell(child)  # does nothing to one that has ended
