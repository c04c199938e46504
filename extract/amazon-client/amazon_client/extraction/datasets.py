"""A dataset is one thing asked of Amazon; a request is one window of it for one account."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amazon_client.extraction.accounts import Account
from amazon_client.extraction.windows import Snapshot, Window, WindowPolicy

if TYPE_CHECKING:
    from amazon_client.extraction.deliveries import Answer


@dataclass(frozen=True)
class Request:
    """What is asked of Amazon: one window of a dataset for one account.

    Attributes:
        dataset: the dataset.
        account: who is asked about.
        window: which days or instants.
        body: the dataset's own part of the request, whatever its backend makes of it.
        continuation: token of the page to ask for, `None` for the first.
    """

    dataset: Dataset
    account: Account
    window: Window
    body: Mapping[str, Any] = field(default_factory=dict)
    continuation: str | None = None

    @cached_property
    def fingerprint(self) -> str:
        """Identify what is asked for: equal requests have equal fingerprints in every run."""
        asked = [
            self.dataset.name,
            self.dataset.report_type,
            self.account.key,
            list(self.account.marketplace_ids or ()),
            self.window.to_text(),
            self.body,
            self.continuation,
        ]
        text = json.dumps(asked, sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Page:
    """A part of a paged answer.

    Attributes:
        rows: Amazon's objects, as parsed (numbers as `Decimal`).
        covered_until: up to when Amazon says the answer is complete (`lastUpdatedBefore`): the
            bookmark goes no further than the last page's.
    """

    rows: Iterable[Mapping[str, Any]]
    covered_until: datetime | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Dataset:
    """One thing asked of Amazon; several streams may read it. Declared once, compared by identity.

    Attributes:
        name: unique in its tap; part of the journal's key.
        report_type: Amazon's name for it, as `report_runs` shows it.
        windows: which windows a run wants.
        day_basis: whose midnight its dates mean: `marketplace`, `profile` or `utc`.
    """

    name: str
    report_type: str
    windows: WindowPolicy = field(default_factory=Snapshot)
    day_basis: str = "utc"

    def request(self, account: Account, window: Window, continuation: str | None = None) -> Request:
        """Return the request for a window of an account."""
        return Request(self, account, window, {}, continuation)


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportDataset(Dataset):
    """A dataset that Amazon prepares as a document: asked for, polled, downloaded.

    Attributes:
        backend: which of the tap's backends runs it: see `AmazonTap.backend`.
        body: returns the request's body for an account and window; must depend on nothing else,
            since a resumed run builds it again. Empty by default, for backends that need no more
            than the report type and the window.
        follow_ups: what else to ask about the window, given the answers so far, each stage side by
            side; bodies like those of `body`, none when that was all. Must depend on nothing but
            its arguments. None for the many datasets that ask once.
        prepare: writes a document anew (from, to), in a form that its streams read at less cost;
            done once, after the download. None where the document is read as it came.
        rank: reports of a lower rank are asked for, and handed over, before those of a higher one.
    """

    backend: str
    rank: int = 0
    body: Callable[[Account, Window], Mapping[str, Any]] = lambda account, window: {}
    follow_ups: Callable[[Request, Sequence[Answer]], Sequence[Mapping[str, Any]]] | None = None
    prepare: Callable[[Path, Path], None] | None = None

    def request(self, account: Account, window: Window, continuation: str | None = None) -> Request:
        """Return the request for a window of an account, its body included."""
        return Request(self, account, window, self.body(account, window), continuation)


@dataclass(frozen=True, kw_only=True, eq=False)
class PagedDataset(Dataset):
    """A dataset that Amazon answers at once, page by page.

    It is read in the background and spooled to disk.

    Attributes:
        fetch: yields the pages of a request, given the tap's client of the account (see
            `AmazonTap.client`). An error from any page fails the whole delivery: no half answer
            is ever handed over.
        source: a dataset without which there is nothing to ask: `fetch` gets its newest delivery
            for the same account as a third argument. It is read whether a stream wants it or not.
    """

    fetch: Callable[..., Iterable[Page]]
    source: Dataset | None = None
