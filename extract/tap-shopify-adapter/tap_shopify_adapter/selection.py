"""Which columns are wanted: a column is read whole, or not at all."""

from __future__ import annotations

from typing import Any


def whole_columns(catalog: dict[str, Any]) -> dict[str, Any]:
    """A catalog without a word about what is inside its columns.

    Meltano lists the properties of an object one by one and unselects those that no pattern names,
    so a column that is selected by its name would arrive empty.

    Args:
        catalog: Singer's, with metadata; is changed.
    """
    for stream in catalog["streams"]:
        stream["metadata"] = [
            part for part in stream["metadata"] if len(part["breadcrumb"]) <= len(("properties", 1))
        ]
    return catalog
