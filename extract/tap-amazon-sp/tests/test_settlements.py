"""Settlement reports from Amazon's list to records."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from simulator.world.finance.truth import settlements

STREAMS = ("settlements", "settlement_lines")
REPORTS = "/reports/2021-06-30"
START = "2026-09-26T00:00:00+00:00"


def total(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_settlements_returned_for_each_of_four_marketplaces_land_once(
    stand_in: Any, sync_with_stand_in: Callable[..., Any]
) -> None:
    """Two settlements that Amazon lists for US, CA, MX and BR: USD 1,000.00 in all, once."""
    files = {"12345": ("600.00", ("700.00", "-100.00")), "54321": ("400.00", ("400.00",))}
    header = "settlement-id\ttotal-amount\tcurrency\tamount-type\tamount\n"
    listed = []
    for number, (settlement_id, (deposit, amounts)) in enumerate(files.items()):
        lines = "".join(f"{settlement_id}\t\t\tItemPrice\t{amount}\n" for amount in amounts)
        text = f"{header}{settlement_id}\t{deposit}\tUSD\n{lines}"
        stand_in.answers("GET", f"/files/{settlement_id}", text.encode())
        located = {
            "reportDocumentId": settlement_id,
            "url": f"{stand_in.url}/files/{settlement_id}",
        }
        stand_in.answers("GET", f"{REPORTS}/documents/{settlement_id}", located)
        for place in ("ATVPDKIKX0DER", "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8", "A2Q3Y263D00KWC"):
            listed.append(
                {
                    "reportId": f"{place}-{settlement_id}",
                    "reportType": "GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE_V2",
                    "processingStatus": "DONE",
                    "createdTime": f"2026-11-{10 + number}T08:00:00Z",
                    "marketplaceIds": [place],
                    "reportDocumentId": settlement_id,
                }
            )
    stand_in.answers("GET", f"{REPORTS}/reports", {"reports": listed})
    run = sync_with_stand_in(*STREAMS)
    assert (run.exit_code, run.failures) == (0, [])
    assert [row["settlement_id"] for row in run.records["settlements"]] == ["12345", "54321"]
    assert total(run.records["settlements"], "total_amount") == Decimal("1000.00")
    assert total(run.records["settlement_lines"], "amount") == Decimal("1000.00")
    documents = [asked.path for asked in stand_in.asked if "/documents/" in asked.path]
    assert sorted(documents) == [f"{REPORTS}/documents/{name}" for name in ("12345", "54321")]


def test_every_settlement_of_the_world_lands_and_ties_out(full_run: Any, happened: Any) -> None:
    read = {row["settlement_id"]: row for row in full_run.records["settlements"]}
    assert read.keys() == happened.keys()
    lines: dict[str, list[Any]] = defaultdict(list)
    for line in full_run.records["settlement_lines"]:
        lines[line["settlement_id"]].append(line)
    for settlement_id, row in happened.items():
        settlement = read[settlement_id]
        assert Decimal(settlement["total_amount"]) == row["total"]
        assert Decimal(settlement["tie_out_difference"]) == 0
        assert settlement["currency"] == row["currency_code"]
        assert datetime.fromisoformat(settlement["settlement_end_date"]) == datetime.fromisoformat(
            row["end"]
        )
        found = lines[settlement_id]
        assert len(found) == settlement["line_count"] == row["lines"]
        assert total(found, "amount") == row["total"]
        orders = [line for line in found if line["transaction_type"] in ("Order", "Refund")]
        assert total(orders, "amount") == row["orders_part"]
        assert {line["currency"] for line in found} == {row["currency_code"]}
        assert [line["line_no"] for line in found] == [*range(1, len(found) + 1)]


@pytest.fixture(scope="module")
def happened(steady_simulator: Any) -> dict[str, Any]:
    """By id: the settlements whose report was made within the 60 days of a first sync."""
    world = steady_simulator.world
    since = datetime.fromisoformat(START)
    made = {
        settlement.settlement_id
        for region in world.sellers
        for settlement in world.finance.settlements(region)
        if settlement.reported_at >= since
    }
    return {row["settlement_id"]: row for row in settlements(world) if row["settlement_id"] in made}


def test_equal_fee_lines_of_the_world_stay_apart(full_run: Any) -> None:
    def seen(line: dict[str, Any]) -> tuple[Any, ...]:
        hidden = ("line_no", "extracted_at", "leftovers")
        return tuple(value for name, value in line.items() if name not in hidden)

    twins = Counter(seen(line) for line in full_run.records["settlement_lines"])
    assert any(count > 1 for count in twins.values())


def test_posting_days_are_read_in_every_order(full_run: Any) -> None:
    for line in full_run.records["settlement_lines"]:
        assert line["posted_date"] == line["posted_date_time"][:10]
        inside = line["settlement_start_date"] <= line["posted_date_time"]
        assert inside
        assert line["posted_date_time"] < line["settlement_end_date"]


def test_a_settlement_is_not_downloaded_again(simulator: Any, sync: Any) -> None:
    first = sync(*STREAMS)
    count = simulator.calls.count("getReportDocument")
    assert count == len(first.records["settlements"]) > 0
    second = sync(*STREAMS, state=first.state, cadence="daily")
    assert (second.exit_code, second.records["settlements"]) == (0, [])
    assert simulator.calls.count("getReportDocument") == count
    simulator.set_now(datetime.fromisoformat("2026-11-28T18:00:00Z"))
    third = sync(*STREAMS, state=second.state, cadence="daily", as_of="2026-11-28T18:00:00Z")
    new = {row["settlement_id"] for row in third.records["settlements"]}
    assert len(new) == simulator.calls.count("getReportDocument") - count > 0
    assert new.isdisjoint(row["settlement_id"] for row in first.records["settlements"])


def test_an_hourly_run_does_not_look(simulator: Any, sync: Any) -> None:
    run = sync(*STREAMS, cadence="hourly")
    assert run.exit_code == 0
    assert simulator.calls.count("getReports") == 0


def test_a_run_that_ends_halfway_goes_on_with_the_same_reports(simulator: Any, sync: Any) -> None:
    simulator.faults.add("download", "status", status=404, nth=4, times=None)
    first = sync(*STREAMS)
    assert first.exit_code == 1
    simulator.faults.clear()
    second = sync(*STREAMS, state=first.state)
    assert second.exit_code == 0
    once = Counter(
        row["settlement_id"] for run in (first, second) for row in run.records["settlements"]
    )
    assert len(once) == 12
    assert set(once.values()) == {1}
    reports = {row["report_id"] for run in (first, second) for row in run.records["settlements"]}
    assert len(reports) == 12


def test_a_settlement_that_does_not_tie_out_is_landed_with_a_warning(
    simulator: Any, sync: Any, caplog: Any, monkeypatch: Any
) -> None:
    from simulator.amazon_sp import settlement_file

    whole = settlement_file.render

    def without_its_last_line(settlement: Any) -> bytes:
        return b"\n".join(whole(settlement).splitlines()[:-1])

    monkeypatch.setattr(settlement_file, "render", without_its_last_line)
    run = sync(*STREAMS)
    assert run.exit_code == 0
    assert all(Decimal(row["tie_out_difference"]) for row in run.records["settlements"])
    assert caplog.text.count("does not tie out") == len(run.records["settlements"])


def test_without_the_role_the_others_go_on(simulator: Any, sync: Any) -> None:
    simulator.faults.add("getReports", "status", status=403, times=None)
    run = sync(*STREAMS, "financial_balances")
    assert run.exit_code == 1
    assert "Finance and Accounting" in run.failures[0]
    assert run.records["financial_balances"]


def test_the_bookmark_is_when_the_list_was_read(sync: Any) -> None:
    run = sync(*STREAMS)
    assert {run.bookmark(stream) for stream in STREAMS} == {"2026-11-24T18:00:00Z"}
