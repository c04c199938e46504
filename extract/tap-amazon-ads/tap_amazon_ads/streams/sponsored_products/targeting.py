"""Sponsored Products v3: keywords and targets, and the negative ones of both levels."""

from __future__ import annotations

from amazon_client.singer.schema import decimal, json_, leftovers, text, texts
from tap_amazon_ads.streams.base import EntityStream
from tap_amazon_ads.streams.sponsored_products.entities import EXTENDED

KEYWORD = texts("keywordId", "campaignId", "keywordText", "matchType", "state")
NATIVE = texts("nativeLanguageKeyword", "nativeLanguageLocale")
"""A keyword in the advertiser's own language, where that is not the marketplace's."""
TARGET = (
    texts("targetId", "campaignId", "state"),
    json_("expression"),
    json_("resolvedExpression"),
)


class SpKeywords(EntityStream):
    """Keywords of Sponsored Products."""

    name = "sp_keywords"
    keys = ("keyword_id",)
    columns = (
        KEYWORD,
        NATIVE,
        text("adGroupId"),
        decimal("bid", description="NULL where the ad group's default bid holds"),
        text("globalKeywordId"),
        EXTENDED,
        leftovers(),
    )


class SpTargets(EntityStream):
    """Product, category and automatic targets of Sponsored Products."""

    name = "sp_targets"
    keys = ("target_id",)
    columns = (
        TARGET,
        texts("adGroupId", "expressionType"),
        decimal("bid", description="NULL where the ad group's default bid holds"),
        text("globalTargetId"),
        EXTENDED,
        leftovers(),
    )


class SpNegativeKeywords(EntityStream):
    """Negative keywords of ad groups of Sponsored Products."""

    name = "sp_negative_keywords"
    keys = ("keyword_id",)
    columns = (KEYWORD, NATIVE, texts("adGroupId", "globalKeywordId"), EXTENDED, leftovers())


class SpCampaignNegativeKeywords(EntityStream):
    """Negative keywords of whole campaigns of Sponsored Products."""

    name = "sp_campaign_negative_keywords"
    keys = ("keyword_id",)
    columns = (KEYWORD, text("globalKeywordId"), EXTENDED, leftovers())


class SpNegativeTargets(EntityStream):
    """Negative targets of ad groups of Sponsored Products."""

    name = "sp_negative_targets"
    keys = ("target_id",)
    columns = (TARGET, texts("adGroupId", "globalTargetId"), EXTENDED, leftovers())


class SpCampaignNegativeTargets(EntityStream):
    """Negative targets of whole campaigns of Sponsored Products."""

    name = "sp_campaign_negative_targets"
    keys = ("target_id",)
    columns = (TARGET, text("globalTargetId"), EXTENDED, leftovers())
