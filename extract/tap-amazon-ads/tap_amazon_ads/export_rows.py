"""From rows of exports, which are alike for all ad products, to the rows that lists give.

Source: Amazon Ads API, the common models of ad groups, ads and targets and their mapping tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from tap_amazon_ads.listing import Row

PRODUCTS = "SPONSORED_PRODUCTS"
BRANDS = "SPONSORED_BRANDS"
_AUTOMATIC = {
    "SEARCH_LOOSE_MATCH": "QUERY_BROAD_REL_MATCHES",
    "SEARCH_CLOSE_MATCH": "QUERY_HIGH_REL_MATCHES",
    "PRODUCT_SUBSTITUTES": "ASIN_SUBSTITUTE_RELATED",
    "PRODUCT_COMPLEMENTS": "ASIN_ACCESSORY_RELATED",
}
_REFINEMENTS = {
    "productCategoryId": "ASIN_CATEGORY_SAME_AS",
    "productBrand": "ASIN_BRAND_SAME_AS",
    "productBrandId": "ASIN_BRAND_SAME_AS",
    "productGenre": "ASIN_GENRE_SAME_AS",
    "productAgeRange": "ASIN_AGE_RANGE_SAME_AS",
    "productPrimeShippingEligible": "ASIN_IS_PRIME_SHIPPING_ELIGIBLE",
}
"""What narrows a category, and what lists call it."""
_RANGES = {
    "ASIN_PRICE": ("productPriceGreaterThan", "productPriceLessThan"),
    "ASIN_REVIEW_RATING": ("productRatingGreaterThan", "productRatingLessThan"),
}
_RESOLVED = {
    "productCategoryId": "productCategoryResolved",
    "productBrand": "productBrandResolved",
    "productGenre": "productGenreResolved",
    "productAgeRange": "productAgeRangeResolved",
}


class Kind(Enum):
    """What is exported together."""

    AD_GROUPS = "adGroups"
    ADS = "ads"
    TARGETS = "targets"

    @property
    def path(self) -> str:
        """The first step of its address."""
        return self.value

    @property
    def media_type(self) -> str:
        """Of what is sent and of what comes."""
        return f"application/vnd.{self.value.lower()}export.v1+json"


Campaigns = Mapping[str, str]
"""The campaign of each ad group."""


@dataclass(frozen=True)
class Exported:
    """An entity that an export tells as its list does.

    Attributes:
        kind: which export has it.
        ad_product: of its rows.
        row: makes a list's row of an export's.
        targets: of the targets, which: whether keywords, negative, and of whole campaigns.
    """

    kind: Kind
    ad_product: str
    row: Callable[[Row, Campaigns], Row]
    targets: tuple[bool, bool, bool] | None = None

    def has(self, row: Row) -> bool:
        """Whether a row of the export is one of the entity."""
        if row.get("adProduct") != self.ad_product:
            return False
        if self.targets is None:
            return True
        found = (row.get("targetType") == "KEYWORD", bool(row.get("negative")))
        return (*found, not row.get("adGroupId")) == self.targets


def ad_group(row: Row, campaigns: Campaigns) -> Row:
    """An ad group of Sponsored Products."""
    return {
        "adGroupId": row["adGroupId"],
        "campaignId": row["campaignId"],
        "name": row.get("name"),
        "state": row.get("state"),
        "defaultBid": (row.get("bid") or {}).get("defaultBid"),
    }


def product_ad(row: Row, campaigns: Campaigns) -> Row:
    """An advertised product of Sponsored Products."""
    creative = row.get("creative") or {}
    products = {p.get("productIdType"): p.get("productId") for p in creative.get("products") or []}
    return {
        "adId": row["adId"],
        **_place(row, campaigns),
        "state": row.get("state"),
        "asin": products.get("ASIN"),
        "sku": products.get("SKU"),
        "customText": creative.get("headline"),
    }


def keyword(row: Row, campaigns: Campaigns) -> Row:
    """A keyword of Sponsored Products, negative or not."""
    details = row.get("targetDetails") or {}
    match = details.get("matchType")
    return {
        "keywordId": row["targetId"],
        **_place(row, campaigns),
        "keywordText": details.get("keyword"),
        "matchType": f"NEGATIVE_{match}" if row.get("negative") and match else match,
        "state": row.get("state"),
        "bid": _bid(row),
        "nativeLanguageKeyword": details.get("nativeLanguageKeyword"),
        "nativeLanguageLocale": details.get("nativeLanguageLocale"),
    }


def brand_keyword(row: Row, campaigns: Campaigns) -> Row:
    """A keyword of Sponsored Brands, negative or not; its list writes in lower case."""
    like = keyword(row, campaigns)
    match = str((row.get("targetDetails") or {}).get("matchType") or "").lower()
    return {
        **{name: value for name, value in like.items() if name != "nativeLanguageLocale"},
        "matchType": (f"negative{match.capitalize()}" if row.get("negative") else match) or None,
        "state": str(row.get("state") or "").lower() or None,
    }


def target(row: Row, campaigns: Campaigns) -> Row:
    """A target of Sponsored Products, negative or not."""
    details = row.get("targetDetails") or {}
    resolved = {**details, **{k: details[v] for k, v in _RESOLVED.items() if details.get(v)}}
    made = {
        "targetId": row["targetId"],
        **_place(row, campaigns),
        "state": row.get("state"),
        "expression": expression(details),
        "resolvedExpression": expression(resolved),
        "bid": _bid(row),
    }
    if not row.get("negative"):
        made["expressionType"] = "AUTO" if row.get("targetType") == "AUTO" else "MANUAL"
    return made


def expression(details: Row) -> list[dict[str, Any]]:
    """What a target matches, as lists write it: predicates that must all be true."""
    match = details.get("matchType")
    if match in _AUTOMATIC:
        return [{"type": _AUTOMATIC[match]}]
    if details.get("asin"):
        kind = "ASIN_EXPANDED_FROM" if match == "PRODUCT_SIMILAR" else "ASIN_SAME_AS"
        return [{"type": kind, "value": details["asin"]}]
    found = [
        {"type": kind, "value": _text(details[name])}
        for name, kind in _REFINEMENTS.items()
        if details.get(name) not in (None, False)
    ]
    for kind, (low, high) in _RANGES.items():
        least, most = details.get(low), details.get(high)
        if least is not None and most is not None:
            found.append({"type": f"{kind}_BETWEEN", "value": f"{least}-{most}"})
        elif least is not None:
            found.append({"type": f"{kind}_GREATER_THAN", "value": _text(least)})
        elif most is not None:
            found.append({"type": f"{kind}_LESS_THAN", "value": _text(most)})
    return found


def _place(row: Row, campaigns: Campaigns) -> Row:
    """Where an entity hangs: what is below an ad group does not tell its campaign."""
    ad_group_id = row.get("adGroupId")
    campaign_id = row.get("campaignId") or (campaigns.get(ad_group_id) if ad_group_id else None)
    return {"adGroupId": ad_group_id, "campaignId": campaign_id}


def _bid(row: Row) -> Any:
    return (row.get("bid") or {}).get("bid")


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


EXPORTED: Mapping[str, Exported] = {
    "sp_ad_groups": Exported(Kind.AD_GROUPS, PRODUCTS, ad_group),
    "sp_product_ads": Exported(Kind.ADS, PRODUCTS, product_ad),
    "sp_keywords": Exported(Kind.TARGETS, PRODUCTS, keyword, (True, False, False)),
    "sp_negative_keywords": Exported(Kind.TARGETS, PRODUCTS, keyword, (True, True, False)),
    "sp_campaign_negative_keywords": Exported(Kind.TARGETS, PRODUCTS, keyword, (True, True, True)),
    "sp_targets": Exported(Kind.TARGETS, PRODUCTS, target, (False, False, False)),
    "sp_negative_targets": Exported(Kind.TARGETS, PRODUCTS, target, (False, True, False)),
    "sp_campaign_negative_targets": Exported(Kind.TARGETS, PRODUCTS, target, (False, True, True)),
    "sb_keywords": Exported(Kind.TARGETS, BRANDS, brand_keyword, (True, False, False)),
    "sb_negative_keywords": Exported(Kind.TARGETS, BRANDS, brand_keyword, (True, True, False)),
}
"""What exports tell as lists do; global ids, which they do not tell, are NULL."""
