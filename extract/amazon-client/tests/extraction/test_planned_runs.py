"""What a run plans, and what it cannot plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from amazon_client.extraction import Account, Cadence, ReportDataset
from amazon_client.extraction.testing import ReportApi


def test_a_dataset_that_cannot_be_planned_fails_alone(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    def no_body(account: Account, window: object) -> dict[str, Any]:
        raise ValueError("no marketplaces")

    broken = replace(campaigns, name="broken", body=no_body)
    run = runs.start(datasets={broken: ("broken",), campaigns: ("campaigns",)})
    with pytest.raises(ValueError, match="no marketplaces"):
        run.pending("broken", broken, account)
    assert run.pending("campaigns", campaigns, account)[0].wait().report_id == "R1"


def test_two_datasets_of_one_name_are_refused(runs: Any, campaigns: ReportDataset) -> None:
    twin = replace(campaigns, name="campaigns")
    with pytest.raises(ValueError, match="two datasets called campaigns"):
        runs.start(datasets={campaigns: ("a",), twin: ("b",)})


def test_nothing_starts_for_a_cadence_that_wants_nothing(
    runs: Any, api: ReportApi, campaigns: ReportDataset, account: Account
) -> None:
    nightly = replace(
        campaigns, name="nightly", windows=replace(campaigns.windows, lookback={Cadence.DAILY: 2})
    )
    run = runs.start(datasets={nightly: ("nightly",)}, cadence=Cadence.HOURLY)
    assert run.pending("nightly", nightly, account) == []
    assert run._threads == []
