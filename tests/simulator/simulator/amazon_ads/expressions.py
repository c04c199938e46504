"""How each generation of the API writes down what a target matches."""

from __future__ import annotations

from typing import Any

from simulator.world.ads.entities import Negative, NegativeMatch, Target

Expression = list[dict[str, Any]]
_PREDEFINED = {
    "close-match": "QUERY_HIGH_REL_MATCHES",
    "loose-match": "QUERY_BROAD_REL_MATCHES",
    "substitutes": "ASIN_SUBSTITUTE_RELATED",
    "complements": "ASIN_ACCESSORY_RELATED",
}
_AUDIENCES: dict[str, dict[str, Any]] = {
    "views=(exact-product)": {"type": "views", "value": [{"type": "exactProduct"}]},
    "views=(related-product)": {"type": "views", "value": [{"type": "relatedProduct"}]},
    "views=(similar-product)": {"type": "views", "value": [{"type": "similarProduct"}]},
    "purchases=(lookback=30)": {
        "type": "purchases",
        "value": [{"type": "exactProduct"}, {"type": "lookback", "value": "30"}],
    },
}


def upper_case(target: Target) -> Expression:
    """Sponsored Products v3: ``[{type: ASIN_SAME_AS, value}]``, automatic ones without value."""
    if target.text in _PREDEFINED:
        return [{"type": _PREDEFINED[target.text]}]
    return [{"type": "ASIN_SAME_AS", "value": asin_of(target)}]


def camel_case(target: Target) -> Expression:
    """Sponsored Brands v3: ``[{type: asinSameAs, value}]``."""
    return [{"type": "asinSameAs", "value": asin_of(target)}]


def audience(target: Target) -> Expression:
    """Sponsored Display: predicates that nest."""
    return [_AUDIENCES[target.text]]


def negative(excluded: Negative, is_upper: bool = False) -> Expression:
    """What a negative target keeps away."""
    is_product = excluded.match is NegativeMatch.PRODUCT
    kind = "asinSameAs" if is_product else "asinBrandSameAs"
    if is_upper:
        kind = "ASIN_SAME_AS" if is_product else "ASIN_BRAND_SAME_AS"
    return [{"type": kind, "value": excluded.text}]


def asin_of(target: Target) -> str:
    """The product that a target written ``asin="…"`` names."""
    return target.text.removeprefix('asin="').removesuffix('"')
