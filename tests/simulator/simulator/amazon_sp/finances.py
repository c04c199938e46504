"""Finances 2024-06-19: transactions, balances and summaries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import check_marketplaces, invalid
from simulator.amazon_sp.parameters import Parameter, iso, read
from simulator.amazon_sp.transaction_json import PATHS, identifiers, money, root, transaction, tree
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.events import ZERO
from simulator.world.finance import FinanceView
from simulator.world.finance.events import AccountType, Kind, Sort, Transaction
from simulator.world.marketplaces import Market

PAGE = 500
LONGEST = timedelta(days=180)
SETTLING = timedelta(minutes=2)
_TOKEN_SECONDS = 86_400
_STATUSES = frozenset({"DEFERRED", "RELEASED", "DEFERRED_RELEASED"})
_BALANCES = ("AVAILABLE", "RESERVED", "TOTAL", "DEFERRED", "ACCOUNT_LEVEL_RESERVE")
_TRANSACTIONS = {
    "postedAfter": Parameter("instant"),
    "postedBefore": Parameter("instant"),
    "marketplaceId": Parameter(),
    "transactionStatus": Parameter(choices=_STATUSES),
    "relatedIdentifierName": Parameter(choices=frozenset({"FINANCIAL_EVENT_GROUP_ID", "ORDER_ID"})),
    "relatedIdentifierValue": Parameter(),
    "nextToken": Parameter(),
}
_LIST_BALANCES = {
    "marketplaceIds": Parameter("list"),
    "balanceType": Parameter(choices=frozenset(_BALANCES)),
    "accountType": Parameter(),
    "asOfDate": Parameter(),
    "nextToken": Parameter(),
}
_LIST_SUMMARY = {
    "marketplaceIds": Parameter("list"),
    "accountType": Parameter(),
    "relatedIdentifierName": Parameter(choices=frozenset({"SETTLEMENT_ID"})),
    "relatedIdentifierValue": Parameter(),
    "periodStart": Parameter(),
    "periodEnd": Parameter(),
    "nextToken": Parameter(),
}
Body = dict[str, Any]


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""
    transactions: Cursors[list[Body]] = Cursors(simulation.clock, _TOKEN_SECONDS)
    balances: Cursors[Body] = Cursors(simulation.clock, _TOKEN_SECONDS)
    summaries: Cursors[Body] = Cursors(simulation.clock, _TOKEN_SECONDS)

    @gateway.operation(operations.LIST_TRANSACTIONS)
    def list_transactions(call: Call) -> Response:
        arguments = read(_TRANSACTIONS)
        token = arguments.pop("nextToken", None)
        _check_transactions(arguments, simulation.clock.now())
        if "marketplaceId" in arguments:
            check_marketplaces([arguments["marketplaceId"]], call.caller.region)
        if token:
            page = transactions.next(token, arguments, call)
        else:
            found = _transactions(simulation.world, call.caller.region, arguments)
            page = transactions.first(_pages(found), 1, arguments, call)
        payload: Body = {"transactions": [row for rows in page.rows for row in rows]}
        if page.next_token:
            payload["nextToken"] = page.next_token
        return json_response({"payload": payload})

    @gateway.operation(operations.LIST_BALANCES)
    def list_balances(call: Call) -> Response:
        arguments = read(_LIST_BALANCES)
        token = arguments.pop("nextToken", None)
        check_marketplaces(arguments.get("marketplaceIds", []), call.caller.region)
        as_of = day("asOfDate", arguments["asOfDate"]) if "asOfDate" in arguments else None
        if token:
            page = balances.next(token, arguments, call)
        else:
            found = _balances(simulation.world, call.caller.region, arguments, as_of)
            page = balances.first(found, PAGE, arguments, call)
        return json_response({"balances": page.rows, **_next(page.next_token)})

    @gateway.operation(operations.LIST_SUMMARY)
    def list_summary(call: Call) -> Response:
        arguments = read(_LIST_SUMMARY)
        token = arguments.pop("nextToken", None)
        check_marketplaces(arguments.get("marketplaceIds", []), call.caller.region)
        by_settlement = "relatedIdentifierName" in arguments
        if by_settlement != ("relatedIdentifierValue" in arguments):
            raise invalid("Invalid input", "relatedIdentifierName needs relatedIdentifierValue.")
        if by_settlement == ("periodStart" in arguments):
            raise invalid("Invalid input", "Give a period or a settlement.")
        if token:
            page = summaries.next(token, arguments, call)
        else:
            found = list(_summaries(simulation.world.finance, call.caller.region, arguments))
            page = summaries.first(found, PAGE, arguments, call)
        return json_response({"summaries": page.rows, **_next(page.next_token)})


def _next(token: str | None) -> Body:
    return {"nextToken": token} if token else {}


def day(name: str, text: str) -> date:
    """An ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid("Invalid input", f"{name} is not an ISO 8601 date: {text}") from None


def _check_transactions(arguments: Body, now: datetime) -> None:
    after, before = arguments.get("postedAfter"), arguments.get("postedBefore")
    named = "relatedIdentifierName" in arguments
    if named != ("relatedIdentifierValue" in arguments):
        raise invalid("Invalid input", "relatedIdentifierName needs relatedIdentifierValue.")
    if after is None and not named:
        raise invalid("Start date cannot be null", "Start date cannot be null")
    for bound in filter(None, (after, before)):
        if bound > now - SETTLING:
            raise invalid("Invalid input", "Dates must be more than two minutes ago.")
    if after and before and before <= after:
        raise invalid("Invalid input", "postedBefore must be later than postedAfter.")


def _transactions(world: World, region: str, arguments: Body) -> list[Body]:
    view = world.finance
    latest = world.now - SETTLING
    before = min(arguments.get("postedBefore", latest), latest)
    after = arguments.get("postedAfter", view.opened_at)
    if before - after > LONGEST:
        return []  # No error: Amazon finds nothing.
    name, value = arguments.get("relatedIdentifierName"), arguments.get("relatedIdentifierValue")
    place, status = arguments.get("marketplaceId"), arguments.get("transactionStatus")
    return [
        transaction(view, told)
        for told in view.transactions(region)
        if after <= told.posted_at < before
        and (place is None or _is_of(told, place))
        and (status is None or view.status(told) == status)
        and (name is None or (name, value) in set(identifiers(view, told)))
    ]


def _is_of(told: Transaction, marketplace_id: str) -> bool:
    """Asked for the US by id, Amazon leaves out what the merchant ships himself."""
    is_merchants = any(not part.is_fba for part in told.parts)
    hidden = is_merchants and told.market.country_code == "US"
    return told.market.marketplace_id == marketplace_id and not hidden


def _pages(rows: list[Body]) -> list[list[Body]]:
    """Pages of at most 500; the second of several is empty, and the rest follows all the same."""
    pages = [rows[start : start + PAGE] for start in range(0, len(rows), PAGE)] or [[]]
    return [pages[0], [], *pages[1:]] if len(pages) > 1 else pages


def _balances(world: World, region: str, arguments: Body, as_of: date | None) -> list[Body]:
    if as_of is not None:
        ends = datetime.combine(as_of + timedelta(days=1), time(), UTC)
        world = world.at(min(ends, world.now))
    places, account = arguments.get("marketplaceIds"), arguments.get("accountType")
    wanted = arguments.get("balanceType", "TOTAL")
    bodies = []
    for market, account_type in world.finance.ledger.accounts():
        if market.region != region or (places and market.marketplace_id not in places):
            continue
        if account and account != account_type.value:
            continue
        total = _balance(world, market, account_type, as_of)
        bodies += [node for node in _nodes(total) if node["balanceType"] == wanted]
    return bodies


def _nodes(balance: Body) -> Iterable[Body]:
    yield balance
    for below in balance.get("balances", ()):
        yield from _nodes({"partnerMetadata": balance["partnerMetadata"], **below})


def _balance(world: World, market: Market, account_type: AccountType, as_of: date | None) -> Body:
    view = world.finance
    deferred = sum(
        (t.total for t in view.transactions(market.region)
         if t.market is market and t.account_type is account_type
         and view.status(t) == "DEFERRED"),
        ZERO,
    )  # fmt: skip
    open_group = view.open_settlement(market, account_type)
    available = sum((t.total for t in view.balance(open_group)), ZERO)
    reserve = view.reserve_held(open_group)
    parts = {
        "AVAILABLE": available,
        "DEFERRED": deferred,
        "ACCOUNT_LEVEL_RESERVE": reserve,
        "RESERVED": deferred + reserve,
        "TOTAL": available + deferred + reserve,
    }
    told = {"asOfDate": as_of.isoformat()} if as_of else {
        "lastUpdatedTime": world.now.astimezone(market.zone).isoformat(timespec="seconds")
    }  # fmt: skip

    def node(kind: str, *below: Body) -> Body:
        body: Body = {"balanceType": kind, "amount": money(parts[kind], market.currency_code)}
        return {**body, "balances": list(below)} if below else body

    held = node("RESERVED", node("DEFERRED"), node("ACCOUNT_LEVEL_RESERVE"))
    return {
        "partnerMetadata": _partner(view, market, account_type),
        **node("TOTAL", node("AVAILABLE"), held),
        **told,
    }


def _partner(view: FinanceView, market: Market, account_type: AccountType) -> Body:
    return {
        "partnerId": view.seller_id(market.region),
        "accountType": account_type.value,
        "marketplaceId": market.marketplace_id,
    }


def _summaries(view: FinanceView, region: str, arguments: Body) -> Iterable[Body]:
    """Free money by account: of a period of posting days (UTC), or of a settlement."""
    places, account = arguments.get("marketplaceIds"), arguments.get("accountType")
    settlement_id = arguments.get("relatedIdentifierValue")
    start = day("periodStart", arguments["periodStart"]) if not settlement_id else None
    last = day("periodEnd", arguments["periodEnd"]) if "periodEnd" in arguments else None
    if start and last and last < start:
        raise invalid("Invalid input", "periodEnd must not be before periodStart.")
    found: dict[tuple[Market, AccountType], list[Transaction]] = defaultdict(list)
    for told in view.transactions(region):
        posted = told.posted_at.date()
        is_free = told.deferral is None and told.sort is not Sort.TRANSFER
        is_within = start is None or (start <= posted and (last is None or posted <= last))
        settlement = view.settlement_of(told)
        is_meant = settlement_id is None or (
            settlement is not None and settlement.settlement_id == settlement_id
        )
        if is_free and is_within and is_meant:
            found[told.market, told.account_type].append(told)
    for (market, account_type), rows in found.items():
        if places and market.marketplace_id not in places:
            continue
        if account and account != account_type.value:
            continue
        yield _summary(view, market, account_type, rows, start, last, settlement_id)


def _summary(
    view: FinanceView,
    market: Market,
    account_type: AccountType,
    rows: list[Transaction],
    start: date | None,
    last: date | None,
    settlement_id: str | None,
) -> Body:
    sums: dict[tuple[str, ...], Decimal] = {}
    for told in rows:
        for charge in told.all_charges:
            path = (*(root(told, charge) or ("Adjustments",)), *_short(charge.kind))
            sums[path] = sums.get(path, ZERO) + charge.amount
    currency = market.currency_code
    body: Body = {
        "partnerMetadata": _partner(view, market, account_type),
        "netProceeds": money(sum(sums.values(), ZERO), currency),
        "breakdowns": tree(sums.items(), currency),
    }
    if settlement_id:
        body["relatedIdentifiers"] = [
            {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": settlement_id}
        ]
    begins = datetime.combine(start, time(), UTC) if start else min(t.posted_at for t in rows)
    ends = datetime.combine(last, time(23, 59, 59), UTC) if last else view.now
    return {**body, "periodStart": iso(begins), "periodEnd": iso(ends)}


def _short(kind: Kind) -> tuple[str, ...]:
    return PATHS[kind][:1]
