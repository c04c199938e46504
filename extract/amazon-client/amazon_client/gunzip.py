"""Decompressing gzip while it arrives, in constant memory, with its trailer checked."""

from __future__ import annotations

import zlib
from collections.abc import Callable

_MAGIC = b"\x1f\x8b"
_MAX_LAYERS = 2
"""A gzip document that is sent gzip-encoded once more."""
_AT_ONCE = 1 << 20
"""Bytes decompressed at once: a small input may hold a thousand times its size."""
_GZIP = 16 + zlib.MAX_WBITS
"""zlib's way to ask for gzip: it then checks the trailer, the content's checksum and length."""


class DamagedGzip(Exception):
    """Compressed data that is cut short or does not agree with its checksum."""


class Gunzip:
    """Passes bytes on to a sink, decompressed if they are gzip.

    The bytes decide, by gzip's magic number: Amazon says it in several places, and not always
    right. None of its documents begins with these two bytes otherwise.
    """

    def __init__(self, sink: Callable[[bytes], object], *, layers: int = _MAX_LAYERS) -> None:
        """Pass on to `sink`; decompress up to `layers` times."""
        self._sink = sink
        self._layers = layers
        self._head = b""
        self._decided = layers == 0
        self._inner: Gunzip | None = None
        self._member = zlib.decompressobj(_GZIP)

    @property
    def compressed(self) -> bool:
        """Whether the bytes so far are gzip."""
        return self._inner is not None

    def feed(self, data: bytes) -> None:
        """Take the next bytes.

        Raises:
            DamagedGzip: they cannot be decompressed.
        """
        if not self._decided:
            self._head += data
            if len(self._head) < len(_MAGIC):
                return
            data = self._decide()
        if self._inner is None:
            self._sink(data)
            return
        while data:
            if self._member.eof:
                data = data.lstrip(b"\0")  # padding
                if not data:
                    return
                self._member = zlib.decompressobj(_GZIP)
            try:
                self._inner.feed(self._member.decompress(data, _AT_ONCE))
            except zlib.error as error:
                raise DamagedGzip(f"its compression is damaged ({error})") from None
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail

    def finish(self) -> None:
        """Note the end of the bytes.

        Raises:
            DamagedGzip: they end before the trailer.
        """
        if not self._decided:
            self._sink(self._decide())
        if self._inner is not None:
            if not self._member.eof:
                raise DamagedGzip("its compressed data breaks off")
            self._inner.finish()

    def _decide(self) -> bytes:
        self._decided = True
        if self._head.startswith(_MAGIC):
            self._inner = Gunzip(self._sink, layers=self._layers - 1)
        head, self._head = self._head, b""
        return head
