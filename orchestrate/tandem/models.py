"""Building the models: one build at a time, and none for what a build has taken in already.

However many stores end their loading at once, whoever gets the lock first builds for all that were
waiting: a build that began after a store had loaded has that store's rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from rich.console import Console

from tandem.children import Children, lines
from tandem.database import Database
from tandem.meltano_project import MeltanoProject

_BUILD = "dbt-postgres:build"
_CLOSING = re.compile(r"(PASS=\d+ .*TOTAL=\d+)")
_FAILURE = re.compile(r"(?:Error|Failure) in \S+ (\S+)")


@dataclass(frozen=True)
class Models:
    """The models of an environment, built as of an instant (None: now)."""

    meltano: MeltanoProject
    database: Database
    children: Children
    console: Console
    as_of: str | None = None

    def build(self) -> str | None:
        """Build, unless another build has taken everything in; returns what failed, if anything."""
        asked_at = self._now()
        with exclusive(self.database) as connection:
            if self._was_built_since(connection, asked_at):
                self.console.print("dbt build: another sync's build has taken this in")
                return None
            return self.build_holding(connection)

    def build_holding(self, connection: psycopg.Connection[Any], *words: str) -> str | None:
        """Build everything; returns what failed, if anything.

        Args:
            connection: the one that holds the lock of `exclusive`.
            words: further ones for dbt.
        """
        row = connection.execute(
            "insert into ops.model_builds (environment, as_of) values (%s, %s) returning build_id",
            [self.meltano.environment, self.as_of],
        ).fetchone()
        assert row is not None
        failure: str | None = "it was cut off"
        try:
            failure = self._run(words)
        finally:
            connection.execute(
                "update ops.model_builds set finished_at = clock_timestamp(), status = %s, "
                "reason = %s where build_id = %s",
                ["failed" if failure else "done", failure, row[0]],
            )
        return failure

    def _now(self) -> datetime:
        with self.database.connect() as connection:
            row = connection.execute("select clock_timestamp()").fetchone()
        assert row is not None
        now: datetime = row[0]
        return now

    def _was_built_since(self, connection: psycopg.Connection[Any], instant: datetime) -> bool:
        row = connection.execute(
            "select from ops.model_builds where environment = %s "
            "and as_of is not distinct from %s::timestamptz "
            "and started_at >= %s and status = 'done'",
            [self.meltano.environment, self.as_of, instant],
        ).fetchone()
        return row is not None

    def _run(self, words: tuple[str, ...]) -> str | None:
        path = self.meltano.project.logs / "dbt-build.log"
        variables = ["--vars", json.dumps({"as_of": self.as_of})] if self.as_of else []
        closing, failed = "", []
        environment = self.meltano.process_environment(self.database, DBT_USE_COLORS="false")
        command = self.meltano.command("invoke", _BUILD, *words, *variables)
        with path.open("w") as file:
            child = self.children.start(command, self.meltano.project.root, environment)
            for line in lines(child):
                file.write(line)
                if (found := _CLOSING.search(line)) is not None:
                    closing = found[1]
                failed += _FAILURE.findall(line)
            code = child.wait()
        if code != 0:
            what = ", ".join(failed) or closing or f"it ended with code {code}"
            return f"dbt build: {what} (log: {path})"
        self.console.print(f"dbt build: {closing}")
        return None


@contextmanager
def exclusive(database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Wait for the one lock of builds and deletions, and hold it; it dies with its holder."""
    with database.connect() as connection:
        connection.autocommit = True
        connection.execute("select pg_advisory_lock(hashtext('tandem models'), 0)")
        yield connection
