"""Connecting from beginning to end, for the terminal and the dashboard alike."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

from amazon_client.marketplaces import REGIONS, Marketplace
from tandem import envfile
from tandem.apis import AMAZON_ADS, AMAZON_SP, GLOBAL, SHOPIFY
from tandem.connect import amazon_ads, amazon_sp, shopify
from tandem.connect.consent import Application, Authorised, Consents
from tandem.connect.granted import Granted, Login, NotConnected, supported
from tandem.connect.saving import Request, primary_of, save
from tandem.database import Database
from tandem.meltano_project import MeltanoProject
from tandem.registry import Connection, Registry

TOKEN_VARIABLE = "TANDEM_REFRESH_TOKEN"
CALLBACK_PORT = 8975


@dataclass(frozen=True)
class Connected:
    """A connection that was made, and what it turned out to be worth."""

    connection: Connection
    granted: Granted


class Connector:
    """Connects stores in one environment."""

    def __init__(self, meltano: MeltanoProject, database: Database) -> None:
        """Use the addresses and applications of an environment."""
        self.meltano = meltano
        self.registry = Registry(database)
        self.consents = Consents(self.registry, meltano)

    def application(self, api: str) -> Application:
        """The application that the environment names for an API.

        Raises:
            NotConnected: it names none.
        """
        tap = "tap-" + api.replace("_", "-")
        client_id = self.meltano.setting(tap, "client_id")
        client_secret = self.meltano.setting(tap, "client_secret")
        prefix = api.upper()
        if not client_id or not client_secret:
            raise NotConnected(
                f"The application's client id and secret are not set: put {prefix}_CLIENT_ID and "
                f"{prefix}_CLIENT_SECRET into .env (.env.example says where Amazon shows them)."
            )
        return Application(
            client_id,
            client_secret,
            self.meltano.variable("AMAZON_SP_APPLICATION_ID"),
            (self.meltano.variable("AMAZON_SP_APPLICATION_IS_DRAFT") or "").lower() == "true",
        )

    def redirect_uri(self, served_at: str) -> str:
        """The address that is registered at Amazon: a setting, else the page's own."""
        return self.meltano.variable("TANDEM_REDIRECT_URI") or served_at

    def port(self) -> int:
        """Where the callback page listens."""
        return int(self.meltano.variable("TANDEM_CALLBACK_PORT") or CALLBACK_PORT)

    def amazon_sp(self, request: Request, token: str, seller: str | None) -> Connected:
        """Verify and keep an authorisation of the Selling Partner API.

        Raises:
            NotConnected: in words, with the remedy; nothing was kept.
        """
        self._check(request)
        login = self._login(AMAZON_SP, token)
        granted = amazon_sp.verify(self.meltano, login, request.region, seller)
        return self._keep(request, login, granted)

    def amazon_ads(self, request: Request, token: str, profiles: Sequence[str] = ()) -> Connected:
        """Verify and keep an authorisation of the Ads API; raises as `amazon_sp` does."""
        self._check(request)
        login = self._login(AMAZON_ADS, token)
        sellers = self.registry.connections(request.store_id, AMAZON_SP, active=True)
        granted = amazon_ads.verify(
            self.meltano,
            login,
            request.region,
            primary=self.primary(request),
            seller_ids=[one.account_id for one in sellers if one.account_id],
            profiles=profiles,
        )
        return self._keep(request, login, granted)

    def shopify(self, request: Request, token: str, shop: str) -> Connected:
        """Verify and keep a shop's access token; raises as `amazon_sp` does."""
        login = Login("", "", token)
        granted = shopify.verify(self.meltano, login, shopify.shop_name(shop))
        return self._keep(replace(request, region=GLOBAL), login, granted)

    def finish(
        self, request: Request, authorised: Authorised, profiles: Sequence[str] = ()
    ) -> Connected:
        """Verify and keep what a consent gave; raises as `amazon_sp` does."""
        if authorised.consent.api == AMAZON_SP:
            seller = authorised.selling_partner_id
            return self.amazon_sp(request, authorised.refresh_token, seller)
        return self.amazon_ads(request, authorised.refresh_token, profiles)

    def primary(self, request: Request) -> Marketplace | None:
        """The primary marketplace that counts for a request: asked for, else saved."""
        if request.primary:
            return supported(request.primary)
        return primary_of(self.registry, request.store_id)

    def _check(self, request: Request) -> None:
        if request.region not in REGIONS:
            raise NotConnected(f"{request.region!r} is no region: use one of {', '.join(REGIONS)}.")
        if request.primary:
            supported(request.primary)

    def _login(self, api: str, token: str) -> Login:
        application = self.application(api)
        return Login(application.client_id, application.client_secret, checked_token(token, api))

    def _keep(self, request: Request, login: Login, granted: Granted) -> Connected:
        connection = save(self.registry, self.meltano, request, login, granted)
        return Connected(connection, granted)


def checked_token(token: str, api: str) -> str:
    """A token without what surrounds it.

    Raises:
        NotConnected: there is none, or it is an access token; it is not quoted.
    """
    token = token.strip().strip("\"'")
    if not token:
        raise NotConnected(
            f"No token was given: pipe it in, set {TOKEN_VARIABLE}, or run in a terminal to be "
            "asked for it. It never goes on the command line, where everybody could read it."
        )
    if api != SHOPIFY and not token.startswith("Atzr|"):
        raise NotConnected(
            "This is no refresh token of Login with Amazon: those begin with Atzr|. Copy it from "
            "Seller Central (Develop Apps, Authorize) without anything around it."
        )
    return token


def token_of_environment(meltano: MeltanoProject) -> str | None:
    """The token that the environment or `.env` holds for connecting, if any."""
    return os.environ.get(TOKEN_VARIABLE) or envfile.value(meltano.project.env_file, TOKEN_VARIABLE)
