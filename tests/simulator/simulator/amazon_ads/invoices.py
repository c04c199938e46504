"""``/invoices``: what Amazon bills, by cursor; dates are YYYYMMDD."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import known_parameters, require_accept, whole_parameter
from simulator.amazon_ads.entities import present
from simulator.amazon_ads.pages import Row, opened, page, token
from simulator.gateway import Call, Gateway, Operation, Refusal, json_response
from simulator.simulation import Simulation
from simulator.world.ads.billing import ISSUED_AFTER, PAID_AFTER, Invoice, invoices
from simulator.world.ads.entities import Profile, known
from simulator.world.events import ZERO, AdProduct
from simulator.world.sellers import STORE_NAME

LIST = "application/vnd.invoices.v1.1+json"
SINGLE = "application/vnd.invoice.v1.1+json"
PAGE_LIMIT = 100
_STATUSES = ("ISSUED", "PAID_IN_FULL", "PAID_IN_PART", "WRITTEN_OFF")
_PROGRAMS = {
    AdProduct.SPONSORED_PRODUCTS: "SPONSORED PRODUCT",
    AdProduct.SPONSORED_BRANDS: "SPONSORED BRANDS",
    AdProduct.SPONSORED_DISPLAY: "SPONSORED DISPLAY",
}


def serve(gateway: Gateway, simulation: Simulation) -> None:
    """Register the list and the single invoice."""

    @gateway.operation(Operation("ads.invoices", "GET", "/invoices", rate=5, burst=15))
    def listed(call: Call) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_accept(LIST)
        asked = known_parameters(("invoiceStatuses", "startDate", "endDate", "count", "cursor"))
        if "count" in asked and "cursor" in asked:
            raise Refusal(400, message="count cannot be combined with cursor")
        start, size = 0, whole_parameter(asked.get("count"), PAGE_LIMIT, "count", 1, PAGE_LIMIT)
        filters = {name: asked[name] for name in asked if name not in ("count", "cursor")}
        if "cursor" in asked:
            packed, _, size_text = asked["cursor"].rpartition("~")
            size = whole_parameter(size_text, PAGE_LIMIT, "cursor", 1, PAGE_LIMIT)
            start = opened(packed, _seal(profile, size), "cursor")
        rows = [_summary(invoice) for invoice in _wanted(_known(simulation, profile), filters)]
        more = start + size < len(rows)
        told: dict[str, Any] = {
            "invoiceSummaries": page(call, rows, start, size),
            "nextCursor": f"{token(start + size, _seal(profile, size))}~{size}" if more else None,
        }
        return json_response(told, mimetype=LIST)

    @gateway.operation(Operation("ads.invoice", "GET", "/invoices/<invoice_id>", rate=5, burst=15))
    def single(call: Call, invoice_id: str) -> Response:
        profile = advertiser(call, AdProduct.SPONSORED_PRODUCTS)
        require_accept(SINGLE)
        found = [i for i in _known(simulation, profile) if i.invoice_id == invoice_id]
        if not found:
            raise Refusal(404, message="Requested invoice was not found")
        return json_response(_whole(simulation, found[0]), mimetype=SINGLE)


def _known(simulation: Simulation, profile: Profile) -> list[Invoice]:
    """Newest first."""
    world = simulation.world
    return invoices(world.ads, world.seed, profile, world.opened, world.now)[::-1]


def _seal(profile: Profile, size: int) -> str:
    return f"{profile.profile_id} invoices {size}"


def _wanted(known_invoices: list[Invoice], filters: dict[str, str]) -> list[Invoice]:
    statuses = filters.get("invoiceStatuses", "").split(",") if filters else [""]
    if statuses != [""] and not set(statuses) <= set(_STATUSES):
        raise Refusal(400, message="invoiceStatuses has an invalid value")
    first, last = _day(filters.get("startDate")), _day(filters.get("endDate"))
    return [
        invoice
        for invoice in known_invoices
        if (statuses == [""] or invoice.status in statuses)
        and (first is None or invoice.issued >= first)
        and (last is None or invoice.issued <= last)
    ]


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        raise Refusal(400, message="Dates must be ISO 8601") from None


def _summary(invoice: Invoice) -> Row:
    is_paid = invoice.status == "PAID_IN_FULL"
    fees = [
        {
            "feeType": "REGULATORY_ADVERTISING_FEE",
            "feeIdentifiers": {"countryCode": invoice.profile.country_code},
            "cost": _money(invoice, invoice.fee),
        }
    ]
    return {
        "id": invoice.invoice_id,
        "status": invoice.status,
        "fromDate": _compact(invoice.start),
        "toDate": _compact(invoice.end),
        "invoiceDate": _compact(invoice.issued),
        "dueDate": _compact(invoice.issued + PAID_AFTER),
        "amountDue": _money(invoice, invoice.amount_due),
        "taxAmountDue": _money(invoice, invoice.tax),
        "remainingAmountDue": _money(invoice, ZERO if is_paid else invoice.amount_due),
        "remainingTaxAmountDue": _money(invoice, ZERO if is_paid else invoice.tax),
        "fees": fees if invoice.fee else [],
        "paymentMethod": "CREDIT_CARD",
        "paymentTermsType": "NET",
        "paymentTermsDays": (PAID_AFTER - ISSUED_AFTER).days,
        "downloadableDocuments": ["INVOICE"] if is_paid or invoice.status == "ISSUED" else [],
    }


def _whole(simulation: Simulation, invoice: Invoice) -> Row:
    world, profile = simulation.world, invoice.profile
    by_portfolio: dict[str, Decimal] = {}
    for line in invoice.lines:
        if line.campaign.portfolio:
            key = line.campaign.portfolio.portfolio_id
            by_portfolio[key] = by_portfolio.get(key, ZERO) + line.cost
    names = {p.portfolio_id: p.name for p in world.ads.portfolios(profile)}
    return {
        "invoiceSummary": _summary(invoice),
        "invoiceLines": [_line(invoice, n) for n in range(len(invoice.lines))],
        "portfolios": [
            {"id": int(key), "name": names[key], "totalAmount": _money(invoice, amount)}
            for key, amount in by_portfolio.items()
        ],
        "adjustments": [],
        "promotions": [],
        "payments": [],
        "taxDetail": {"taxBreakups": [], "taxCalculationDate": _compact(invoice.issued)},
        "issuerContactInfo": _contact("Amazon", profile),
        "payerContactInfo": _contact(STORE_NAME, profile),
        "thirdPartyContactInfo": [],
    }


def _line(invoice: Invoice, number: int) -> Row:
    line = invoice.lines[number]
    campaign, is_by_view = line.campaign, line.campaign.cost_type == "VCPM"
    unit = line.cost / line.events if line.events else ZERO
    name = known(campaign.names, invoice.end)
    return present(
        {
            "campaignId": int(campaign.campaign_id),
            "campaignName": name,
            "name": name,
            "portfolioId": int(campaign.portfolio.portfolio_id) if campaign.portfolio else None,
            "programName": _PROGRAMS[campaign.ad_product],
            "priceType": "CPM" if is_by_view else "CPC",
            "costEventType": "IMPRESSIONS" if is_by_view else "CLICKS",
            "costEventCount": line.events,
            "costPerUnit": float(round(unit * (1000 if is_by_view else 1), 4)),
            "cost": _money(invoice, line.cost),
        }
    )


def _contact(company: str, profile: Profile) -> Row:
    address = {
        "companyName": company,
        "addressLine1": "1 Example Street",
        "addressLine2": "",
        "addressLine3": "",
        "city": "Example",
        "stateOrRegion": "",
        "postalCode": "00000",
        "countryCode": profile.country_code,
    }
    email = {"displayName": company, "emailAddress": "billing@example.com"}
    return {"address": address, "email": email}


def _money(invoice: Invoice, amount: Decimal) -> Row:
    return {"amount": float(amount), "currencyCode": invoice.profile.market.currency_code}


def _compact(day: date) -> str:
    return f"{day:%Y%m%d}"
