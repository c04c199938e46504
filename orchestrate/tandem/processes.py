"""Background processes that are ours: started here, found again later, and only those stopped."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from tandem.errors import StepFailed


@dataclass(frozen=True)
class Background:
    """A process remembered in a file, by its number and its start time.

    A number alone is not enough: once the process is gone, it may be given to any other.
    """

    pid_file: Path
    log: Path

    def process(self) -> psutil.Process | None:
        """The process, while it runs."""
        try:
            note = json.loads(self.pid_file.read_text())
            process = psutil.Process(note["pid"])
            alive = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
            same = (
                abs(process.create_time() - note["created"]) < 5
            )  # the clock may be set meanwhile
            return process if alive and same else None
        except (OSError, ValueError, KeyError, psutil.Error):
            return None

    def start(self, command: Sequence[str], ready: Path, timeout: float = 60) -> None:
        """Start it, out of reach of this terminal's signals, and wait for its ready file.

        Raises:
            StepFailed: it ended, or was not ready in time; the message names its log.
        """
        ready.unlink(missing_ok=True)
        with self.log.open("w") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        created = psutil.Process(child.pid).create_time()
        self.pid_file.write_text(json.dumps({"pid": child.pid, "created": created}))
        deadline = time.monotonic() + timeout
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > deadline:
                self.stop()
                name = os.path.basename(command[0])
                raise StepFailed(f"{name} did not start; its log is {self.log}.")
            time.sleep(0.05)

    def stop(self) -> bool:
        """End it; False when it was not running."""
        process = self.process()
        self.pid_file.unlink(missing_ok=True)
        if process is None:
            return False
        process.terminate()
        try:
            process.wait(10)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(10)
        return True
