"""The merchant's Shopify shop: what stands on its shelf, some of it shared with Amazon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from simulator.world.catalog import seller_sku
from simulator.world.events import FulfilledBy, Listing, Product
from simulator.world.marketplaces import BY_COUNTRY
from simulator.world.randomness import Wheel, chance

SHOP_ZONE = ZoneInfo("America/New_York")
SHOP_CURRENCY = "USD"
SHOP_DOMAIN = "northwind-home.myshopify.com"
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Variant:
    """One Shopify variant. ``sku`` may be shared with Amazon, foreign to it, or not unique."""

    variant_id: int
    product_id: int
    inventory_item_id: int
    title: str
    sku: str
    barcode: str | None
    price: Decimal
    unit_cost: Decimal | None
    units_of: int | None
    """The number of the product it is, None for goods that Amazon does not sell."""
    popularity: float
    is_gift_card: bool = False


@dataclass(frozen=True)
class Shop:
    """The shop's shelf."""

    domain: str
    currency_code: str
    zone_name: str
    variants: tuple[Variant, ...]
    offers: dict[str, Listing]
    """FBA offers in the US by seller SKU: what can be shipped out of Amazon's stock."""

    @cached_property
    def wheel(self) -> Wheel[Variant]:
        """The variants by popularity."""
        return Wheel(self.variants, [variant.popularity for variant in self.variants])

    @cached_property
    def by_sku(self) -> dict[str, Variant]:
        """The variants by SKU; of two with the same SKU, the first."""
        return {variant.sku: variant for variant in reversed(self.variants)}


def open_shop(seed: int, products: Sequence[Product], listings: Sequence[Listing]) -> Shop:
    """Three in five products share their Amazon SKU, one matches by barcode only, one is absent."""
    variants = [variant for product in products for variant in _variants(seed, product)]
    own = [_variant(10_000 + n, f"Gift Card Holder {n}", f"SHOP-ONLY-{n}", None, Decimal("9.50"), None, None, 0.02) for n in (1, 2, 3)]  # fmt: skip  # noqa: E501
    us = BY_COUNTRY["US"].marketplace_id
    offers = {
        offer.seller_sku: offer
        for offer in listings
        if offer.marketplace_id == us and offer.fulfilled_by is FulfilledBy.AMAZON
    }
    everything = (*variants, *own, GIFT_CARD)
    return Shop(SHOP_DOMAIN, SHOP_CURRENCY, SHOP_ZONE.key, everything, offers)


def _variants(seed: int, product: Product) -> list[Variant]:
    kind = product.number % 5
    if kind == 0:
        return []
    sku = f"WEB-{product.number:04d}" if kind == 4 else seller_sku(product)
    barcode = product.ean if chance(seed, "barcode", product.number).random() < 0.9 else None
    price = (product.price_usd * Decimal("0.95")).quantize(_CENT)
    cost = product.cost_usd if product.number % 8 else None
    first = _variant(product.number, product.title, sku, barcode, price, cost, product.number, product.popularity)  # fmt: skip  # noqa: E501
    if product.number % 11 == 3:
        # A SKU that is not unique in Shopify does not match anything.
        number = 20_000 + product.number
        return [first, _variant(number, f"{product.title} (gift box)", sku, None, price + 5, cost, None, 0.01)]  # fmt: skip  # noqa: E501
    return [first]


def _variant(
    number: int,
    title: str,
    sku: str,
    barcode: str | None,
    price: Decimal,
    unit_cost: Decimal | None,
    units_of: int | None,
    popularity: float,
) -> Variant:
    ids = (41_000_000_000_000 + number, 7_500_000_000_000 + number, 43_000_000_000_000 + number)
    return Variant(*ids, title, sku, barcode, price, unit_cost, units_of, popularity)


GIFT_CARD = replace(
    _variant(30_001, "Northwind Gift Card", "GIFT-25", None, Decimal("25.00"), None, None, 0.0),
    is_gift_card=True,
)
"""Sold in orders of its own (``shop_extras``), never by the wheel: money taken, nothing earned."""
