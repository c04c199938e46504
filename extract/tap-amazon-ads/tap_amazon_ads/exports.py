"""Exports: all entities of a kind in one document, for profiles whose lists have many pages.

Source: Amazon Ads API, the Exports contract of 2025-12 and the guides to exports.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import requests

from amazon_client.clock import Clock
from amazon_client.documents import read_json_array
from amazon_client.downloads import DocumentLocation, download
from amazon_client.errors import NotFound, ReportExpired, ReportFailed
from amazon_client.extraction import Page
from amazon_client.extraction.errors import ReportLate
from tap_amazon_ads.client import AdsProfile, operation
from tap_amazon_ads.entities import EntityLists
from tap_amazon_ads.export_rows import EXPORTED, Kind
from tap_amazon_ads.listing import Row

logger = logging.getLogger(__name__)

EXPORTS = "EXPORTS"
PRODUCTS = ("SPONSORED_PRODUCTS", "SPONSORED_BRANDS", "SPONSORED_DISPLAY")
STATES = ("ENABLED", "PAUSED", "ARCHIVED")
"""Archived entities are missing unless asked for."""

SIDE_BY_SIDE = 5
"""Exports of a kind that Amazon makes at once."""
PAGE_SIZE = 1000
SLOWER = 1.5
LONGEST_PAUSE = 60.0

_NOT_TO_BE_HAD = (ReportFailed, ReportExpired, ReportLate, NotFound)


def _create(kind: Kind) -> Any:
    return operation("POST", f"/{kind.path}/export", f"{kind.path}Export", both=kind.media_type)


def _get(kind: Kind) -> Any:
    return operation(
        "GET", "/exports/{exportId}", "GetExport", accept=kind.media_type, rate=4, burst=20
    )


CREATE = {kind: _create(kind) for kind in Kind}
GET = {kind: _get(kind) for kind in Kind}
"""Which kind an export is of is told by the media type it is looked at with."""


class Exporter:
    """Makes exports of a region's profiles and fetches their documents. Shared by threads."""

    def __init__(
        self,
        clock: Clock,
        session: requests.Session,
        folder: Path,
        *,
        poll_seconds: float,
        deadline_seconds: float,
    ) -> None:
        """Make an idle exporter.

        Args:
            clock: for the pauses between looks.
            session: a `ReadOnlySession` to download with.
            folder: where documents go; it exists.
            poll_seconds: first pause before a look; each is longer than the one before.
            deadline_seconds: how long an export may take.
        """
        self._clock = clock
        self._session = session
        self._folder = folder
        self._poll_seconds = poll_seconds
        self._deadline = timedelta(seconds=deadline_seconds)
        self._slots = {kind: threading.BoundedSemaphore(SIDE_BY_SIDE) for kind in Kind}
        self._numbers = count()

    def fetch(self, api: AdsProfile, kind: Kind) -> Path:
        """Have an export made and return its document: a JSON array of rows.

        Raises:
            ReportFailed, ReportExpired, ReportLate: it is not to be had.
            AmazonError: a call failed.
        """
        with self._slots[kind]:
            body = {"adProductFilter": list(PRODUCTS), "stateFilter": list(STATES)}
            made = api.call(CREATE[kind], ad_product=EXPORTS, json=body).data
            made = self._finished(api, kind, made)
        target = self._folder / f"export-{next(self._numbers)}"

        def locate(fresh: bool) -> DocumentLocation:
            # Every look gives a new address.
            told = self._look(api, kind, made["exportId"]) if fresh else made
            return DocumentLocation(told["url"], "GZIP")

        what = f"export {made['exportId']} ({kind.path})"
        return download(locate, target, session=self._session, clock=self._clock, what=what).path

    def _finished(self, api: AdsProfile, kind: Kind, made: Row) -> Row:
        """Wait until an export is done; statuses that nobody knows count as running."""
        late = self._clock.now() + self._deadline
        pause = self._poll_seconds
        while made.get("status") != "COMPLETED":
            if made.get("status") == "FAILED":
                error = made.get("error") or {}
                raise ReportFailed(
                    f"export {made['exportId']} of {kind.path} failed: {error.get('errorCode')} "
                    f"{error.get('message') or ''}".rstrip()
                )
            if self._clock.now() >= late:
                raise ReportLate(f"export {made['exportId']} of {kind.path} is not done in time")
            self._clock.sleep(pause)
            pause = min(pause * SLOWER, LONGEST_PAUSE)
            made = self._look(api, kind, made["exportId"])
        return made

    def _look(self, api: AdsProfile, kind: Kind, export_id: str) -> Row:
        path = {"exportId": export_id}
        told: Row = api.call(GET[kind], ad_product=EXPORTS, path_params=path).data
        return told


class EntityExports:
    """The `EntityBackend` over exports: one for ad groups, one for ads, one for all targets.

    The rows are those of the lists. What exports do not tell as the lists do (campaigns, whose
    legacy kind they do not know, creatives, Sponsored Display) is read from the lists, and so is
    everything when an export is not to be had.
    """

    def __init__(self, lists: EntityLists, api: AdsProfile, exporter: Exporter) -> None:
        """Read entities of one profile.

        Args:
            lists: the same profile's lists.
            api: the profile.
            exporter: of its region.
        """
        self._lists = lists
        self._api = api
        self._exporter = exporter
        self._documents: dict[Kind, Future[Path]] = {}
        self._campaigns: dict[str, str] = {}
        self._lock = threading.Lock()

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield every entity of a kind once; see `EntityBackend.pages`."""
        exported = EXPORTED.get(entity)
        if exported is not None:
            try:
                document = self._document(exported.kind)
                campaigns = self._campaigns_of_ad_groups()
            except _NOT_TO_BE_HAD as error:
                logger.warning("%s is read from its list instead: %s", entity, error)
            else:
                rows = (row for row in read_json_array(document) if exported.has(row))
                yield from _paged(_told(exported.row(row, campaigns)) for row in rows)
                return
        yield from self._lists.pages(entity)

    def _document(self, kind: Kind) -> Path:
        """The export of a kind, made once; who comes later waits for who came first."""
        with self._lock:
            first = kind not in self._documents
            future = self._documents.setdefault(kind, Future())
        if first:
            try:
                future.set_result(self._exporter.fetch(self._api, kind))
            except BaseException as error:
                future.set_exception(error)
        return future.result()

    def _campaigns_of_ad_groups(self) -> Mapping[str, str]:
        """The campaign of each ad group: what hangs below ad groups does not tell it."""
        ad_groups = self._document(Kind.AD_GROUPS)
        with self._lock:
            if not self._campaigns:
                self._campaigns = {
                    row["adGroupId"]: row["campaignId"] for row in read_json_array(ad_groups)
                }
            return self._campaigns


class WhicheverIsFaster:
    """The `EntityBackend` that reads long lists from exports, as Amazon counts them."""

    def __init__(self, lists: EntityLists, exports: EntityExports, threshold: int) -> None:
        """Choose between two backends of one profile; lists above `threshold` are exported."""
        self._lists = lists
        self._exports = exports
        self._threshold = threshold

    def pages(self, entity: str) -> Iterator[Page]:
        """Yield every entity of a kind once; see `EntityBackend.pages`."""
        if entity in EXPORTED and self._lists.count(entity) > self._threshold:
            return self._exports.pages(entity)
        return self._lists.pages(entity)


def _told(row: Row) -> Row:
    """A list leaves out what it does not know."""
    return {name: value for name, value in row.items() if value is not None}


def _paged(rows: Iterator[Row]) -> Iterator[Page]:
    page = []
    for row in rows:
        page.append(row)
        if len(page) == PAGE_SIZE:
            yield Page(page)
            page = []
    yield Page(page)
