"""Finances and settlement reports: as strict as Amazon, and the same money in every telling."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from simulator.testing import NOW
from simulator.world import World
from simulator.world.finance.truth import settlements

TRANSACTIONS = "/finances/2024-06-19/transactions"
BALANCES = "/finances/2024-06-19/balances"
SUMMARY = "/finances/2024-06-19/summary"
REPORTS = "/reports/2021-06-30/reports"
SETTLEMENT = "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2"
SINCE = "2026-09-26T00:00:00Z"


def pages(api: Any, **query: str) -> list[list[dict[str, Any]]]:
    found, token = [], None
    while True:
        api.simulation.limits.refill()
        answer = api.get(TRANSACTIONS, **query, **({"nextToken": token} if token else {}))
        assert answer.status_code == 200, answer.text
        found.append(answer.json["payload"]["transactions"])
        token = answer.json["payload"].get("nextToken")
        if not token:
            return found


def transactions(api: Any, **query: str) -> list[dict[str, Any]]:
    return [row for page in pages(api, **query) for row in page]


def reports(api: Any, **query: Any) -> list[dict[str, Any]]:
    query = {"reportTypes": SETTLEMENT, "pageSize": 100, **query}
    found: list[dict[str, Any]] = []
    while True:
        api.simulation.limits.refill()
        answer = api.get(REPORTS, **query)
        assert answer.status_code == 200, answer.text
        found += answer.json["reports"]
        if "nextToken" not in answer.json:
            return found
        query = {"nextToken": answer.json["nextToken"]}


def identifiers(row: dict[str, Any]) -> dict[str, str]:
    return {
        entry["relatedIdentifierName"]: entry["relatedIdentifierValue"]
        for entry in row["relatedIdentifiers"]
    }


def exact(money: dict[str, Any]) -> Decimal:
    return Decimal(str(money["currencyAmount"]))


def leaves(nodes: list[dict[str, Any]]) -> list[Decimal]:
    return [
        amount
        for node in nodes
        for amount in (
            leaves(node["breakdowns"]) if node["breakdowns"] else [exact(node["breakdownAmount"])]
        )
    ]


def test_pages_hold_500_and_an_empty_one_goes_on(api: Any) -> None:
    sizes = [len(page) for page in pages(api, postedAfter="2026-09-12T00:00:00Z")]
    assert sizes[:2] == [500, 0]
    assert len(sizes) > 2
    assert sizes[2] > 0


def test_a_window_of_more_than_180_days_is_empty(api: Any) -> None:
    assert transactions(api, postedAfter="2026-05-01T00:00:00Z") == []


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"postedBefore": SINCE},
        {"postedAfter": SINCE, "postedBefore": "2026-09-20T00:00:00Z"},
        {"postedAfter": "2026-11-24T17:59:00Z"},
        {"postedAfter": SINCE, "postedBefore": "2026-11-24T17:59:00Z"},
        {"postedAfter": SINCE, "transactionStatus": "Released"},
        {"postedAfter": SINCE, "maxResults": "10"},
        {"relatedIdentifierName": "SETTLEMENT_ID", "relatedIdentifierValue": "1"},
        {"relatedIdentifierName": "ORDER_ID"},
        {"postedAfter": SINCE, "marketplaceId": "NOWHERE"},
    ],
)
def test_what_the_model_does_not_allow_is_refused(api: Any, query: dict[str, str]) -> None:
    assert api.get(TRANSACTIONS, **query).status_code == 400


def test_a_token_is_bound_to_the_arguments(api: Any) -> None:
    first = api.get(TRANSACTIONS, postedAfter="2026-09-12T00:00:00Z").json["payload"]
    changed = api.get(TRANSACTIONS, postedAfter=SINCE, nextToken=first["nextToken"])
    assert changed.status_code == 400


def test_items_and_breakdowns_explain_the_total(api: Any) -> None:
    for region in ("na", "eu", "fe"):
        for row in transactions(api.of(region), postedAfter=SINCE):
            total = exact(row["totalAmount"])
            assert sum(leaves(row["breakdowns"])) == total
            assert sum(exact(node["breakdownAmount"]) for node in row["breakdowns"]) == total
            items = [exact(item["totalAmount"]) for item in row["items"]]
            assert not items or sum(items) == total
            for item in row["items"]:
                if "breakdowns" in item:
                    assert sum(leaves(item["breakdowns"])) == exact(item["totalAmount"])


def test_a_deferred_transaction_flips_and_a_released_one_joins_it(api: Any) -> None:
    rows = {row["transactionId"]: row for row in transactions(api, postedAfter=SINCE)}
    statuses = Counter(row["transactionStatus"] for row in rows.values())
    assert statuses.keys() == {"DEFERRED", "RELEASED", "DEFERRED_RELEASED"}
    for row in rows.values():
        named = identifiers(row)
        if row["transactionStatus"] == "DEFERRED_RELEASED":
            release = rows[named["RELEASE_TRANSACTION_ID"]]
            assert identifiers(release)["DEFERRED_TRANSACTION_ID"] == row["transactionId"]
            assert release["transactionStatus"] == "RELEASED"
            assert release["totalAmount"] == row["totalAmount"]
            assert release["postedDate"] > row["postedDate"]
        assert ("FINANCIAL_EVENT_GROUP_ID" in named) == (row["transactionStatus"] == "RELEASED")


def test_a_status_is_filtered_and_moves_no_posting_date(api: Any) -> None:
    def held(status: str) -> dict[str, str]:
        found = transactions(api, postedAfter=SINCE, transactionStatus=status)
        assert {row["transactionStatus"] for row in found} <= {status}
        return {row["transactionId"]: row["postedDate"] for row in found}

    deferred = held("DEFERRED")
    api.simulation.set_now(NOW + timedelta(days=31))
    flipped = held("DEFERRED_RELEASED")
    assert deferred
    assert deferred.items() <= flipped.items()


def test_asked_by_marketplace_amazon_hides_what_merchants_ship_in_the_us(api: Any) -> None:
    us = "ATVPDKIKX0DER"
    everything = [
        row
        for row in transactions(api, postedAfter=SINCE)
        if row["marketplaceDetails"]["marketplaceId"] == us
    ]
    merchants = [
        row
        for row in everything
        for contexts in ([c for item in row["items"] for c in item["contexts"]],)
        if any(context["fulfillmentNetwork"] == "MFN" for context in contexts)
    ]
    hidden = len(everything) - len(transactions(api, postedAfter=SINCE, marketplaceId=us))
    assert hidden == len(merchants) > 0


def test_settlement_reports_cannot_be_requested(api: Any) -> None:
    assert api.create_report(reportType=SETTLEMENT).status_code == 400


def test_one_document_is_listed_under_every_marketplace(api: Any) -> None:
    by_document: dict[str, list[dict[str, Any]]] = {}
    for report in reports(api):
        by_document.setdefault(report["reportDocumentId"], []).append(report)
    for listed in by_document.values():
        assert len({report["reportId"] for report in listed}) == 4
        places = {place for report in listed for place in report["marketplaceIds"]}
        assert places == {"ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8", "A2Q3Y263D00KWC"}
        assert api.report(listed[0]["reportId"]) == listed[0]
    us = reports(api, marketplaceIds="ATVPDKIKX0DER")
    assert len(us) == len(by_document)


def test_reports_are_forgotten_after_90_days(api: Any) -> None:
    before = {report["reportId"] for report in reports(api)}
    api.simulation.set_now(NOW + timedelta(days=91))
    after = {report["reportId"] for report in reports(api)}
    assert before
    assert before.isdisjoint(after)


MARKS = {"EUR": (".", ","), "JPY": (",", "."), "USD": (",", "."), "CAD": (",", "."),
         "GBP": (",", ".")}  # fmt: skip


def plain(text: str, currency: str) -> Decimal:
    """An amount as a reader of the marketplace's language understands it."""
    thousands, decimal = MARKS[currency]
    sign = -1 if text.startswith(("-", "(")) else 1
    digits = text.strip("-()").replace(thousands, "").replace(decimal, ".")
    return sign * Decimal(digits)


def table(api: Any, report: dict[str, Any]) -> list[list[str]]:
    api.simulation.limits.refill()
    located = api.get(f"/reports/2021-06-30/documents/{report['reportDocumentId']}")
    answer = api.client.get(located.json["url"])
    charset = answer.headers["Content-Type"].split("charset=")[1]
    content = api.document(report["reportDocumentId"])
    text = content.decode({"windows-31j": "cp932"}.get(charset, charset))
    return list(csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("region", ["na", "eu", "fe"])
def test_the_lines_of_a_file_add_up_to_its_header_and_the_truth(
    api: Any, world: World, region: str
) -> None:
    truth = {row["settlement_id"]: row for row in settlements(world)}
    caller = api.of(region)
    documents = {report["reportDocumentId"]: report for report in reports(caller)}
    for report in documents.values():
        _, header, *lines = table(caller, report)
        currency = header[5]
        total = plain(header[4], currency)
        assert sum(plain(line[14], currency) for line in lines) == total
        assert (total, len(lines)) == (truth[header[0]]["total"], truth[header[0]]["lines"])


def test_files_look_as_different_as_amazons(api: Any) -> None:
    seen = set()
    for report in reports(api.of("eu")):
        columns, header, *lines = table(api.of("eu"), report)
        seen.add((columns[0], header[5], header[1][2:3]))
        seen |= {line[14][0] for line in lines if line[14][0] in "(-"}
    assert {("settlement-id", "EUR", "."), ("Abrechnungsnummer", "EUR", "."),
            ("settlement-id", "GBP", "2"), "(", "-"} <= seen  # fmt: skip


def test_balances_add_up(api: Any) -> None:
    for total in api.get(BALANCES).json["balances"]:
        parts = {b["balanceType"]: b for b in total["balances"]}
        held = parts["RESERVED"]["balances"]
        assert exact(total["amount"]) == sum(exact(b["amount"]) for b in total["balances"])
        assert exact(parts["RESERVED"]["amount"]) == sum(exact(b["amount"]) for b in held)
    past = api.get(BALANCES, asOfDate="2026-11-10").json["balances"]
    assert {b["asOfDate"] for b in past} == {"2026-11-10"}


def test_a_summary_is_the_free_money_of_its_period(api: Any) -> None:
    answer = api.get(SUMMARY, periodStart="2026-10-01", periodEnd="2026-10-31")
    told = {
        (s["partnerMetadata"]["marketplaceId"], s["partnerMetadata"]["accountType"]): exact(
            s["netProceeds"]
        )
        for s in answer.json["summaries"]
    }
    sums: Counter[tuple[str, str]] = Counter()
    for row in transactions(api, postedAfter="2026-10-01T00:00:00Z",
                            postedBefore="2026-11-01T00:00:00Z"):  # fmt: skip
        account = row["sellingPartnerMetadata"]
        if row["transactionStatus"] == "RELEASED" and row["transactionType"] != "Transfer":
            key = (account["marketplaceId"], account["accountType"])
            sums[key] += exact(row["totalAmount"])  # type: ignore[assignment]
    assert told == dict(sums)
    for summary in answer.json["summaries"]:
        assert sum(leaves(summary["breakdowns"])) == exact(summary["netProceeds"])


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"periodStart": "2026-10-01", "relatedIdentifierName": "SETTLEMENT_ID",
         "relatedIdentifierValue": "1"},
        {"periodStart": "2026-10-01", "periodEnd": "2026-09-01"},
        {"periodStart": "October"},
        {"relatedIdentifierName": "ORDER_ID", "relatedIdentifierValue": "1"},
    ],
)  # fmt: skip
def test_summaries_are_as_strict(api: Any, query: dict[str, str]) -> None:
    assert api.get(SUMMARY, **query).status_code == 400


def test_finance_needs_its_role_and_its_bucket(api: Any) -> None:
    statuses = [api.get(BALANCES).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]
    assert api.of("na-without-finance", "na").get(SUMMARY).status_code == 403


def test_a_later_transaction_may_be_told_late(api: Any, world: World) -> None:
    """What is posted now is told within two days, at the latest."""
    view = world.at(NOW + timedelta(days=2)).finance
    late = [t for t in view.transactions("na") if t.posted_at <= NOW < t.known_at]
    told = {row["transactionId"] for row in transactions(api, postedAfter=SINCE)}
    assert late
    assert told.isdisjoint(t.transaction_id for t in late)
    assert all(t.known_at - t.posted_at < timedelta(hours=48) for t in late)
