"""What financial numbers are reconciled with: balances, summaries, and v0's event groups."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from amazon_client.extraction import (
    Cadence,
    Delivery,
    InstantWindows,
    Page,
    Planning,
    Request,
    Snapshot,
    Window,
)
from amazon_client.operations import Operation
from amazon_client.records import utc_timestamp
from amazon_client.singer.schema import (
    DAY,
    TIMESTAMP,
    day,
    leftovers,
    money,
    stamp,
    text,
    texts,
    timestamp,
)
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.client import SellingPartner
from tap_amazon_sp.columns import list_
from tap_amazon_sp.datasets import SellerSearch
from tap_amazon_sp.streams.finances import currency
from tap_amazon_sp.streams.finances_source import LONGEST, ROLE

LIST_BALANCES = Operation(
    "listBalances", "GET", "/finances/2024-06-19/balances", rate=0.5, burst=10
)
LIST_SUMMARY = Operation("listSummary", "GET", "/finances/2024-06-19/summary", rate=0.5, burst=10)
LIST_EVENT_GROUPS = Operation(
    "listFinancialEventGroups", "GET", "/finances/v0/financialEventGroups", rate=0.5, burst=30
)
MORNINGS = frozenset({Cadence.FIRST_SYNC, Cadence.DAILY, Cadence.WEEKLY})
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class MonthWindows:
    """Calendar months (UTC) up to yesterday: the last two, or those of the first 60 days.

    Attributes:
        cadences: in which runs they are read.
    """

    cadences: frozenset[Cadence] = MORNINGS

    def windows(self, planning: Planning) -> list[Window]:
        """Return the months, oldest first; the present one ends with yesterday."""
        if planning.cadence not in self.cadences:
            return []
        last = planning.now.date() - _DAY
        is_first = planning.bookmark is None or planning.cadence is Cadence.FIRST_SYNC
        month = planning.first_day if is_first else last.replace(day=1) - _DAY
        months = []
        while (month := month.replace(day=1)) <= last:
            following = (month + timedelta(days=31)).replace(day=1)
            months.append(Window(month, min(following - _DAY, last)))
            month = following
        return months

    def bookmark(self, planning: Planning, windows: Sequence[Window], delivered: int) -> str | None:
        """Return the last day delivered."""
        return str(windows[delivered - 1].end) if delivered else planning.bookmark


@dataclass(frozen=True)
class GroupWindows(InstantWindows):
    """Groups by their start. One that was open on the first day had begun before it: a first sync
    reads the overlap before its first day, too, else no settlement of the first weeks has a group.
    """

    def begin(self, planning: Planning) -> datetime | None:
        """Return from which start on to read."""
        begin = super().begin(planning)
        if begin is None or (planning.bookmark and planning.cadence is not Cadence.FIRST_SYNC):
            return begin
        return min(begin, datetime.combine(planning.first_day, time(), UTC) - self.overlap)


def _pages(
    partner: SellingPartner, operation: Operation, rows: str, query: Mapping[str, Any]
) -> Iterator[Page]:
    token = None
    while True:
        answer = partner.http.call(operation, query={**query, "nextToken": token}).data
        yield Page(answer.get(rows) or ())
        token = answer.get("nextToken")
        if not token:
            return


def _balances(partner: SellingPartner, request: Request) -> Iterator[Page]:
    return _pages(partner, LIST_BALANCES, "balances", {"balanceType": "TOTAL"})


def _summaries(partner: SellingPartner, request: Request) -> Iterator[Page]:
    window = request.window
    period = {"periodStart": str(window.start), "periodEnd": str(window.end)}
    return _pages(partner, LIST_SUMMARY, "summaries", period)


def _groups(partner: SellingPartner, request: Request) -> Iterator[Page]:
    query = {
        "MaxResultsPerPage": 100,
        "FinancialEventGroupStartedAfter": request.window.start,
        "FinancialEventGroupStartedBefore": request.window.end,
    }
    token = None
    while True:
        answer = partner.http.call(LIST_EVENT_GROUPS, query={**query, "NextToken": token}).data
        yield Page(answer["payload"].get("FinancialEventGroupList") or ())
        token = answer["payload"].get("NextToken")
        if not token:
            return


class FinancialBalances(AmazonStream):
    """Each account's balances at the moment of asking: the total and everything it consists of."""

    name = "financial_balances"
    keys = ("snapshot_date", "account_marketplace_id", "account_type", "balance_type")
    replication_key = None
    dataset = SellerSearch(
        name="financial_balances",
        report_type="listBalances",
        role=ROLE,
        windows=Snapshot(MORNINGS),
        fetch=_balances,
    )
    columns = (
        stamp("snapshot_date", DAY, "Of snapshot_at, in UTC"),
        stamp("snapshot_at", TIMESTAMP, "When it was asked for"),
        text("partnerMetadata.marketplaceId", "account_marketplace_id"),
        text("partnerMetadata.accountType"),
        text("partnerMetadata.partnerId"),
        text("balanceType"),
        text("path", description="Balance types from the total down, joined by /"),
        currency("amount", "balance"),
        day("asOfDate"),
        timestamp("lastUpdatedTime"),
        leftovers(),
    )

    def stamps(self, delivery: Delivery) -> Mapping[str, Any]:
        """Return when the snapshot was taken."""
        taken_at = delivery.requested_at
        moment = utc_timestamp(taken_at)
        return {"snapshot_at": moment, "snapshot_date": (moment or "")[:10]}

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield every balance of the trees; those below say nothing of account and time."""
        for total in super().rows(delivery):
            told = {name: total[name] for name in total if name != "balances"}
            partner = {"marketplaceId": "", "accountType": "", **(told["partnerMetadata"] or {})}
            inherited = {**told, "partnerMetadata": partner}
            yield from _below(total, inherited, "")


def _below(
    node: Mapping[str, Any], inherited: Mapping[str, Any], above: str
) -> Iterator[Mapping[str, Any]]:
    own = {name: node[name] for name in node if name not in ("balances", "partnerMetadata")}
    path = f"{above}{node['balanceType']}"
    yield {**inherited, **own, "path": path}
    for child in node.get("balances") or ():
        yield from _below(child, inherited, f"{path}/")


class FinancialSummaries(AmazonStream):
    """Net proceeds of each account in a calendar month of posting days (UTC)."""

    name = "financial_summaries"
    keys = ("period_start", "account_marketplace_id", "account_type")
    replication_key = "period_end"
    dataset = SellerSearch(
        name="financial_summaries",
        report_type="listSummary",
        role=ROLE,
        windows=MonthWindows(),
        fetch=_summaries,
    )
    columns = (
        day("periodStart", description="First day of the month"),
        day("periodEnd", description="Last day, included: of the present month yesterday"),
        text("partnerMetadata.marketplaceId", "account_marketplace_id"),
        text("partnerMetadata.accountType"),
        text("partnerMetadata.partnerId"),
        currency("netProceeds", "net_proceeds"),
        list_("relatedIdentifiers"),
        list_("breakdowns"),
        leftovers(),
    )

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the summaries; Amazon tells their days as dates or as instants."""
        window = delivery.request.window
        for summary in super().rows(delivery):
            yield {
                **summary,
                "periodStart": _day(summary.get("periodStart"), window.start),
                "periodEnd": _day(summary.get("periodEnd"), window.end),
                "partnerMetadata": {
                    "marketplaceId": "",
                    "accountType": "",
                    **(summary.get("partnerMetadata") or {}),
                },
            }


def _day(told: str | None, asked: date) -> str:
    return told[:10] if told else str(asked)[:10]


class FinancialEventGroups(AmazonStream):
    """v0's groups: one per settlement, with what reached the bank, in the bank's currency."""

    name = "financial_event_groups"
    keys = ("financial_event_group_id",)
    replication_key = "financial_event_group_start"
    dataset = SellerSearch(
        name="financial_event_groups",
        report_type="listFinancialEventGroups",
        role=ROLE,
        windows=GroupWindows(
            # A group stays open for a fortnight, its transfer may fail weeks later.
            max_span=LONGEST,
            overlap=timedelta(days=45),
            delay=timedelta(minutes=3),
            cadences=MORNINGS,
        ),
        fetch=_groups,
    )
    columns = (
        text("FinancialEventGroupId"),
        texts("ProcessingStatus", "FundTransferStatus", "TraceId", "AccountTail"),
        tuple(
            money(path, name, amount="CurrencyAmount", currency="CurrencyCode")
            for path, name in (
                ("OriginalTotal", "original_total"),
                ("ConvertedTotal", "converted_total"),
                ("BeginningBalance", "beginning_balance"),
            )
        ),
        timestamp("FundTransferDate"),
        timestamp("FinancialEventGroupStart"),
        timestamp("FinancialEventGroupEnd"),
        leftovers(),
    )
