"""What the streams hold, against the world that the simulator tells of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from simulator.credentials import SHOPIFY_CLIENT, shopify_access_token
from simulator.testing import NOW, Running
from tap_shopify_journeys.streams import without_query

Run = Callable[..., Any]
FIRST_DAY = datetime.fromisoformat("2026-09-26T00:00:00+00:00")


def gid(order: Any) -> str:
    return f"gid://shopify/Order/{order.order.order_id}"


def expected(shop: Running, since: datetime = FIRST_DAY) -> dict[str, Any]:
    """The orders of the world that a run reads, by id."""
    now = shop.world.now
    details = shop.world.shop_details
    return {gid(order): order for order in details if order.updated_at(now) >= since}


def test_every_order_has_one_row_that_says_whether_its_journey_is_known(
    shop: Running, run: Run
) -> None:
    output = run()
    rows = {row["order_id"]: row for row in output.records["order_journeys"]}
    assert output.code == 0
    assert rows.keys() == expected(shop).keys()
    for order_id, order in expected(shop).items():
        row, ready_at = rows[order_id], order.journey_ready_at
        assert row["is_ready"] is bool(ready_at and ready_at <= shop.world.now)
        assert row["moments_count"] == (len(order.order.journey) if row["is_ready"] else None)
        assert (row["first_moment_at"] is None) is (not row["is_ready"])


def test_moments_come_first_to_last_and_only_of_known_journeys(shop: Running, run: Run) -> None:
    rows = run().records["order_journey_moments"]
    orders = expected(shop)
    known = {
        order_id: order.order.journey
        for order_id, order in orders.items()
        if order.journey_ready_at and order.journey_ready_at <= shop.world.now
    }
    assert Counter(row["order_id"] for row in rows) == {k: len(v) for k, v in known.items()}
    for row in rows:
        visit = known[row["order_id"]][row["moment_ordinal"] - 1]
        assert datetime.fromisoformat(row["occurred_at"]) == visit.at.replace(microsecond=0)
        if row["utm_medium"]:
            assert (row["utm_source"], row["utm_medium"]) == (visit.source, visit.medium)
            assert row["utm_campaign"] == visit.campaign
    assert {row["utm_term"] for row in rows} == {None, "northwind mug"}


def test_no_address_of_a_page_keeps_its_query(run: Run) -> None:
    rows = run().records["order_journey_moments"]
    assert any(row["landing_page"] for row in rows)
    assert "someone" not in str(rows)
    assert without_query("https://me:pw@shop.example/a?email=x#y") == "https://shop.example/a"
    assert without_query(None) is None


def test_the_shop_tells_its_currency_zone_country_and_scopes(run: Run) -> None:
    (row,) = run().records["shops"]
    wanted = ("store_id", "currency_code", "iana_time_zone", "country_code", "reads_all_orders")
    assert [row[name] for name in wanted] == ["acme", "USD", "America/New_York", "US", True]


def test_keys_are_unique_and_begin_with_the_store(run: Run) -> None:
    output = run()
    for stream, key in (
        ("order_journeys", ("order_id",)),
        ("order_journey_moments", ("order_id", "moment_ordinal")),
    ):
        keys = [tuple(row[name] for name in key) for row in output.records[stream]]
        assert len(set(keys)) == len(keys)
        assert {row["store_id"] for row in output.records[stream]} == {"acme"}


def test_long_journeys_are_read_to_their_end(
    shop: Running, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = run().records["order_journey_moments"]
    monkeypatch.setattr("tap_shopify_journeys.journeys._MOMENTS", 1)
    monkeypatch.setattr("tap_shopify_journeys.journeys._PAGE", 60)
    paged = run().records["order_journey_moments"]

    def told(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if k != "extracted_at"} for row in rows]

    assert told(paged) == told(whole)


def test_the_two_streams_share_one_reading(shop: Running, run: Run) -> None:
    run()
    assert shop.calls.summary()["shopify.graphql"]["calls"] <= 2 + 2 + 2  # shop, scopes, pages


def test_a_second_run_reads_the_last_days_again_and_no_more(shop: Running, run: Run) -> None:
    first = run()
    again = run(first.state)
    since = datetime.fromisoformat(
        first.state["bookmarks"]["order_journey_moments"]["replication_key_value"]
    ) - timedelta(days=3)
    rows = again.records["order_journeys"]
    assert {row["order_id"] for row in rows} == expected(shop, since).keys()
    assert len(rows) < len(first.records["order_journeys"])
    assert again.state == first.state


def test_a_journey_that_becomes_ready_is_read_although_its_order_stays_the_same(
    shop: Running, run: Run
) -> None:
    first = run()
    waiting = {
        row["order_id"]: row for row in first.records["order_journeys"] if not row["is_ready"]
    }
    later = NOW + timedelta(days=1, hours=12)
    shop.set_now(later)
    second = run(first.state, as_of=later.isoformat())
    ready = {
        row["order_id"]
        for row in second.records["order_journeys"]
        if row["order_id"] in waiting
        and row["is_ready"]
        and row["order_updated_at"] == waiting[row["order_id"]]["order_updated_at"]
    }
    assert ready
    assert ready <= {row["order_id"] for row in second.records["order_journey_moments"]}


def test_a_bookmark_never_passes_what_was_not_read(
    shop: Running, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tap_shopify_journeys.journeys._PAGE", 100)
    shop.faults.add("shopify.graphql", "status", status=500, times=None, containing='"after": "')
    output = run()
    assert output.code != 0
    rows = output.records["order_journeys"]
    assert len(rows) == 100
    bookmark = output.state["bookmarks"]["order_journeys"]["replication_key_value"]
    assert bookmark == max(row["order_updated_at"] for row in rows)
    shop.faults.clear()
    rest = {row["order_id"] for row in run(output.state).records["order_journeys"]}
    assert rest | {row["order_id"] for row in rows} == expected(shop).keys()


def test_a_client_id_and_secret_are_enough(run: Run) -> None:
    client = SHOPIFY_CLIENT
    given = {"client_id": client.client_id, "client_secret": client.client_secret}
    assert run(access_token=None, **given).records["shops"]


def test_older_orders_than_shopify_tells_are_warned_of(
    shop: Running, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    token = shopify_access_token("recent_orders")
    run(access_token=token, start_date="2026-07-01")
    assert "read_all_orders" in caplog.text
    caplog.clear()
    run(access_token=token)
    run(start_date="2026-07-01")
    assert "read_all_orders" not in caplog.text
