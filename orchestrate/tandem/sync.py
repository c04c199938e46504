"""A sync: the taps of a store side by side into the target, then dbt once.

A part that fails does not stop the others: what did arrive is modelled, and the whole ends
non-zero, naming each part, why it failed and where its log lies.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TypeVar

import click
from rich.console import Console

from tandem import rates, sync_runs
from tandem.database import Database
from tandem.errors import StepFailed, TandemError
from tandem.meltano_project import MeltanoProject
from tandem.runlog import RunLog
from tandem.sync_runs import SyncRun

CADENCES = ("first_sync", "hourly", "daily", "weekly")
_TARGET = "target-postgres"
_MODELS = "dbt-postgres:build"
_DBT_CLOSING = re.compile(r"(PASS=\d+ .*TOTAL=\d+)")
_DBT_FAILURE = re.compile(r"(?:Error|Failure) in \S+ (\S+)")
_Result = TypeVar("_Result")
_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Interrupted(click.exceptions.Exit):
    """A signal asked the sync to end; the exit code is 128 and its number."""


@dataclass
class Part:
    """One tap of a sync, and how it went; `failure` is None when all of it arrived."""

    run: SyncRun
    log: Path
    failure: str | None = None


@dataclass
class Sync:
    """One sync of one store.

    Attributes:
        as_of: The instant that stands for now (ISO 8601, UTC); None goes by the clock.
        again: Repeat even what has succeeded for the same fixed instant.
    """

    meltano: MeltanoProject
    database: Database
    store_id: str
    cadence: str
    console: Console
    as_of: str | None = None
    again: bool = False
    _children: list[subprocess.Popen[str]] = field(default_factory=list)
    _signal: int | None = None

    def run(self) -> list[Part]:
        """Do all of it.

        Raises:
            StepFailed: some part failed; everything that could be done was done.
            TandemError: nothing could be started.
            Interrupted: SIGTERM or SIGINT came; the running parts were ended first.
        """
        parts = self._parts()
        with self._noting_signals(), sync_runs.only_one(self.database, self.store_id):
            self._all([self._prepare_state])
            if parts:
                names = " and ".join(part.run.tap for part in parts)
                self.console.print(f"{names}: reading ({self.cadence}, {self.as_of or 'now'}) …")
            self._all([partial(self._run_part, part) for part in parts])
            failures = [f"{p.run.tap}: {p.failure} (log: {p.log})" for p in parts if p.failure]
            if parts and len(failures) == len(parts):
                raise StepFailed("The sync failed.\n  " + "\n  ".join(failures))
            self._all([self._refresh_rates])
            failures += [failure for failure in self._all([self._build_models]) if failure]
        if failures:
            raise StepFailed("The sync is incomplete.\n  " + "\n  ".join(failures))
        return parts

    def _parts(self) -> list[Part]:
        """What is to be run: every connected tap that has not yet done this very thing."""
        connected = [tap for tap in self.meltano.taps if self.meltano.connected(tap)]
        for tap in set(self.meltano.taps) - set(connected):
            self.console.print(f"{tap}: not connected in environment {self.meltano.environment}")
        if not connected:
            raise TandemError(
                f"No connection is set up in environment {self.meltano.environment}: "
                "put its credentials into .env (.env.example explains each)."
            )
        parts = []
        for tap in connected:
            run = SyncRun(self.meltano.environment, self.store_id, tap, self.cadence, self.as_of)
            if not self.again and run.is_done(self.database):
                self.console.print(f"{tap}: complete as of {run.as_of}, nothing to ask for")
            else:
                parts.append(Part(run, self.meltano.project.logs / f"{tap}.log"))
        return parts

    def _prepare_state(self) -> None:
        """Let one Meltano make its tables: two at once would each try, and one would fail."""
        if sync_runs.meltano_is_ready(self.database):
            return
        path = self.meltano.project.logs / "meltano.log"
        with path.open("w") as file:
            child = self._start(["upgrade", "database"])
            file.writelines(_lines(child))
            if child.wait() != 0:
                raise StepFailed(f"Meltano could not set up its tables (log: {path}).")

    def _run_part(self, part: Part) -> None:
        try:
            run_id = part.run.begin(self.database)
            try:
                part.failure = self._extract_and_load(part)
            except Exception as error:
                part.failure = str(error)
            sync_runs.finish(self.database, run_id, part.failure)
        except Exception as error:  # whatever it is, the other parts go on and this one is named
            part.failure = part.failure or str(error)

    def _extract_and_load(self, part: Part) -> str | None:
        """Run the tap into the target; returns what failed, None when all of it arrived."""
        prefix = part.run.tap.upper().replace("-", "_")
        suffix = [] if self.store_id == "default" else [f"--state-id-suffix={self.store_id}"]
        more = {f"{prefix}_CADENCE": self.cadence, f"{prefix}_STORE_ID": self.store_id}
        if self.as_of:
            more[f"{prefix}_AS_OF"] = self.as_of
        with part.log.open("w") as file:
            log = RunLog(file)
            # Force: a run that was killed holds Meltano's own lock for five minutes; ours, which
            # keeps out a second sync of the store, died with its holder.
            words = ["--log-format=json", "run", "--force", *suffix, part.run.tap, _TARGET]
            child = self._start(words, **more)
            for line in _lines(child):
                log.feed(line)
            code = child.wait()
        for stream, count in log.read.items():
            self.console.print(f"{part.run.tap}: {stream:<28}{count:>10,} records")
        if code != 0:
            return "; ".join(log.errors[:5]) or f"it ended with code {code}"
        if not sync_runs.state_was_committed(self.database, log.run_id):
            return "it ended before its final state was stored"
        if log.read != log.loaded:
            return f"{log.read.total()} records were read, {log.loaded.total()} loaded"
        return None

    def _refresh_rates(self) -> None:
        """Old rates fail no sync: amounts that need a newer one are NULL, and a check says so."""
        if warning := rates.keep_fresh(self.meltano, self.database):
            self.console.print(f"Exchange rates: {warning}")

    def _build_models(self) -> str | None:
        """dbt build; returns what failed, None when all went well."""
        path = self.meltano.project.logs / "dbt-build.log"
        variables = ["--vars", json.dumps({"as_of": self.as_of})] if self.as_of else []
        closing, failed = "", []
        with path.open("w") as file:
            child = self._start(["invoke", _MODELS, *variables], DBT_USE_COLORS="false")
            for line in _lines(child):
                file.write(line)
                if (found := _DBT_CLOSING.search(line)) is not None:
                    closing = found[1]
                failed += _DBT_FAILURE.findall(line)
            code = child.wait()
        if code != 0:
            what = ", ".join(failed) or closing or f"it ended with code {code}"
            return f"dbt build: {what} (log: {path})"
        self.console.print(f"dbt build: {closing}")
        return None

    def _start(self, words: list[str], **more: str) -> subprocess.Popen[str]:
        if self._signal is not None:
            raise TandemError("the sync was stopped before it began")
        child = subprocess.Popen(
            self.meltano.command(*words),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd=self.meltano.project.root,
            env=self.meltano.process_environment(self.database, **more),
        )
        self._children.append(child)
        return child

    def _all(self, jobs: Sequence[Callable[[], _Result]]) -> list[_Result]:
        """Do the jobs side by side, in threads, and wait for them.

        The threads read what the children print; this one listens for signals, which only leave a
        note: an exception out of a handler may strike anywhere, and has broken `Thread.join`.

        Raises:
            Interrupted: a signal came; all children have ended.
        """
        with ThreadPoolExecutor(max(len(jobs), 1)) as pool:
            futures = [pool.submit(job) for job in jobs]
            while not all(future.done() for future in futures):
                if self._signal is not None:
                    self._end_children()
                time.sleep(0.1)
        if self._signal is not None:
            name = signal.Signals(self._signal).name
            self.console.print(f"Stopped by {name}; the next run goes on from here.")
            raise Interrupted(128 + self._signal)
        return [future.result() for future in futures]

    @contextmanager
    def _noting_signals(self) -> Iterator[None]:
        def note(number: int, frame: FrameType | None) -> None:
            self._signal = self._signal or number

        before = {number: signal.signal(number, note) for number in _ENDING_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end_children(self) -> None:
        """See every child to its end.

        A signal to the whole group has reached them too, and a second one would keep them from
        cleaning up: those that have not heard of it are told after a moment.
        """
        for seconds, tell in ((3, subprocess.Popen.terminate), (30, subprocess.Popen.kill)):
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline:
                if all(child.poll() is not None for child in self._children):
                    return
                time.sleep(0.1)
            for child in self._children:
                tell(child)  # does nothing to one that has ended


def _lines(child: subprocess.Popen[str]) -> Iterator[str]:
    """What a child prints, until it closes its end."""
    assert child.stdout is not None
    with child.stdout:
        yield from child.stdout
