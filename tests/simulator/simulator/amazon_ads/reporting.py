"""Reporting v3: ask for a report, ask how it is doing."""

from __future__ import annotations

from flask import Response

from simulator.amazon_ads.access import advertiser
from simulator.amazon_ads.checks import JSON, require_accept, require_content_type
from simulator.amazon_ads.report_jobs import Reports
from simulator.amazon_ads.report_requests import read
from simulator.gateway import Call, Gateway, Operation, json_response
from simulator.simulation import Simulation
from simulator.world.ads.profiles import BY_ID

CREATE_REQUEST = "application/vnd.createasyncreportrequest.v3+json"
CREATE_RESPONSE = "application/vnd.createasyncreportresponse.v3+json"
GET_RESPONSE = "application/vnd.getasyncreportresponse.v3+json"
_ANY = (JSON, "application/*", "*/*", "")


def serve(gateway: Gateway, simulation: Simulation, reports: Reports) -> None:
    """Register both operations. Creation has limits of its own, see ``AdsReporting``."""

    @gateway.operation(Operation("ads.reports.create", "POST", "/reporting/reports", rate=None))
    def create(call: Call) -> Response:
        # application/json is taken, too, as by Amazon today.
        require_content_type(CREATE_REQUEST, JSON)
        require_accept(CREATE_RESPONSE, CREATE_REQUEST, *_ANY)
        profile = BY_ID[call.caller.account]
        request = read(profile, profile.day_of(simulation.world.now))
        advertiser(call, request.report_type.ad_product)
        return json_response(reports.create(call, request), mimetype=CREATE_RESPONSE)

    @gateway.operation(
        Operation("ads.reports.get", "GET", "/reporting/reports/<report_id>", rate=20, burst=60)
    )
    def get(call: Call, report_id: str) -> Response:
        require_accept(GET_RESPONSE, *_ANY)
        return json_response(reports.get(report_id, call.caller.account), mimetype=GET_RESPONSE)
