"""The report of all listings of a marketplace, in the marketplace's own charset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.amazon_sp.report_types import Asked, ReportType
from simulator.amazon_sp.tables import table
from simulator.faults import Kind
from simulator.world.events import FulfilledBy, Listing
from simulator.world.marketplaces import MARKETS
from simulator.world.randomness import chance

COLUMNS = (
    "item-name", "item-description", "listing-id", "seller-sku", "price", "quantity", "open-date",
    "image-url", "item-is-marketplace", "product-id-type", "zshop-shipping-fee", "item-note",
    "item-condition", "zshop-category1", "zshop-browse-path", "zshop-storefront-feature", "asin1",
    "asin2", "asin3", "will-ship-internationally", "expedited-shipping", "zshop-boldface",
    "product-id", "bid-for-featured-placement", "add-delete", "pending-quantity",
    "fulfillment-channel", "merchant-shipping-group", "status",
)  # fmt: skip
_GERMAN = {
    "item-name": "Artikelbezeichnung", "item-description": "Artikelbeschreibung",
    "listing-id": "Angebotsnummer", "seller-sku": "Händler-SKU", "price": "Preis",
    "quantity": "Menge", "open-date": "Erstellungsdatum", "product-id-type": "Produkt-ID-Typ",
    "item-condition": "Artikelzustand", "asin1": "ASIN 1", "asin2": "ASIN 2", "asin3": "ASIN 3",
    "product-id": "Produkt-ID", "fulfillment-channel": "Versender", "status": "Status",
}  # fmt: skip
_JAPANESE = {
    "item-name": "商品名", "listing-id": "出品ID", "seller-sku": "出品者SKU", "price": "価格",
    "quantity": "数量", "open-date": "出品日", "product-id-type": "商品IDタイプ",
    "item-note": "コンディション説明", "item-condition": "コンディション",
    "will-ship-internationally": "国外へ配送可", "expedited-shipping": "迅速な配送",
    "product-id": "商品ID", "pending-quantity": "在庫数",
    "fulfillment-channel": "フルフィルメント・チャンネル", "status": "ステータス",
}  # fmt: skip
TRANSLATED = {"de_DE": _GERMAN, "ja_JP": _JAPANESE}
_CHANNELS = {"na": "AMAZON_NA", "eu": "AMAZON_EU", "fe": "AMAZON_JP"}
_CONDITIONS = {"NewItem": "11", "UsedVeryGood": "2"}
_ZONES = {"US": "PST", "CA": "PST", "UK": "GMT", "DE": "MEZ", "FR": "MEZ", "IT": "MEZ",
          "ES": "MEZ", "JP": "JST"}  # fmt: skip


def _encoding(asked: Asked) -> tuple[str, str]:
    """Python's and Amazon's name of the charset."""
    japan = asked.markets[0].country_code == "JP"
    return ("cp932", "windows-31j") if japan else ("cp1252", "Cp1252")


def _content_type(asked: Asked) -> str:
    return f"text/plain;charset={_encoding(asked)[1]}"


def _listings(asked: Asked) -> bytes | None:
    (market,) = asked.markets
    offers = [o for o in asked.world.listings if o.marketplace_id == market.marketplace_id]
    wants_english = asked.options.get("preferredReportDocumentLocale") == "en_US"
    own = TRANSLATED.get(market.language, {})
    is_translated = asked.suffers(Kind.REPORT_LOCALISED) or not wants_english
    return table(
        asked,
        COLUMNS,
        [_row(asked, offer) for offer in offers],
        encoding=_encoding(asked)[0],
        translated=own if is_translated else None,
    )


def _row(asked: Asked, offer: Listing) -> dict[str, Any]:
    market = MARKETS[offer.marketplace_id]
    random = chance(asked.world.seed, "listing", offer.marketplace_id, offer.seller_sku)
    opened = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=random.randrange(18_000))
    by_amazon = offer.fulfilled_by is FulfilledBy.AMAZON
    return {
        "item-name": offer.title,
        "listing-id": "".join(random.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", k=11)),
        "seller-sku": offer.seller_sku,
        "price": offer.price,
        # Amazon's own stock is not told here.
        "quantity": None if by_amazon else random.randint(1, 40),
        "open-date": f"{opened.astimezone(market.zone):%Y-%m-%d %H:%M:%S} "
        f"{_ZONES.get(market.country_code, 'UTC')}",
        "item-is-marketplace": "y",
        "product-id-type": 1,
        "item-condition": _CONDITIONS[offer.condition],
        "asin1": offer.asin,
        "product-id": offer.asin,
        "pending-quantity": 0,
        "fulfillment-channel": _CHANNELS[market.region] if by_amazon else "DEFAULT",
        "merchant-shipping-group": "Migrated Template",
        "status": "Active",
    }


REPORT_TYPES = {
    "GET_MERCHANT_LISTINGS_ALL_DATA": ReportType(
        _listings,
        _content_type,
        options={"preferredReportDocumentLocale": frozenset({"en_US"})},
        one_marketplace=True,
    )
}
