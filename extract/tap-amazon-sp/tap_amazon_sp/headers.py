"""Column names of reports in the languages of the marketplaces.

Some reports are in the marketplace's language whatever was asked for. Names are compared without
regard to case and blanks. Sources: the listings reports of the marketplaces, as public importers of
such files name their columns.
"""

from __future__ import annotations

from functools import lru_cache

_NAMES = {
    "item-name": ("Artikelbezeichnung", "商品名", "Nome dell'articolo", "nom-produit",
                  "Título del producto", "商品名称"),
    "item-description": ("Artikelbeschreibung", "商品の説明"),
    "listing-id": ("Angebotsnummer", "出品ID"),
    "seller-sku": ("Händler-SKU", "出品者SKU", "SKU venditore", "sku-vendeur",
                   "SKU del vendedor", "卖家 SKU"),
    "price": ("Preis", "価格", "Prezzo", "prix", "Precio"),
    "quantity": ("Menge", "数量", "Quantità", "quantité", "Cantidad"),
    "open-date": ("Erstellungsdatum", "出品日", "Data di creazione", "Fecha de creación",
                  "开售日期"),
    "product-id-type": ("Produkt-ID-Typ", "商品IDタイプ", "Tipo di identificativo del prodotto",
                        "type-id-produit", "Tipo de identificador de producto", "商品编码类型"),
    "item-note": ("コンディション説明",),
    "item-condition": ("Artikelzustand", "コンディション", "Condizione dell'articolo",
                       "état-produit", "Estado del producto"),
    "asin1": ("ASIN 1",),
    "asin2": ("ASIN 2",),
    "asin3": ("ASIN 3",),
    "will-ship-internationally": ("国外へ配送可",),
    "expedited-shipping": ("迅速な配送",),
    "product-id": ("Produkt-ID", "商品ID", "Identificativo del prodotto", "id-produit",
                   "Identificador del producto", "商品编码"),
    "pending-quantity": ("在庫数",),
    "fulfillment-channel": ("Versender", "フルフィルメント・チャンネル", "fulfilment-channel",
                            "Canale di gestione", "canal-traitement",
                            "Canal de gestión logística", "配送渠道"),
    "status": ("ステータス", "stato", "état", "estado", "状态"),
}  # fmt: skip


def _plain(name: str) -> str:
    return "".join(name.casefold().split())


_ENGLISH = {
    _plain(translated): name for name, others in _NAMES.items() for translated in (name, *others)
}


@lru_cache(maxsize=1024)
def english(name: str) -> str:
    """Amazon's English name of a column; a name that is not known stays."""
    return _ENGLISH.get(_plain(name), name)
