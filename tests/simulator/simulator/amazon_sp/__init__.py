"""The Selling Partner API, one module per API family; errors and limits apart."""

from __future__ import annotations

from flask import Blueprint, Response

from simulator.amazon_sp import (
    catalog,
    data_kiosk,
    fba_inventory,
    finances,
    finances_v0,
    operations,
    orders,
    reports,
    sales,
    sellers,
)
from simulator.amazon_sp.dialect import Dialect, denied
from simulator.gateway import Gateway, json_response
from simulator.simulation import Simulation

FAMILIES = (
    catalog,
    sales,
    sellers,
    orders,
    reports,
    data_kiosk,
    fba_inventory,
    finances,
    finances_v0,
)
"""Each further API family adds its module here."""


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
