"""One tap of a sync: run into the target, followed, judged."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg

from tandem import outcome, sync_runs
from tandem.apis import api_of
from tandem.children import Children, end, lines
from tandem.database import Database
from tandem.meltano_project import MeltanoProject
from tandem.progress import Progress
from tandem.registry import Registry
from tandem.runlog import RunLog
from tandem.sources import DEFAULT_STORE, Source
from tandem.sync_runs import SyncRun

TARGET = "target-postgres"
_EVERY = 1.0
"""Seconds between two looks at the progress."""
DISCONNECTED = "it was disconnected meanwhile"


@dataclass
class Part:
    """One tap of a sync, and how it went; `failure` is None when all of it arrived."""

    source: Source
    run: SyncRun
    log: Path
    progress: Progress
    failure: str | None = None
    rows: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, run: SyncRun, meltano: MeltanoProject) -> Part:
        """A part that has not begun."""
        api = api_of(source.tap)
        scale = float(meltano.variable("TANDEM_TIME_SCALE") or 1)
        name = source.tap if run.store_id == DEFAULT_STORE else f"{source.tap}-{run.store_id}"
        log = meltano.project.logs / f"{name}.log"
        return cls(source, run, log, Progress(api.name if api else None, scale))


@dataclass(frozen=True)
class Loader:
    """Runs parts."""

    meltano: MeltanoProject
    database: Database
    children: Children
    sync_id: UUID

    def run(self, part: Part) -> None:
        """Run a part; whatever happens, the others go on and this one says what failed."""
        try:
            run_id = part.run.begin(self.database, self.sync_id)
            log = None
            try:
                if part.source.problem:
                    part.failure = part.source.problem
                else:
                    log = self._extract_and_load(part, run_id)
            except Exception as error:
                part.failure = str(error)
            read, loaded = (log.read.total(), log.loaded.total()) if log else (0, 0)
            sync_runs.finish(self.database, run_id, part.failure, read=read, loaded=loaded)
            self._judge(part, log)
        except Exception as error:
            part.failure = part.failure or str(error)

    def _extract_and_load(self, part: Part, run_id: int) -> RunLog:
        """Run the tap into the target and note in the part what failed."""
        prefix = part.run.tap.upper().replace("-", "_")
        store_id = part.run.store_id
        suffix = [] if store_id == DEFAULT_STORE else [f"--state-id-suffix={store_id}"]
        more = {f"{prefix}_CADENCE": part.run.cadence, f"{prefix}_STORE_ID": store_id}
        if part.run.as_of:
            more[f"{prefix}_AS_OF"] = part.run.as_of
        with part.log.open("w") as file:
            log = RunLog(file, progress=part.progress)
            # Force: a run that was killed holds Meltano's own lock for five minutes; ours, which
            # keeps out a second sync of the store, died with its holder.
            words = ["--log-format=json", "run", "--force", *suffix, part.run.tap, TARGET]
            child = self.children.start(
                self.meltano.command(*words),
                self.meltano.project.root,
                self.meltano.process_environment(self.database, **more, **part.source.variables),
            )
            with self._followed(part, run_id, child) as follower:
                for line in lines(child):
                    log.feed(line)
                code = child.wait()
                part.failure = self._failure(log, code, follower)
                part.progress.close(part.failure is None)
        part.rows = dict(log.read)
        return log

    def _failure(self, log: RunLog, code: int, follower: Follower) -> str | None:
        if follower.disconnected:
            return DISCONNECTED
        if code != 0:
            return "; ".join(log.errors[:5]) or f"it ended with code {code}"
        if not sync_runs.state_was_committed(self.database, log.run_id):
            return "it ended before its final state was stored"
        if log.read != log.loaded:
            return f"{log.read.total()} records were read, {log.loaded.total()} loaded"
        return None

    def _judge(self, part: Part, log: RunLog | None) -> None:
        """Write down what the run means for the connections it read."""
        if not part.source.connections or part.failure == DISCONNECTED:
            return
        verdicts = [
            outcome.judge(
                connection,
                part.progress.problems,
                log.errors if log else [],
                part.failure,
                log.loaded.total() if log else 0,
            )
            for connection in part.source.connections
        ]
        outcome.record(Registry(self.database), part.source.connections, *verdicts)

    @contextmanager
    def _followed(
        self, part: Part, run_id: int, child: subprocess.Popen[str]
    ) -> Iterator[Follower]:
        follower = Follower(self.database, part, run_id, child)
        follower.start()
        try:
            yield follower
        finally:
            follower.stop()


class Follower(threading.Thread):
    """Writes a part's progress down, and ends the part when its connection is ended."""

    def __init__(
        self, database: Database, part: Part, run_id: int, child: subprocess.Popen[str]
    ) -> None:
        super().__init__(daemon=True, name=f"progress of {part.run.tap}")
        self.disconnected = False
        self._database = database
        self._part = part
        self._run_id = run_id
        self._child = child
        self._stopping = threading.Event()
        self._written: dict[str, tuple[Any, ...]] = {}
        self._expected: int | None = None

    def run(self) -> None:
        """Look every second until `stop`; a database that is away is tried again."""
        while True:
            is_last = self._stopping.wait(_EVERY)
            try:
                with self._database.connect() as connection:
                    self._write(connection)
                    if not self.disconnected and self._was_ended(connection):
                        self.disconnected = True
                        threading.Thread(target=end, args=([self._child],), daemon=True).start()
            except Exception:  # the run's own failure is told by the run
                pass
            if is_last:
                return

    def stop(self) -> None:
        """Write the last state down and end."""
        self._stopping.set()
        self.join(30)

    def _write(self, connection: psycopg.Connection[Any]) -> None:
        api = api_of(self._part.run.tap)
        rows = []
        for one in self._part.progress.streams:
            counts = (one.planned, one.done, one.rows_read, one.rows_loaded)
            row = (one.name, one.state, *counts, one.awaiting)
            if self._written.get(one.name) != row:
                self._written[one.name] = row
                store_id = self._part.run.store_id
                rows.append((self._run_id, store_id, api.name if api else "", *row))
        expected = self._part.progress.expected
        if expected is not None and round(expected) != self._expected:
            self._expected = round(expected)
            connection.execute(
                "update ops.sync_runs set expected_seconds = %s where sync_run_id = %s",
                [self._expected, self._run_id],
            )
        with connection.cursor() as cursor:
            cursor.executemany(
                """
                insert into ops.sync_progress (
                    sync_run_id, store_id, api, stream_name, state, windows_planned,
                    windows_done, rows_read, rows_loaded, awaiting
                )
                values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
                on conflict (sync_run_id, stream_name) do update set
                    state = excluded.state,
                    windows_planned = excluded.windows_planned,
                    windows_done = excluded.windows_done,
                    rows_read = excluded.rows_read,
                    rows_loaded = excluded.rows_loaded,
                    awaiting = excluded.awaiting,
                    updated_at = now()
                """,
                rows,
            )

    def _was_ended(self, connection: psycopg.Connection[Any]) -> bool:
        """Whether a connection that this part reads has been disconnected since it began."""
        places = [one.place for one in self._part.source.connections]
        row = connection.execute(
            "select from ops.connections where state in ('disconnected', 'deleted') "
            "and (store_id, api, region) in (select * from unnest(%s::text[], %s::text[], "
            "%s::text[]))",
            [list(names) for names in zip(*places, strict=True)] or [[], [], []],
        ).fetchone()
        return row is not None
