"""The README's table tells of every stream what its declaration says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tap_amazon_sp import streams
from tap_amazon_sp.tap import TapAmazonSP

TABLE = [
    [cell.strip() for cell in line.strip("|\n").split(" | ")]
    for line in (Path(__file__).parents[1] / "README.md").read_text().splitlines()
    if line.startswith("| `")
]


EVERYTHING = [*streams.ALL, *streams.PERSONAL]


@pytest.mark.parametrize("stream", EVERYTHING, ids=lambda stream: stream.name)
def test_the_readme_tells_source_key_and_role(stream: Any) -> None:
    (row,) = [cells for cells in TABLE if cells[0] == f"`{stream.name}`"]
    _, source, key, _, _, role = row
    assert stream.dataset.report_type in source or source.startswith("the same")
    assert key == ", ".join(f"`{part}`" for part in stream.keys)
    assert role == stream.dataset.role


def test_about_tells_the_same_of_every_stream(capsys: pytest.CaptureFixture[str]) -> None:
    TapAmazonSP.print_about("json")
    told = {one["stream"]: one for one in json.loads(capsys.readouterr().out)["streams"]}
    assert told.keys() == {stream.name for stream in EVERYTHING}
    for stream in EVERYTHING:
        about = told[stream.name]
        assert about["key"] == ["store_id", "selling_partner_id", *stream.keys]
        assert stream.dataset.report_type in about["source"]
        assert about["role"] == stream.dataset.role  # type: ignore[attr-defined]
        assert about["cursor"] == stream.replication_key or not stream.replication_key
        assert set(about["look_back"]) == {"first_sync", "weekly", "daily", "hourly"}
    assert told["sales_traffic_by_asin"]["look_back"]["daily"] == "14 days"
    assert told["listings"]["look_back"]["hourly"] == "not read"


@pytest.mark.parametrize("output_format", ["text", "markdown"])
def test_about_has_a_table_of_streams(
    output_format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    TapAmazonSP.print_about(output_format)
    assert "| fba_returns | report GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA |" in (
        capsys.readouterr().out
    )
