"""Products, variants, inventory items, locations and stock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from simulator.shopify.connections import connection, page
from simulator.shopify.search import matching
from simulator.shopify.values import Node, gid, instant, money
from simulator.world.randomness import chance
from simulator.world.shop import SHOP_CURRENCY, Variant
from simulator.world.shop_stock import AMAZON, CLOSED, LOCATIONS, Location, ShopLevel

if TYPE_CHECKING:
    from simulator.shopify.view import ShopView

_OPENED = datetime(2024, 1, 8, 14, tzinfo=UTC)
_MAIN = gid("Location", LOCATIONS[0].location_id)


def _created(variant: Variant) -> datetime:
    return _OPENED + timedelta(days=variant.product_id % 100, hours=variant.product_id % 7)


def _updated(view: ShopView, variant: Variant) -> datetime:
    """Most were last touched when they were put on sale, long before any order that is told."""
    now, moment = view.world.now, _created(variant) + timedelta(days=30)
    for back in range(3):
        month = (now.year * 12 + now.month - 1 - back) // 12, (now.month - 1 - back) % 12 + 1
        random = chance(view.world.seed, "shop edit", variant.product_id, *month)
        edit = datetime(*month, random.randint(1, 28), random.randint(0, 23), tzinfo=UTC)
        if random.random() < 0.2 and edit <= now:
            return max(edit, moment)
    return moment


def _image(variant: Variant) -> Node:
    number = variant.product_id + 11
    name = variant.sku.lower().replace(" ", "-")
    url = f"https://cdn.shopify.com/s/files/1/0700/0001/products/{name}.jpg"
    return {
        "id": gid("ImageSource", number),
        "url": url,
        "width": 1600,
        "height": 1600,
        "altText": variant.title,
    }


def product_node(view: ShopView, variant: Variant) -> Node:
    """A product with its one variant."""
    stock = view.units_of(variant)
    is_old = variant.sku.startswith("SHOP-ONLY-3")
    image = _image(variant)
    media: Node = {
        "__typename": "MediaImage",
        "id": gid("MediaImage", variant.product_id + 12),
        "alt": variant.title,
        "status": "READY",
        "mediaContentType": "IMAGE",
        "mediaErrors": [],
        "mediaWarnings": [],
        "createdAt": instant(_created(variant)),
        "updatedAt": instant(_created(variant)),
        "mimeType": "image/jpeg",
        "image": image,
    }
    has_picture = not variant.is_gift_card
    option = {
        "id": gid("ProductOption", variant.product_id + 13),
        "name": "Title",
        "position": 1,
        "values": ["Default Title"],
    }
    return {
        "id": gid("Product", variant.product_id),
        "title": variant.title,
        "handle": variant.sku.lower(),
        "vendor": "Northwind",
        "productType": "Gift Card" if variant.is_gift_card else "Home",
        "status": "ARCHIVED" if is_old else "ACTIVE",
        "isGiftCard": variant.is_gift_card,
        "createdAt": instant(_created(variant)),
        "updatedAt": instant(_updated(view, variant)),
        "publishedAt": None if is_old else instant(_created(variant)),
        "tags": ["shared"] if variant.units_of else [],
        "options": lambda info, first=None: [option],
        "featuredMedia": media if has_picture else None,
        "media": connection([media] if has_picture else []),
        "variants": connection([variant_node(view, variant)]),
        "totalInventory": stock,
        "tracksInventory": not variant.is_gift_card,
        "hasOnlyDefaultVariant": True,
        "hasOutOfStockVariants": stock <= 0 and not variant.is_gift_card,
        "hasVariantsThatRequiresComponents": False,
        "requiresSellingPlan": False,
        "description": "",
        "descriptionHtml": "",
    }


def variant_node(view: ShopView, variant: Variant) -> Node:
    """A variant; ids of product and item are looked up when asked for."""
    return {
        "id": gid("ProductVariant", variant.variant_id),
        "title": "Default Title",
        "displayName": f"{variant.title} - Default Title",
        "sku": variant.sku,
        "barcode": variant.barcode,
        "price": f"{variant.price:.2f}",
        "compareAtPrice": None,
        "position": 1,
        "taxable": not variant.is_gift_card,
        "availableForSale": True,
        "inventoryPolicy": "DENY",
        "inventoryQuantity": view.units_of(variant),
        "sellableOnlineQuantity": view.units_of(variant),
        "requiresComponents": False,
        "image": None,
        "createdAt": instant(_created(variant)),
        "updatedAt": instant(_updated(view, variant)),
        "product": lambda info: view.product_by_id[gid("Product", variant.product_id)],
        "inventoryItem": lambda info: view.item_by_id[
            gid("InventoryItem", variant.inventory_item_id)
        ],
    }


def item_node(view: ShopView, variant: Variant) -> Node:
    """What is stocked, and what it cost."""
    cost = variant.unit_cost
    return {
        "id": gid("InventoryItem", variant.inventory_item_id),
        "sku": variant.sku,
        "tracked": not variant.is_gift_card,
        "requiresShipping": not variant.is_gift_card,
        "createdAt": instant(_created(variant)),
        "updatedAt": instant(_updated(view, variant)),
        "unitCost": None if cost is None else money(Decimal(cost), SHOP_CURRENCY),
        "measurement": {"weight": {"unit": "POUNDS", "value": 1.5}},
        "countryHarmonizedSystemCodes": connection([]),
        "variant": lambda info: view.variant_by_id[gid("ProductVariant", variant.variant_id)],
    }


def location_node(view: ShopView, place: Location) -> Node:
    """A location, and the levels of what it keeps."""
    levels = [level for level in view.world.shop_levels if level.location is place]
    closed = place.created_at + timedelta(days=200) if place is CLOSED else None
    node: Node = {
        "id": gid("Location", place.location_id),
        "legacyResourceId": str(place.location_id),
        "name": place.name,
        "isActive": place.is_active,
        "isFulfillmentService": place.is_fulfillment_service,
        "createdAt": instant(place.created_at),
        "updatedAt": instant(place.updated_at),
        "deactivatedAt": instant(closed),
        "fulfillsOnlineOrders": place.is_active,
        "shipsInventory": place.is_active,
        "hasActiveInventory": bool(levels),
        "hasUnfulfilledOrders": any(level.committed for level in levels),
        "address": {"countryCode": place.country_code, "formatted": []},
        "suggestedAddresses": [],
        **dict.fromkeys(("activatable", "addressVerified", "deactivatable", "deletable"), False),
    }

    def inventory_levels(info: Any, query: str | None = None, **arguments: Any) -> Node:
        nodes = [_level_node(view, level, node) for level in levels]
        found = matching(nodes, query, info.context.warnings.append)
        return page(found, info, arguments)

    node["inventoryLevels"] = inventory_levels
    return node


def _level_node(view: ShopView, level: ShopLevel, place: Node) -> Node:
    number = f"{level.location.location_id}{level.variant.inventory_item_id % 10**9}"
    item_id = level.variant.inventory_item_id
    item = gid("InventoryItem", item_id)
    updated = instant(level.updated_at)
    amounts = {
        "available": level.available,
        "committed": level.committed,
        "damaged": level.damaged,
        "incoming": level.incoming,
        "on_hand": level.on_hand,
        "quality_control": 0,
        "reserved": 0,
        "safety_stock": level.safety_stock,
    }

    def quantities(info: Any, names: list[str]) -> list[Node]:
        return [
            {
                "id": f"{gid('InventoryQuantity', number)}?inventory_item_id={item}&name={name}",
                "name": name,
                "quantity": amounts[name],
                "updatedAt": updated,
            }
            for name in names
        ]

    return {
        "id": gid(
            "InventoryLevel", f"{number}?inventory_item_id={level.variant.inventory_item_id}"
        ),
        "isActive": True,
        "canDeactivate": level.location is not AMAZON,
        "createdAt": instant(max(_created(level.variant), level.location.created_at)),
        "updatedAt": updated,
        "deactivationAlert": None,
        "item": lambda info: view.item_by_id[item],
        "location": place,
        "quantities": quantities,
    }
