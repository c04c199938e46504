"""The loader: MeltanoLabs' target-postgres with its sharp edges taken off.

- **A stopped target must not look like a finished one.** On SIGTERM and SIGINT the stock target
  drains what it holds and exits 0, even when the batch it was writing is rolled back: its caller
  takes the run for a success (meltano/sdk#3775). Here a signal ends the process at once and
  non-zero; the open transaction is rolled back, no state is emitted, and the next run loads those
  rows again.
- **What has come is soon in the warehouse.** The stock target writes a stream when it has a batch
  of it, everything every five minutes, and else at the end. A first sync waits for Amazon most of
  its time: here those pauses are used, and nothing waits longer than some seconds.
- **The address may be an ordinary one** (`postgresql://…`): COPY needs the psycopg driver, which
  SQLAlchemy only takes when the scheme names it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from types import FrameType
from typing import IO, Any

from target_postgres.connector import PostgresConnector
from target_postgres.driver import PSYCOPG3
from target_postgres.sinks import PostgresSink
from target_postgres.target import TargetPostgres

from tandem.database.address import Address
from tandem.messages import Messages


class Connector(PostgresConnector):
    """Opens the database by an address of any PostgreSQL scheme."""

    def get_sqlalchemy_url(self, config: Mapping[str, Any]) -> str:
        """The configured address with the driver that COPY needs."""
        return Address.parse(super().get_sqlalchemy_url(config)).url(scheme=PSYCOPG3)


class Sink(PostgresSink):
    """The stock sink on our connector."""

    connector_class = Connector


class Target(TargetPostgres):
    """The stock target, which dies of a signal instead of draining half a batch."""

    default_sink_class = Sink

    def listen(self, file_input: IO[str] | None = None) -> None:
        """Read messages to their end; from here on a signal ends the process at once."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        descriptor = (file_input or sys.stdin).fileno()
        super().listen(Messages(descriptor, self.drain_all))


def _end(number: int, frame: FrameType | None) -> None:
    """Leave without cleaning up: what is not committed must not be reported as done."""
    os._exit(128 + number)


def main() -> None:
    """The console script `tandem-target-postgres`."""
    Target.cli()
