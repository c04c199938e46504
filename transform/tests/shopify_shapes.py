"""One small shop as three loaders leave it: tap-shopify's, Fivetran's and Airbyte's tables.

The shapes are the published ones (types too: their ids are numbers, their instants have a zone). The
shop has one order: two mugs at 10.00 with 2.00 off, a pan at 30.00 of which the order's discount takes
3.00, shipping 6.95 free of charge, 10 % tax. One mug and its shipping (never paid, so nothing) came
back; a further 1.00 was given for the trouble.
"""

from __future__ import annotations

import json
from typing import Any

Table = tuple[str, str, list[tuple[Any, ...]]]
"""Name, column definitions, rows."""


def _money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount, "currencyCode": "USD"}}


def _gid(kind: str, number: int) -> dict[str, str]:
    return {"id": f"gid://shopify/{kind}/{number}"}


def _line(number: int, sku: str, quantity: int, price: str, gross: str, off: str, tax: str) -> Any:
    return {
        **_gid("LineItem", number),
        "sku": sku,
        "title": sku.title(),
        "quantity": quantity,
        "isGiftCard": False,
        "product": _gid("Product", number + 100),
        "variant": _gid("ProductVariant", number + 200),
        "originalUnitPriceSet": _money(price),
        "originalTotalSet": _money(gross),
        "discountAllocations": [{"allocatedAmountSet": _money(off)}],
        "taxLines": [{"priceSet": _money(tax)}],
    }


AT = "2026-11-24 12:00:00"
PLACED, REFUNDED = "2026-11-20 10:00:00", "2026-11-22 09:30:00"

TAP: list[Table] = [
    (
        "shops",
        "store_id text, shop_id text, name text, myshopify_domain text, currency_code text, "
        "iana_time_zone text, country_code text, extracted_at timestamp",
        [("default", "gid://shopify/Shop/7", "Mugs", "mugs.myshopify.com", "USD",
          "America/New_York", "US", AT)],
    ),
    (
        "orders",
        "store_id text, id text, name text, created_at timestamp, processed_at timestamp, "
        "updated_at timestamp, test boolean, source_name text, display_financial_status text, "
        "display_fulfillment_status text, currency_code text, presentment_currency_code text, "
        "taxes_included boolean, subtotal_price_set jsonb, total_discounts_set jsonb, "
        "total_shipping_price_set jsonb, total_tax_set jsonb, total_price_set jsonb, app jsonb, "
        "line_items jsonb, extracted_at timestamp",
        [("default", "gid://shopify/Order/1", "#1001", PLACED, PLACED, REFUNDED, False, "web",
          "PARTIALLY_REFUNDED", "FULFILLED", "USD", "USD", False, _money("45.0"), _money("11.95"),
          _money("6.95"), _money("4.5"), _money("49.5"), None,
          [_line(11, "mug", 2, "10.0", "20.0", "2.0", "1.8"),
           _line(12, "pan", 1, "30.0", "30.0", "3.0", "2.7")], AT)],
    ),
    (
        "order_refunds",
        'store_id text, id text, created_at timestamp, "order" jsonb, refund_line_items jsonb, '
        "order_adjustments jsonb, extracted_at timestamp",
        [("default", "gid://shopify/Refund/5", REFUNDED, _gid("Order", 1),
          [{"quantity": 1, "restockType": "RETURN", "lineItem": _gid("LineItem", 11),
            "subtotalSet": _money("9.0"), "totalTaxSet": _money("0.9")}],
          [{"reason": "CUSTOMER", "amountSet": _money("-1.0"), "taxAmountSet": _money("0.0")}],
          AT)],
    ),
    (
        "order_shipping_lines",
        "store_id text, id text, order_id text, title text, is_removed boolean, "
        "original_price_set jsonb, discounted_price_set jsonb, tax_lines jsonb, "
        "extracted_at timestamp",
        [("default", "gid://shopify/ShippingLine/6", "1", "Standard", False, _money("6.95"),
          _money("0.0"), [], AT)],
    ),
    (
        "transactions",
        "store_id text, id text, kind text, status text, gateway text, processed_at timestamp, "
        '"order" jsonb, amount_set jsonb, extracted_at timestamp',
        [("default", "gid://shopify/OrderTransaction/8", "SALE", "SUCCESS", "shopify_payments",
          PLACED, _gid("Order", 1), _money("49.5"), AT)],
    ),
    (
        "products",
        "store_id text, id text, title text, vendor text, product_type text, status text, "
        "featured_media jsonb, media jsonb, extracted_at timestamp",
        [("default", "gid://shopify/Product/111", "Mug", "Acme", "Home", "ACTIVE",
          _gid("MediaImage", 9),
          [{**_gid("MediaImage", 9), "image": {"url": "https://cdn.example/mug.jpg"}}], AT)],
    ),
    (
        "product_variants",
        "store_id text, id text, sku text, barcode text, title text, price numeric, "
        "product jsonb, inventory_item jsonb, image jsonb, extracted_at timestamp",
        [("default", "gid://shopify/ProductVariant/211", " mug", "4000000000013", "Blue", "10.00",
          _gid("Product", 111), _gid("InventoryItem", 311), None, AT)],
    ),
    (
        "inventory_items",
        "store_id text, id text, sku text, tracked boolean, unit_cost jsonb, "
        "extracted_at timestamp",
        [("default", "gid://shopify/InventoryItem/311", "mug", True, {"amount": "4.2"}, AT)],
    ),
    (
        "inventory_levels",
        "store_id text, id text, item jsonb, location jsonb, quantities jsonb, "
        "updated_at timestamp, extracted_at timestamp",
        [("default", "gid://shopify/InventoryLevel/41?inventory_item_id=311",
          _gid("InventoryItem", 311), _gid("Location", 41),
          [{"name": name, "quantity": units} for name, units in
           (("on_hand", 7), ("available", 5), ("committed", 2), ("incoming", 0))],
          REFUNDED, AT)],
    ),
    (
        "locations",
        "store_id text, id text, name text, is_active boolean, is_fulfillment_service boolean, "
        "extracted_at timestamp",
        [("default", "gid://shopify/Location/41", "Shed", True, False, AT)],
    ),
]  # fmt: skip

Z = "+00"
_SET = json.dumps({"shop_money": {"amount": "6.95", "currency_code": "USD"}})

FIVETRAN: list[Table] = [
    (
        "shop",
        "id bigint, name text, myshopify_domain text, currency text, iana_timezone text, "
        "country_code text, _fivetran_synced timestamptz",
        [(7, "Mugs", "mugs.myshopify.com", "USD", "America/New_York", "US", AT + Z)],
    ),
    (
        "order",
        "id bigint, name text, created_at timestamptz, processed_at timestamptz, "
        "updated_at timestamptz, test boolean, source_name text, financial_status text, "
        "fulfillment_status text, currency text, presentment_currency text, "
        "taxes_included boolean, subtotal_price double precision, "
        "total_discounts double precision, total_shipping_price_set text, "
        "total_tax double precision, total_price double precision, _fivetran_deleted boolean, "
        "_fivetran_synced timestamptz",
        [(1, "#1001", PLACED + Z, PLACED + Z, REFUNDED + Z, False, "web", "partially_refunded",
          "fulfilled", "USD", "USD", False, 45.0, 11.95, _SET, 4.5, 49.5, False, AT + Z),
         (2, "#1002", PLACED + Z, PLACED + Z, PLACED + Z, False, "web", "paid", None, "USD",
          "USD", False, 1, 0, _SET, 0, 1, True, AT + Z)],
    ),
    (
        "order_url_tag",
        "order_id bigint, key text, value text, _fivetran_synced timestamptz",
        [(1, "utm_source", "google", AT + Z), (1, "utm_medium", "cpc", AT + Z)],
    ),
    (
        "order_line",
        "id bigint, order_id bigint, index bigint, product_id bigint, variant_id bigint, "
        "sku text, title text, quantity double precision, price double precision, "
        "gift_card boolean, _fivetran_synced timestamptz",
        [(11, 1, 1, 111, 211, "mug", "Mug", 2, 10.0, False, AT + Z),
         (12, 1, 2, 112, 212, "pan", "Pan", 1, 30.0, False, AT + Z)],
    ),
    (
        "discount_allocation",
        "order_line_id bigint, index bigint, amount double precision, "
        "_fivetran_synced timestamptz",
        [(11, 1, 2.0, AT + Z), (12, 1, 3.0, AT + Z)],
    ),
    (
        "tax_line",
        "order_line_id bigint, index bigint, price double precision, "
        "_fivetran_synced timestamptz",
        [(11, 1, 1.0, AT + Z), (11, 2, 0.8, AT + Z), (12, 1, 2.7, AT + Z)],
    ),
    (
        "refund",
        "id bigint, order_id bigint, created_at timestamptz, _fivetran_synced timestamptz",
        [(5, 1, REFUNDED + Z, AT + Z)],
    ),
    (
        "order_line_refund",
        "id bigint, refund_id bigint, order_line_id bigint, quantity double precision, "
        "subtotal double precision, total_tax double precision, restock_type text, "
        "_fivetran_synced timestamptz",
        [(51, 5, 11, 1, 9.0, 0.9, "return", AT + Z)],
    ),
    (
        "order_adjustment",
        "id bigint, order_id bigint, refund_id bigint, kind text, reason text, "
        "amount double precision, tax_amount double precision, _fivetran_synced timestamptz",
        [(52, 1, 5, "refund_discrepancy", "Refund discrepancy", -1.0, 0.0, AT + Z)],
    ),
    (
        "order_shipping_line",
        "id bigint, order_id bigint, title text, price double precision, "
        "discounted_price double precision, _fivetran_synced timestamptz",
        [(6, 1, "Standard", 6.95, 0.0, AT + Z)],
    ),
    (
        "transaction",
        "id bigint, order_id bigint, kind text, status text, gateway text, amount numeric, "
        "currency text, processed_at timestamptz, _fivetran_synced timestamptz",
        [(8, 1, "sale", "success", "shopify_payments", "49.50", "USD", PLACED + Z, AT + Z)],
    ),
    (
        "product",
        "id bigint, title text, vendor text, product_type text, status text, "
        "_fivetran_deleted boolean, _fivetran_synced timestamptz",
        [(111, "Mug", "Acme", "Home", "active", False, AT + Z)],
    ),
    (
        "product_image",
        "id bigint, product_id bigint, position bigint, src text, _fivetran_deleted boolean, "
        "_fivetran_synced timestamptz",
        [(9, 111, 1, "https://cdn.example/mug.jpg", False, AT + Z),
         (10, 111, 2, "https://cdn.example/mug-2.jpg", False, AT + Z)],
    ),
    (
        "product_variant",
        "id bigint, product_id bigint, inventory_item_id bigint, image_id bigint, sku text, "
        "barcode text, title text, price double precision, _fivetran_synced timestamptz",
        [(211, 111, 311, None, " mug", "4000000000013", "Blue", 10.0, AT + Z)],
    ),
    (
        "inventory_item",
        "id bigint, sku text, tracked boolean, cost double precision, _fivetran_deleted boolean, "
        "_fivetran_synced timestamptz",
        [(311, "mug", True, 4.2, False, AT + Z)],
    ),
    (
        "inventory_level",
        "id bigint, inventory_item_id bigint, location_id bigint, available bigint, "
        "updated_at timestamptz, _fivetran_synced timestamptz",
        [(41, 311, 41, None, REFUNDED + Z, AT + Z)],
    ),
    (
        "inventory_quantity",
        "id bigint, inventory_item_id bigint, inventory_level_id bigint, name text, "
        "quantity bigint, _fivetran_synced timestamptz",
        [(n, 311, 41, name, units, AT + Z) for n, (name, units) in enumerate(
            (("on_hand", 7), ("available", 5), ("committed", 2), ("incoming", 0)))],
    ),
    (
        "location",
        "id bigint, name text, active boolean, _fivetran_deleted boolean, "
        "_fivetran_synced timestamptz",
        [(41, "Shed", True, False, AT + Z)],
    ),
]  # fmt: skip


def _rest_line(
    number: int, sku: str, quantity: int, price: str, off: str, tax: str
) -> dict[str, Any]:
    return {
        "id": number,
        "product_id": number + 100,
        "variant_id": number + 200,
        "sku": sku,
        "title": sku.title(),
        "quantity": quantity,
        "price": float(price),
        "gift_card": False,
        "discount_allocations": [{"amount": off}],
        "tax_lines": [{"price": float(tax)}],
    }


_VISIT = {"id": 61, "source": "Google", "occurred_at": "2026-11-19T08:00:00+00:00"}
_UTM = {"source": "google", "medium": "cpc", "campaign": "brand"}

AIRBYTE: list[Table] = [
    (
        "shop",
        "id bigint, name text, myshopify_domain text, currency text, iana_timezone text, "
        "country_code text, _airbyte_extracted_at timestamptz",
        [(7, "Mugs", "mugs.myshopify.com", "USD", "America/New_York", "US", AT + Z)],
    ),
    (
        "orders",
        "id bigint, name text, created_at timestamptz, processed_at timestamptz, "
        "updated_at timestamptz, test boolean, source_name text, financial_status text, "
        "fulfillment_status text, currency text, presentment_currency text, "
        "taxes_included boolean, subtotal_price numeric, total_discounts numeric, "
        "total_shipping_price_set jsonb, total_tax numeric, total_price numeric, "
        "landing_site text, line_items jsonb, shipping_lines jsonb, "
        "_airbyte_extracted_at timestamptz",
        [(1, "#1001", PLACED + Z, PLACED + Z, REFUNDED + Z, False, "web", "partially_refunded",
          "fulfilled", "USD", "USD", False, "45.00", "11.95",
          {"shop_money": {"amount": 6.95, "currency_code": "USD"}}, "4.50", "49.50",
          "/products/mug?utm_source=google&utm_medium=cpc&utm_campaign=brand+search",
          [_rest_line(11, "mug", 2, "10.00", "2.00", "1.80"),
           _rest_line(12, "pan", 1, "30.00", "3.00", "2.70")],
          [{"id": 6, "title": "Standard", "price": 6.95,
            "discount_allocations": [{"amount": "6.95"}], "tax_lines": []}], AT + Z)],
    ),
    (
        "customer_journey_summary",
        "order_id bigint, customer_journey_summary jsonb, _airbyte_extracted_at timestamptz",
        [(1, {"ready": True, "moments_count": {"count": 3, "precision": "EXACT"},
              "first_visit": {**_VISIT, "utm_parameters": _UTM},
              "last_visit": {**_VISIT, "id": 63, "source": "direct", "utm_parameters": None}},
          AT + Z)],
    ),
    (
        "order_refunds",
        "id bigint, order_id bigint, created_at timestamptz, refund_line_items jsonb, "
        "order_adjustments jsonb, _airbyte_extracted_at timestamptz",
        [(5, 1, REFUNDED + Z,
          [{"line_item_id": 11, "quantity": 1, "subtotal": 9.0, "total_tax": 0.9,
            "restock_type": "return"}],
          [{"kind": "refund_discrepancy", "amount": "-1.00", "tax_amount": "0.00"}], AT + Z)],
    ),
    (
        "transactions",
        "id bigint, order_id bigint, kind text, status text, gateway text, amount text, "
        "currency text, processed_at timestamptz, _airbyte_extracted_at timestamptz",
        [(8, 1, "sale", "success", "shopify_payments", "49.50", "USD", PLACED + Z, AT + Z)],
    ),
    (
        "products",
        "id bigint, title text, vendor text, product_type text, status text, image jsonb, "
        "_airbyte_extracted_at timestamptz",
        [(111, "Mug", "Acme", "Home", "active", {"src": "https://cdn.example/mug.jpg"}, AT + Z)],
    ),
    (
        "product_variants",
        "id bigint, product_id bigint, inventory_item_id bigint, sku text, barcode text, "
        "title text, price numeric, _airbyte_extracted_at timestamptz",
        [(211, 111, 311, " mug", "4000000000013", "Blue", "10.00", AT + Z)],
    ),
    (
        "inventory_items",
        "id bigint, sku text, tracked boolean, cost numeric, _airbyte_extracted_at timestamptz",
        [(311, "mug", True, "4.2", AT + Z)],
    ),
    (
        "inventory_levels",
        "id text, inventory_item_id bigint, location_id bigint, available bigint, "
        "quantities jsonb, updated_at timestamptz, _airbyte_extracted_at timestamptz",
        [("41|311", 311, 41, 5,
          [{"name": name, "quantity": units} for name, units in
           (("on_hand", 7), ("available", 5), ("committed", 2), ("incoming", 0))],
          REFUNDED + Z, AT + Z)],
    ),
    (
        "locations",
        "id bigint, name text, active boolean, _airbyte_extracted_at timestamptz",
        [(41, "Shed", True, AT + Z)],
    ),
]  # fmt: skip
