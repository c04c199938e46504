"""The European Central Bank's file of exchange rates: the world's, of this year and the last."""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, Response

from simulator.simulation import Simulation
from simulator.world.rates import CURRENCIES, per_euro, published


def blueprint(simulation: Simulation) -> Blueprint:
    """`/ecb/eurofxref-hist.zip`: a zipped CSV, a trailing comma on each line as the ECB has it."""
    routes = Blueprint("ecb", __name__)

    @routes.get("/ecb/eurofxref-hist.zip")
    def history() -> Response:
        lines = [("Date", *CURRENCIES)]
        rates = [f"{per_euro(currency):f}" for currency in CURRENCIES]
        lines += [(day.isoformat(), *rates) for day in published(simulation.world.now)]
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            text = "".join(",".join(line) + ",\n" for line in lines)
            archive.writestr("eurofxref-hist.csv", text)
        return Response(content.getvalue(), mimetype="application/zip")

    return routes
