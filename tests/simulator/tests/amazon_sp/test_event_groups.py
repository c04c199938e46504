"""Event groups of the Finances API v0: as strict as Amazon, and the same money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from simulator.world import World
from simulator.world.finance.truth import settlements

GROUPS = "/finances/v0/financialEventGroups"
SINCE = "2026-09-26T00:00:00Z"


def test_groups_tell_the_deposit_in_the_banks_currency(api: Any, world: World) -> None:
    answer = api.get(
        GROUPS, FinancialEventGroupStartedAfter="2026-08-01T00:00:00Z", MaxResultsPerPage=100
    )
    groups = {
        g["FinancialEventGroupId"]: g for g in answer.json["payload"]["FinancialEventGroupList"]
    }
    truth = [row for row in settlements(world) if row["region"] == "na"]
    for row in truth:
        group = groups[row["group_id"]]
        assert group["ProcessingStatus"] == "Closed"
        assert Decimal(str(group["OriginalTotal"]["CurrencyAmount"])) == row["total"]
        assert group["ConvertedTotal"]["CurrencyCode"] == "USD"
        assert ("FundTransferDate" in group) == (row["transfer"] != "carried_on")
    still_open = [g for g in groups.values() if g["ProcessingStatus"] == "Open"]
    assert len(still_open) == 3
    assert all("FinancialEventGroupEnd" not in group for group in still_open)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"FinancialEventGroupStartedAfter": SINCE, "MaxResultsPerPage": "101"},
        {"FinancialEventGroupStartedAfter": SINCE, "maxResultsPerPage": "10"},
        {"FinancialEventGroupStartedAfter": "2026-11-24T18:00:00Z"},
    ],
)
def test_event_groups_are_as_strict(api: Any, query: dict[str, str]) -> None:
    assert api.get(GROUPS, **query).status_code == 400


def test_event_groups_page_and_are_empty_beyond_180_days(api: Any) -> None:
    query = {"FinancialEventGroupStartedAfter": "2026-08-01T00:00:00Z", "MaxResultsPerPage": 2}
    first = api.get(GROUPS, **query).json["payload"]
    assert len(first["FinancialEventGroupList"]) == 2
    second = api.get(GROUPS, **query, NextToken=first["NextToken"]).json["payload"]
    assert second["FinancialEventGroupList"] != first["FinancialEventGroupList"]
    long = api.get(GROUPS, FinancialEventGroupStartedAfter="2026-05-01T00:00:00Z").json["payload"]
    assert long["FinancialEventGroupList"] == []
