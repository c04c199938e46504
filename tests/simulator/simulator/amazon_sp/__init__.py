"""The Selling Partner API, one module per API family; errors and limits apart."""

from __future__ import annotations

from flask import Blueprint, Response

from simulator.amazon_sp import data_kiosk, fba_inventory, operations, orders, reports, sellers
from simulator.amazon_sp.dialect import Dialect, denied
from simulator.gateway import Gateway, json_response
from simulator.simulation import Simulation

FAMILIES = (sellers, orders, reports, data_kiosk, fba_inventory)
"""Each further API family (finances, catalog, sales, …) adds its module here."""


def blueprint(simulation: Simulation) -> Blueprint:
    """Everything below ``/sp/{region}``."""
    routes = Blueprint("amazon_sp", __name__, url_prefix="/sp/<region>")
    dialect = Dialect(simulation.login, operations.ROLES)
    gateway = Gateway(routes, dialect, simulation.faults, simulation.limits, simulation.calls)
    for family in FAMILIES:
        family.register(gateway, simulation)

    @routes.route("/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def unknown(region: str, path: str) -> Response:
        simulation.calls.record("unknown", 403)
        return json_response(dialect.body(denied(), ""), 403)

    return routes
