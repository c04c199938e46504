"""How many reports a region may have under way, and which of them are waited for in vain.

Amazon publishes no quota: it depends on the region and its queue. What is asked is therefore as
much as usually goes well, halved with each refusal for the rate (429) and growing back with each
report that is accepted, in step with the rate of asking itself.
"""

from __future__ import annotations

import math
import threading
from datetime import datetime, timedelta

from amazon_client.rate_limits import TokenBucket

AT_MOST = 40
"""Reports of a region under way at once, as long as Amazon does not refuse any."""


class InFlight:
    """The reports of one region that are under way. Shared by threads."""

    def __init__(self, bucket: TokenBucket, patience: timedelta) -> None:
        """Begin with none.

        Args:
            bucket: of the operation that asks for reports; adaptive.
            patience: how old a report may get before nothing waits for it alone.
        """
        self._bucket = bucket
        self._usual_rate = bucket.rate
        self._patience = patience
        self._created: dict[str, datetime] = {}
        self._lock = threading.Lock()

    @property
    def bound(self) -> int:
        """How many reports may be under way now: at least one, at most `AT_MOST`."""
        share = self._bucket.rate / self._usual_rate
        return max(1, math.floor(AT_MOST * share))

    def running(self, report_id: str, created: datetime, now: datetime) -> bool:
        """Note a report that Amazon has not finished.

        Returns:
            Whether it is worth waiting for: it is young, or a younger one is waited for anyway.
        """
        with self._lock:
            self._created[report_id] = created
            awaited = any(now - other < self._patience for other in self._created.values())
            if not awaited:
                del self._created[report_id]
            return awaited

    def ended(self, report_id: str) -> None:
        """Note a report that is no longer under way."""
        with self._lock:
            self._created.pop(report_id, None)
