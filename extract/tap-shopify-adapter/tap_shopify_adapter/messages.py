"""The tap's messages in our style: ``store_id`` first, snake_case columns, UTC instants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from tap_shopify_adapter.schemas import Schema, landed

Selected = Callable[[str], set[str]]
"""The properties of a stream that are wanted."""
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def snake_case(name: str) -> str:
    """`totalPriceSet` as `total_price_set`, `localPickupSettingsV2` as `local_pickup_settings_v2`."""  # noqa: E501
    return _CAPITAL.sub("_", name).lower()


class Messages:
    """Turns one run's schemas and records; state passes as it is."""

    def __init__(self, store_id: str, selected: Selected) -> None:
        self._store_id, self._selected = store_id, selected

    def schema(self, stream: str, schema: Schema, keys: list[str]) -> tuple[Schema, list[str]]:
        """What a target is told of a stream, and its key: the selected columns, and ours."""
        wanted = self._selected(stream) | set(keys)
        columns = {
            snake_case(name): landed(part, is_key=name in keys)
            for name, part in schema["properties"].items()
            if name in wanted and not _is_synthetic(name)
        }
        properties = {
            "store_id": {"type": ["string"]},
            **columns,
            "extracted_at": {"type": ["string", "null"], "format": "date-time"},
        }
        key = ["store_id", *map(snake_case, keys)]
        return {"type": "object", "properties": properties, "required": key}, key

    def record(self, record: Mapping[str, Any], extracted_at: datetime) -> dict[str, Any]:
        """A row of the store, read at an instant."""
        columns = {
            snake_case(name): value for name, value in record.items() if not _is_synthetic(name)
        }
        read = extracted_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return {"store_id": self._store_id, **columns, "extracted_at": read}


def _is_synthetic(name: str) -> bool:
    """Whether the tap made the column up: the shop's id and name on every row."""
    return name.startswith("_sdc_shop_")
