"""Sellers v1: in which marketplaces the account takes part."""

from __future__ import annotations

from flask import Response

from simulator.amazon_sp import operations
from simulator.amazon_sp.parameters import read
from simulator.gateway import Call, Gateway, json_response
from simulator.simulation import Simulation


def register(gateway: Gateway, simulation: Simulation) -> None:
    """Add the API's operations."""

    @gateway.operation(operations.MARKETPLACE_PARTICIPATIONS)
    def marketplace_participations(call: Call) -> Response:
        read({})
        seller = simulation.world.sellers[call.caller.region]
        payload = [
            {
                "marketplace": {
                    "id": participation.marketplace_id,
                    "name": participation.name,
                    "countryCode": participation.country_code,
                    "defaultCurrencyCode": participation.currency_code,
                    "defaultLanguageCode": participation.language,
                    "domainName": participation.domain,
                },
                "storeName": participation.store_name,
                "participation": {
                    "isParticipating": participation.is_participating,
                    "hasSuspendedListings": participation.has_suspended_listings,
                },
            }
            for participation in seller.participations
        ]
        return json_response({"payload": payload})
