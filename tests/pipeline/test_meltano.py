"""Plain `meltano run`, as the README has it, in both environments."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from simulator import credentials
from simulator.shopify import SHOP_NAME
from simulator.world.sellers import SELLER_IDS

if TYPE_CHECKING:
    from pipeline import Pipeline

AMAZON = ["tap-amazon-sp", "tap-amazon-ads"]
EVERYTHING = [*AMAZON, "tap-shopify", "tap-shopify-journeys"]


def prod(pipeline: Pipeline) -> dict[str, str]:
    """What a person puts into .env for one region, and where the simulator is instead of Amazon."""
    variables = {
        "AMAZON_SP_CLIENT_ID": credentials.SP_CLIENT.client_id,
        "AMAZON_SP_CLIENT_SECRET": credentials.SP_CLIENT.client_secret,
        "AMAZON_SP_REGION": "na",
        "AMAZON_SP_REFRESH_TOKEN": credentials.sp_refresh_token("na"),
        "AMAZON_SP_SELLING_PARTNER_ID": SELLER_IDS["na"],
        "AMAZON_ADS_CLIENT_ID": credentials.ADS_CLIENT.client_id,
        "AMAZON_ADS_CLIENT_SECRET": credentials.ADS_CLIENT.client_secret,
        "AMAZON_ADS_ACCOUNTS": json.dumps(
            [{"region": "na", "refresh_token": credentials.ads_refresh_token()}]
        ),
        "AMAZON_ADS_PRIMARY_MARKETPLACE": "US",
        "TAP_AMAZON_SP_API_URL": pipeline.simulator.sp_url,
        "TAP_AMAZON_ADS_API_URL": pipeline.simulator.ads_url,
        "SHOPIFY_SHOP": SHOP_NAME,
        "SHOPIFY_CLIENT_ID": credentials.SHOPIFY_CLIENT.client_id,
        "SHOPIFY_CLIENT_SECRET": credentials.SHOPIFY_CLIENT.client_secret,
        "TAP_SHOPIFY_BULK_POLL_SECONDS": "0.2",
    }
    for tap in ("TAP_AMAZON_SP", "TAP_AMAZON_ADS"):
        variables |= {
            f"{tap}_AUTH_URL": pipeline.simulator.auth_url,
            f"{tap}_AS_OF": pipeline.as_of,
        }
    for tap in ("TAP_SHOPIFY", "TAP_SHOPIFY_JOURNEYS"):
        variables[f"{tap}_API_URL"] = pipeline.simulator.shopify_url
        variables[f"{tap}_AS_OF"] = pipeline.as_of
    return variables


def demo(pipeline: Pipeline) -> dict[str, str]:
    """What `make run` puts into .env."""
    return {"TANDEM_SIMULATOR_URL": pipeline.simulator.url}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "taps", "variables", "countries"),
    [
        ("demo", AMAZON, demo, {"US", "CA", "UK", "DE", "JP"}),
        ("prod", EVERYTHING, prod, {"US", "CA"}),
    ],
)
def test_a_plain_run_fills_the_marts(
    environment: str,
    taps: list[str],
    variables: Callable[[Pipeline], dict[str, str]],
    countries: set[str],
    new_pipeline: Callable[..., Pipeline],
) -> None:
    pipeline = new_pipeline()
    blocks = [block for tap in taps for block in (tap, "target-postgres")] + ["dbt-postgres:build"]
    given = dict(os.environ, TANDEM_DATABASE_URL=pipeline.address.url(), **variables(pipeline))
    done = subprocess.run(
        [pipeline.bin / "meltano", f"--environment={environment}", "run", *blocks],
        cwd=pipeline.root,
        env=given | {"DBT_TARGET_PATH": str(pipeline.folder / "target")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    sold = pipeline.rows(
        "select distinct country_code from marts.rpt_storefronts_daily where units_ordered > 0"
    )
    assert {row["country_code"] for row in sold} == countries
    spent = pipeline.rows("select distinct country_code from marts.rpt_campaigns_amazon")
    assert {row["country_code"] for row in spent} >= {"US"}
    states = pipeline.rows("select state_id from meltano.state")
    assert {row["state_id"] for row in states} == {
        f"{environment}:{tap}-to-target-postgres" for tap in taps
    }
    if "tap-shopify" in taps:
        orders = pipeline.rows("select id from shopify.orders")
        journeys = pipeline.rows("select order_id as id from shopify.order_journeys")
        assert {row["id"] for row in orders} == {row["id"] for row in journeys} != set()
