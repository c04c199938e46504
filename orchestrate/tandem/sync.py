"""A sync: the taps of a store side by side into the target, then dbt once.

A part that fails does not stop the others: what did arrive is modelled, and the whole ends
non-zero, naming each part, why it failed and where its log lies.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console

from tandem import rates, schedule, sync_runs
from tandem.children import Children, Interrupted, lines
from tandem.database import Database
from tandem.display import Display
from tandem.errors import StepFailed, TandemError
from tandem.loading import Loader, Part
from tandem.meltano_project import MeltanoProject
from tandem.models import Models
from tandem.registry import Registry
from tandem.sources import sources
from tandem.sync_runs import SyncRun

__all__ = ["CADENCES", "DUE", "Interrupted", "Sync", "sync_all"]

CADENCES = ("first_sync", "hourly", "daily", "weekly")
DUE = "due"
STORES_AT_ONCE = 3


@dataclass
class Sync:
    """One sync of one store.

    Attributes:
        cadence: One of CADENCES, or `due`: for each tap the widest that its store's clock asks for.
        as_of: The instant that stands for now (ISO 8601, UTC); None goes by the clock.
        again: Repeat even what has succeeded for the same fixed instant.
        only: The APIs to read; None for all that the store is connected to.
    """

    meltano: MeltanoProject
    database: Database
    store_id: str
    cadence: str
    console: Console
    as_of: str | None = None
    again: bool = False
    only: Sequence[str] | None = None
    children: Children = field(init=False)
    display: Display = field(init=False)

    def __post_init__(self) -> None:
        """Be on its own, until `sync_all` makes it one of several."""
        self.children = Children(self.console)
        self.display = Display(self.console)

    def run(self) -> list[Part]:
        """Do all of it, as the main thread.

        Raises:
            StepFailed: some part failed; everything that could be done was done.
            TandemError: nothing could be started.
            Interrupted: SIGTERM or SIGINT came; the running parts were ended first.
        """
        with self.children.watched(), self.display.live():
            return self.work()

    def work(self) -> list[Part]:
        """Do all of it, in any thread; raises as `run` does."""
        parts = self._parts()
        with sync_runs.only_one(self.database, self.store_id):
            prepare_state(self.meltano, self.database, self.children)
            if parts:
                names = " and ".join(part.run.tap for part in parts)
                cadences = ", ".join(dict.fromkeys(part.run.cadence for part in parts))
                self.console.print(f"{names}: reading ({cadences}, {self.as_of or 'now'}) …")
            loader = Loader(self.meltano, self.database, self.children, uuid.uuid4())
            self.children.together([partial(self._load, loader, part) for part in parts])
            failures = [f"{p.run.tap}: {p.failure} (log: {p.log})" for p in parts if p.failure]
            if parts and len(failures) == len(parts):
                raise StepFailed("The sync failed.\n  " + "\n  ".join(failures))
            self.children.together([self._refresh_rates])
            models = Models(self.meltano, self.database, self.children, self.console, self.as_of)
            failures += [f for f in self.children.together([models.build]) if f]
        if failures:
            raise StepFailed("The sync is incomplete.\n  " + "\n  ".join(failures))
        return parts

    def _load(self, loader: Loader, part: Part) -> None:
        self.display.add(part)
        loader.run(part)
        self.display.remove(part)

    def _refresh_rates(self) -> None:
        """Old rates fail no sync: amounts that need a newer one are NULL, and a check says so."""
        if warning := rates.keep_fresh(self.meltano, self.database):
            self.console.print(f"Exchange rates: {warning}")

    def _parts(self) -> list[Part]:
        """What is to be run: every connected tap that has not yet done this very thing."""
        found = sources(self.meltano, Registry(self.database), self.store_id)
        if self.only is not None:
            found = [one for one in found if {c.api for c in one.connections} & set(self.only)]
        connected = {source.tap for source in found}
        for tap in self.meltano.taps:
            if tap not in connected and self.only is None:
                self.console.print(
                    f"{tap}: not connected in environment {self.meltano.environment}"
                )
        if not found:
            raise TandemError(
                f"Store {self.store_id} has no connection in environment "
                f"{self.meltano.environment}: connect it with `tandem connect`, or put its "
                "credentials into .env (.env.example explains each)."
            )
        parts = []
        for source in found:
            cadence = self.cadence
            if cadence == DUE:
                cadence = schedule.due(self.database, self.store_id, source.tap, self.as_of)
            run = SyncRun(self.meltano.environment, self.store_id, source.tap, cadence, self.as_of)
            if not self.again and run.is_done(self.database):
                self.console.print(f"{source.tap}: complete as of {run.as_of}, nothing to ask for")
            else:
                parts.append(Part.of(source, run, self.meltano))
        return parts


def sync_all(syncs: Sequence[Sync], console: Console) -> None:
    """Sync several stores, a few at a time; a failing one does not stop the others.

    Raises:
        StepFailed: some store failed; all that could be done was done.
        Interrupted: a signal came.
    """
    children, display = Children(console), Display(console)
    failures: list[str] = []

    def work(sync: Sync) -> None:
        sync.children, sync.display = children, display
        try:
            sync.work()
        except TandemError as error:
            failures.append(f"Store {sync.store_id}: {error.message}")
        except Interrupted:
            raise
        except Exception as error:  # the other stores go on, whatever it is
            failures.append(f"Store {sync.store_id}: {type(error).__name__}: {error}")

    with children.watched(), display.live():
        jobs = [partial(work, sync) for sync in syncs]
        children.together(jobs, at_once=STORES_AT_ONCE)
    if failures:
        raise StepFailed(f"{len(failures)} of {len(syncs)} stores failed.\n" + "\n".join(failures))


def prepare_state(meltano: MeltanoProject, database: Database, children: Children) -> None:
    """Let one Meltano make its tables: two at once would each try, and one would fail.

    Raises:
        StepFailed: it could not.
    """
    with sync_runs.preparing(database):
        if sync_runs.meltano_is_ready(database):
            return
        path = meltano.project.logs / "meltano.log"
        environment = meltano.process_environment(database)
        with path.open("w") as file:
            command = meltano.command("upgrade", "database")
            child = children.start(command, meltano.project.root, environment)
            file.writelines(lines(child))
            if child.wait() != 0:
                raise StepFailed(f"Meltano could not set up its tables (log: {path}).")
