"""How a tap's run begins: its settings, streams and received state become an extraction."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from amazon_client.extraction.accounts import Account
from amazon_client.extraction.datasets import Dataset
from amazon_client.extraction.journal import Journal
from amazon_client.extraction.journal_database import open_journal
from amazon_client.extraction.outbox import Outbox, latest_instant
from amazon_client.extraction.plans import RESUME_WITHIN, Planner, Standing
from amazon_client.extraction.run import Extraction, Tools
from amazon_client.extraction.windows import to_text
from amazon_client.read_only import ReadOnlySession
from amazon_client.singer.bookmarks import covers, partition
from amazon_client.singer.report_runs import EMITTED, NAME, PLANS
from amazon_client.singer.streams import AmazonStream

if TYPE_CHECKING:
    from amazon_client.singer.tap import AmazonTap


def begin(tap: AmazonTap) -> tuple[Extraction, Outbox]:
    """Plan what the selected streams want and start fetching it.

    To be called before anything is delivered: the tap's state is then the one it received.

    Raises:
        ConfigurationError: the journal cannot be used.
    """
    settings = tap.settings
    streams = [stream for stream in tap.streams.values() if isinstance(stream, AmazonStream)]
    selected = [stream for stream in streams if stream.selected]
    journal = open_journal(settings.journal_url, settings.journal_path)
    _follow_earlier_runs(tap, journal)
    run_id = f"{to_text(tap.clock.now())}-{secrets.token_hex(3)}"
    outbox = _outbox(tap, journal, streams, run_id)
    planner = Planner(
        run_id=run_id,
        ended=frozenset(_told(tap).get(PLANS, ())) if tap.streams[NAME].selected else None,
        store_id=settings.store_id,
        api=tap.api,
        clock=tap.clock,
        journal=journal,
        cadence=settings.cadence,
        start_date=settings.start_date,
        lookback_days=settings.lookback_days,
        selected=frozenset(stream.name for stream in selected),
        client=tap.client,
    )
    tools = Tools(
        planner=planner,
        journal=journal,
        clock=tap.clock,
        session=ReadOnlySession(),
        backend=tap.backend,
        client=tap.client,
        work_dir=settings.work_dir,
        poll_seconds=settings.poll_seconds,
        deadline_seconds=settings.deadline_seconds,
    )
    extraction = Extraction(tools, _wanted(tap, selected))
    extraction.start()
    return extraction, outbox


def _follow_earlier_runs(tap: AmazonTap, journal: Journal) -> None:
    """Let a run as of the same instant as the one before go on where that one's clock stood.

    Of two readings the one with the later time counts, and the second run's must be that one.
    """
    settings = tap.settings
    if settings.as_of is not None:
        latest = latest_instant(journal, settings.store_id, tap.api)
        if latest and settings.as_of <= latest < settings.as_of + RESUME_WITHIN:
            tap.clock.advance_to(latest)


def _wanted(
    tap: AmazonTap, selected: Iterable[AmazonStream]
) -> dict[Dataset, dict[Account, dict[str, Standing]]]:
    wanted: dict[Dataset, dict[Account, dict[str, Standing]]] = {}
    for stream in selected:
        accounts = wanted.setdefault(stream.dataset, {})
        for account in tap.accounts_for(stream.dataset):
            accounts.setdefault(account, {})[stream.name] = stream.standing(account)
    return wanted


def _told(tap: AmazonTap) -> Mapping[str, Any]:
    """What the received state says of `report_runs`, which a run emits last."""
    told: Mapping[str, Any] = tap.state.get("bookmarks", {}).get(NAME, {})
    return told


def _outbox(
    tap: AmazonTap, journal: Journal, streams: Iterable[AmazonStream], run_id: str
) -> Outbox:
    """Open the outbox and compare it with the received state."""
    contexts = {
        (stream.name, account.key): stream.account_context(account)
        for stream in streams
        for account in tap.accounts_for(stream.dataset)
    }

    def proof(stream: str, account: str, plan: str, position: int) -> bool:
        context = contexts.get((stream, account))
        return context is not None and covers(partition(tap.state, stream, context), plan, position)

    outbox = Outbox(
        journal,
        store_id=tap.settings.store_id,
        api=tap.api,
        accounts=[account for _, account in contexts],
        run_id=run_id,
    )
    outbox.reconcile(proof, _told(tap).get(EMITTED))
    return outbox
