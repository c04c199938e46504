"""Calling the Ads API: one region's host, and one profile's view of it.

A profile is named in a header, so every profile of a region shares the region's host, token and
session. Which operations there are is declared beside the code that uses them.

Source: Amazon Ads API, authorisation and headers; the Profiles contract of 2025-12.
"""

from __future__ import annotations

import copy
import threading
from typing import Any

from amazon_client import marketplaces
from amazon_client.clock import Clock
from amazon_client.errors import AccessDenied
from amazon_client.http import AmazonHttp, Response, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.operations import Operation
from amazon_client.rate_limits import RateLimits, TokenBucket
from amazon_client.read_only import ReadOnlySession
from amazon_client.singer.settings import Credentials, Settings
from tap_amazon_ads.profiles import Profile

CLIENT_HEADER = "Amazon-Advertising-API-ClientId"
SCOPE_HEADER = "Amazon-Advertising-API-Scope"

LIST_PROFILES = Operation("listProfiles", "GET", "/v2/profiles", rate=1, burst=5, adaptive=True)

_PROGRAMS = ("report", "campaign")
"""A user who may only read reports is not listed for the program `campaign`, and the reverse."""


def operation(
    method: str, path: str, name: str, *, both: str | None = None, **details: Any
) -> Operation:
    """Declare an operation of the Ads API, which publishes no rates: two a second to begin with.

    Args:
        method: GET or POST.
        path: below the host.
        name: Amazon's id of it.
        both: the media type of what is sent and of what comes, where it is the same.
        details: further attributes of `Operation`.
    """
    media = {"content_type": both, "accept": both} if both else {}
    usual = {"rate": 2, "burst": 10, "adaptive": True}
    return Operation(name, method, path, **(usual | media | details))


class AdsRegions:
    """The Ads API of all regions that a store has an authorisation for."""

    def __init__(self, settings: Settings, clock: Clock, time_scale: float = 1) -> None:
        """Connect the regions of `settings`; nothing is sent before the first call.

        Args:
            settings: of the tap.
            clock: where time and waiting come from.
            time_scale: how many times faster than Amazon the other side is.
        """
        self._settings = settings
        self._clock = clock
        self.session = ReadOnlySession()
        self._limits = RateLimits(clock, time_scale)
        self.configured = {
            account.region: self._connect(account.region, account) for account in settings.accounts
        }

    def others(self) -> list[AdsRegion]:
        """The regions that are not configured, for the same login: its tokens are good there too.

        Only those with a host of their own, which a replaced `api_url` may not give them.
        """
        login = self._settings.accounts[0]
        hosts = {self._host(region) for region in self.configured}
        return [
            self._connect(region, login)
            for region in marketplaces.REGIONS
            if region not in self.configured and self._host(region) not in hosts
        ]

    def _host(self, region: str) -> str:
        return self._settings.api_url(region, marketplaces.region(region).ads_api_url)

    def _connect(self, region: str, login: Credentials) -> AdsRegion:
        settings = self._settings
        client_id, client_secret = settings.client_of(login)
        lwa = LwaClient(
            settings.auth_url(region, marketplaces.region(region).ads_token_url),
            client_id,
            client_secret,
            self.session,
            self._clock,
        )
        auth = TokenAuth(
            AccessTokens(lwa, login.refresh_token),
            "Authorization",
            "Bearer ",
            {CLIENT_HEADER: client_id},
        )
        http = AmazonHttp(
            self._host(region),
            auth,
            self._limits,
            self._clock,
            user_agent=settings.user_agent,
            account=region,
            session=self.session,
        )
        return AdsRegion(region, http, self._limits)


class AdsRegion:
    """The Ads API of one region, for one authorisation. Shared by threads."""

    def __init__(self, region: str, http: AmazonHttp, limits: RateLimits) -> None:
        """Describe the way to a region's host, whose calls `limits` paces."""
        self.region = region
        self._http = http
        self._limits = limits
        self._profiles: dict[str, AdsProfile] = {}
        self._lock = threading.Lock()

    def list_profiles(self) -> list[Profile]:
        """Every profile that the authorisation may view here, those of other kinds included.

        The API's own default is `accessLevel=edit`, which hides every account that was shared for
        viewing only.
        """
        for program in _PROGRAMS:
            query = {"apiProgram": program, "accessLevel": "view"}
            documents = self._http.call(LIST_PROFILES, query=query).data
            if documents:
                return [Profile.from_api(self.region, document) for document in documents]
        return []

    def bucket(self, operation: Operation) -> TokenBucket:
        """The bucket of an operation whose limit all profiles of the region share."""
        return self._limits.bucket(operation, self.region)

    def profile(self, profile: Profile) -> AdsProfile:
        """The same host in the name of a profile; always the same object for a profile."""
        with self._lock:
            if profile.profile_id not in self._profiles:
                self._profiles[profile.profile_id] = AdsProfile(profile, self._http)
            return self._profiles[profile.profile_id]


class AdsProfile:
    """What one profile may be asked. Shared by threads.

    That an ad product is closed to the profile is remembered: its other lists and reports are then
    refused without asking again.
    """

    def __init__(self, profile: Profile, http: AmazonHttp) -> None:
        """Speak for `profile`."""
        self.profile = profile
        self._http = http
        self._refusals: dict[str, AccessDenied] = {}

    def call(
        self, operation: Operation, *, ad_product: str, account: str | None = None, **parts: Any
    ) -> Response:
        """Call an operation in the profile's name; see `AmazonHttp.call` for `parts` and errors.

        Args:
            operation: what to call.
            ad_product: whose operation or report it is, for remembering refusals.
            account: whose limit it counts against, where it is not the profile's.

        Raises:
            AccessDenied: the profile (401) or the ad product (403) is not open to this
                authorisation; the message names the profile.
        """
        if known := self._refusals.get(ad_product):
            raise copy.copy(known)
        headers = {SCOPE_HEADER: self.profile.profile_id, **parts.pop("headers", {})}
        try:
            return self._http.call(
                operation, headers=headers, account=account or self.profile.profile_id, **parts
            )
        except AccessDenied as error:
            refusal = self._explain(error, ad_product)
        if refusal.status == 403:
            self._refusals[ad_product] = refusal
        raise refusal

    def _explain(self, error: AccessDenied, ad_product: str) -> AccessDenied:
        """The same refusal with the profile's name and with what to do about it."""
        product = ad_product.replace("_", " ").title()
        if error.status == 403:
            said = f"{product} is not open to profile {self.profile}: {error.message}"
            remedy = (
                f"Give the user the permission for {product} in this account, or leave out the "
                "streams of this ad product."
            )
        else:
            said = f"Profile {self.profile} of region {self.profile.region}: {error.message}"
            remedy = error.remedy
            if "scope" in error.message.lower():
                remedy = (
                    "Check that the profile still belongs to this login and region, and that the "
                    "user's permission was not withdrawn."
                )
        return AccessDenied(
            said, remedy=remedy, request_id=error.request_id, status=error.status, code=error.code
        )
