"""Lines of a pipe, and when what came is to be written."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tandem.messages import Messages

Ends = tuple[int, int]


@pytest.fixture
def ends() -> Iterator[Ends]:
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)


def told(ends: Ends, *parts: bytes, **settings: float) -> list[str]:
    """Lines and drains (`-`) in their order; each drain lets the next part come, or the end."""
    reading, writing = ends
    waiting = list(parts)
    found: list[str] = []

    def come() -> None:
        if waiting:
            os.write(writing, waiting.pop(0))
        else:
            os.close(writing)

    def drain() -> None:
        found.append("-")
        come()

    come()
    for line in Messages(reading, drain, **settings):
        found.append(line)
    return found


def test_silence_is_used_to_write_what_came(ends: Ends) -> None:
    assert told(ends, b"one\ntwo\n", b"three\n", pause=0.05) == ["one", "two", "-", "three", "-"]


def test_what_comes_without_a_pause_is_written_when_it_is_old(ends: Ends) -> None:
    assert told(ends, b"one\n", b"two\n", pause=60, age=0) == ["one", "-", "two", "-"]


def test_lines_are_whole_however_the_pipe_cuts_them(ends: Ends) -> None:
    text = "ä\u2028b".encode()  # a separator of lines elsewhere, none in JSON lines
    parts = [b"one\ntw", b"o\n" + text[:1], text[1:] + b"\n\nlast"]
    found = told(ends, *parts, pause=0.05)
    assert [line for line in found if line != "-"] == ["one", "two", "ä\u2028b", "", "last"]
