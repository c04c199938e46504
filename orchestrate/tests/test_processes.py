from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import psutil
import pytest

from tandem.errors import StepFailed
from tandem.processes import Background

SERVE = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(60)"


@pytest.fixture
def background(tmp_path: Path) -> Background:
    return Background(tmp_path / "pid.json", tmp_path / "log")


def test_a_process_is_started_found_again_and_stopped(
    background: Background, tmp_path: Path
) -> None:
    background.start([sys.executable, "-c", SERVE, str(tmp_path / "ready")], tmp_path / "ready")
    found = Background(background.pid_file, background.log).process()
    assert found is not None
    assert background.stop()
    assert not found.is_running()
    assert not background.stop()


def test_a_process_that_ends_at_once_is_reported_with_its_log(
    background: Background, tmp_path: Path
) -> None:
    with pytest.raises(StepFailed, match="log is") as failed:
        background.start(
            [sys.executable, "-c", "raise SystemExit('no such port')"], tmp_path / "ready"
        )
    assert str(background.log) in failed.value.message
    assert "no such port" in background.log.read_text()
    assert background.process() is None


def test_a_number_that_now_belongs_to_another_process_is_left_alone(
    background: Background,
) -> None:
    created = psutil.Process().create_time() - 3600
    background.pid_file.write_text(json.dumps({"pid": os.getpid(), "created": created}))
    assert background.process() is None
    assert not background.stop()
