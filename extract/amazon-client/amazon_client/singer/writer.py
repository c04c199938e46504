"""How messages are written to stdout."""

from __future__ import annotations

import sys

from singer_sdk.contrib.msgspec import MsgSpecWriter
from singer_sdk.singerlib import Message, RecordMessage


class BufferedWriter(MsgSpecWriter):
    """Writes records in pieces of a buffer's size; any other message takes them along at once.

    A system call per record would cost the tap, and the target that it wakes, more than the record.
    Nobody misses what waits here: only a state message says that records have been handed over.
    """

    def write_message(self, message: Message) -> None:
        """Write a message; a record may wait for the next ones."""
        sys.stdout.buffer.write(self.format_message(message))
        if not isinstance(message, RecordMessage):
            sys.stdout.flush()
