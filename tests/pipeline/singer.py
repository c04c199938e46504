"""A tap alone: its messages go to files, and are read as a target would read them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import AT_READING, BIN, Contents, Row, catalog, settings, wait_for

from simulator.testing import Running

Key = tuple[Any, ...]


@dataclass
class Received:
    """What a target holds after the messages that it has taken.

    Attributes:
        tables: Rows by stream and key: a record replaces the one of its key.
        keys: Each stream's key, as its schema names it.
        emitted: How often each key came, by stream.
        state: The last state message.
    """

    tables: dict[str, dict[Key, Row]] = field(default_factory=lambda: defaultdict(dict))
    keys: dict[str, list[str]] = field(default_factory=dict)
    emitted: dict[str, Counter[Key]] = field(default_factory=lambda: defaultdict(Counter))
    state: Row | None = None

    def take(self, lines: Iterable[bytes]) -> Received:
        """Take messages; a line that a dying tap has cut is none."""
        for line in lines:
            if not line.endswith(b"\n"):
                break
            message = json.loads(line)
            stream = message.get("stream")
            match message["type"]:
                case "SCHEMA":
                    self.keys[stream] = message["key_properties"]
                case "RECORD":
                    record = message["record"]
                    key = tuple(record[name] for name in self.keys[stream])
                    self.tables[stream][key] = record
                    self.emitted[stream][key] += 1
                case "STATE":
                    self.state = message["value"]
        return self

    @property
    def contents(self) -> Contents:
        """All rows by stream, less what tells of their reading alone, and without `report_runs`."""
        return {
            stream: [
                {name: value for name, value in row.items() if name not in AT_READING}
                for row in rows.values()
            ]
            for stream, rows in self.tables.items()
            if stream != "report_runs"
        }

    @property
    def reports(self) -> dict[Key, set[str]]:
        """The reports, by account, stream and first day or instant of their window."""
        found: dict[Key, set[str]] = defaultdict(set)
        for row in self.tables["report_runs"].values():
            account = row.get("profile_id") or row.get("selling_partner_id")
            if not row["report_id"].startswith("api-"):
                found[account, row["stream"], row["window_start"]].add(row["report_id"])
        return found


@dataclass
class LoneTap:
    """A tap without a target, with a journal of its own, run as often as wanted.

    Attributes:
        streams: What it reads beside `report_runs`; None for everything.
    """

    name: str
    simulator: Running
    folder: Path
    streams: frozenset[str] | None = None
    child: subprocess.Popen[bytes] | None = None

    def start(self, state: Row | None = None, **more: Any) -> subprocess.Popen[bytes]:
        """Start it with a state; its messages can be read from the process's `stdout`."""
        journal = {"journal_path": str(self.folder / "journal.sqlite")}
        given = settings(self.simulator, self.name, **journal, **more)
        words = ["--config", self._write("config.json", json.dumps(given))]
        if self.streams is not None:
            words += ["--catalog", self._write("catalog.json", catalog(self.name, self.streams))]
        if state is not None:
            words += ["--state", self._write("state.json", json.dumps(state))]
        self.child = subprocess.Popen(
            [BIN / self.name, *words],
            stdout=subprocess.PIPE,
            stderr=(self.folder / "log").open("wb"),
            cwd=self.folder,
            env={k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"},
        )
        return self.child

    def run(self, state: Row | None = None, **more: Any) -> tuple[int, list[bytes]]:
        """Run it to its end; returns its exit code and messages."""
        child = self.start(state, **more)
        output, _ = child.communicate(timeout=300)
        return child.returncode, output.splitlines(keepends=True)

    def kill_at(self, operation: str, nth: int) -> list[bytes]:
        """Run it from nothing and kill -9 it while the n-th call of an operation is under way.

        The call reaches Amazon all the same, who answers to nobody. Returns the messages.
        """
        faults = self.simulator.faults
        held = faults.add(operation, "slow", nth=nth, times=None, seconds=0.3)
        child = self.start()
        wait_for(lambda: held.seen >= nth or child.poll() is not None)
        child.send_signal(signal.SIGKILL)
        output, _ = child.communicate(timeout=60)
        assert child.returncode == -signal.SIGKILL, self.log
        self._wait_until_amazon_is_quiet()
        faults.clear()
        return output.splitlines(keepends=True)

    def _wait_until_amazon_is_quiet(self) -> None:
        before, now = None, self.simulator.calls.summary()
        while now != before:
            time.sleep(0.6)  # longer than a call is held
            before, now = now, self.simulator.calls.summary()

    @property
    def log(self) -> str:
        """What the last run has logged."""
        return (self.folder / "log").read_text()

    def _write(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content)
        return str(path)
