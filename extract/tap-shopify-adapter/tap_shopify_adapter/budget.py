"""Shopify's budget of points: wait for it instead of failing."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from typing import Any

LOGGER = logging.getLogger("tandem")
_LEAST_WAIT, _MOST_WAIT, _PATIENCE = 0.5, 60.0, 20


def within_budget(execute: Callable[..., str], sleep: Callable[[float], None] = time.sleep) -> Any:
    """``GraphQL.execute`` that waits when the API says THROTTLED, as long as it has to.

    The tap itself would try five times at random moments, or take the answer for an empty one.
    """

    def patient(self: Any, *args: Any, **kwargs: Any) -> str:
        for _ in range(_PATIENCE):
            text = execute(self, *args, **kwargs)
            wait = throttled_for(text)
            if wait is None:
                return text
            LOGGER.info("Shopify's budget is used up: waiting %.1f s", wait)
            sleep(wait)
        return text

    return patient


def throttled_for(text: str) -> float | None:
    """Seconds until an answer's query can be asked again; None if it was not throttled."""
    if "THROTTLED" not in text:
        return None
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    errors = answer.get("errors") if isinstance(answer, dict) else None
    codes = [e.get("extensions", {}).get("code") for e in errors or [] if isinstance(e, dict)]
    if "THROTTLED" not in codes:
        return None
    cost = answer.get("extensions", {}).get("cost", {})
    status = cost.get("throttleStatus", {})
    missing = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    rate = status.get("restoreRate") or 50
    return float(min(_MOST_WAIT, max(_LEAST_WAIT, missing / rate)))
