"""Progress of a run as log lines of a stable form, for people and for a progress bar.

    progress event=created dataset=sp_campaigns_daily account=na/123 window=2026-10-25..2026-11-24 …

The events: `planned`, `skipped`, `resumed`, `abandoned`, `retired` (of a plan; the first three with
its `streams`, and the `backend` of its reports); `started` (of all);
`created`, `adopted` (an id that a former run or Amazon knew), `waiting`, `again` (to be asked for
anew), then one of `done`, `no_data`, `failed`, `expired`, `late` (of a report or paged answer);
`delivered` (a window of a stream, with its `rows`); `problem` (a stream and account that failed,
with the `kind` of the error, told before the error itself is logged). Values hold no spaces.
"""

from __future__ import annotations

import logging

logger = logging.getLogger("amazon_client.progress")


def tell(event: str, **facts: object) -> None:
    """Log one step at INFO; facts that are None are left out."""
    said = {"event": event, **{name: fact for name, fact in facts.items() if fact is not None}}
    line = " ".join(f"{name}={str(fact).replace(' ', '_')}" for name, fact in said.items())
    logger.info("progress %s", line)
