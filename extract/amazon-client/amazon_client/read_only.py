"""The promise that nothing in the seller's account is ever changed, kept where bytes leave.

Every request of this package goes through a `ReadOnlySession`, which refuses what is not on the
allow-list before anything is sent. There is no other way out: neither API has a read-only scope.
"""

from __future__ import annotations

import re
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from amazon_client.errors import ReadOnlyViolation
from amazon_client.redaction import guard_library_logs

READING_POSTS: tuple[str, ...] = (
    "/auth/o2/token",  # Login with Amazon
    "/reports/2021-06-30/reports",  # createReport
    "/dataKiosk/2023-11-15/queries",  # createQuery
    "/reporting/reports",  # Ads reports
    "/product/metadata",
    "/list",
    "/search",
    "/export",
)
"""Ends of the paths that may be POSTed to: they create at most a document to download."""

_ALLOWED_POST = re.compile(
    r"(?:/[\w\-.]+)*(?:" + "|".join(re.escape(end) for end in READING_POSTS) + ")", re.ASCII
)


def check(method: str, url: str) -> None:
    """Refuse a request that is not known to only read.

    Raises:
        ReadOnlyViolation: anything but GET of any path and POST of an allowed one.
    """
    path = urlsplit(url).path
    verb = method.upper()
    if verb == "GET" or (verb == "POST" and _ALLOWED_POST.fullmatch(path)):
        return
    raise ReadOnlyViolation(f"{verb} {path} is not on the read-only allow-list")


class ReadOnlySession(requests.Session):
    """A session that checks each request, redirected ones too, at the last moment before sending.

    It keeps no cookies and can be shared by threads.
    """

    def __init__(self, pool_size: int = 32) -> None:
        """Open a session that holds up to `pool_size` connections per host."""
        super().__init__()
        guard_library_logs()
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        # Without an `auth` of its own requests looks into ~/.netrc and may replace our header.
        self.auth = _add_nothing
        adapter = HTTPAdapter(pool_connections=pool_size, pool_maxsize=pool_size)
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a request that only reads.

        Raises:
            ReadOnlyViolation: see `check`; nothing was sent.
        """
        check(request.method or "", request.url or "")
        return super().send(request, **kwargs)

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        """Let no credential follow a redirect."""
        prepared_request.headers.pop("Authorization", None)


def _add_nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
