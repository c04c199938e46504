"""Asynchronous work: a report or query from its request to its end, and what may go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from simulator.faults import Fault, Kind
from simulator.simulation import Simulation
from simulator.world.randomness import chance

STATUSES = frozenset({"CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE"})
ENDS = frozenset({"CANCELLED", "DONE", "FATAL"})
UNKNOWN_STATUS = "IN_REVIEW"
"""A status that no documentation names."""
_QUEUED_SHARE = 0.2
RETENTION = timedelta(days=90)

FATES = {
    Kind.REPORT_FATAL: "FATAL",
    Kind.REPORT_FATAL_BARE: "FATAL",
    Kind.REPORT_CANCELLED: "CANCELLED",
}


@dataclass(frozen=True)
class Task:
    """One report or query of one seller."""

    task_id: str
    account: str
    what: str
    """Report type, or the text of the query."""
    request: dict[str, Any]
    created_at: datetime
    created: float
    """In the clock's ``elapsed``."""
    seconds: float
    """From the request to the end."""
    render: Callable[[], bytes | None] = field(repr=False)
    """The document's bytes; None when there is no data."""
    fault: Fault | None = None
    finished: dict[str, Any] = field(default_factory=dict, compare=False)
    """What is decided once, when the task has ended."""
    lock: threading.Lock = field(default_factory=threading.Lock, compare=False, repr=False)

    DOCUMENT_PREFIX: ClassVar[str] = "amzn1.spdoc.1.4."

    @property
    def document_id(self) -> str:
        """The id under which its document is stored."""
        return f"{self.DOCUMENT_PREFIX}{self.task_id}"

    def fate(self) -> str:
        """How it ends, whatever data there is: a status, or ``STUCK``, ``UNKNOWN``, ``EMPTY``."""
        kind = self.fault and self.fault.fault
        special = {
            Kind.REPORT_STUCK: "STUCK",
            Kind.REPORT_UNKNOWN: "UNKNOWN",
            Kind.REPORT_EMPTY: "EMPTY",
        }
        return {**FATES, **special}.get(kind, "DONE") if kind else "DONE"

    def has_error_document(self) -> bool:
        """Whether its FATAL end comes with an explanation to download."""
        return self.fault is not None and self.fault.fault is Kind.REPORT_FATAL


class Tasks:
    """The tasks of one API, by id; each belongs to the seller that asked."""

    def __init__(self, simulation: Simulation, prefix: str, ends_without_data: str) -> None:
        self._simulation, self._prefix = simulation, prefix
        self._ends_without_data = ends_without_data
        self._tasks: dict[str, Task] = {}
        self._lock = threading.Lock()

    def create(
        self,
        account: str,
        what: str,
        request: dict[str, Any],
        render: Callable[[], bytes | None],
        fault: Fault | None,
    ) -> Task:
        """Queue a task; its world is the one known now."""
        clock = self._simulation.clock
        with self._lock:
            number = len(self._tasks) + 1
            digits = chance(self._prefix, account, number).randrange(10**5)
            task = Task(
                task_id=f"{self._prefix}{digits:05d}{number:06d}",
                account=account,
                what=what,
                request=request,
                created_at=clock.now().replace(microsecond=0),
                created=clock.elapsed(),
                seconds=self._simulation.latencies.sp_documents,
                render=render,
                fault=fault,
            )
            self._tasks[task.task_id] = task
        return task

    def find(self, account: str, task_id: str) -> Task | None:
        """A seller's task that is not yet forgotten."""
        task = self._tasks.get(task_id)
        return task if task and task.account == account and self._is_kept(task) else None

    def of(self, account: str) -> list[Task]:
        """A seller's tasks, the newest first."""
        with self._lock:
            tasks: Iterable[Task] = list(self._tasks.values())
        kept = [task for task in tasks if task.account == account and self._is_kept(task)]
        return sorted(kept, key=lambda task: (task.created_at, task.task_id), reverse=True)

    def status(self, task: Task) -> str:
        """The task's status now; its document is rendered when it is first seen to be DONE."""
        age = self._simulation.clock.elapsed() - task.created
        fate = task.fate()
        if fate == "STUCK" or age < task.seconds:
            return "IN_QUEUE" if age < task.seconds * _QUEUED_SHARE else "IN_PROGRESS"
        if fate == "UNKNOWN" and age < 2 * task.seconds:
            return UNKNOWN_STATUS
        return fate if fate in ("FATAL", "CANCELLED") else self._done(task)

    def is_open(self, task: Task) -> bool:
        """Whether it has not ended yet."""
        return self.status(task) not in ENDS

    def document_of(self, task: Task, status: str) -> str | None:
        """Which document a task in a status has: ``data``, ``error`` or none."""
        if status == "FATAL":
            return "error" if task.has_error_document() else None
        return "data" if status == "DONE" and self.content(task) is not None else None

    def content(self, task: Task) -> bytes | None:
        """The rendered document of a task that is DONE."""
        content: bytes | None = task.finished.get("content")
        return content

    def times(self, task: Task, status: str) -> dict[str, datetime]:
        """When the processing of a task in a status started and ended, as far as it has."""
        started = timedelta(seconds=int(task.seconds * _QUEUED_SHARE))
        times = {}
        if status != "IN_QUEUE":
            times["processingStartTime"] = task.created_at + started
        if status in ENDS:
            times["processingEndTime"] = task.created_at + timedelta(seconds=int(task.seconds))
        return times

    def _done(self, task: Task) -> str:
        with task.lock:
            if "content" not in task.finished:
                task.finished["content"] = None if task.fate() == "EMPTY" else task.render()
            has_data = task.finished["content"] is not None
        return "DONE" if has_data else self._ends_without_data

    def _is_kept(self, task: Task) -> bool:
        return self._simulation.clock.now() - task.created_at <= RETENTION
