"""The Amazon Ads API as it tells the world: profiles, entities, reports, exports, bills, pictures.

Each API is a module; the generations' ways of refusing are in ``dialects``.
"""

from __future__ import annotations

from flask import Blueprint

from simulator.amazon_ads import (
    assets,
    brand_lists,
    exports,
    invoices,
    portfolios,
    product_metadata,
    profiles,
    reporting,
    sponsored_brands,
    sponsored_brands_v3,
    sponsored_display,
    sponsored_products,
)
from simulator.amazon_ads.dialects import Classic, Reporting, Worded
from simulator.amazon_ads.index_listing import serve as serve_index_list
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
    brand_lists.serve(worded, simulation)
    portfolios.serve(worded, simulation)
    exports.serve(worded, simulation)
    classic = gateway(Classic(simulation.login))
    for index_list in (*sponsored_brands_v3.INDEX_LISTS, *sponsored_display.LISTS):
        serve_index_list(index_list, classic, simulation)
    for family in (invoices, assets, product_metadata):
        family.serve(classic, simulation)
    reports = Reports(simulation)
    reporting.serve(gateway(Reporting(simulation.login)), simulation, reports)
    return routes
