"""What a target has committed, as the Singer state that it sent back tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def partition(
    state: Mapping[str, Any], stream: str, context: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return a stream's state for an account, empty if there is none; nothing is created."""
    for found in state.get("bookmarks", {}).get(stream, {}).get("partitions", []):
        if found["context"] == context:
            return dict(found)
    return {}


def covers(found: Mapping[str, Any], plan: str, position: int) -> bool:
    """Whether a stream's state for an account covers a delivery."""
    return found.get("plan") == plan and int(found.get("delivered") or 0) > position
