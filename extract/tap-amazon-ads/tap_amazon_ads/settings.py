"""The tap's own settings, beside those that both taps share."""

from __future__ import annotations

from typing import Any

from amazon_client.singer.settings import number

SETTINGS: dict[str, Any] = {
    "profile_ids": {
        "type": ["array", "null"],
        "items": {"type": ["string", "integer"]},
        "title": "Profiles",
        "description": "Ids of the advertising profiles to read. Decides alone where given.",
    },
    "primary_marketplace": {
        "type": ["string", "null"],
        "title": "Primary marketplace",
        "description": "Marketplace id or country code (UK) whose profile is read. Without it and "
        "without profile_ids every advertiser's profile is read.",
    },
    "include_extended_data": {
        "type": "boolean",
        "default": False,
        "title": "Extended data",
        "description": "Read serving status and change times of entities too; Amazon counts such "
        "calls five times.",
    },
    "entity_source": {
        "type": "string",
        "enum": ["auto", "lists", "exports"],
        "default": "auto",
        "title": "Source of entities",
        "description": "Where ad groups, product ads, keywords and targets are read from: page by "
        "page from lists, or at once from exports; auto exports what is longer than "
        "export_threshold. The records are the same.",
    },
    "export_threshold": {
        "type": "integer",
        "minimum": 0,
        "default": 5000,
        "title": "Export threshold",
        "description": "How many entities of a kind a profile may have before they are exported.",
    },
    "product_metadata": {
        "type": "boolean",
        "default": False,
        "title": "Product metadata",
        "description": "Read titles, prices and images of advertised products from the Ads API; "
        "for stores without the Selling Partner API.",
    },
    "report_soft_deadline_minutes": number(
        "How old a report may get before the run waits for it only while a younger one is under "
        "way; it is then left to the next run, as after report_deadline_minutes.",
        exclusiveMinimum=0,
        default=180,
        title="Soft deadline of reports",
    ),
    "time_scale": number(
        "How many times faster than Amazon the other side is: for a simulator of it, whose rates "
        "nothing tells.",
        exclusiveMinimum=0,
        default=1,
        title="Time scale",
    ),
}
"""JSON schemas by name."""
