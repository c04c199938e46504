"""A count of what clients asked for, so that tests can compare it with a plan."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import Any


class Calls:
    """Calls per operation and status."""

    def __init__(self) -> None:
        self._statuses: dict[str, Counter[str]] = defaultdict(Counter)
        self._lock = threading.Lock()

    def record(self, operation: str, status: int | str) -> None:
        """Count one answered (or dropped) call."""
        with self._lock:
            self._statuses[operation][str(status)] += 1

    def count(self, operation: str) -> int:
        """How often an operation was called, refused calls included."""
        with self._lock:
            return sum(self._statuses[operation].values())

    @property
    def throttled(self) -> int:
        """How many calls drew a 429, over all operations."""
        with self._lock:
            return sum(statuses["429"] for statuses in self._statuses.values())

    def summary(self) -> dict[str, dict[str, Any]]:
        """Per operation: calls, throttled, and the calls by status."""
        with self._lock:
            return {
                operation: {
                    "calls": sum(statuses.values()),
                    "throttled": statuses["429"],
                    "by_status": dict(sorted(statuses.items())),
                }
                for operation, statuses in sorted(self._statuses.items())
                if statuses
            }

    def reset(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._statuses.clear()
