"""Paged answers: read in background threads, spooled to disk as JSON lines, handed over whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import msgspec

from amazon_client.downloads import Document
from amazon_client.extraction.cancellation import CancellableClock, Cancelled
from amazon_client.extraction.datasets import PagedDataset, Request
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.progress import tell

if TYPE_CHECKING:
    from amazon_client.extraction.run import Pending

READERS = 8
"""How many paged answers are read side by side: operations have buckets of their own."""

_encode = msgspec.json.Encoder(decimal_format="number").encode


class PagedRead:
    """One paged answer on its way.

    Attributes:
        requested_at: when its first page was asked for, None before.
        result: becomes the delivery, or the error that ended it.
        source: what the answer is read from, where the dataset has a source.
    """

    source: Pending | None = None

    def __init__(self, request: Request, dataset: PagedDataset, report_id: str) -> None:
        self.request = request
        self.dataset = dataset
        self.report_id = report_id
        self.requested_at: datetime | None = None
        self.result: Future[Delivery] = Future()

    def tell(self, event: str, **facts: object) -> None:
        """Log a step of this answer."""
        dataset, account, window = self.dataset.name, self.request.account, self.request.window
        tell(event, dataset=dataset, account=account, window=window, **facts)


class PagedReads:
    """Reads paged answers with a bounded number of threads, which start with the first answers."""

    def __init__(
        self, folder: Path, clock: CancellableClock, client: Callable[[Request], Any]
    ) -> None:
        """Make an idle reader.

        Args:
            folder: where spools go; it exists.
            clock: the run's.
            client: gives what `PagedDataset.fetch` reads a request with.
        """
        self._folder = folder
        self._clock = clock
        self._client = client
        self._waiting: SimpleQueue[PagedRead | None] = SimpleQueue()
        self._reads: list[PagedRead] = []

    def add(self, read: PagedRead) -> None:
        """Take an answer to read; before `start`."""
        self._reads.append(read)
        self._waiting.put(read)

    def start(self) -> list[threading.Thread]:
        """Start as many threads as there is work for, and return them; they end with the work."""
        threads = [
            threading.Thread(target=self._reading, daemon=True, name=f"pages {number}")
            for number in range(min(READERS, len(self._reads)))
        ]
        for thread in threads:
            self._waiting.put(None)
            thread.start()
        return threads

    def cancel(self) -> None:
        """End what has not begun; what has begun ends at its next wait."""
        for read in self._reads:
            read.result.cancel()

    def _reading(self) -> None:
        while (read := self._waiting.get()) is not None:
            if not read.result.set_running_or_notify_cancel():
                continue
            try:
                self._clock.check()
                read.result.set_result(self._read(read))
            except Exception as error:
                if not isinstance(error, Cancelled):
                    read.tell("failed", error=type(error).__name__)
                read.result.set_exception(error)

    def _read(self, read: PagedRead) -> Delivery:
        more = () if read.source is None else (read.source.wait(),)
        read.requested_at = self._clock.now()
        covered_until = None
        rows = 0
        path = self._folder / f"pages-{id(read)}"
        with path.open("wb") as spool:
            for page in read.dataset.fetch(self._client(read.request), read.request, *more):
                for row in page.rows:
                    spool.write(_encode(row) + b"\n")
                    rows += 1
                covered_until = page.covered_until or covered_until
                self._clock.check()
        if read.source is not None:
            read.source.release()
        size = path.stat().st_size
        read.tell("done", rows=rows, bytes=size)
        return Delivery(
            request=read.request,
            report_id=read.report_id,
            documents=(Document(path, None, size),),
            requested_at=read.requested_at,
            generated_at=self._clock.now(),
            covered_until=covered_until,
        )
