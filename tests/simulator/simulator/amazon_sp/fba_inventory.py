"""FBA Inventory v1: the live quantities of every seller SKU that Amazon stores."""

from __future__ import annotations

from typing import Any

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.cursors import Cursors
from simulator.amazon_sp.dialect import check_marketplaces, invalid
from simulator.amazon_sp.parameters import Parameter, iso, read
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation
from simulator.world import World
from simulator.world.events import Listing, StockLevel
from simulator.world.marketplaces import MARKETS

TOKEN_SECONDS = 30
_PARAMETERS = {
    "details": Parameter("boolean"),
    "granularityType": Parameter(required=True, choices=frozenset({"Marketplace"})),
    "granularityId": Parameter(required=True),
    "startDateTime": Parameter("instant"),
    "sellerSkus": Parameter("list", most=50),
    "sellerSku": Parameter(),
    "nextToken": Parameter(),
    "marketplaceIds": Parameter("list", required=True, most=1),
}
Row = tuple[Listing, StockLevel]


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""
    cursors: Cursors[Row] = Cursors(simulation.clock, TOKEN_SECONDS)

    @gateway.operation(operations.GET_INVENTORY_SUMMARIES)
    def get_inventory_summaries(call: Call) -> Response:
        arguments = read(_PARAMETERS)
        marketplace_id = arguments["granularityId"]
        check_marketplaces([marketplace_id, *arguments["marketplaceIds"]], call.caller.region)
        if arguments["marketplaceIds"] != [marketplace_id]:
            raise invalid("Invalid Input", "marketplaceIds must equal granularityId.")
        token = arguments.pop("nextToken", None)
        if token:
            page = cursors.next(token, arguments, call)
        else:
            world = simulation.world
            rows = _rows(world, marketplace_id, arguments)
            page = cursors.first(rows, world.size.inventory_page, arguments, call)
        details = arguments.get("details", False)
        body: dict[str, Any] = {
            "payload": {
                "granularity": {"granularityType": "Marketplace", "granularityId": marketplace_id},
                "inventorySummaries": [_summary(*row, details) for row in page.rows],
            }
        }
        if page.next_token:
            body["pagination"] = {"nextToken": page.next_token}
        return json_response(body)


def _rows(world: World, marketplace_id: str, arguments: dict[str, Any]) -> list[Row]:
    """The marketplace's FBA offers with the stock of their pool, which others show as well."""
    pool = MARKETS[marketplace_id].pool
    rows = [
        (offer, world.stock[pool, offer.fn_sku])
        for offer in world.listings
        if offer.marketplace_id == marketplace_id and offer.fn_sku
    ]
    if "startDateTime" in arguments:
        return [row for row in rows if row[1].last_updated_at >= arguments["startDateTime"]]
    wanted = arguments.get("sellerSkus") or [arguments.get("sellerSku")]
    return rows if wanted == [None] else [row for row in rows if row[0].seller_sku in wanted]


def _summary(offer: Listing, stock: StockLevel, details: bool) -> dict[str, Any]:
    body: dict[str, Any] = {
        "asin": offer.asin,
        "fnSku": offer.fn_sku,
        "sellerSku": offer.seller_sku,
        "condition": offer.condition,
        "productName": offer.title,
        "totalQuantity": stock.total,
        "lastUpdatedTime": iso(stock.last_updated_at),
        "stores": [],
    }
    if details:
        body["inventoryDetails"] = _details(stock)
    return body


def _details(stock: StockLevel) -> dict[str, Any]:
    names = ("researchingQuantityInShortTerm", "researchingQuantityInMidTerm",
             "researchingQuantityInLongTerm")  # fmt: skip
    quantities = (stock.researching, 0, 0)
    return {
        "fulfillableQuantity": stock.fulfillable,
        "inboundWorkingQuantity": stock.inbound_working,
        "inboundShippedQuantity": stock.inbound_shipped,
        "inboundReceivingQuantity": stock.inbound_receiving,
        "reservedQuantity": {
            "totalReservedQuantity": stock.reserved,
            "pendingCustomerOrderQuantity": stock.reserved_customer_orders,
            "pendingTransshipmentQuantity": stock.reserved_transshipment,
            "fcProcessingQuantity": stock.reserved_processing,
        },
        "researchingQuantity": {
            "totalResearchingQuantity": stock.researching,
            "researchingQuantityBreakdown": [
                {"name": name, "quantity": quantity}
                for name, quantity in zip(names, quantities, strict=True)
            ],
        },
        "unfulfillableQuantity": {
            "totalUnfulfillableQuantity": stock.unfulfillable,
            "customerDamagedQuantity": stock.customer_damaged,
            "warehouseDamagedQuantity": stock.warehouse_damaged,
            "distributorDamagedQuantity": stock.distributor_damaged,
            "carrierDamagedQuantity": stock.carrier_damaged,
            "defectiveQuantity": stock.defective,
            "expiredQuantity": stock.expired,
        },
    }
