"""Sales and traffic by product: how it is asked for, and what is done about what is missing."""

from __future__ import annotations

import json
import logging
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from amazon_client.downloads import Document
from amazon_client.extraction import Account, Answer, Window
from simulator import credentials
from simulator.world.sellers import SELLER_IDS
from tap_amazon_sp.asin_queries import MOST_ASINS, per_day, trends
from tap_amazon_sp.data_kiosk import MAX_QUERY_LENGTH
from tap_amazon_sp.streams.sales_traffic_by_asin import BY_ASIN, SalesTrafficByAsin

STREAM = "sales_traffic_by_asin"
US, CA = "ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"
DAYS = Window(date(2026, 9, 26), date(2026, 11, 24))


def asins(count: int) -> list[str]:
    return [f"B0{number:08d}" for number in range(count)]


def test_300_products_in_two_marketplaces_take_ten_queries() -> None:
    bodies = trends({US: asins(300), CA: asins(300)}, DAYS, BY_ASIN)
    assert len(bodies) == 10
    for body in bodies:
        assert body["query"].count("marketplaceId:") == 2
        assert len("".join(body["query"].split())) <= MAX_QUERY_LENGTH


def test_a_marketplace_stands_in_several_filters_only_with_the_setting() -> None:
    products = {US: asins(300)}
    assert len(trends(products, DAYS, BY_ASIN)) == 300 / MOST_ASINS
    packed = trends(products, DAYS, BY_ASIN, packs=True)
    assert len(packed) < 300 / MOST_ASINS
    named = Counter(asin for body in packed for asin in products[US] if asin in body["query"])
    assert named == Counter(products[US])  # each once


def test_no_query_is_longer_than_amazon_takes_however_many_marketplaces() -> None:
    products = {f"A{number:012d}": asins(30) for number in range(40)}
    bodies = trends(products, DAYS, BY_ASIN)
    assert len(bodies) > 1
    assert all(len("".join(b["query"].split())) <= MAX_QUERY_LENGTH for b in bodies)


def test_days_are_asked_for_from_the_newest_on() -> None:
    days = [date(2026, 11, 24) - timedelta(days=n) for n in range(3)]
    asked = [body["query"] for body in per_day([US], days, BY_ASIN)]
    assert [f'"{day}"' in text for day, text in zip(days, asked, strict=True)] == [True] * 3


def sent_queries(requests_sent: list[Any]) -> list[str]:
    return [
        asked.body["query"]
        for asked in requests_sent
        if asked.method == "POST" and asked.path.endswith("/queries")
    ]


def test_the_planner_takes_what_costs_fewer_queries_and_says_so(
    sync: Any, requests_sent: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "tap_amazon_sp")
    run = sync(STREAM)
    assert (run.exit_code, run.failures) == (0, [])
    active, *rest = sent_queries(requests_sent)
    assert "salesAndTrafficByAsin" in active
    assert rest
    assert all("salesAndTrafficTrends" in text for text in rest)
    (said,) = [line for line in caplog.messages if "queries of trends" in line]
    assert f"{len(rest)} queries of trends or 60 by day: Trends it is" in said


@pytest.mark.parametrize(
    ("products", "queries", "kind"), [(420, 14, "Trends"), (421, 14, "ByAsin")]
)
def test_days_are_asked_for_one_by_one_where_that_takes_fewer_queries(
    tmp_path: Path, products: int, queries: int, kind: str
) -> None:
    seller = Account("default", "na", "A1", marketplace_ids=(US,))
    request = SalesTrafficByAsin.dataset.request(
        seller, Window(date(2026, 11, 11), date(2026, 11, 24))
    )
    document = tmp_path / "active"
    document.write_text(
        "".join(
            json.dumps(
                {
                    "startDate": "2026-11-11",
                    "marketplaceId": US,
                    "parentAsin": asin,
                    "childAsin": asin,
                    "sales": {"unitsOrdered": 1},
                    "traffic": {"pageViews": 3},
                }
            )
            + "\n"
            for asin in asins(products)
        )
    )
    active = Answer(request.body, (Document(document, None, 0),))
    follow_ups = SalesTrafficByAsin.dataset.follow_ups
    assert follow_ups is not None
    bodies = follow_ups(request, [active])
    assert len(bodies) == queries
    assert all(kind in body["query"] for body in bodies)
    if kind == "ByAsin":
        assert 'startDate:"2026-11-24" endDate:"2026-11-24"' in bodies[0]["query"]


def test_a_single_day_is_asked_for_at_once(sync: Any, requests_sent: list[Any]) -> None:
    run = sync(STREAM, start_date="2026-11-24", as_of="2026-11-24T23:00:00Z")
    queries = sent_queries(requests_sent)
    assert "salesAndTrafficByAsin" in queries[0]
    # Today has nothing yet: the totals say that nothing is missing.
    assert [run_["status"] for run_ in run.runs(STREAM)] == ["no_data"]


def test_products_of_a_day_add_up_to_what_the_world_published(sync: Any, simulator: Any) -> None:
    run = sync(STREAM, "sales_traffic_by_date")
    told: Counter[tuple[str, str]] = Counter()
    for row in run.records[STREAM]:
        told[row["marketplace_id"], row["date"]] += row["units_ordered"]
    totals = {
        (row["marketplace_id"], row["date"]): row["units_ordered"]
        for row in run.records["sales_traffic_by_date"]
    }
    assert {key: told[key] for key in totals} == totals


def test_parents_are_marked_and_have_no_sales(sync: Any, simulator: Any) -> None:
    run = sync(STREAM)
    parents = {product.parent_asin for product in simulator.world.products}
    rows = run.records[STREAM]
    assert {row["is_parent"] for row in rows} == {True, False}
    for row in rows:
        assert row["is_parent"] == (row["child_asin"] in parents)
        assert not row["is_parent"] or row["units_ordered"] == 0


def test_young_days_are_provisional_and_the_bookmark_stays_before_them(sync: Any) -> None:
    run = sync(STREAM)
    young = {row["date"] for row in run.records[STREAM] if row["is_provisional"]}
    old = {row["date"] for row in run.records[STREAM] if not row["is_provisional"]}
    assert {"2026-11-22", "2026-11-23"} <= young
    assert "2026-11-10" in old
    assert run.bookmark(STREAM) == "2026-11-21"


# The acceptance case: a by-ASIN document empty while by-date has data


def test_products_that_are_empty_while_the_account_has_data_are_marked_and_read_again(
    sync: Any, simulator: Any, caplog: pytest.LogCaptureFixture
) -> None:
    simulator.faults.add(
        "createQuery", "report_empty", containing="salesAndTrafficByAsin", times=None
    )
    run = sync(STREAM, "sales_traffic_by_date")
    assert run.exit_code == 0
    assert run.records["sales_traffic_by_date"]
    assert run.records[STREAM] == []
    assert [row["status"] for row in run.runs(STREAM)] == ["incomplete"]
    assert run.bookmark(STREAM) is None
    assert "nothing by product for 2026-" in caplog.text
    simulator.faults.clear()
    simulator.simulation.limits.refill()
    later = sync(STREAM, state=run.state, as_of="2026-11-24T23:00:00Z")
    assert [row["status"] for row in later.runs(STREAM)] == ["done"]
    assert {"2026-09-26", "2026-11-20"} <= {row["date"] for row in later.records[STREAM]}


def test_products_that_are_empty_once_are_asked_for_day_by_day(
    sync: Any, simulator: Any, requests_sent: list[Any]
) -> None:
    simulator.faults.add("createQuery", "report_empty", containing="salesAndTrafficByAsin")
    run = sync(STREAM, cadence="daily", start_date="2026-11-14")
    by_day = [text for text in sent_queries(requests_sent) if "ByAsin" in text][1:]
    assert len(by_day) == 8  # 14 to 21 November: what Amazon should have by now
    assert [row["status"] for row in run.runs(STREAM)] == ["done"]
    assert {row["date"] for row in run.records[STREAM]} == {
        f"2026-11-{day}" for day in range(14, 22)
    }


def test_products_of_which_a_query_says_nothing_are_asked_for_once_more(
    sync: Any, simulator: Any
) -> None:
    whole = sync(STREAM)
    simulator.faults.add("createQuery", "report_empty", containing="salesAndTrafficTrends")
    again = sync(STREAM)
    assert [row["status"] for row in again.runs(STREAM)] == ["done"]
    assert len(again.records[STREAM]) == len(whole.records[STREAM])


# Pages, and fields that a role does not open


@pytest.mark.parametrize("name", [STREAM, "economics_fees"])
def test_an_answer_in_pages_is_read_whole(
    sync: Any, simulator: Any, requests_sent: list[Any], name: str
) -> None:
    whole = sync(name, start_date="2026-11-10")
    simulator.simulation.kiosk_page = 40
    try:
        paged = sync(name, start_date="2026-11-10")
    finally:
        simulator.simulation.kiosk_page = 50_000
    tokens = [asked.body for asked in requests_sent if "paginationToken" in (asked.body or {})]
    assert tokens
    values = [
        [{**row, "extracted_at": "", "report_id": ""} for row in run.records[name]]
        for run in (whole, paged)
    ]
    assert values[0] == values[1]


def test_fields_for_business_customers_are_left_out_where_the_role_is_missing(
    sync: Any, caplog: pytest.LogCaptureFixture
) -> None:
    accounts = [
        {
            "region": "na",
            "refresh_token": credentials.grant("amazon_sp", "na-without-business").refresh_token,
            "selling_partner_id": SELLER_IDS["na"],
        }
    ]
    run = sync("sales_traffic_by_date", accounts=accounts)
    assert (run.exit_code, run.failures) == (0, [])
    (row, *_) = run.records["sales_traffic_by_date"]
    assert row["units_ordered"] is not None
    assert row["ordered_product_sales_amount"] is not None
    assert {value for name, value in row.items() if "b2b" in name} == {None}
    # Amazon's list of fields may be cut: what it names next is left out next.
    (said, *_) = [line for line in caplog.messages if "may not read" in line]
    assert "sales.unitsOrderedB2B" in said
    assert "Brand Analytics" in said


def test_a_query_that_is_refused_as_a_whole_names_the_role(sync: Any) -> None:
    accounts = [
        {
            "region": "na",
            "refresh_token": credentials.grant(
                "amazon_sp", "na-without-brand-analytics"
            ).refresh_token,
            "selling_partner_id": SELLER_IDS["na"],
        }
    ]
    run = sync(STREAM, "economics", accounts=accounts)
    assert run.exit_code != 0
    assert "Brand Analytics" in run.failures[0]
    assert run.records["economics"]  # another role, which the application has
