"""Portfolios v3: enabled ones only, and no say about the size of a page."""

from __future__ import annotations

import json
from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import (
    json_object,
    known_fields,
    require_accept,
    require_content_type,
)
from simulator.amazon_ads.entities import iso
from simulator.amazon_ads.pages import Row, opened, page, token
from simulator.amazon_ads.weights import EXTENDED_DATA, weigh
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world.ads.entities import Portfolio, Profile
from simulator.world.ads.lives import FOUNDED
from simulator.world.events import AdProduct

MEDIA_TYPE = "application/vnd.spPortfolio.v3+json"
PAGE_SIZE = 2
"""Amazon's own is not published; a small one shows who forgets to page."""
_OPERATION = Operation("ads.portfolios", "POST", "/portfolios/list", rate=10, burst=30)
_FILTERS = {"portfolioIdFilter": ("portfolioId", 1000), "stateFilter": ("state", 1)}


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the list."""

    @gateway.operation(_OPERATION)
    def listed(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_content_type(MEDIA_TYPE)
        require_accept(MEDIA_TYPE)
        body = json_object(("includeExtendedDataFields", "nextToken", *_FILTERS))
        is_extended = body.get("includeExtendedDataFields") is True
        if is_extended:
            weigh(call, _OPERATION, simulation, EXTENDED_DATA)
        portfolios = simulation.world.ads.portfolios(profile)
        rows = [_row(profile, portfolio, is_extended) for portfolio in portfolios]
        for name, (field, limit) in _FILTERS.items():
            if name in body:
                wanted = _included(body[name], name, limit)
                rows = [row for row in rows if row[field] in wanted]
        asked = {name: body[name] for name in _FILTERS if name in body}
        seal = f"{profile.profile_id} portfolios {json.dumps(asked, sort_keys=True)}"
        start = opened(body.get("nextToken"), seal)
        told: dict[str, Any] = {
            "portfolios": page(call, rows, start, PAGE_SIZE),
            "totalResults": len(rows),
        }
        if start + PAGE_SIZE < len(rows):
            told["nextToken"] = token(start + PAGE_SIZE, seal)
        return json_response(told, mimetype=MEDIA_TYPE)


def _included(given: Any, name: str, limit: int) -> list[str]:
    include = known_fields(given, ("include",), name).get("include")
    if not isinstance(include, list) or len(include) > limit:
        raise Refusal(400, message=f"{name}.include must be a list of at most {limit} values")
    if name == "stateFilter" and include != ["ENABLED"]:
        raise Refusal(400, message="stateFilter.include takes ENABLED only")
    return include


def _row(profile: Profile, portfolio: Portfolio, is_extended: bool) -> Row:
    budget: Row = {
        "policy": portfolio.policy,
        "currencyCode": profile.market.currency_code,
        "amount": None if portfolio.budget is None else float(portfolio.budget),
        "startDate": portfolio.start and portfolio.start.isoformat(),
        "endDate": portfolio.end and portfolio.end.isoformat(),
    }
    row: Row = {
        "portfolioId": portfolio.portfolio_id,
        "name": portfolio.name,
        "state": "ENABLED",
        "inBudget": portfolio.policy != "DATE_RANGE",
        "budget": budget,
        "budgetControls": {"campaignUnspentBudgetSharing": {"featureState": "DISABLED"}},
    }
    if is_extended:
        ended = portfolio.policy == "DATE_RANGE"
        row["extendedData"] = {
            "creationDateTime": iso(profile.midnight(FOUNDED)),
            "lastUpdateDateTime": iso(profile.midnight(FOUNDED)),
            "servingStatus": "PORTFOLIO_ENDED" if ended else "PORTFOLIO_STATUS_ENABLED",
        }
    return row
