"""One seller in one region: the way to the Selling Partner API and what the seller sells in.

Sources: Sellers API v1, the sign-in and calling rules of the Selling Partner API.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import requests

from amazon_client.clock import Clock
from amazon_client.downloads import DocumentLocation, download
from amazon_client.errors import AccessDenied, AmazonError
from amazon_client.extraction import Account
from amazon_client.extraction.ready_reports import ReadyReport
from amazon_client.http import AmazonHttp, TokenAuth
from amazon_client.lwa import AccessTokens, LwaClient
from amazon_client.marketplaces import Marketplace, by_id, region
from amazon_client.operations import Operation
from amazon_client.rate_limits import RateLimits
from amazon_client.singer.settings import Credentials, Settings

GET_PARTICIPATIONS = Operation(
    "getMarketplaceParticipations",
    "GET",
    "/sellers/v1/marketplaceParticipations",
    rate=0.016,
    burst=15,
)

ERROR_TEXT_LIMIT = 2000
"""Characters of an error document that a message quotes."""


class SellingPartner:
    """One authorisation: a seller in a region. Shared by threads."""

    def __init__(self, http: AmazonHttp, session: requests.Session, clock: Clock) -> None:
        """Wrap the way to the API.

        Args:
            http: The region's API, signed in as the seller.
            session: A `ReadOnlySession`, for documents at presigned addresses.
            clock: For the pauses between retries of a download.
        """
        self.http = http
        self.session = session
        self.clock = clock
        self.refused_data: set[str] = set()
        """Optional parts of orders that the region has refused during this run."""
        self.ready_reports: dict[str, list[ReadyReport]] = {}
        """By report type: what the run found that Amazon had made of its own accord."""
        self.finding_refused_data = threading.Lock()
        """Held by the one request that finds out, while others wait for what it learns."""
        self.refused_fields: set[str] = set()
        """Fields of Data Kiosk that the application's roles do not open."""
        self.personal_data = False
        """Whether the user wants what is personal to be asked for."""
        self.fresh_asins: Callable[[Account], Collection[str]] = lambda account: ()
        """ASINs of a marketplace whose catalog entry has been landed lately enough."""

    @cached_property
    def participations(self) -> list[Mapping[str, Any]]:
        """The seller's marketplaces as Amazon lists them; asked once per run."""
        payload: list[Mapping[str, Any]] = self.http.call(GET_PARTICIPATIONS).data["payload"]
        return payload

    def marketplaces(self) -> list[Marketplace]:
        """The marketplaces that the seller takes part in and the table knows, by id.

        Amazon also lists pseudo-marketplaces (`SI UK Prod Marketplace`), which no other operation
        takes: the table leaves them out.
        """
        known = (
            by_id(entry["marketplace"]["id"])
            for entry in self.participations
            if entry["participation"]["isParticipating"]
        )
        return sorted((place for place in known if place), key=lambda place: place.marketplace_id)

    def read_small_document(self, locate: Callable[[], DocumentLocation]) -> str:
        """Fetch a short document (an error report) and return the beginning of its text.

        A document that cannot be fetched gives a text that says so: it only explains a failure,
        and must not hide it.
        """
        with tempfile.TemporaryDirectory(prefix="tap-amazon-sp-") as folder:
            try:
                document = download(
                    lambda fresh: locate(),
                    Path(folder) / "document",
                    session=self.session,
                    clock=self.clock,
                    what="error document",
                )
                data = document.path.read_bytes()
            except AmazonError as error:
                return f"(Amazon's explanation could not be read: {error.message})"
        return data.decode("utf-8", "replace")[:ERROR_TEXT_LIMIT]


def connect(
    settings: Settings,
    credentials: Credentials,
    session: requests.Session,
    limits: RateLimits,
    clock: Clock,
) -> SellingPartner:
    """Build the way to one region; nothing is sent before the first call."""
    place = region(credentials.region)
    client_id, client_secret = settings.client_of(credentials)
    token_url = settings.auth_url(place.name, place.sp_token_url)
    lwa = LwaClient(token_url, client_id, client_secret, session, clock)
    http = AmazonHttp(
        settings.api_url(place.name, place.sp_api_url),
        TokenAuth(AccessTokens(lwa, credentials.refresh_token)),
        limits,
        clock,
        user_agent=settings.user_agent,
        account=f"{place.name}/{credentials.selling_partner_id}",
        session=session,
    )
    return SellingPartner(http, session, clock)


def latest_zone(marketplaces: list[Marketplace], now: datetime) -> str:
    """The zone of the marketplace in which the day begins last; UTC without any.

    A request for several marketplaces names one range of dates: no day of it may be in the future
    anywhere.
    """
    if not marketplaces:
        return "UTC"
    return min(marketplaces, key=lambda place: now.astimezone(place.zone).isoformat()).time_zone


def needs_role(error: AccessDenied, what: str, role: str) -> AccessDenied:
    """The same refusal, saying which role the application needs for it."""
    return AccessDenied(
        error.message,
        remedy=f"{what} needs the role {role}: give it to the application in Seller Central, "
        "authorise again and use the new refresh token. If it has the role, the account may not "
        "sell in this region, or Amazon has an incident.",
        request_id=error.request_id,
        status=error.status,
        code=error.code,
    )
