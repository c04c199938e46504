"""Portfolios: campaigns of all ad products under one name, and maybe one budget."""

from __future__ import annotations

from amazon_client.singer.schema import (
    boolean,
    day,
    decimal,
    json_,
    leftovers,
    text,
    texts,
    timestamp,
)
from tap_amazon_ads.streams.base import EntityStream


class Portfolios(EntityStream):
    """Portfolios; Amazon knows no other state of theirs than ENABLED."""

    name = "portfolios"
    keys = ("portfolio_id",)
    columns = (
        texts("portfolioId", "name", "state"),
        boolean("inBudget"),
        decimal("budget.amount", "budget_amount"),
        text("budget.currencyCode", "budget_currency_code"),
        text("budget.policy", "budget_policy"),
        day("budget.startDate", "budget_start_date"),
        day("budget.endDate", "budget_end_date"),
        text(
            "budgetControls.campaignUnspentBudgetSharing.featureState",
            "unspent_budget_sharing",
        ),
        timestamp("extendedData.creationDateTime"),
        timestamp("extendedData.lastUpdateDateTime"),
        text("extendedData.servingStatus"),
        json_("extendedData.statusReasons"),
        leftovers(),
    )
