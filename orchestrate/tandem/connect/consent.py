"""The consent flow: a state that is taken once, Amazon's page, a code that is exchanged once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlencode

from amazon_client.clock import SystemClock
from amazon_client.errors import AmazonError
from amazon_client.lwa import LwaClient
from amazon_client.marketplaces import MARKETPLACES, Marketplace, region
from amazon_client.read_only import ReadOnlySession
from tandem.apis import AMAZON_SP
from tandem.connect.granted import NotConnected
from tandem.meltano_project import MeltanoProject
from tandem.registry import Registry

VALID = timedelta(minutes=10)
"""How long a person may take on Amazon's pages."""
_SCOPE = "advertising::campaign_management"
_CONSENT_VARIABLE = {
    "amazon_sp": "TANDEM_SP_CONSENT_URL",
    "amazon_ads": "TANDEM_ADS_CONSENT_URL",
}
_DENIED = (
    "The authorisation was not given. Only an admin user of the account (the primary user, or one "
    "with the permission to authorise applications) can give it: sign in to Amazon as that user, "
    "or ask them to."
)
_REASONS = {
    "access_denied": _DENIED,
    "unauthorized_client": "Amazon does not know this application, or it may not ask for this: "
    "check its client id and, for the Ads API, that access was granted to it.",
    "invalid_scope": "The application may not use the Ads API: apply for access first "
    "(README, Ads access request).",
}


class WrongState(NotConnected):
    """An answer without the state of a consent that was started here, or with a used one."""


@dataclass(frozen=True)
class Consent:
    """A consent under way: where to send the person, and what will come back."""

    store_id: str
    api: str
    region: str
    redirect_uri: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class Authorised:
    """What a consent gave."""

    consent: Consent
    refresh_token: str = field(repr=False)
    selling_partner_id: str | None


@dataclass(frozen=True)
class Application:
    """A registered application."""

    client_id: str
    client_secret: str = field(repr=False)
    application_id: str | None = None
    is_draft: bool = False


class Consents:
    """Starts consents and finishes them."""

    def __init__(self, registry: Registry, meltano: MeltanoProject) -> None:
        """Use the tables of `registry` and the addresses of `meltano`'s environment."""
        self._registry = registry
        self._meltano = meltano

    def begin(
        self,
        application: Application,
        store_id: str,
        api: str,
        region_name: str,
        redirect_uri: str,
        place: Marketplace | None = None,
    ) -> Consent:
        """Note a fresh state and make the address of Amazon's page.

        Raises:
            NotConnected: the application's id is missing.
        """
        state = secrets.token_urlsafe(32)
        with self._registry.changing() as connection:
            connection.execute(
                "delete from ops.oauth_states where expires_at < now() - '1d'::interval"
            )
            connection.execute(
                "insert into ops.oauth_states "
                "(state_hash, store_id, api, region, redirect_uri, expires_at) "
                "values (%s, %s, %s, %s, %s, now() + %s)",
                [_hash(state), store_id, api, region_name, redirect_uri, VALID],
            )
        url = self._address(application, api, region_name, redirect_uri, state, place)
        return Consent(store_id, api, region_name, redirect_uri, url)

    def finish(self, application: Application, answer: Mapping[str, str]) -> Authorised:
        """Take Amazon's answer: check its state, use it up, exchange the code.

        Raises:
            WrongState: the answer belongs to nothing that was started here, or came before.
            NotConnected: Amazon did not authorise, or the code is not good.
        """
        consent = self._take(answer.get("state", ""))
        if error := answer.get("error"):
            said = answer.get("error_description", "")
            raise NotConnected(_REASONS.get(error, f"Amazon answered {error}. {said}".strip()))
        code = answer.get("spapi_oauth_code" if consent.api == AMAZON_SP else "code")
        if not code:
            raise NotConnected(f"Amazon's answer has no authorisation code. {_DENIED}")
        place = region(consent.region)
        tap = "tap-" + consent.api.replace("_", "-")
        usual = place.sp_token_url if consent.api == AMAZON_SP else place.ads_token_url
        token_url = (self._meltano.setting(tap, "auth_url") or usual).replace(
            "{region}", consent.region
        )
        lwa = LwaClient(
            token_url,
            application.client_id,
            application.client_secret,
            ReadOnlySession(),
            SystemClock(),
        )
        try:
            grant = lwa.exchange_code(code, consent.redirect_uri)
        except AmazonError as failure:
            raise NotConnected(str(failure)) from None
        if not grant.refresh_token:
            raise NotConnected("Amazon gave no refresh token: start connecting again.")
        return Authorised(consent, grant.refresh_token, answer.get("selling_partner_id"))

    def _take(self, state: str) -> Consent:
        """Use a state up; of two that come with the same one, only the first is served."""
        with self._registry.changing() as connection:
            row = connection.execute(
                "update ops.oauth_states set used_at = now() "
                "where state_hash = %s and used_at is null and expires_at > now() "
                "returning store_id, api, region, redirect_uri",
                [_hash(state)],
            ).fetchone()
        if row is None:
            raise WrongState(
                "This answer belongs to no connection that was started here in the last ten "
                "minutes, or it was used before: start connecting again."
            )
        store_id, api, region_name, redirect_uri = row
        return Consent(store_id, api, region_name, redirect_uri, url="")

    def _address(
        self,
        application: Application,
        api: str,
        region_name: str,
        redirect_uri: str,
        state: str,
        place: Marketplace | None,
    ) -> str:
        instead = self._meltano.variable(_CONSENT_VARIABLE[api])
        base = instead.replace("{region}", region_name) if instead else None
        if api == AMAZON_SP:
            if not application.application_id:
                raise NotConnected(
                    "The consent page needs the application's id (amzn1.sp.solution.…): set "
                    "AMAZON_SP_APPLICATION_ID. A private application has no consent page; give "
                    "its self-authorised refresh token instead."
                )
            query = {
                "application_id": application.application_id,
                "state": state,
                "redirect_uri": redirect_uri,
            } | ({"version": "beta"} if application.is_draft else {})
            base = base or f"{_seller_central(region_name, place)}/apps/authorize/consent"
        else:
            query = {
                "client_id": application.client_id,
                "scope": _SCOPE,
                "response_type": "code",
                "redirect_uri": redirect_uri,
                "state": state,
            }
            base = base or region(region_name).ads_consent_url
        return f"{base}?{urlencode(query)}"


def _seller_central(region_name: str, place: Marketplace | None) -> str:
    """Seller Central of the primary marketplace, else of the region's largest."""
    if place is None or place.region != region_name:
        largest = {"na": "US", "eu": "UK", "fe": "JP"}[region_name]
        place = next(one for one in MARKETPLACES if one.country_code == largest)
    return place.seller_central_url.rstrip("/")


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()
