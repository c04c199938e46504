"""Amazon's consent pages: whoever sits before them agrees, declines, or may not decide.

By default a seller who agrees; `POST /_simulator/consent` puts somebody else there.
"""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from simulator.credentials import ADS_CLIENT, AMAZON_ADS, AMAZON_SP, SP_APPLICATION_ID, grant
from simulator.lwa import Login
from simulator.world.sellers import SELLER_IDS

DECLINES = "declines"
NO_ADMIN = "no admin"
SCOPE = "advertising::campaign_management"


def blueprint(login: Login) -> Blueprint:
    """SP-API's consent page per region and the Ads API's; both redirect with a code."""
    routes = Blueprint("consent", __name__)

    @routes.post("/_simulator/consent")
    def put_before_the_page() -> Response:
        """Who answers from now on: by API a grant's name, `declines`, `no admin`, or null."""
        login.at_consent.update(request.get_json())
        return Response("{}", mimetype="application/json")

    @routes.get("/sellercentral/<region>/apps/authorize/consent")
    def seller_central(region: str) -> Response:
        if request.args.get("application_id") != SP_APPLICATION_ID or not request.args.get("state"):
            return Response("MD1000: the application is not known", 400)
        who = login.at_consent.get(AMAZON_SP)
        if who == NO_ADMIN:
            return Response("You do not have permission to authorize applications.", 403)
        target = request.args["redirect_uri"]
        if who == DECLINES:
            return _back(target, error="access_denied", error_description="Declined")
        code = login.authorise(grant(AMAZON_SP, who or region), target)
        return _back(target, spapi_oauth_code=code, selling_partner_id=SELLER_IDS[region])

    @routes.get("/ap/oa")
    def advertising() -> Response:
        if request.args.get("client_id") != ADS_CLIENT.client_id:
            return Response("An unknown client", 400)
        target = request.args["redirect_uri"]
        if request.args.get("scope") != SCOPE:
            return _back(target, error="invalid_scope", error_description="Unknown scope")
        who = login.at_consent.get(AMAZON_ADS)
        if who in (DECLINES, NO_ADMIN):
            return _back(target, error="access_denied", error_description="Access not permitted.")
        code = login.authorise(grant(AMAZON_ADS, who or "all"), target)
        return _back(target, code=code, scope=SCOPE)

    return routes


def _back(target: str, **answer: str) -> Response:
    parameters = urlencode({**answer, "state": request.args.get("state", "")})
    return redirect(f"{target}?{parameters}")  # type: ignore[return-value]
