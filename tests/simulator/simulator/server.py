"""One Flask application for every simulated API, on a threaded HTTP/1.1 server."""

from __future__ import annotations

import logging
from collections.abc import Callable

from flask import Blueprint, Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from simulator import (
    amazon_ads,
    amazon_sp,
    consent,
    control,
    documents,
    ecb,
    lwa,
    shopify,
)
from simulator.simulation import Simulation

APIS: tuple[Callable[[Simulation], Blueprint], ...] = (
    amazon_sp.blueprint,
    amazon_ads.blueprint,
    ecb.blueprint,
    shopify.blueprint,
)
"""Each further API adds its blueprint here."""


class _Handler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log without the query: it may hold a signature."""
        logging.getLogger("simulator").debug(
            "%s %s %s", self.command, self.path.split("?")[0], code
        )


def create_app(simulation: Simulation) -> Flask:
    """The application; ``simulation`` is what its parts share."""
    app = Flask("simulator")
    shared = (simulation.faults, simulation.calls)
    app.register_blueprint(
        lwa.blueprint(simulation.login, simulation.faults, simulation.limits, simulation.calls)
    )
    app.register_blueprint(consent.blueprint(simulation.login))
    app.register_blueprint(documents.blueprint(simulation.documents, *shared))
    app.register_blueprint(control.blueprint(simulation))
    for api in APIS:
        app.register_blueprint(api(simulation))
    return app


def make(simulation: Simulation, host: str = "127.0.0.1", port: int = 0) -> BaseWSGIServer:
    """A bound server, ready to ``serve_forever``; port 0 takes a free one."""
    server = make_server(
        host, port, create_app(simulation), threaded=True, request_handler=_Handler
    )
    simulation.documents.base_url = url_of(server)
    return server


def url_of(server: BaseWSGIServer) -> str:
    """The server's own address, without a trailing slash."""
    return f"http://{server.host}:{server.port}"
