"""How far a run is, stream by stream, told by the lines that a tap logs about itself.

The lines are those of `amazon_client.extraction.progress`; what a tap without such lines does is
known by its records alone.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tandem.estimate import expected_seconds

_PREFIX = "progress "
_PLANS = {"planned", "resumed"}
_ASKED = {"created", "adopted"}
_ENDED = {"done", "no_data", "failed", "expired", "late"}
_ORDERED = ("running", "failed", "planned", "done")


@dataclass
class StreamProgress:
    """A stream of a run. Windows are the parts that Amazon is asked for one by one."""

    name: str
    planned: int = 0
    delivered: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    state: str = "planned"
    awaiting: str | None = None
    datasets: set[str] = field(default_factory=set)

    @property
    def done(self) -> int:
        """Windows that need no more waiting for."""
        return self.planned if self.state == "done" else min(self.delivered, self.planned)


@dataclass
class _Dataset:
    planned: int = 0
    backend: str | None = None
    asked: set[tuple[str, str]] = field(default_factory=set)
    ended: set[tuple[str, str]] = field(default_factory=set)


def facts_of(event: str) -> dict[str, str]:
    """The facts of a progress line; empty for any other line.

    >>> facts_of("progress event=done dataset=orders rows=7")
    {'event': 'done', 'dataset': 'orders', 'rows': '7'}
    """
    if not event.startswith(_PREFIX):
        return {}
    return dict(word.split("=", 1) for word in event[len(_PREFIX) :].split() if "=" in word)


class Progress:
    """The progress of one tap's run. Fed by one thread, read by others.

    Attributes:
        problems: What failed, by (stream, account): the kind of the error.
        began: When the run began, on the monotonic clock.
    """

    def __init__(self, api: str | None = None, time_scale: float = 1) -> None:
        """Begin; `time_scale` says how many times faster than Amazon the other side is."""
        self.problems: dict[tuple[str, str], str] = {}
        self.began = time.monotonic()
        self._api = api
        self._time_scale = time_scale
        self._streams: dict[str, StreamProgress] = {}
        self._datasets: dict[str, _Dataset] = defaultdict(_Dataset)
        self._reports: dict[tuple[str, str], int] = defaultdict(int)
        self._finished: set[str] = set()
        self._lock = threading.Lock()

    def note(self, facts: Mapping[str, str]) -> None:
        """Take in one progress line."""
        with self._lock:
            self._note(facts.get("event", ""), facts)

    def note_rows(self, stream: str, count: int, *, loaded: bool) -> None:
        """Add records that the tap has sent, or the target has taken."""
        with self._lock:
            progress = self._stream(stream)
            if loaded:
                progress.rows_loaded += count
            else:
                progress.rows_read += count

    def note_end(self, stream: str) -> None:
        """Say that the tap has ended a stream."""
        with self._lock:
            self._stream(stream)
            self._finished.add(stream)

    def close(self, succeeded: bool) -> None:
        """Say that the run has ended: what was not handed over by now will not be."""
        with self._lock:
            for progress in self._streams.values():
                if succeeded:
                    self._finished.add(progress.name)
                elif progress.name not in self._finished:
                    self.problems.setdefault((progress.name, "all"), "CutOff")
                    self._finished.add(progress.name)

    @property
    def streams(self) -> list[StreamProgress]:
        """Copies of all streams known so far: what runs first, what is done last."""
        with self._lock:
            found = [self._look(progress) for progress in self._streams.values()]
        return sorted(found, key=lambda one: (_ORDERED.index(one.state), one.name))

    @property
    def expected(self) -> float | None:
        """Seconds the whole run should take, by Amazon's limits; None while that is not known."""
        with self._lock:
            if not self._reports and not self._streams:
                return None
            return expected_seconds(self._api, self._reports) / self._time_scale

    @property
    def remaining(self) -> float | None:
        """Seconds left: by the limits at first, by the pace so far as soon as there is one."""
        expected = self.expected
        if expected is None:
            return None
        elapsed = time.monotonic() - self.began
        streams = self.streams
        planned = sum(one.planned for one in streams)
        done = sum(one.done for one in streams)
        if not planned or done == planned:
            return 0.0
        by_limits = max(expected - elapsed, 1.0)
        if done < planned / 4:
            return by_limits
        by_pace = elapsed * (planned - done) / done
        return max(min(by_limits, by_pace * 2), 1.0)

    def _note(self, event: str, facts: Mapping[str, str]) -> None:
        name, account = facts.get("dataset", ""), facts.get("account", "")
        dataset = self._datasets[name]
        place = (account, facts.get("window", ""))
        if event in _PLANS:
            windows = int(facts.get("windows", 0))
            dataset.planned += windows
            dataset.backend = facts.get("backend")
            if dataset.backend:
                self._reports[account.split("/")[0], dataset.backend] += windows
            for stream in facts.get("streams", name).split(","):
                progress = self._stream(stream)
                progress.planned += windows
                progress.datasets.add(name)
        elif event in _ASKED:
            dataset.asked.add(place)
            dataset.ended.discard(place)
        elif event in _ENDED:
            dataset.ended.add(place)
        elif event == "delivered":
            self._stream(facts["stream"]).delivered += 1
        elif event == "problem":
            self.problems[facts["stream"], account] = facts.get("kind", "")

    def _stream(self, name: str) -> StreamProgress:
        return self._streams.setdefault(name, StreamProgress(name))

    def _look(self, progress: StreamProgress) -> StreamProgress:
        failed = any(stream == progress.name for stream, _ in self.problems)
        seen = StreamProgress(**vars(progress))
        datasets = [self._datasets[name] for name in progress.datasets]
        preparing = sum(len(dataset.asked - dataset.ended) for dataset in datasets)
        begun = progress.delivered or progress.rows_read or any(d.asked | d.ended for d in datasets)
        if progress.name in self._finished:
            seen.state = "failed" if failed else "done"
        elif begun:
            seen.state = "running"
            unasked = sum(d.planned - len(d.asked) for d in datasets if d.backend)
            if preparing:
                seen.awaiting = f"Amazon is preparing {_reports(preparing)}"
            elif unasked:
                seen.awaiting = f"Amazon's rate limit, before asking for {_reports(unasked)}"
        elif any(dataset.backend for dataset in datasets):
            seen.awaiting = "its turn: Amazon limits how many reports may be asked for at once"
        else:
            seen.awaiting = "its turn"
        return seen

    def __iter__(self) -> Iterator[StreamProgress]:
        return iter(self.streams)


def _reports(count: int) -> str:
    return "a report" if count == 1 else f"{count} reports"
