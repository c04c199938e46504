"""Each stream's key, proved on what the taps emit: the SDK's own test passes on duplicates.

Of the streams that models read; the taps' own tests prove the others on their way.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pytest
from pipeline import ADS, SP, modelled_streams
from singer import LoneTap, Received

if TYPE_CHECKING:
    from simulator.testing import Running


@pytest.fixture(scope="module")
def received(
    _simulator: Running, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Received]:
    """What a target holds after a tap's first sync."""

    @cache
    def read(name: str) -> Received:
        streams = modelled_streams(name)
        tap = LoneTap(name, _simulator, tmp_path_factory.mktemp("keys"), streams)
        # product metadata is only read where it is asked for
        code, lines = tap.run(**({"product_metadata": True} if name == ADS else {}))
        assert code == 0, tap.log[-3000:]
        return Received().take(lines)

    return read


@pytest.mark.parametrize(
    ("name", "stream"),
    [(name, stream) for name in (SP, ADS) for stream in sorted(modelled_streams(name))],
)
def test_no_two_records_of_a_stream_share_a_key(
    name: str, stream: str, received: Callable[[str], Received]
) -> None:
    output = received(name)
    emitted = output.emitted[stream]
    assert emitted, "nothing was emitted that could prove it"
    assert [key for key, times in emitted.items() if times > 1] == []
    assert output.keys[stream][0] == "store_id"
    assert all(None not in key for key in emitted)


def test_a_key_that_comes_twice_is_noticed() -> None:
    record = b'{"type":"RECORD","stream":"a","record":{"id":1}}\n'
    output = Received().take([b'{"type":"SCHEMA","stream":"a","key_properties":["id"]}\n'])
    assert output.take([record, record]).emitted["a"] == {(1,): 2}
