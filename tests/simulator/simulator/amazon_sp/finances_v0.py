"""Finances v0, of which one operation lives on: financial event groups, with names in capitals."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import invalid
from simulator.amazon_sp.finances import LONGEST, SETTLING
from simulator.amazon_sp.parameters import Parameter, iso, read
from simulator.amazon_sp.transaction_json import number
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world.events import ZERO
from simulator.world.finance import FinanceView, Settlement
from simulator.world.marketplaces import BY_COUNTRY, Market

_PARAMETERS = {
    "MaxResultsPerPage": Parameter("integer", most=100),
    "FinancialEventGroupStartedAfter": Parameter("instant"),
    "FinancialEventGroupStartedBefore": Parameter("instant"),
    "NextToken": Parameter(),
}
_TOKEN_SECONDS = 86_400
_BANKS = {"CA": BY_COUNTRY["US"]}
"""Where the deposits of a marketplace go, if not to an account in its own currency."""
_EXCHANGE_FEE = Decimal("0.985")
_ARRIVES_AFTER = timedelta(days=3)


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operation."""
    cursors: Cursors[dict[str, Any]] = Cursors(simulation.clock, _TOKEN_SECONDS)

    @gateway.operation(operations.LIST_FINANCIAL_EVENT_GROUPS)
    def list_financial_event_groups(call: Call) -> Response:
        arguments = read(_PARAMETERS)
        token = arguments.pop("NextToken", None)
        after = arguments.get("FinancialEventGroupStartedAfter")
        world, now = simulation.world, simulation.clock.now()
        before = arguments.get("FinancialEventGroupStartedBefore", now - SETTLING)
        if after is None or after >= before or before > now - SETTLING:
            raise invalid("Date range is invalid.")
        if token:
            page = cursors.next(token, arguments, call)
        else:
            view = world.finance
            groups = view.groups(call.caller.region) if before - after <= LONGEST else []
            rows = [_group(view, g) for g in groups if after <= g.period.start < before]
            page = cursors.first(rows, arguments.get("MaxResultsPerPage", 10), arguments, call)
        payload: dict[str, Any] = {"FinancialEventGroupList": page.rows}
        if page.next_token:
            payload["NextToken"] = page.next_token
        return json_response({"payload": payload})


def _group(view: FinanceView, settlement: Settlement) -> dict[str, Any]:
    market, period = settlement.market, settlement.period
    is_closed = period.end <= view.now
    balance = sum((t.total for t in view.balance(settlement)), ZERO)
    total = settlement.total if is_closed else balance
    body: dict[str, Any] = {
        "FinancialEventGroupId": settlement.group_id,
        "ProcessingStatus": "Closed" if is_closed else "Open",
        "OriginalTotal": _money(total, market),
        "ConvertedTotal": _converted(total, market),
        "BeginningBalance": _money(settlement.carried_in, market),
        "FinancialEventGroupStart": iso(period.start),
    }
    if not is_closed:
        return body
    body["FinancialEventGroupEnd"] = iso(period.end)
    if settlement.is_carried or not total:
        return body  # Nothing is transferred.
    body["FundTransferStatus"] = _transfer_status(view, settlement)
    body["FundTransferDate"] = iso(settlement.transferred_at)
    body["AccountTail"] = f"{market.marketplace_id.encode().hex()[-3:]}"
    if not settlement.is_failed:
        body["TraceId"] = settlement.group_id[:12].upper()
    return body


def _transfer_status(view: FinanceView, settlement: Settlement) -> str:
    """How the transfer stands; it takes days until Amazon knows how it ended."""
    if view.now < settlement.transferred_at + _ARRIVES_AFTER:
        return "Initiated"
    return "Failed" if settlement.is_failed else "Succeeded"


def _money(amount: Decimal, market: Market) -> dict[str, Any]:
    return {"CurrencyCode": market.currency_code, "CurrencyAmount": number(amount)}


def _converted(amount: Decimal, market: Market) -> dict[str, Any]:
    bank = _BANKS.get(market.country_code)
    if bank is None:
        return _money(amount, market)
    return _money(bank.money(amount / market.per_usd * _EXCHANGE_FEE), bank)
