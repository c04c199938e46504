"""The three APIs, and by which taps and settings each is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AMAZON_SP, AMAZON_ADS, SHOPIFY = "amazon_sp", "amazon_ads", "shopify"
GLOBAL = "global"
"""The region of a connection whose API has no regions."""


@dataclass(frozen=True)
class Api:
    """One API that a store can be connected to.

    Attributes:
        name: As in keys and schemas.
        title: As people say it.
        taps: What reads it; the first one decides the connection's state.
        needs: Settings without which there is no connection: of each group one.
        token_days: For how long an authorisation is expected to hold; None: without end.
    """

    name: str
    title: str
    taps: tuple[str, ...]
    needs: tuple[tuple[str, ...], ...]
    token_days: int | None = None

    @property
    def word(self) -> str:
        """As on the command line."""
        return self.name.replace("_", "-")


_AMAZON = (("client_id",), ("accounts", "refresh_token"))
APIS: Mapping[str, Api] = {
    api.name: api
    for api in (
        Api(AMAZON_SP, "Amazon Selling Partner", ("tap-amazon-sp",), _AMAZON, 365),
        Api(AMAZON_ADS, "Amazon Ads", ("tap-amazon-ads",), _AMAZON, 60),
        Api(
            SHOPIFY,
            "Shopify",
            ("tap-shopify", "tap-shopify-journeys"),
            (("shop",), ("access_token", "client_id")),
        ),
    )
}
_BY_TAP = {tap: api for api in APIS.values() for tap in api.taps}


def api_of(tap: str) -> Api | None:
    """Which API a tap reads; None for a tap that is no part of the product."""
    return _BY_TAP.get(tap)
