"""A sync: the taps of a store side by side into the target, then dbt once.

A part that fails does not stop the others: what did arrive is modelled, and the whole ends
non-zero, naming each part, why it failed and where its log lies.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import click
from rich.console import Console

from tandem import sync_runs
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
_ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class Interrupted(click.exceptions.Exit):
    """A signal asked the sync to end; the exit code is 128 and its number."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.name = signal.Signals(number).name


@dataclass
class Part:
    """One tap of a sync, and how it went; `failure` is None when all of it arrived."""

    run: SyncRun
    log: Path
    failure: str | None = None
    loaded: dict[str, int] = field(default_factory=dict)


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
    _threads: list[threading.Thread] = field(default_factory=list)
    _ending: threading.Event = field(default_factory=threading.Event)

    def run(self) -> list[Part]:
        """Do all of it.

        Raises:
            StepFailed: some part failed; everything that could be done was done.
            TandemError: nothing could be started.
            Interrupted: SIGTERM or SIGINT came; the running parts were ended first.
        """
        parts = self._parts()
        with self._ending_children(), sync_runs.only_one(self.database, self.store_id):
            self._prepare_state()
            self._run_side_by_side(parts)
            failures = [f"{p.run.tap}: {p.failure} (log: {p.log})" for p in parts if p.failure]
            if parts and len(failures) == len(parts):
                raise StepFailed("The sync failed.\n  " + "\n  ".join(failures))
            if models := self._build_models():
                failures.append(models)
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
            assert child.stdout is not None
            file.writelines(child.stdout)
            if child.wait() != 0:
                raise StepFailed(f"Meltano could not set up its tables (log: {path}).")

    def _run_side_by_side(self, parts: list[Part]) -> None:
        self._threads = [threading.Thread(target=self._run_part, args=(part,)) for part in parts]
        for thread in self._threads:
            thread.start()
        for thread in self._threads:
            while thread.is_alive():  # a join without a limit would keep signals waiting
                thread.join(0.5)

    def _run_part(self, part: Part) -> None:
        try:
            run_id = part.run.begin(self.database)
            try:
                self._extract_and_load(part)
            finally:
                sync_runs.finish(self.database, run_id, part.failure)
        except Exception as error:  # whatever it is, the other parts go on and this one is named
            part.failure = part.failure or str(error)

    def _extract_and_load(self, part: Part) -> None:
        part.failure = "it was cut off"
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
            assert child.stdout is not None
            for line in child.stdout:
                log.feed(line)
            code = child.wait()
        part.loaded = dict(log.loaded)
        self._report(part, log)
        if code != 0:
            part.failure = "; ".join(log.errors[:5]) or f"it ended with code {code}"
        elif not sync_runs.state_was_committed(self.database, log.run_id):
            part.failure = "it ended before its final state was stored"
        elif log.read != log.loaded:
            part.failure = f"{log.read.total()} records were read, {log.loaded.total()} loaded"
        else:
            part.failure = None

    def _report(self, part: Part, log: RunLog) -> None:
        for stream, count in log.read.items():
            self.console.print(f"{part.run.tap}: {stream:<28}{count:>10,} records")

    def _build_models(self) -> str | None:
        """dbt build; returns what failed, None when all went well."""
        path = self.meltano.project.logs / "dbt-build.log"
        variables = ["--vars", json.dumps({"as_of": self.as_of})] if self.as_of else []
        closing, failed = "", []
        with path.open("w") as file:
            child = self._start(["invoke", _MODELS, *variables], DBT_USE_COLORS="false")
            assert child.stdout is not None
            for line in child.stdout:
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
        if self._ending.is_set():
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

    @contextmanager
    def _ending_children(self) -> Iterator[None]:
        """End what runs when a signal comes, and only then let it end us."""

        def stop(number: int, frame: FrameType | None) -> None:
            raise Interrupted(number)

        before = {n: signal.signal(n, stop) for n in _ENDING_SIGNALS}
        try:
            yield
        except Interrupted as signalled:
            self.console.print(f"Stopped by {signalled.name}; the next run goes on from here.")
            self._ending.set()
            self._end_children()
            raise
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
            while any(child.poll() is None for child in self._children):
                if time.monotonic() > deadline:
                    for child in self._children:
                        tell(child)  # does nothing to one that has ended
                    break
                time.sleep(0.1)
        for thread in self._threads:
            thread.join()
