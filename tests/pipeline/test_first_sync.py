"""The marts after a first sync, against the world's own totals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.truth import truth
from simulator.world.ads.profiles import BY_ID

if TYPE_CHECKING:
    from conftest import Pipeline


def by(rows: list[dict[str, Any]], *keys: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    found = {tuple(row[key] for key in keys): row for row in rows}
    assert len(found) == len(rows), "the key is not unique"
    return found


def test_sales_units_and_sessions_are_the_worlds_per_marketplace_day(loaded: Pipeline) -> None:
    told = by(truth(loaded.simulator.world)["sales_traffic"], "marketplace_id", "day")
    marts = by(loaded.rows("select * from marts.fct_sales_traffic_daily"), "marketplace_id", "date")
    assert marts
    for (marketplace_id, day), row in marts.items():
        world = told[marketplace_id, day]
        assert row["ordered_product_sales"] == world["ordered_product_sales"], (marketplace_id, day)
        assert row["units_ordered"] == world["units_ordered"], (marketplace_id, day)
        assert row["sessions"] == world["sessions"], (marketplace_id, day)


def test_spend_and_clicks_are_the_worlds_per_campaign_day(loaded: Pipeline) -> None:
    """Of 60 days, today of the profile included."""
    world = loaded.simulator.world
    told = {
        (row["profile_id"], row["campaign_id"], row["day"]): row
        for row in truth(world)["ads"]
        if (BY_ID[row["profile_id"]].day_of(world.now) - row["day"]).days <= 59
    }
    marts = by(
        loaded.rows("select * from marts.fct_ads_campaign_daily"),
        *("profile_id", "campaign_id", "date"),
    )
    assert marts
    for key, row in told.items():
        if any((row["impressions"], row["clicks"], row["spend"])):
            assert marts[key]["spend"] == row["spend"], key
            assert marts[key]["clicks"] == row["clicks"], key
    strangers = [key for key in marts.keys() - told.keys() if marts[key]["spend"] != Decimal(0)]
    assert strangers == []


def test_the_models_pass_their_unit_tests(loaded: Pipeline) -> None:
    loaded.dbt("test", "--select", "test_type:unit")
