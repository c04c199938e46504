"""Reports of stock and charges, the catalog, hourly metrics and economics, as strict as Amazon."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator.amazon_sp import fba_columns
from simulator.world import World
from simulator.world.finance.events import Kind
from simulator.world.ledger import SELLABLE, ledger
from simulator.world.marketplaces import MARKETS
from simulator.world.reimbursements import reimbursements
from simulator.world.returns import customer_returns
from simulator.world.storage import aged_fees, storage_fees

US, DE, JP = "ATVPDKIKX0DER", "A1PA6795UKMFR9", "A1VC38T7YXB528"
LEDGER = "GET_LEDGER_SUMMARY_VIEW_DATA"
PLANNING = "GET_FBA_INVENTORY_PLANNING_DATA"
LISTINGS = "GET_MERCHANT_LISTINGS_ALL_DATA"
RETURNS = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
WINDOW = {"dataStartTime": "2026-10-20T07:00:00Z", "dataEndTime": "2026-11-20T07:59:59Z"}
BY_DAY = {"aggregatedByTimePeriod": "DAILY", "aggregateByLocation": "COUNTRY"}
ENGLISH = {"preferredReportDocumentLocale": "en_US"}


def made(api: Any, kind: str, **body: Any) -> str | None:
    """How a report ends: the id of its document, None without one."""
    created = api.create_report(reportType=kind, **body)
    assert created.status_code == 202, created.text
    api.time.seconds += 60
    found: str | None = api.report(created.json["reportId"]).get("reportDocumentId")
    return found


def rows(
    api: Any, kind: str, encoding: str = "cp1252", quoted: bool = False, **body: Any
) -> list[dict[str, str]]:
    """The rows of a report."""
    text = api.document(made(api, kind, **body)).decode(encoding)
    quoting = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    return list(csv.DictReader(io.StringIO(text), delimiter="\t", quoting=quoting))


# The world


def test_every_day_of_the_ledger_begins_with_what_the_one_before_ended_with(world: World) -> None:
    last: dict[tuple[str, ...], Any] = {}
    for day in ledger(world):
        moved = day.receipts + day.shipments + day.returns + day.damaged + day.disposed + day.other
        assert day.starting + moved == day.ending
        key = (day.country, day.fn_sku, day.disposition)
        before = last.get(key)
        if before and before.day == day.day - timedelta(days=1):
            assert before.ending == day.starting
        last[key] = day


def test_what_the_ledger_sends_to_customers_is_what_orders_shipped(world: World) -> None:
    known = [day for day in ledger(world) if day.country == "US"]
    days = [day for day in known if day.disposition == SELLABLE]
    told: dict[str, int] = defaultdict(int)
    for day in days:
        told[day.fn_sku] -= day.shipments
    market = MARKETS[US]
    first = min(day.day for day in days)
    expected: dict[str, int] = defaultdict(int)
    for order in world.orders:
        if order.marketplace_id == US and order.shipped_at:
            shipped_on = market.day_of(order.shipped_at)
            if first <= shipped_on < market.day_of(world.now) and order.fulfilled_by == "AMAZON":
                for item in order.items:
                    if item.fn_sku:
                        expected[item.fn_sku] += item.quantity
    assert expected
    assert {sku: told[sku] for sku in expected} == expected


def test_a_later_now_changes_no_day_of_the_ledger_and_no_fee(world: World) -> None:
    later = world.at(world.now + timedelta(days=2))
    assert set(ledger(world)) < set(ledger(later))
    assert storage_fees(later) == storage_fees(world)
    assert set(customer_returns(world)) <= set(customer_returns(later))


def test_storage_adds_up_to_the_charges_of_the_money(world: World) -> None:
    for kind, fees in (
        (Kind.STORAGE, [(f.market, f.month, f.fee) for f in storage_fees(world)]),
        (Kind.AGED_STORAGE, [(f.market, f.day, f.amount) for f in aged_fees(world)]),
    ):
        told: dict[tuple[str, Any], Decimal] = defaultdict(Decimal)
        for market, day, amount in fees:
            told[market.country_code, day] += amount
        charged = {
            (transaction.market.country_code, -transaction.total)
            for region in world.sellers
            for transaction in world.finance.transactions(region)
            if any(charge.kind is kind for charge in transaction.charges)
        }
        assert told
        assert {(country, amount) for (country, _), amount in told.items()} <= charged


def test_reimbursements_are_the_ledgers_and_reversals_name_what_they_reverse(world: World) -> None:
    found = [one for region in world.sellers for one in reimbursements(world, region)]
    reversals = [one for one in found if one.original]
    assert reversals
    assert all(one.amount == -one.original.amount for one in reversals if one.original)


# The reports


def test_the_ledger_is_quoted_american_and_by_day_only_if_asked(api: Any) -> None:
    document = api.document(made(api, LEDGER, reportOptions=BY_DAY, **WINDOW))
    assert document.startswith(b'"Date"\t"FNSKU"')
    told = rows(api, LEDGER, quoted=True, reportOptions=BY_DAY, **WINDOW)
    assert tuple(told[0]) == fba_columns.LEDGER
    assert {row["Location"] for row in told} == {"US", "CA"}
    assert {row["Date"] for row in told} >= {"10/20/2026", "11/19/2026"}
    careless = rows(api, LEDGER, quoted=True, **WINDOW)
    assert {row["Date"] for row in careless} == {"10/2026", "11/2026"}


@pytest.mark.parametrize(
    "body",
    [
        {"reportType": LEDGER, "reportOptions": BY_DAY},
        {"reportType": LEDGER, "reportOptions": {"aggregatedByTimePeriod": "HOURLY"}, **WINDOW},
        {"reportType": LEDGER, "reportOptions": {"granularity": "DAILY"}, **WINDOW},
        {"reportType": LISTINGS, "marketplaceIds": [US, "A2EUQ1WTGCTBG2"]},
        {"reportType": "GET_FBA_FULFILLMENT_CURRENT_INVENTORY_DATA"},
    ],
)
def test_a_report_that_amazon_does_not_make_is_refused(api: Any, body: dict[str, Any]) -> None:
    assert api.create_report(**body).status_code == 400


def test_an_equal_request_within_the_regeneration_time_ends_fatal_without_a_document(
    api: Any,
) -> None:
    assert made(api, PLANNING)
    assert made(api, PLANNING) is None
    assert made(api, PLANNING, marketplaceIds=["A2EUQ1WTGCTBG2"])  # another report
    api.time.seconds += 4 * 3600
    api.tokens.clear()
    api.simulation.limits.refill()
    assert made(api, PLANNING)


def test_listings_come_in_the_charset_and_language_of_the_marketplace(api: Any) -> None:
    germany, japan = api.of("eu"), api.of("fe")
    english = rows(germany, LISTINGS, marketplaceIds=[DE], reportOptions=ENGLISH)
    assert "seller-sku" in english[0]
    assert any("ü" in row["item-name"] for row in english)
    german = rows(germany, LISTINGS, marketplaceIds=[DE])
    assert "Händler-SKU" in german[0]
    told = rows(japan, LISTINGS, "cp932", marketplaceIds=[JP], reportOptions=ENGLISH)
    assert any("陶器" in row["item-name"] for row in told)
    japan.simulation.faults.add("createReport", "report_localised")
    told = rows(japan, LISTINGS, "cp932", marketplaceIds=[JP], reportOptions=ENGLISH)
    assert "出品者SKU" in told[0]


def test_tables_can_be_ragged_or_stop_halfway(api: Any) -> None:
    whole = rows(api, LISTINGS, reportOptions=ENGLISH)
    api.simulation.faults.add("createReport", "report_halved")
    assert len(rows(api, LISTINGS, reportOptions=ENGLISH)) == len(whole) // 2
    api.simulation.faults.add("createReport", "report_ragged")
    text = api.document(made(api, LISTINGS, reportOptions=ENGLISH)).decode("cp1252")
    assert len({line.count("\t") for line in text.splitlines()}) > 1


def test_returns_are_those_of_the_window_with_comments(api: Any, world: World) -> None:
    told = rows(api, RETURNS, **WINDOW)
    start, end = WINDOW.values()
    assert {row["license-plate-number"] for row in told} == {
        one.license_plate
        for one in customer_returns(world)
        if one.order.region == "na" and start <= one.returned_at.isoformat() <= end
    }
    assert any(row["customer-comments"] for row in told) or len(told) < 5


# The catalog and the metrics


def test_asins_that_the_catalog_does_not_know_are_just_absent(api: Any, world: World) -> None:
    path = "/catalog/2022-04-01/items"
    query = {"identifiersType": "ASIN", "marketplaceIds": US, "pageSize": "20"}
    here = [offer.asin for offer in world.listings if offer.marketplace_id == US][:5]
    answer = api.get(path, identifiers=",".join([*here, "B0NOWHERE0"]), **query)
    told = {item["asin"] for item in answer.json["items"]}
    assert told
    assert "B0NOWHERE0" not in told
    assert answer.json["numberOfResults"] == len(told)
    assert api.get(path, **query).status_code == 400
    api.simulation.limits.refill()
    many = ",".join(f"B0{n:08d}" for n in range(21))
    assert api.get(path, identifiers=many, **query).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"interval": "2026-11-24T00:00:00Z--2026-11-25T00:00:00Z"},
        {"interval": "2026-11-25T00:00:00-08:00--2026-11-24T00:00:00-08:00"},
        {"interval": "2026-10-01T00:00:00-07:00--2026-10-02T00:00:00-07:00"},
        {"granularityTimeZone": "US/Nowhere"},
        {"granularity": "Minute"},
        {"marketplaceIds": f"{US},A2EUQ1WTGCTBG2"},
    ],
)
def test_metrics_refuse_what_amazon_refuses(api: Any, changes: dict[str, str]) -> None:
    query = {
        "marketplaceIds": US,
        "interval": "2026-11-24T00:00:00-08:00--2026-11-25T00:00:00-08:00",
        "granularity": "Hour",
        "granularityTimeZone": "America/Los_Angeles",
    }
    assert api.get("/sales/v1/orderMetrics", **query).status_code == 200
    assert api.get("/sales/v1/orderMetrics", **{**query, **changes}).status_code == 400


# Data Kiosk


def test_a_further_page_needs_the_token_and_the_same_query(api: Any) -> None:
    text = (
        "{analytics_economics_2024_03_15{economics("
        'startDate:"2026-11-01" endDate:"2026-11-05" marketplaceIds:["ATVPDKIKX0DER"])'
        "{startDate msku sales{unitsOrdered}}}}"
    )
    whole = api.rows(text)
    api.simulation.kiosk_page = 7
    found: list[Any] = []
    token = None
    while True:
        body = {"query": text, **({"paginationToken": token} if token else {})}
        api.simulation.limits.refill()
        created = api.post("/dataKiosk/2023-11-15/queries", body)
        assert created.status_code == 202, created.text
        api.time.seconds += 60
        state = api.get(f"/dataKiosk/2023-11-15/queries/{created.json['queryId']}").json
        found += api.kiosk_document(state["dataDocumentId"])
        token = state.get("pagination", {}).get("nextToken")
        if not token:
            break
        wrong = {"query": text.replace("2026-11-05", "2026-11-04"), "paginationToken": token}
        assert api.post("/dataKiosk/2023-11-15/queries", wrong).status_code == 400
    assert found == whole


def test_fields_of_business_customers_need_their_role_and_are_named(api: Any) -> None:
    text = (
        "{analytics_salesAndTraffic_2024_04_24{salesAndTrafficByDate(aggregateBy:DAY "
        'startDate:"2026-11-01" endDate:"2026-11-02" marketplaceIds:["ATVPDKIKX0DER"])'
        "{sales{unitsOrdered unitsOrderedB2B}}}}"
    )
    seller = api.of("na-without-business", region="na")
    refused = seller.query(text)
    assert refused.status_code == 403
    (error,) = refused.json["errors"]
    assert error["message"] == "Unauthorized to access requested fields."
    assert error["details"] == "sales.unitsOrderedB2B"
    assert seller.query(text.replace(" unitsOrderedB2B", "")).status_code == 202


def test_net_proceeds_are_what_sales_fees_ads_and_costs_leave(api: Any) -> None:
    detail = "{totalAmount{amount}}"
    told = api.rows(
        "{analytics_economics_2024_03_15{economics("
        'startDate:"2026-11-01" endDate:"2026-11-14" marketplaceIds:["ATVPDKIKX0DER"])'
        "{msku sales{netProductSales{amount} netUnitsSold} cost{costOfGoodsSold{amount}} "
        f"fees{{charges{{aggregatedDetail{detail}}}}} ads{{charge{detail}}} "
        "netProceeds{total{amount}}}}}"
    )
    assert any(row["fees"] for row in told)
    assert any(row["ads"] for row in told)
    for row in told:
        cents = round(100 * row["sales"]["netProductSales"]["amount"])
        for fee in row["fees"]:
            for charge in fee["charges"]:
                cents -= round(100 * charge["aggregatedDetail"]["totalAmount"]["amount"])
        for ad in row["ads"]:
            cents -= round(100 * ad["charge"]["totalAmount"]["amount"])
        if cost := row["cost"]["costOfGoodsSold"]:
            cents -= round(100 * cost["amount"]) * row["sales"]["netUnitsSold"]
        assert cents == round(100 * row["netProceeds"]["total"]["amount"])
