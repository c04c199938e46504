"""The lists of entities, by the stream that shows them. Archived entities are always asked for.

Facts refer to archived entities for as long as they are reported, and most lists leave them out
unless told otherwise.

Source: Amazon Ads API, the contracts of 2025-10 to 2025-12, Sponsored Brands v3 of 2022-12.
"""

from __future__ import annotations

from collections.abc import Mapping

from tap_amazon_ads.client import operation
from tap_amazon_ads.listing import EntityList, IndexList, TokenList

PORTFOLIOS = "PORTFOLIOS"
SPONSORED_PRODUCTS = "SPONSORED_PRODUCTS"
SPONSORED_BRANDS = "SPONSORED_BRANDS"
SPONSORED_DISPLAY = "SPONSORED_DISPLAY"

_EVERY_STATE = {"stateFilter": {"include": ["ENABLED", "PAUSED", "ARCHIVED"]}}


def sponsored_products(name: str, path: str, media: str, key: str, id_field: str) -> TokenList:
    """Declare a list of Sponsored Products v3."""
    media_type = f"application/vnd.{media}.v3+json"
    return TokenList(
        ad_product=SPONSORED_PRODUCTS,
        operation=operation("POST", f"/sp/{path}/list", name, both=media_type),
        key=key,
        id_fields=(id_field,),
        body={**_EVERY_STATE, "maxResults": 500},
    )


def sponsored_brands(name: str, path: str, media: str, *id_fields: str) -> TokenList:
    """Declare a list of Sponsored Brands v4, which gives at most 100 rows a page."""
    media_type = f"application/vnd.{media}.v4+json"
    return TokenList(
        ad_product=SPONSORED_BRANDS,
        operation=operation("POST", f"/sb/v4/{path}/list", name, both=media_type),
        key=path,
        id_fields=id_fields,
        body={**_EVERY_STATE, "maxResults": 100},
    )


def sponsored_brands_keywords(name: str, path: str, media: str, states: str) -> IndexList:
    """Declare a list of keywords of Sponsored Brands v3, which gives enabled and paused ones."""
    return IndexList(
        ad_product=SPONSORED_BRANDS,
        operation=operation("GET", f"/sb/{path}", name, accept=f"application/vnd.{media}.v3+json"),
        id_fields=("keywordId",),
        query={"stateFilter": states},
    )


def sponsored_brands_targets(name: str, path: str, media: str, *states: str) -> TokenList:
    """Declare a list of product targets of Sponsored Brands v3."""
    media_type = f"application/vnd.{media}.v3+json"
    return TokenList(
        ad_product=SPONSORED_BRANDS,
        operation=operation("POST", f"/sb/{path}/list", name, both=media_type),
        key=path,
        id_fields=("targetId",),
        body={
            "filters": [{"filterType": "TARGETING_STATE", "values": list(states)}],
            "maxResults": 100,
        },
        can_extend=False,
    )


def sponsored_display(name: str, path: str, id_field: str) -> IndexList:
    """Declare a list of Sponsored Display 3.0."""
    return IndexList(
        ad_product=SPONSORED_DISPLAY,
        operation=operation("GET", f"/sd/{path}", name),
        extended_operation=operation("GET", f"/sd/{path}/extended", f"{name}Ex"),
        id_fields=(id_field,),
        query={"stateFilter": "enabled, paused, archived"},
    )


LISTS: Mapping[str, EntityList] = {
    "portfolios": TokenList(
        ad_product=PORTFOLIOS,
        operation=operation(
            "POST", "/portfolios/list", "ListPortfolios", both="application/vnd.spPortfolio.v3+json"
        ),
        key="portfolios",
        id_fields=("portfolioId",),
        body={},
    ),
    "sp_campaigns": sponsored_products(
        "ListSponsoredProductsCampaigns", "campaigns", "spCampaign", "campaigns", "campaignId"
    ),
    "sp_ad_groups": sponsored_products(
        "ListSponsoredProductsAdGroups", "adGroups", "spAdGroup", "adGroups", "adGroupId"
    ),
    "sp_product_ads": sponsored_products(
        "ListSponsoredProductsProductAds", "productAds", "spProductAd", "productAds", "adId"
    ),
    "sp_keywords": sponsored_products(
        "ListSponsoredProductsKeywords", "keywords", "spKeyword", "keywords", "keywordId"
    ),
    "sp_targets": sponsored_products(
        "ListSponsoredProductsTargetingClauses",
        "targets",
        "spTargetingClause",
        "targetingClauses",
        "targetId",
    ),
    "sp_negative_keywords": sponsored_products(
        "ListSponsoredProductsNegativeKeywords",
        "negativeKeywords",
        "spNegativeKeyword",
        "negativeKeywords",
        "keywordId",
    ),
    "sp_campaign_negative_keywords": sponsored_products(
        "ListSponsoredProductsCampaignNegativeKeywords",
        "campaignNegativeKeywords",
        "spCampaignNegativeKeyword",
        "campaignNegativeKeywords",
        "keywordId",
    ),
    "sp_negative_targets": sponsored_products(
        "ListSponsoredProductsNegativeTargetingClauses",
        "negativeTargets",
        "spNegativeTargetingClause",
        "negativeTargetingClauses",
        "targetId",
    ),
    "sp_campaign_negative_targets": sponsored_products(
        "ListSponsoredProductsCampaignNegativeTargetingClauses",
        "campaignNegativeTargets",
        "spCampaignNegativeTargetingClause",
        "campaignNegativeTargetingClauses",
        "targetId",
    ),
    "sb_campaigns": sponsored_brands(
        "ListSponsoredBrandsCampaigns", "campaigns", "sbcampaignresource", "campaignId"
    ),
    "sb_ad_groups": sponsored_brands(
        "ListSponsoredBrandsAdGroups", "adGroups", "sbadgroupresource", "adGroupId"
    ),
    # Ads of legacy campaigns have no id of their own.
    "sb_ads": sponsored_brands(
        "ListSponsoredBrandsAds", "ads", "sbadresource", "campaignId", "adGroupId", "adId"
    ),
    "sb_keywords": sponsored_brands_keywords(
        "listKeywords", "keywords", "sbkeyword", "enabled,paused,archived"
    ),
    "sb_negative_keywords": sponsored_brands_keywords(
        "listNegativeKeywords", "negativeKeywords", "sbnegativekeyword", "enabled,paused,archived"
    ),
    "sb_targets": sponsored_brands_targets(
        "listTargets",
        "targets",
        "sblisttargetsresponse",
        *("enabled", "paused", "pending", "archived"),
    ),
    "sb_negative_targets": sponsored_brands_targets(
        "listNegativeTargets",
        "negativeTargets",
        "sblistnegativetargetsresponse",
        *("enabled", "pending", "archived"),
    ),
    "sd_campaigns": sponsored_display("listCampaigns", "campaigns", "campaignId"),
    "sd_ad_groups": sponsored_display("listAdGroups", "adGroups", "adGroupId"),
    "sd_product_ads": sponsored_display("listProductAds", "productAds", "adId"),
    "sd_targets": sponsored_display("listTargetingClauses", "targets", "targetId"),
    "sd_negative_targets": sponsored_display(
        "listNegativeTargetingClauses", "negativeTargets", "targetId"
    ),
    "sd_creatives": IndexList(
        ad_product=SPONSORED_DISPLAY,
        operation=operation("GET", "/sd/creatives", "listCreatives"),
        id_fields=("creativeId",),
        query={},
    ),
}
