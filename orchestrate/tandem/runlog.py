"""What a Meltano run says while it goes, read line by line from its JSON log."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TextIO

from tandem.progress import Progress, facts_of

_FATAL = {"error", "critical"}


@dataclass
class RunLog:
    """The story of one tap-to-target run.

    Attributes:
        file: Where the readable log goes.
        read: Records per stream that the tap sent.
        loaded: Records per stream that the target took.
        errors: What went wrong, in the tap's, the target's or Meltano's words, each once.
        run_id: Meltano's name of the run.
        progress: What the tap tells of itself.
    """

    file: TextIO
    read: Counter[str] = field(default_factory=Counter)
    loaded: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    run_id: str | None = None
    progress: Progress = field(default_factory=Progress)

    def feed(self, line: str) -> None:
        """Take in one line; a line that is no JSON is kept as it is."""
        try:
            entry = json.loads(line)
        except ValueError:
            entry = None
        if not isinstance(entry, dict):
            self.file.write(line)
            return
        self.run_id = entry.get("run_id") or self.run_id
        metric = entry.get("metric_info")
        if isinstance(metric, dict):
            self._count(entry, metric)
        elif facts := facts_of(str(entry.get("event", ""))):
            self.progress.note(facts)
        elif entry.get("level") in _FATAL:
            self._blame(entry)
        self.file.write(_readable(entry))
        self.file.flush()

    def _count(self, entry: dict[str, Any], metric: dict[str, Any]) -> None:
        stream = str(metric.get("tags", {}).get("stream"))
        if metric.get("metric") == "record_count":
            counter = self.loaded if entry.get("consumer") else self.read
            counter[stream] += int(metric.get("value", 0))
            is_loaded = counter is self.loaded
            self.progress.note_rows(stream, int(metric.get("value", 0)), loaded=is_loaded)
        elif metric.get("metric") == "sync_duration" and not entry.get("consumer"):
            self.progress.note_end(stream)

    def _blame(self, entry: dict[str, Any]) -> None:
        text = str(entry.get("event", "")).strip().removeprefix("failed: ")
        exception = entry.get("plugin_exception")
        cause = str(exception.get("message") or "") if isinstance(exception, dict) else ""
        if cause not in text:
            text = f"{text}: {cause}" if text else cause
        if text and text not in self.errors:
            self.errors.append(text)


def _readable(entry: dict[str, Any]) -> str:
    """One line for a person: when, how bad, who, what."""
    source = entry.get("plugin_logger") or entry.get("name") or "meltano"
    text = entry.get("event", "")
    if "metric_info" in entry:
        text = f"{text} {json.dumps(entry['metric_info'])}"
    lines = [f"{entry.get('timestamp', '')} {entry.get('level', ''):<8} {source}: {text}"]
    exception = entry.get("plugin_exception")
    if isinstance(exception, dict):
        lines += [
            f"    {frame.get('filename')}:{frame.get('lineno')} in {frame.get('function')}"
            for frame in exception.get("traceback") or []
        ]
        lines.append(f"    {exception.get('type')}: {exception.get('message')}")
    return "\n".join(lines) + "\n"
