"""Sponsored Brands v3: keywords and product targets, and the negative ones."""

from __future__ import annotations

from amazon_client.singer.schema import decimal, json_, leftovers, text, texts
from tap_amazon_ads.streams.base import EntityStream

KEYWORD = texts("keywordId", "campaignId", "adGroupId", "keywordText", "matchType", "state")
TARGET = (
    texts("targetId", "campaignId", "adGroupId", "state"),
    json_("expressions"),
    json_("resolvedExpressions"),
)


class SbKeywords(EntityStream):
    """Keywords of Sponsored Brands; states and match types in lower case."""

    name = "sb_keywords"
    keys = ("keyword_id",)
    columns = (KEYWORD, decimal("bid"), text("nativeLanguageKeyword"), leftovers())


class SbNegativeKeywords(EntityStream):
    """Negative keywords of Sponsored Brands."""

    name = "sb_negative_keywords"
    keys = ("keyword_id",)
    columns = (KEYWORD, leftovers())


class SbTargets(EntityStream):
    """Product and category targets of Sponsored Brands."""

    name = "sb_targets"
    keys = ("target_id",)
    columns = (TARGET, decimal("bid"), leftovers())


class SbNegativeTargets(EntityStream):
    """Negative product and brand targets of Sponsored Brands."""

    name = "sb_negative_targets"
    keys = ("target_id",)
    columns = (TARGET, leftovers())
