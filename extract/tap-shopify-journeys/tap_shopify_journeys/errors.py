"""What can go wrong with Shopify, each with what to do about it."""

from __future__ import annotations


class ShopifyError(Exception):
    """Something could not be read."""

    remedy = "The next sync tries again; if it stays, see the log."
    exit_code = 1

    def __init__(self, message: str, request_id: str | None = None) -> None:
        self.message, self.request_id = message, request_id
        super().__init__(message)

    def __str__(self) -> str:
        """What, the remedy, and Shopify's id of the request."""
        identified = f" (request {self.request_id})" if self.request_id else ""
        return f"{self.message}{identified}: {self.remedy}"


class ConfigurationError(ShopifyError):
    """A setting is missing or wrong."""

    remedy = "see .env.example"


class NeedsReauth(ShopifyError):
    """The token is no longer, or never was, one of the shop's."""

    remedy = (
        "install the app in the shop again and give its token as SHOPIFY_ACCESS_TOKEN, or connect "
        "the store anew"
    )
    exit_code = 3


class AccessDenied(ShopifyError):
    """A scope is missing."""

    remedy = "add the scope to the app, and install it in the shop again"


class ShopNotFound(ShopifyError):
    """There is no such shop."""

    remedy = "check SHOPIFY_SHOP, the name before .myshopify.com"


class QueryTooDear(ShopifyError):
    """A single query costs more than Shopify allows."""


class InvalidQuery(ShopifyError):
    """Shopify does not understand what it is asked."""

    remedy = "this version of the tap and Shopify's API 2025-07 do not fit together"


class Unavailable(ShopifyError):
    """Shopify or the way to it is down, or throttles for too long."""
