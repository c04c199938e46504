"""The tap that tap-amazon-sp and tap-amazon-ads build on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import IO, Any, ClassVar

from singer_sdk import Stream, Tap

from amazon_client.clock import SystemClock
from amazon_client.errors import ConfigurationError
from amazon_client.extraction.accounts import Account
from amazon_client.extraction.backends import ReportBackend
from amazon_client.extraction.cancellation import CancellableClock
from amazon_client.extraction.datasets import Dataset
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.outbox import Outbox
from amazon_client.extraction.run import Extraction, Pending
from amazon_client.singer.beginning import begin
from amazon_client.singer.failures import Failures
from amazon_client.singer.report_runs import INCOMPLETE, ReportRuns, run_record
from amazon_client.singer.schema import Columns
from amazon_client.singer.settings import Settings
from amazon_client.singer.streams import AmazonStream
from amazon_client.singer.writer import BufferedWriter

INTERRUPTED = 130
"""Exit code of a run that a signal ended."""


class AmazonTap(Tap):
    """Plans, fetches and hands over; a concrete tap says which streams, accounts and backends."""

    message_writer_class = BufferedWriter

    api: ClassVar[str]
    """`amazon_sp` or `amazon_ads`: part of the journal's key."""

    account_column: ClassVar[str]
    """`selling_partner_id` or `profile_id`."""

    account_columns: ClassVar[Columns] = ()
    """Columns that every record gets from its account's `attributes`."""

    stream_types: ClassVar[Sequence[type[AmazonStream]]]
    """The tap's streams; the base adds `report_runs`, which is synced last."""

    deadline_minutes: ClassVar[float] = 30
    """Default of `report_deadline_minutes`."""

    # What a concrete tap supplies

    def load_accounts(self) -> Iterable[Account]:
        """Yield the accounts to read; may call Amazon. Called once, never at discovery.

        Wrap what concerns one region in `with self.collecting(stream, region):`, so that its
        failure is recorded and the other regions go on.
        """
        raise NotImplementedError

    def accounts_for(self, dataset: Dataset) -> Sequence[Account]:
        """Return the accounts a dataset is asked for: all of them, unless overridden."""
        return self.accounts

    def backend(self, name: str, account: Account) -> ReportBackend:
        """Return the backend of that name for an account.

        Return the same instance for all accounts that share limits: the queue keeps one lane per
        instance, with its own bound of reports in flight.
        """
        raise NotImplementedError

    def client(self, account: Account) -> Any:
        """Return what `PagedDataset.fetch` gets as its first argument for an account."""
        raise NotImplementedError

    # What the base offers

    @cached_property
    def settings(self) -> Settings:
        """The common settings, read."""
        return Settings.read(
            self.config,
            tap_name=self.name,
            version=self.plugin_version,
            deadline_minutes=self.deadline_minutes,
        )

    @cached_property
    def clock(self) -> CancellableClock:
        """The run's clock; sleeping on it ends at once when the run is cancelled."""
        return CancellableClock(SystemClock(self.settings.as_of))

    @cached_property
    def accounts(self) -> list[Account]:
        """The accounts of `load_accounts`, loaded at first use."""
        accounts: list[Account] = []
        with self.collecting("accounts", "all"):
            accounts.extend(self.load_accounts())
        return accounts

    @cached_property
    def failures(self) -> Failures:
        """What has gone wrong so far."""
        return Failures(self.logger)

    def collecting(self, stream: str, account: object) -> AbstractContextManager[None]:
        """Record a failure of the body under a stream and account instead of raising it."""
        return self.failures.collecting(stream, account)

    @property
    def extraction(self) -> Extraction:
        """The run's extraction, which begins at first use: selection is known by then.

        Raises:
            Exception: what kept it from beginning, to each stream alike.
        """
        return self._begun[0]

    @property
    def outbox(self) -> Outbox:
        """Where rows of `report_runs` wait."""
        return self._begun[1]

    def note_run(
        self,
        stream: AmazonStream,
        pending: Pending,
        status: str,
        row_count: int,
        delivery: Delivery | None = None,
    ) -> None:
        """Keep the row of `report_runs` about an ended delivery, None if it failed."""
        record = run_record(
            pending,
            stream=stream.name,
            account_column=self.account_column,
            status=status,
            row_count=row_count,
            extracted_at=self.clock.now(),
            delivery=delivery,
        )
        self.outbox.note(
            record,
            stream=stream.name,
            account=pending.request.account.key,
            # The state never covers what is incomplete, so that nothing could prove it.
            plan=pending.plan.id if delivery and status != INCOMPLETE else None,
            position=pending.position,
        )

    # The run

    def discover_streams(self) -> Sequence[Stream]:
        """Make the streams."""
        return [*(stream_type(self) for stream_type in self.stream_types), ReportRuns(self)]

    @property
    def streams(self) -> dict[str, Stream]:
        """The streams in the order to sync them: what is answered at once, reports, report_runs."""
        found = super().streams.items()
        return dict(sorted(found, key=lambda item: (getattr(item[1], "sync_order", 0), item[0])))

    def run(self) -> int:
        """Sync all selected streams and return the exit code."""
        try:
            self.settings  # noqa: B018 - a wrong setting ends the run before it begins
            self.sync_all()
        except ConfigurationError as error:
            self.logger.error("%s", error)
            return error.exit_code
        except SystemExit:
            # The SDK's signal handler ends with 0, which a caller would take for success.
            self.logger.error("interrupted: the next run goes on where the target's state is")
            return INTERRUPTED
        finally:
            self.close()
        for failure in self.failures:
            self.logger.error("not read: %s", failure)
        return self.failures.exit_code

    def close(self) -> None:
        """End what is under way in the background and remove the work files."""
        begun = self.__dict__.get("_beginning")
        if isinstance(begun, tuple):
            begun[0].close()

    @classmethod
    def invoke(  # type: ignore[override]
        cls,
        *,
        about: bool = False,
        about_format: str | None = None,
        config: Any = None,
        state: IO[str] | None = None,
        catalog: IO[str] | None = None,
    ) -> None:
        """Run from the command line; ends non-zero when anything could not be read."""
        super(Tap, cls).invoke(about=about, about_format=about_format)
        cls.print_version(print_fn=cls.logger.info)
        tap = cls(
            config=config.config if config else None,
            parse_env_config=bool(config and config.parse_env),
            state=json.load(state) if state else None,
            catalog=json.load(catalog) if catalog else None,
        )
        if code := tap.run():
            sys.exit(code)

    # Beginning

    @property
    def _begun(self) -> tuple[Extraction, Outbox]:
        if isinstance(self._beginning, Exception):
            raise self._beginning
        return self._beginning

    @cached_property
    def _beginning(self) -> tuple[Extraction, Outbox] | Exception:
        try:
            return begin(self)
        except Exception as error:
            return error
