"""Snapshots that cannot be true: far fewer rows than the one before."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from amazon_client.extraction import Delivery
from amazon_client.singer.report_runs import INCOMPLETE
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.settings import DEFAULT_INCOMPLETE_BELOW, INCOMPLETE_BELOW

logger = logging.getLogger(__name__)

ROWS = "snapshot_rows"
"""Key of the state: rows of the last snapshot that was believed."""
SUSPECT = "suspect_snapshot"
"""Key of the state: rows and report of the last snapshot that was not."""


class SnapshotStream(AmazonStream):
    """A stream of whole snapshots. One that stops halfway, or shrinks absurdly, is not whole."""

    def verdict(self, delivery: Delivery, row_count: int) -> str:
        """Call a snapshot incomplete that has lost too much since the one before.

        What a second snapshot agrees with is believed: stock may really be gone.
        """
        state: Any = self.get_context_state(self.account_context(delivery.request.account))
        before, suspect = state.get(ROWS), state.get(SUSPECT)
        part = float(self.config.get(INCOMPLETE_BELOW, DEFAULT_INCOMPLETE_BELOW))
        seen = {"rows": row_count, "report_id": delivery.report_id}
        if before and row_count < part * before and not _agree(suspect, seen):
            state[SUSPECT] = seen
            logger.warning(
                "%s (%s): the snapshot has %d rows, the one before had %d: it is marked incomplete",
                self.name,
                delivery.request.account,
                row_count,
                before,
            )
            return INCOMPLETE
        state[ROWS] = row_count
        state.pop(SUSPECT, None)
        return super().verdict(delivery, row_count)


def _agree(suspect: Mapping[str, Any] | None, seen: Mapping[str, Any]) -> bool:
    """Whether another snapshot has about as many rows as the one that was not believed."""
    if not suspect or suspect["report_id"] == seen["report_id"]:
        return False
    return abs(int(suspect["rows"]) - int(seen["rows"])) <= max(1, int(suspect["rows"]) // 10)
