"""Amazon's consent pages, with a seller who always agrees."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, request

from simulator.credentials import AMAZON_ADS, AMAZON_SP, grant
from simulator.lwa import Login
from simulator.world.sellers import SELLER_IDS


def blueprint(login: Login) -> Blueprint:
    """SP-API's consent page per region and the Ads API's; both redirect with a code."""
    routes = Blueprint("consent", __name__)

    @routes.get("/sellercentral/<region>/apps/authorize/consent")
    def seller_central(region: str) -> Response:
        target = request.args["redirect_uri"]
        code = login.authorise(grant(AMAZON_SP, region), target)
        return _back(target, spapi_oauth_code=code, selling_partner_id=SELLER_IDS[region])

    @routes.get("/ap/oa")
    def advertising() -> Response:
        target = request.args["redirect_uri"]
        code = login.authorise(grant(AMAZON_ADS, "all"), target)
        return _back(target, code=code, scope=request.args.get("scope", ""))

    return routes


def _back(target: str, **answer: str) -> Response:
    parameters = urlencode({**answer, "state": request.args.get("state", "")})
    return redirect(f"{target}?{parameters}")  # type: ignore[return-value]
