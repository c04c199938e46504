"""``/_simulator``: what only tests may do. Never part of an API that a tap reads."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from flask import Blueprint, Response, request

from simulator.credentials import grant
from simulator.gateway import json_response
from simulator.simulation import Simulation


def parse_instant(text: str) -> datetime:
    """An ISO 8601 instant in UTC; one without zone is refused."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text} names no zone; write it with Z")
    return instant.astimezone(UTC)


def blueprint(simulation: Simulation) -> Blueprint:
    """Faults, calls, time and authorisation codes."""
    routes = Blueprint("control", __name__, url_prefix="/_simulator")

    @routes.get("/health")
    def health() -> Response:
        world = simulation.world
        return json_response(
            {
                "seed": world.seed,
                "size": world.size.name,
                "now": world.now.isoformat(),
                "time_scale": simulation.clock.time_scale,
            }
        )

    @routes.get("/calls")
    def calls() -> Response:
        return json_response(simulation.calls.summary())

    @routes.delete("/calls")
    def forget_calls() -> Response:
        simulation.calls.reset()
        return json_response({})

    @routes.post("/faults")
    def add_fault() -> Response:
        try:
            added = simulation.faults.add(**request.get_json())
        except (TypeError, ValueError) as mistake:
            return json_response({"error": str(mistake)}, 400)
        return json_response(asdict(added))

    @routes.delete("/faults")
    def clear_faults() -> Response:
        simulation.faults.clear()
        return json_response({})

    @routes.post("/now")
    def move() -> Response:
        try:
            simulation.set_now(parse_instant(request.get_json()["now"]))
        except (KeyError, ValueError) as mistake:
            return json_response({"error": str(mistake)}, 400)
        return health()

    @routes.post("/tokens/expire")
    def expire_tokens() -> Response:
        simulation.login.expire_all()
        return json_response({})

    @routes.post("/authorise")
    def authorise() -> Response:
        wanted = request.get_json()
        code = simulation.login.authorise(
            grant(wanted["api"], wanted["name"]), wanted.get("redirect_uri")
        )
        return json_response({"code": code})

    return routes
