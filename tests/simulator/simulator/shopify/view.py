"""The shop as known at one instant: every object of it, projected once."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from simulator.shopify.orders import order_node
from simulator.shopify.shelf import item_node, location_node, product_node, variant_node
from simulator.shopify.values import Node
from simulator.world import World
from simulator.world.shop import Variant
from simulator.world.shop_stock import LOCATIONS


class ShopView:
    """Nodes of every kind, and by id. A world moved to another instant needs another view."""

    def __init__(self, world: World) -> None:
        self.world = world

    @cached_property
    def orders(self) -> list[Node]:
        """All orders."""
        return [order_node(self, order) for order in self.world.shop_details]

    @cached_property
    def products(self) -> list[Node]:
        """All products; each has one variant."""
        return [product_node(self, variant) for variant in self.world.story.shop.variants]

    @cached_property
    def variants(self) -> list[Node]:
        """All variants."""
        return [variant_node(self, variant) for variant in self.world.story.shop.variants]

    @cached_property
    def items(self) -> list[Node]:
        """All inventory items."""
        return [item_node(self, variant) for variant in self.world.story.shop.variants]

    @cached_property
    def locations(self) -> list[Node]:
        """All locations, the closed ones too."""
        return [location_node(self, place) for place in LOCATIONS]

    @cached_property
    def product_by_id(self) -> dict[str, Node]:
        """Products by global id."""
        return {node["id"]: node for node in self.products}

    @cached_property
    def variant_by_id(self) -> dict[str, Node]:
        """Variants by global id."""
        return {node["id"]: node for node in self.variants}

    @cached_property
    def item_by_id(self) -> dict[str, Node]:
        """Inventory items by global id."""
        return {node["id"]: node for node in self.items}

    @cached_property
    def location_by_id(self) -> dict[str, Node]:
        """Locations by global id."""
        return {node["id"]: node for node in self.locations}

    @cached_property
    def _units(self) -> dict[int, int]:
        units: dict[int, int] = defaultdict(int)
        for level in self.world.shop_levels:
            units[level.variant.variant_id] += level.available
        return units

    def units_of(self, variant: Variant) -> int:
        """Units of a variant that can be sold, in all locations."""
        return self._units.get(variant.variant_id, 0)
