"""The README's table tells of every stream what its declaration says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tap_amazon_sp import streams

TABLE = [
    [cell.strip() for cell in line.strip("|\n").split(" | ")]
    for line in (Path(__file__).parents[1] / "README.md").read_text().splitlines()
    if line.startswith("| `")
]


@pytest.mark.parametrize("stream", streams.ALL, ids=lambda stream: stream.name)
def test_the_readme_tells_source_key_and_role(stream: Any) -> None:
    (row,) = [cells for cells in TABLE if cells[0] == f"`{stream.name}`"]
    _, source, key, _, _, role = row
    assert stream.dataset.report_type in source or source.startswith("the same")
    assert key == ", ".join(f"`{part}`" for part in stream.keys)
    assert role == stream.dataset.role
