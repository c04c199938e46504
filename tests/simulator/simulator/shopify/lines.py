"""Lines, discounts, taxes and shipping of an order."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.shopify.values import Node, Purse, gid
from simulator.world.events import ZERO
from simulator.world.shop_details import ShopDetails
from simulator.world.shop_orders import ShopLine

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

_TENTH = 10.0
_CENT = Decimal("0.01")


def line_items(view: ShopView, order: ShopDetails, purse: Purse) -> list[Node]:
    """The lines, in the order in which they were put into the cart."""
    taxes = order.line_taxes
    return [
        _line(view, order, purse, line, tax)
        for line, tax in zip(order.order.lines, taxes, strict=True)
    ]


def _line(view: ShopView, order: ShopDetails, purse: Purse, line: ShopLine, tax: Decimal) -> Node:
    gross, now = line.price * line.quantity, view.world.now
    # Only discounts of the line itself lower its own totals; a part of the order's is allocated.
    own = ZERO if order.discount and order.discount.is_spread else line.discount
    net = gross - own
    variant = line.variant
    open_part = ZERO if order.fulfilled_at and order.fulfilled_at <= now else Decimal(1)
    allocations = [_allocation(order, purse, line.discount)] if line.discount else []
    return {
        "id": gid("LineItem", line.line_id),
        "quantity": line.quantity,
        "currentQuantity": line.quantity - order.refunded_quantity(line, now),
        "title": variant.title,
        "name": variant.title,
        "sku": variant.sku,
        "vendor": "Northwind",
        "isGiftCard": variant.is_gift_card,
        "requiresShipping": not variant.is_gift_card,
        "taxable": not variant.is_gift_card,
        "product": lambda info: view.product_by_id[gid("Product", variant.product_id)],
        "variant": lambda info: view.variant_by_id[gid("ProductVariant", variant.variant_id)],
        "lineItemGroup": None,
        "customAttributes": [],
        "duties": [],
        "taxLines": lambda info, first=None: [_tax_line(purse, tax)] if tax else [],
        "discountAllocations": allocations,
        "originalUnitPriceSet": purse.bag(line.price),
        "discountedUnitPriceSet": purse.bag((net / line.quantity).quantize(_CENT)),
        "originalTotalSet": purse.bag(gross),
        "discountedTotalSet": lambda info, withCodeDiscounts=False: purse.bag(net),
        "totalDiscountSet": purse.bag(own),
        "unfulfilledOriginalTotalSet": purse.bag(gross * open_part),
        "unfulfilledDiscountedTotalSet": purse.bag(net * open_part),
    }


def _allocation(order: ShopDetails, purse: Purse, amount: Decimal) -> Node:
    return {
        "allocatedAmountSet": purse.bag(amount),
        "discountApplication": discount_applications(order)[0],
    }


def discount_applications(order: ShopDetails) -> list[Node]:
    """Why something was cheaper: a code over the whole order, a deal on lines, free shipping."""
    found: list[Node] = []
    if discount := order.discount:
        name = "code" if discount.is_code else "title"
        kind = "DiscountCodeApplication" if discount.is_code else "AutomaticDiscountApplication"
        found.append(
            {
                "__typename": kind,
                name: discount.title,
                "index": 0,
                "allocationMethod": "ACROSS" if discount.is_spread else "EACH",
                "targetSelection": "ENTITLED",
                "targetType": "LINE_ITEM",
                "value": {"__typename": "PricingPercentageValue", "percentage": _TENTH},
            }
        )
    if order.shipping_discount:
        found.append(
            {
                "__typename": "DiscountCodeApplication",
                "code": "FREESHIP",
                "index": len(found),
                "allocationMethod": "EACH",
                "targetSelection": "ALL",
                "targetType": "SHIPPING_LINE",
                "value": {"__typename": "PricingPercentageValue", "percentage": 100.0},
            }
        )
    return found


def discount_codes(order: ShopDetails) -> list[str]:
    """The codes that the customer typed."""
    return [part["code"] for part in discount_applications(order) if "code" in part]


def _tax_line(purse: Purse, amount: Decimal) -> Node:
    return {
        "title": "State tax",
        "rate": 0.0725,
        "ratePercentage": 7.25,
        "source": "Shopify",
        "channelLiable": False,
        "priceSet": purse.bag(amount),
    }


def tax_lines(order: ShopDetails, purse: Purse) -> list[Node]:
    """The order's tax, shipping's in it."""
    return [_tax_line(purse, order.tax)] if order.tax else []


def shipping_lines(order: ShopDetails, purse: Purse) -> list[Node]:
    """One line, none where nothing is sent."""
    is_carried = order.order.source_name == "pos" and not order.order.shipping
    if is_carried or all(line.variant.is_gift_card for line in order.order.lines):
        return []
    discounted, off = order.shipping, order.shipping_discount
    allocation = {
        "allocatedAmountSet": purse.bag(off),
        "discountApplication": next(reversed(discount_applications(order)), None),
    }
    return [
        {
            "id": gid("ShippingLine", order.order.order_id - 1_000_000_000_000),
            "title": "Standard" if order.order.shipping else "Free standard",
            "code": "STANDARD",
            "source": "shopify",
            "carrierIdentifier": None,
            "custom": False,
            "deliveryCategory": None,
            "isRemoved": False,
            "phone": None,
            "shippingRateHandle": None,
            "originalPriceSet": purse.bag(order.order.shipping),
            "discountedPriceSet": purse.bag(discounted),
            "currentDiscountedPriceSet": purse.bag(discounted),
            "discountAllocations": [allocation] if off else [],
            "taxLines": [_tax_line(purse, order.shipping_tax)] if order.shipping_tax else [],
        }
    ]
