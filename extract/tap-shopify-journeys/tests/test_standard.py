"""The SDK's standard tests of a tap, against the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from singer_sdk.testing import SuiteConfig, TapTestRunner, get_tap_test_class

from simulator.credentials import shopify_access_token
from simulator.shopify import SHOP_NAME
from simulator.testing import running
from tap_shopify_journeys.tap import TapShopifyJourneys

OFFLINE = {"shop": "acme", "access_token": "none"}
"""Enough to list the streams, which asks nothing of Shopify."""
SUITE = SuiteConfig(max_records_limit=50)

StandardTests: Any = get_tap_test_class(TapShopifyJourneys, config=OFFLINE, suite_config=SUITE)


class TestTapShopifyJourneys(StandardTests):
    """The standard tests with a runner that reads the simulator."""

    test_tap_stream_attribute_is_object: Any = None
    """It refuses lists, which a JSON column may hold as well."""

    @pytest.fixture(scope="class")
    @classmethod
    def runner(cls) -> Iterator[TapTestRunner]:
        """The standard runner after a sync of a few records of each stream."""
        with running(time_scale=6000) as simulator:
            config = {
                "shop": SHOP_NAME,
                "access_token": shopify_access_token(),
                "api_url": simulator.shopify_url,
                "as_of": simulator.world.now.isoformat(),
            }
            runner = TapTestRunner(TapShopifyJourneys, config=config, suite_config=SUITE)
            runner.sync_all()
            yield runner
