"""What Shopify answers to a query that it does not run: wait for its budget, or give up at once."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from tap_shopify_adapter.logs import LOGGER

_LEAST_WAIT, _MOST_WAIT, _PATIENCE = 0.5, 60.0, 20


class Refused(Exception):
    """The app may not ask this; the message is Shopify's."""


def within_budget(execute: Callable[..., str], sleep: Callable[[float], None] = time.sleep) -> Any:
    """``GraphQL.execute`` that waits when the API says THROTTLED, as long as it has to.

    The tap itself would try five times at random moments, or take the answer for an empty one; and
    five times what Shopify will never allow.

    Raises:
        Refused: a scope is missing.
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
    """Seconds until an answer's query can be asked again; None if it was not throttled.

    Raises:
        Refused: a scope is missing.
    """
    if "THROTTLED" not in text and "ACCESS_DENIED" not in text:
        return None
    try:
        answer = json.loads(text)
    except ValueError:
        return None
    errors = answer.get("errors") if isinstance(answer, dict) else None
    errors = [error for error in errors or [] if isinstance(error, dict)]
    codes = {error.get("extensions", {}).get("code"): error.get("message") for error in errors}
    if "ACCESS_DENIED" in codes:
        raise Refused(f"{codes['ACCESS_DENIED']} (ACCESS_DENIED)")
    if "THROTTLED" not in codes:
        return None
    cost = answer.get("extensions", {}).get("cost", {})
    status = cost.get("throttleStatus", {})
    missing = cost.get("requestedQueryCost", 0) - status.get("currentlyAvailable", 0)
    rate = status.get("restoreRate") or 50
    return float(min(_MOST_WAIT, max(_LEAST_WAIT, missing / rate)))
