"""Raw rows of a small Shopify shop, worked out by hand: what Monday's load brings, and Tuesday's."""

from __future__ import annotations

from typing import Any

from warehouse import Row, Warehouse


def money(amount: str) -> Row:
    """A money set of Shopify's."""
    return {"shopMoney": {"amount": amount, "currencyCode": "USD"}}


def shop_order(number: int, placed: str, at: str, *lines: Row, **more: Any) -> Row:
    """An order of the web shop without discounts, shipping or tax."""
    total = sum(float(line["originalTotalSet"]["shopMoney"]["amount"]) for line in lines)
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "source_name": "web",
        "display_financial_status": "PAID",
        "display_fulfillment_status": "FULFILLED",
        "currency_code": "USD",
        "created_at": placed,
        "processed_at": placed,
        "updated_at": placed,
        "test": False,
        "taxes_included": False,
        "subtotal_price_set": money(f"{total}"),
        "total_price_set": money(f"{total}"),
        "total_tax_set": money("0.0"),
        "total_discounts_set": money("0.0"),
        "total_shipping_price_set": money("0.0"),
        "line_items": list(lines),
        "extracted_at": at,
        **more,
    }


def shop_line(number: int, sku: str, quantity: int, gross: str, off: str = "0.0") -> Row:
    """A line of such an order, of a variant whose number is that of its SKU's letters."""
    return {
        "id": f"gid://shopify/LineItem/{number}",
        "sku": sku,
        "title": sku.title(),
        "quantity": quantity,
        "isGiftCard": False,
        "variant": {"id": f"gid://shopify/ProductVariant/{VARIANTS[sku]}"},
        "product": {"id": f"gid://shopify/Product/{VARIANTS[sku]}"},
        "originalTotalSet": money(gross),
        "discountAllocations": [{"allocatedAmountSet": money(off)}],
        "taxLines": [],
    }


VARIANTS = {"MUG": 201, "PAN": 202, "SOAP": 203}


def variant(sku: str, at: str, barcode: str | None = None) -> Row:
    """A variant of the shop."""
    return {
        "id": f"gid://shopify/ProductVariant/{VARIANTS[sku]}",
        "sku": sku,
        "barcode": barcode,
        "title": "Default Title",
        "price": "10.00",
        "product": {"id": f"gid://shopify/Product/{VARIANTS[sku]}"},
        "inventory_item": {"id": f"gid://shopify/InventoryItem/{VARIANTS[sku]}"},
        "extracted_at": at,
    }


def journey(number: int, at: str, *sources: tuple[str, str]) -> tuple[Row, list[Row]]:
    """The journey to an order: (source, day and time) first to last."""
    order = {"order_id": f"gid://shopify/Order/{number}", "order_updated_at": at}
    moments = [
        {**order, "moment_ordinal": n, "source": source, "occurred_at": when, "extracted_at": at}
        for n, (source, when) in enumerate(sources, start=1)
    ]
    return {
        **order,
        "is_ready": True,
        "moments_count": len(moments),
        "extracted_at": at,
    }, moments


def load_monday_shop(warehouse: Warehouse) -> None:
    """Load what Shopify tells on Monday."""
    at = "2026-11-23 13:00:00"
    warehouse.load(
        "shopify.shops",
        {
            "shop_id": "gid://shopify/Shop/7",
            "name": "Mugs",
            "myshopify_domain": "mugs.myshopify.com",
            "currency_code": "USD",
            "iana_time_zone": "America/Los_Angeles",
            "country_code": "US",
            "extracted_at": at,
        },
    )
    # 20 November, 23:30 in Los Angeles
    night = "2026-11-21 07:30:00"
    warehouse.load(
        "shopify.orders",
        shop_order(1001, night, at, shop_line(1, "MUG", 2, "20.0")),
        shop_order(1002, "2026-11-21 20:00:00", at, shop_line(2, "SOAP", 1, "4.0")),
        shop_order(
            1003,
            night,
            at,
            shop_line(3, "MUG", 1, "10.0"),
            source_name="amazon-us",
            source_identifier="111-7031374-1559519",
        ),
    )
    warehouse.load(
        "shopify.products",
        *(
            {"id": f"gid://shopify/Product/{number}", "title": sku.title(), "extracted_at": at}
            for sku, number in VARIANTS.items()
        ),
    )
    warehouse.load("shopify.product_variants", variant("MUG", at), variant("SOAP", at))
    known, moments = journey(
        1001,
        at,
        ("google", "2026-11-10 10:00:00"),
        ("email", "2026-11-14 07:30:00"),
        ("direct", "2026-11-21 07:30:00"),
    )
    warehouse.load("shopify.order_journeys", known)
    warehouse.load("shopify.order_journey_moments", *moments)


def load_tuesday_shop(warehouse: Warehouse) -> None:
    """One mug of 1001 came back, 1002 was shipped by Amazon, and its journey is known now."""
    at = "2026-11-24 13:00:00"
    warehouse.load(
        "shopify.order_refunds",
        {
            "id": "gid://shopify/Refund/5",
            "created_at": "2026-11-24 01:00:00",
            "order": {"id": "gid://shopify/Order/1001"},
            "refund_line_items": [
                {
                    "quantity": 1,
                    "restockType": "RETURN",
                    "lineItem": {"id": "gid://shopify/LineItem/1"},
                    "subtotalSet": money("10.0"),
                    "totalTaxSet": money("0.0"),
                }
            ],
            "order_adjustments": [],
            "extracted_at": at,
        },
    )
    warehouse.load(
        "amazon_sp.orders",
        {
            "selling_partner_id": "A1SELLER",
            "order_id": "S01-1",
            "channel_name": "NON_AMAZON",
            "marketplace_id": "ATVPDKIKX0DER",
            "fulfillment_status": "SHIPPED",
            "created_time": "2026-11-21 20:05:00",
            "last_updated_time": "2026-11-24 12:00:00",
            "order_aliases": [{"aliasType": "SELLER_ORDER_ID", "aliasId": "#1002"}],
            "extracted_at": at,
        },
    )
    known, moments = journey(1002, at, ("google", "2026-11-21 19:00:00"))
    warehouse.load("shopify.order_journeys", known)
    warehouse.load("shopify.order_journey_moments", *moments)
