"""Each stream's key, proved on what the taps really emit: the SDK's own test takes duplicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tap_amazon_ads.streams import STREAMS
from tap_amazon_sp import streams

if TYPE_CHECKING:
    from singer import Received

SP = [stream.name for stream in streams.ALL] + ["report_runs"]
ADS = [stream.name for stream in STREAMS] + ["report_runs"]


@pytest.mark.parametrize(
    ("tap", "stream"),
    [("tap-amazon-sp", name) for name in SP] + [("tap-amazon-ads", name) for name in ADS],
)
def test_no_two_records_of_a_stream_share_a_key(
    tap: str, stream: str, uninterrupted: Callable[[str], Received]
) -> None:
    received = uninterrupted(tap)
    emitted = received.emitted[stream]
    assert emitted, "nothing was emitted that could prove it"
    assert [key for key, times in emitted.items() if times > 1] == []
    assert received.keys[stream][0] == "store_id"
    assert all(None not in key for key in emitted)
