"""The Amazon Ads API as it tells the world: profiles, entities, Reporting v3.

Each API is a module; the generations' ways of refusing are in ``dialects``.
"""

from __future__ import annotations

from flask import Blueprint

from simulator.amazon_ads import (
    profiles,
    reporting,
    sponsored_brands,
    sponsored_display,
    sponsored_products,
)
from simulator.amazon_ads.dialects import Classic, Reporting, Worded
from simulator.amazon_ads.listing import serve as serve_list
from simulator.amazon_ads.report_jobs import Reports
from simulator.gateway import Dialect, Gateway
from simulator.simulation import Simulation

__all__ = ["blueprint"]


def blueprint(simulation: Simulation) -> Blueprint:
    """Every operation, below ``/ads/<region>``."""
    routes = Blueprint("amazon_ads", __name__, url_prefix="/ads/<region>")

    def gateway(dialect: Dialect) -> Gateway:
        return Gateway(routes, dialect, simulation.faults, simulation.limits, simulation.calls)

    profiles.serve(gateway(Classic(simulation.login, needs_scope=False)), simulation)
    worded = gateway(Worded(simulation.login))
    for listing in (*sponsored_products.LISTS, *sponsored_brands.LISTS):
        serve_list(listing, worded, simulation)
    sponsored_display.serve(gateway(Classic(simulation.login)), simulation)
    reports = Reports(simulation)
    reporting.serve(gateway(Reporting(simulation.login)), simulation, reports)
    return routes
