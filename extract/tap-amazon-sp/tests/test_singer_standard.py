"""The SDK's standard tests of a tap, against the simulator."""

from __future__ import annotations

from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, TapTestRunner, get_tap_test_class

from tap_amazon_sp.tap import TapAmazonSP

OFFLINE = {
    "client_id": "client",
    "client_secret": "secret",
    "region": "na",
    "refresh_token": "Atzr|none",
    "selling_partner_id": "A1",
}
"""Enough to list the streams, which asks nothing of Amazon."""
SUITE = SuiteConfig(max_records_limit=50)

StandardTests: Any = get_tap_test_class(TapAmazonSP, config=OFFLINE, suite_config=SUITE)


class TestTapAmazonSP(StandardTests):
    """The standard tests with a runner that reads the simulator."""

    @pytest.fixture(scope="class")
    @classmethod
    def runner(cls, standard_config: dict[str, Any]) -> TapTestRunner:
        """The standard runner after a sync of a few records of each stream."""
        runner = TapTestRunner(TapAmazonSP, config=standard_config, suite_config=SUITE)
        runner.sync_all()
        return runner
