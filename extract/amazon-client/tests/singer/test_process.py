"""Runs in a process of their own, ended by real signals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from amazon_client.testing import Answer, LocalServer, Received

PATH = "/reporting/reports"
ROWS_PER_REPORT = 2_000
"""More than a pipe holds, so that a reader can stop a tap amid its records."""
FIRST_DAYS = ("2026-09-26", "2026-10-27")


@dataclass
class Amazon:
    """The report API at the server: reports that end at once, unless told otherwise."""

    server: LocalServer
    reports: dict[str, list[str]] = field(default_factory=dict)
    downloads: list[str] = field(default_factory=list)
    endless: bool = False
    at: dict[str, Callable[[], None]] = field(default_factory=dict)
    reaching: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.server.on("POST", PATH, self._create)
        self.server.on("GET", PATH, lambda _: Answer(body=self._listed()))

    def _listed(self) -> list[dict[str, Any]]:
        return [{"reportId": name, "window": window} for name, window in self.reports.items()]

    def _reach(self, point: str) -> None:
        # Two calls may be under way at once: none goes on before what is to happen has happened.
        with self.reaching:
            self.at.pop(point, lambda: None)()

    def _create(self, request: Received) -> Answer:
        self._reach("before create")
        report_id = f"R{len(self.reports) + 1}"
        self.reports[report_id] = request.json
        self.server.on("GET", f"{PATH}/{report_id}", self._poll)
        self.server.on("GET", f"{PATH}/{report_id}/document", self._document)
        self._reach("created")
        return Answer(body={"reportId": report_id})

    def _poll(self, request: Received) -> Answer:
        self._reach("polled")
        return Answer(body={"status": "IN_PROGRESS" if self.endless else "DONE"})

    def _document(self, request: Received) -> Answer:
        self._reach("located")
        report_id = request.path.split("/")[-2]
        self.downloads.append(report_id)
        first = self.reports[report_id][0]
        return Answer(body=[{"date": first, "clicks": n} for n in range(ROWS_PER_REPORT)])


@dataclass
class Process:
    """A tap in a process of its own."""

    folder: Path
    url: str
    child: subprocess.Popen[bytes] | None = None

    def start(self, state: dict[str, Any] | None = None) -> subprocess.Popen[bytes]:
        config = {
            "client_id": "id",
            "client_secret": "secret",
            "region": "na",
            "refresh_token": "token",
            "as_of": "2026-11-24T18:00:00Z",
            "api_url": self.url,
            "journal_path": str(self.folder / "journal.sqlite"),
            "work_dir": str(self.folder / "work"),
            "report_poll_seconds": 0.05,
        }
        (self.folder / "work").mkdir(exist_ok=True)
        (self.folder / "config.json").write_text(json.dumps(config))
        command = [
            sys.executable,
            str(Path(__file__).with_name("process_tap.py")),
            "--config",
            str(self.folder / "config.json"),
        ]
        if state is not None:
            (self.folder / "state.json").write_text(json.dumps(state))
            command += ["--state", str(self.folder / "state.json")]
        self.child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return self.child

    def signal(self, number: int) -> None:
        assert self.child is not None
        os.kill(self.child.pid, number)


@dataclass
class Read:
    """What a target made of a tap's output before it broke off: whole lines count."""

    rows: set[tuple[str, int, str]] = field(default_factory=set)
    runs: list[tuple[str, str, int]] = field(default_factory=list)
    state: dict[str, Any] | None = None


def read(lines: Iterator[bytes] | list[bytes]) -> Read:
    found = Read()
    for line in lines:
        if not line.endswith(b"\n"):
            break
        message = json.loads(line)
        if message["type"] == "STATE":
            found.state = message["value"]
        elif message["type"] == "RECORD" and message["stream"] == "clicks":
            record = message["record"]
            found.rows.add((record["date"], record["clicks"], record["report_id"]))
        elif message["type"] == "RECORD":
            record = message["record"]
            found.runs.append((record["report_id"], record["status"], record["row_count"]))
    return found


@pytest.fixture
def amazon(server: LocalServer) -> Amazon:
    return Amazon(server)


@pytest.fixture
def process(tmp_path: Path, server: LocalServer) -> Iterator[Process]:
    made = Process(tmp_path, server.url)
    yield made
    if made.child is not None and made.child.poll() is None:
        made.child.kill()
        made.child.wait()


BOTH_DONE = [("R1", "done", ROWS_PER_REPORT), ("R2", "done", ROWS_PER_REPORT)]
EVERYTHING = {
    (first, number, report_id)
    for first, report_id in zip(FIRST_DAYS, ("R1", "R2"), strict=True)
    for number in range(ROWS_PER_REPORT)
}


@pytest.mark.parametrize("point", ["before create", "created", "polled", "located"])
def test_kill_9_anywhere_loses_nothing_and_asks_for_no_report_twice(
    process: Process, amazon: Amazon, point: str
) -> None:
    amazon.at[point] = lambda: process.signal(signal.SIGKILL)
    child = process.start()
    output, _ = child.communicate(timeout=300)
    assert child.returncode == -signal.SIGKILL
    before = read(output.splitlines(keepends=True))
    if point == "before create":
        # The dying process's request may still be answered: what it asked for is found again.
        assert len(amazon.reports) <= 1
    output, log = process.start(before.state).communicate(timeout=300)
    resumed = read(output.splitlines(keepends=True))
    assert before.rows | resumed.rows == EVERYTHING, log.decode()
    assert [window[0] for window in amazon.reports.values()] == list(FIRST_DAYS)
    assert sorted(resumed.runs) == [
        ("R1", "done", ROWS_PER_REPORT),
        ("R2", "done", ROWS_PER_REPORT),
    ]


def test_kill_9_amid_records_replays_what_the_target_has_not_committed(
    process: Process, amazon: Amazon
) -> None:
    child = process.start()
    assert child.stdout is not None
    lines = []
    for line in child.stdout:
        lines.append(line)
        # Amid the second report; the last state message covers the first one.
        if len(lines) == ROWS_PER_REPORT + 1_000:
            process.signal(signal.SIGKILL)
            break
    child.stdout.close()
    assert child.stderr is not None
    child.stderr.close()
    child.wait(timeout=60)
    before = read(lines)
    assert before.state is not None
    output, _ = process.start(before.state).communicate(timeout=300)
    resumed = read(output.splitlines(keepends=True))
    assert before.rows | resumed.rows == EVERYTHING
    assert {row[2] for row in resumed.rows} == {"R2"}
    assert list(amazon.reports) == ["R1", "R2"]
    # The first report's row of report_runs had not been written: it is not lost.
    assert sorted(resumed.runs) == [
        ("R1", "done", ROWS_PER_REPORT),
        ("R2", "done", ROWS_PER_REPORT),
    ]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_run_at_once_non_zero_and_cleanly(
    process: Process, amazon: Amazon, number: int
) -> None:
    amazon.endless = True
    child = process.start()
    while not amazon.reports:
        time.sleep(0.05)
    time.sleep(0.2)
    process.signal(number)
    began = time.monotonic()
    _, log = child.communicate(timeout=30)
    assert child.returncode == 130
    assert time.monotonic() - began < 10
    assert b"interrupted" in log
    assert list((process.folder / "work").iterdir()) == []
    amazon.endless = False
    output, _ = process.start().communicate(timeout=300)
    assert read(output.splitlines(keepends=True)).rows == EVERYTHING
    assert list(amazon.reports) == ["R1", "R2"]
