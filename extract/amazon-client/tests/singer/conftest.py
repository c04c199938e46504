"""A small tap on the real base, run in process against a stand-in for Amazon."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest
from singer_sdk.contrib.msgspec import MsgSpecWriter

from amazon_client.extraction import (
    Account,
    Cadence,
    DayWindows,
    Delivery,
    InstantWindows,
    Page,
    PagedDataset,
    ReportBackend,
    ReportDataset,
    Request,
)
from amazon_client.extraction.cancellation import CancellableClock
from amazon_client.extraction.testing import ReportApi
from amazon_client.singer import AmazonStream, AmazonTap, common_settings
from amazon_client.singer.schema import day, decimal, integer, stamp, text, timestamp
from amazon_client.testing import LocalServer, ManualClock

LOOKBACK = {
    Cadence.HOURLY: 2,
    Cadence.DAILY: 31,
    Cadence.WEEKLY: 60,
    Cadence.FIRST_SYNC: 60,
}

FAMILIES = ReportDataset(
    name="families",
    report_type="FAMILIES",
    backend="reports",
    day_basis="marketplace",
    windows=DayWindows(lookback=LOOKBACK),
)


class Parents(AmazonStream):
    """Parents of a report."""

    name = "parents"
    dataset = FAMILIES
    keys = ("date", "parent_id")
    replication_key = "date"
    columns = (day("date"), text("parentId"), decimal("spend"))


class Children(AmazonStream):
    """Children of the same report's parents."""

    name = "children"
    dataset = FAMILIES
    keys = ("date", "parent_id", "ordinal")
    replication_key = "date"
    columns = (day("parent.date"), text("parent.parentId"), integer("ordinal"), text("name"))

    def rows(self, delivery: Delivery) -> Iterator[dict[str, Any]]:
        for parent in super().rows(delivery):
            for ordinal, name in enumerate(parent.get("children", [])):
                yield {"parent": parent, "ordinal": ordinal, "name": name}


class Clicks(AmazonStream):
    """Another report."""

    name = "clicks"
    keys = ("date",)
    replication_key = "date"
    columns = (day("date"), integer("clicks"))
    dataset = ReportDataset(
        name="clicks",
        report_type="CLICKS",
        backend="reports",
        day_basis="profile",
        windows=DayWindows(lookback=LOOKBACK),
    )


class Orders(AmazonStream):
    """A paged search."""

    name = "orders"
    keys = ("order_id",)
    replication_key = "last_updated_time"
    columns = (text("orderId"), timestamp("lastUpdatedTime"), stamp("source"))
    dataset = PagedDataset(
        name="orders",
        report_type="searchOrders",
        fetch=lambda client, request: client(request),
        windows=InstantWindows(),
    )

    def stamps(self, delivery: Delivery) -> dict[str, Any]:
        return {"source": delivery.request.dataset.report_type}


@dataclass
class Output:
    """What a run wrote, and how it ended."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    exit_code: int | None = None
    tap: AmazonTap | None = None

    def records(self, stream: str) -> list[dict[str, Any]]:
        return [m["record"] for m in self.messages if m.get("stream") == stream and "record" in m]

    @property
    def states(self) -> list[dict[str, Any]]:
        return [message["value"] for message in self.messages if message["type"] == "STATE"]

    @property
    def state(self) -> dict[str, Any]:
        return self.states[-1] if self.states else {}

    def bookmark(self, stream: str, region: str = "na") -> dict[str, Any]:
        partitions = self.state.get("bookmarks", {}).get(stream, {}).get("partitions", [])
        found = [p for p in partitions if p["context"]["region"] == region]
        return found[0] if found else {}


@dataclass
class Store:
    """A store at the stand-in, and the taps that are run for it, one after the other."""

    api: ReportApi
    clock: ManualClock
    folder: Path
    pages: Callable[[Request], Iterable[Page]] = lambda request: [Page([])]
    accounts: tuple[Account, ...] = (Account("acme", "na", "A1", attributes={"currency": "USD"}),)
    refuse_accounts: Exception | None = None

    def tap(
        self,
        *,
        select: Iterable[str] | None = None,
        output: Output | None = None,
        state: Mapping[str, Any] | None = None,
        **config: Any,
    ) -> AmazonTap:
        store = self

        class DemoTap(AmazonTap):
            """A tap of four streams."""

            name = "tap-demo"
            api = "amazon_demo"
            account_column = "seller_id"
            account_columns = (stamp("currency"),)
            stream_types: ClassVar = (Parents, Children, Clicks, Orders)
            config_jsonschema = common_settings()
            clock = CancellableClock(self.clock)  # type: ignore[assignment]

            def load_accounts(self) -> Iterator[Account]:
                yield from store.accounts
                if store.refuse_accounts:
                    with self.collecting("accounts", "eu"):
                        raise store.refuse_accounts

            def backend(self, name: str, account: Account) -> ReportBackend:
                return store.api

            def client(self, account: Account) -> Any:
                return store.pages

        class Writer(MsgSpecWriter):
            """Keeps the messages as a target would read them."""

            def write_message(self, message: Any) -> None:
                if output is not None:
                    output.messages.append(json.loads(self.format_message(message)))

        tap = DemoTap(
            config={
                "store_id": "acme",
                "client_id": "id",
                "client_secret": "secret",
                "region": "na",
                "refresh_token": "token",
                "journal_path": str(self.folder / "journal.sqlite"),
                "work_dir": str(self.folder),
                **config,
            },
            state=copy.deepcopy(dict(state)) if state else None,
            message_writer=Writer(),
        )
        for name, stream in tap.streams.items():
            if select is not None:
                stream.selected = name in select
        return tap

    def run(self, *, state: Mapping[str, Any] | None = None, **options: Any) -> Output:
        """Run a tap to its end and return what it wrote."""
        output = Output()
        output.tap = self.tap(output=output, state=state, **options)
        output.exit_code = output.tap.run()
        self.clock.advance(60)
        return output


@pytest.fixture
def api(server: LocalServer) -> ReportApi:
    return ReportApi(server)


@pytest.fixture
def store(api: ReportApi, clock: ManualClock, tmp_path: Path) -> Store:
    return Store(api, clock, tmp_path)
