"""The tap's own settings, beside those that both taps share."""

from __future__ import annotations

from typing import Any

from amazon_client.singer.settings import number

ORDERS_SOURCE = "orders_source"
AUTO, API, REPORT = "auto", "api", "report"

PERSONAL_DATA = "include_personal_data"
INCOMPLETE_BELOW = "incomplete_snapshot_below"
PACK_FILTERS = "pack_asin_filters"

DEFAULT_INCOMPLETE_BELOW = 0.5

SETTINGS: dict[str, Any] = {
    ORDERS_SOURCE: {
        "type": "string",
        "enum": [AUTO, API, REPORT],
        "default": AUTO,
        "description": "Where orders come from: the search of the Orders API for the last hours "
        "and the order report for all before (auto), or only one of them (api, report).",
    },
    PERSONAL_DATA: {
        "type": "boolean",
        "default": False,
        "description": "Offer the streams order_recipients and order_recipients_bulk: buyer, "
        "recipient, address and postal code. Amazon allows it for fulfilment, tax and law only, "
        "and no longer than 30 days after delivery.",
    },
    INCOMPLETE_BELOW: number(
        "A snapshot with fewer rows than this part of the one before is marked incomplete in "
        "report_runs, until a second one agrees with it; 0 believes every snapshot.",
        minimum=0,
        maximum=1,
        default=DEFAULT_INCOMPLETE_BELOW,
    ),
    PACK_FILTERS: {
        "type": "boolean",
        "default": False,
        "description": "Let one query of sales and traffic name a marketplace in several filters. "
        "It saves queries, but Amazon does not say whether it may be done.",
    },
}
