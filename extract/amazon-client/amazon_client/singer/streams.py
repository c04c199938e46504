"""The stream that every Amazon stream is declared from."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from singer_sdk import Stream
from singer_sdk.helpers.conform import TypeConformanceLevel
from singer_sdk.helpers.types import Context, Record

from amazon_client.documents import read_json_array, read_json_lines
from amazon_client.downloads import Document
from amazon_client.extraction.accounts import Account
from amazon_client.extraction.cancellation import Cancelled
from amazon_client.extraction.datasets import Dataset, ReportDataset
from amazon_client.extraction.deliveries import Delivery
from amazon_client.extraction.plans import Standing
from amazon_client.extraction.progress import tell
from amazon_client.extraction.run import Pending
from amazon_client.records import utc_timestamp
from amazon_client.singer.bookmarks import partition
from amazon_client.singer.extractor import Extractor
from amazon_client.singer.report_runs import INCOMPLETE, status_of
from amazon_client.singer.schema import TIMESTAMP, Column, Columns, flatten, json_schema, stamp

if TYPE_CHECKING:
    from amazon_client.singer.tap import AmazonTap


class AmazonStream(Stream):
    """Records of a dataset. A stream declares what it reads and which columns it makes of it.

    Every record also gets `store_id`, the account's column (`selling_partner_id` or `profile_id`),
    `region`, the tap's `account_columns`, `report_id`, `extracted_at` and, where the dataset's days
    are not those of UTC, `day_basis`. A column of that name that the stream declares takes
    precedence.
    """

    dataset: ClassVar[Dataset]
    """What to ask Amazon for. Streams that share one read the same documents."""

    columns: ClassVar[Columns]
    """The columns, as `amazon_client.singer.schema` declares them."""

    keys: ClassVar[tuple[str, ...]]
    """The key below `store_id` and the account's column, which the base puts in front."""

    replication_key: ClassVar[str | None] = None
    """The column that the bookmark is about, for the catalog; the bookmark follows windows."""

    account_columns: ClassVar[Columns | None] = None
    """Columns stamped from `Account.attributes`; None for the tap's own `account_columns`."""

    TYPE_CONFORMANCE_LEVEL = TypeConformanceLevel.NONE
    """The extractor makes the types that the schema promises; the contract tests prove it."""

    _tap: AmazonTap

    def __init__(self, tap: AmazonTap) -> None:
        """Make the stream; asks nothing of Amazon, since discovery does this too."""
        self.all_columns = self._with_stamps(tap)
        self.primary_keys = ["store_id", tap.account_column, *self.keys]
        super().__init__(tap, schema=json_schema(self.all_columns, self.primary_keys))
        self.primary_keys = ["store_id", tap.account_column, *self.keys]

    @property
    def sync_order(self) -> int:
        """What Amazon answers at once comes first, then the reports by rank."""
        return 1 + self.dataset.rank if isinstance(self.dataset, ReportDataset) else 0

    # What a stream may override

    def rows(self, delivery: Delivery) -> Iterable[Mapping[str, Any]]:
        """Yield Amazon's row objects of a delivery, from which the columns are taken.

        The default reads documents of JSON lines or of one JSON array, and spools of pages.
        Override it to read another format, or to make several records of one object out of
        `super().rows(delivery)`.
        """
        for document in delivery.documents:
            array = isinstance(self.dataset, ReportDataset) and _is_array(document)
            yield from (read_json_array if array else read_json_lines)(document.path)

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return values for the stream's own `stamp` columns, the same for a whole delivery."""
        return {}

    def verdict(self, delivery: Delivery, row_count: int) -> str:
        """Return the status of a delivery that was read to its end.

        Override it to call one `INCOMPLETE` that cannot be true: its rows are landed, but state and
        bookmark stay where they were, and `report_runs` tells readers not to build on it.
        """
        return "no_data" if delivery.no_data else "done"

    # What the SDK asks

    @property
    def partitions(self) -> list[dict[str, Any]] | None:
        """One state per account."""
        return [self.account_context(account) for account in self._tap.accounts_for(self.dataset)]

    def get_replication_key_signpost(self, context: Context | None = None) -> None:
        """No bound: the bookmark follows delivered windows, not records."""

    def _increment_stream_state(
        self, latest_record: Record, *, context: Context | None = None
    ) -> None:
        """Nothing: what the SDK would note here of each record is not what the bookmark is about.

        The one private method that is overridden: it took a tenth of the order report's time.
        """

    def generate_child_contexts(
        self, record: Record, context: Context | None
    ) -> Iterable[Context | None]:
        """No child streams."""
        return ()

    def get_records(self, context: Context | None) -> Iterator[Record]:
        """Yield the records of an account, window after window.

        A failure is recorded with the tap, not raised. The state then stays before it, while later
        reports are handed over all the same: the next run hands them over again.
        """
        if context is None:  # There is no account; why not has been recorded.
            return
        account = self._account(context)
        waiting: list[Pending] = []
        unbroken = True
        with self._tap.collecting(self.name, account):
            waiting = self._tap.extraction.pending(self.name, self.dataset, account)
        for pending in waiting:
            handed_over = False
            with self._tap.collecting(self.name, account):
                handed_over = yield from self._hand_over(pending, context, unbroken)
            unbroken = unbroken and handed_over
            if not unbroken and not isinstance(self.dataset, ReportDataset):
                break

    # Handing over

    def standing(self, account: Account) -> Standing:
        """Where the stream stands for an account; by the received state, before anything came."""
        state = partition(self._tap.state, self.name, self.account_context(account))
        return Standing(
            bookmark=state.get("replication_key_value"),
            plan=state.get("plan"),
            delivered=int(state.get("delivered") or 0),
        )

    def _hand_over(
        self, pending: Pending, context: Context, unbroken: bool
    ) -> Generator[Record, None, bool]:
        """Yield a delivery's records; return whether the state may cover it.

        The state moves on only where it is `unbroken`, covering all that came before.
        """
        count = 0
        try:
            delivery = pending.wait()
            extract = self._extractor.bind(self._stamps(delivery))
            for row in self.rows(delivery):
                try:
                    record = extract(row)
                except (AttributeError, TypeError, ValueError) as error:
                    raise self._extractor.explain(row, error) from None
                yield record
                count += 1
        except Cancelled:
            raise
        except Exception as error:
            self._tap.note_run(self, pending, status_of(error), count)
            raise
        if delivery.covered_until is not None:
            pending.plan.trim(pending.position, delivery.covered_until)
        status = self.verdict(delivery, count)
        self._tap.note_run(self, pending, status, count, delivery)
        if status != INCOMPLETE and unbroken:
            self._advance(pending, context)
        pending.release()
        window = pending.request.window
        account = pending.request.account
        tell("delivered", stream=self.name, account=account, window=window, rows=count)
        return status != INCOMPLETE

    def _advance(self, pending: Pending, context: Context) -> None:
        """Write what has been delivered into the state, at one stroke: a signal may cut in."""
        delivered = pending.position + 1
        reached: dict[str, Any] = {"plan": pending.plan.id, "delivered": delivered}
        bookmark = pending.plan.bookmark(self.name, delivered)
        if self.replication_key and bookmark:
            reached["replication_key"] = self.replication_key
            reached["replication_key_value"] = bookmark
        self.get_context_state(context).update(reached)

    def _stamps(self, delivery: Delivery) -> dict[str, Any]:
        account = delivery.request.account
        return {
            **account.attributes,
            "store_id": account.store_id,
            self._tap.account_column: account.account_id,
            "region": account.region,
            "report_id": delivery.report_id,
            "extracted_at": utc_timestamp(self._tap.clock.now()),
            "day_basis": self.dataset.day_basis,
            **self.stamps(delivery),
        }

    def _with_stamps(self, tap: AmazonTap) -> list[Column]:
        own = list(flatten(self.columns))
        declared = {column.name for column in own}
        given = tap.account_columns if self.account_columns is None else self.account_columns
        before = [stamp("store_id"), stamp(tap.account_column), stamp("region"), *flatten(given)]
        after = [stamp("report_id"), stamp("extracted_at", TIMESTAMP)]
        if self.dataset.day_basis != "utc":
            after.append(stamp("day_basis", description="Whose midnight the dates mean"))
        return [
            *(column for column in before if column.name not in declared),
            *own,
            *(column for column in after if column.name not in declared),
        ]

    @cached_property
    def _extractor(self) -> Extractor:
        return Extractor(self.all_columns, self.primary_keys)

    def account_context(self, account: Account) -> dict[str, Any]:
        """Return the context under which the account's state is kept."""
        return account.context(self._tap.account_column)

    def _account(self, context: Context) -> Account:
        for account in self._tap.accounts_for(self.dataset):
            if self.account_context(account) == dict(context):
                return account
        raise LookupError(f"no account {dict(context)}")


def _is_array(document: Document) -> bool:
    with document.path.open("rb") as file:
        return file.read(16).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"[")
