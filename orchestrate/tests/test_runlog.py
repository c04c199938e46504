"""The lines are those that Meltano 4.4 printed for a singer-sdk 0.54 tap and target."""

from __future__ import annotations

import io
import json

from tandem.runlog import RunLog


def line(**entry: object) -> str:
    return json.dumps({"timestamp": "2026-11-25T00:50:44Z", "level": "info"} | entry) + "\n"


def count(stream: str, value: int, *, target: bool = False) -> str:
    metric = {"type": "counter", "metric": "record_count", "value": value}
    tags = {"tags": {"stream": stream, "pid": 1}}
    return line(event="METRIC", consumer=target, metric_info=metric | tags, run_id="r-1")


def test_records_are_counted_apart_for_the_tap_and_the_target() -> None:
    log = RunLog(io.StringIO())
    for text in (count("a", 5), count("a", 2), count("b", 1), count("a", 6, target=True)):
        log.feed(text)
    assert log.read == {"a": 7, "b": 1}
    assert log.loaded == {"a": 6}
    assert log.run_id == "r-1"


def test_other_metrics_are_not_counted() -> None:
    log = RunLog(io.StringIO())
    metric = {"metric": "sync_duration", "value": 3, "tags": {"stream": "a"}}
    log.feed(line(event="METRIC", metric_info=metric))
    assert not log.read


def test_each_error_is_kept_once_with_its_cause() -> None:
    log = RunLog(io.StringIO())
    log.feed(line(level="error", event="Stream b failed: no access", plugin_logger="tap-x.b"))
    log.feed(line(level="error", event="Stream b failed: no access", plugin_logger="tap-x.b"))
    exception = {"type": "RuntimeError", "message": "boom", "traceback": []}
    log.feed(line(level="critical", event="", plugin_exception=exception))
    log.feed(line(level="warning", event="slow"))
    assert log.errors == ["Stream b failed: no access", "boom"]


def test_the_log_is_readable_and_loses_nothing() -> None:
    file = io.StringIO()
    log = RunLog(file)
    log.feed("no json at all\n")
    log.feed("17\n")
    frame = {"filename": "tap.py", "lineno": 20, "function": "main"}
    exception = {"type": "RuntimeError", "message": "boom", "traceback": [frame]}
    log.feed(line(event="died", plugin_logger="tap-x", plugin_exception=exception))
    assert file.getvalue().splitlines() == [
        "no json at all",
        "17",
        "2026-11-25T00:50:44Z info     tap-x: died",
        "    tap.py:20 in main",
        "    RuntimeError: boom",
    ]
