"""The SDK's standard tests of a tap, against the simulator."""

from __future__ import annotations

from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, TapTestRunner, get_tap_test_class

from amazon_client.singer.schema import JSON, flatten
from tap_amazon_ads.streams import STREAMS
from tap_amazon_ads.tap import TapAmazonAds

OFFLINE = {
    "client_id": "client",
    "client_secret": "secret",
    "region": "na",
    "refresh_token": "Atzr|none",
}
"""Enough to list the streams, which asks nothing of Amazon."""
SUITE = SuiteConfig(
    max_records_limit=50,
    # The simulator's invoices correct nothing.
    ignore_no_records_for_streams=["invoice_adjustments"],
)

StandardTests: Any = get_tap_test_class(TapAmazonAds, config=OFFLINE, suite_config=SUITE)


class TestTapAmazonAds(StandardTests):
    """The standard tests with a runner that reads the simulator."""

    test_tap_stream_attribute_is_object: Any = None
    """It refuses lists, which a JSON column may hold as well; see the test below."""

    @pytest.fixture(scope="class")
    @classmethod
    def runner(cls, standard_config: dict[str, Any]) -> TapTestRunner:
        """The standard runner after a sync of a few records of each stream."""
        runner = TapTestRunner(TapAmazonAds, config=standard_config, suite_config=SUITE)
        runner.sync_all()
        return runner


def test_json_columns_hold_objects_and_lists_alone(whole_sync: Any) -> None:
    for stream in STREAMS:
        names = {column.name for column in flatten(stream.columns) if column.kind == JSON}
        for record in whole_sync.records(stream.name):
            for name in names:
                assert record[name] is None or isinstance(record[name], dict | list), name
