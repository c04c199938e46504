"""The one place where the simulator's clients, refresh tokens and accounts are named."""

from __future__ import annotations

from dataclasses import dataclass

AMAZON_SP = "amazon_sp"
AMAZON_ADS = "amazon_ads"
SHOPIFY = "shopify"

ALL_ROLES = frozenset(
    {
        "orders",
        "brand_analytics",
        "selling_partner_insights",
        "finance",
        "product_listing",
        "fba",
        "pricing",
        "amazon_business",
    }
)


@dataclass(frozen=True)
class Client:
    """A registered application."""

    api: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Grant:
    """What one refresh token stands for."""

    name: str
    api: str
    refresh_token: str
    regions: frozenset[str]
    """Where it may call. SP-API authorisations are regional, Ads tokens global."""
    revoked: bool = False
    roles: frozenset[str] = ALL_ROLES
    """SP-API roles; a call without its role is refused with 403."""
    profiles: str = "all"
    """Which Ads profiles the user sees: ``all``, ``view_only``, ``agency_only`` or ``none``."""


SP_CLIENT = Client(
    AMAZON_SP,
    "amzn1.application-oa2-client.5150a7e0000000000000000000000001",
    "amzn1.oa2-cs.v1.simulated-sp-client-secret",
)
ADS_CLIENT = Client(
    AMAZON_ADS,
    "amzn1.application-oa2-client.ad50a7e0000000000000000000000002",
    "amzn1.oa2-cs.v1.simulated-ads-client-secret",
)
SP_APPLICATION_ID = "amzn1.sp.solution.5150a7e0-0000-4000-8000-000000000001"
"""The application behind ``SP_CLIENT``, as the consent page names it."""
CLIENTS: dict[str, Client] = {client.client_id: client for client in (SP_CLIENT, ADS_CLIENT)}
CLIENT_OF_API: dict[str, Client] = {client.api: client for client in CLIENTS.values()}

_EVERYWHERE = frozenset({"na", "eu", "fe"})


def _sp(name: str, region: str, **details: object) -> Grant:
    return Grant(name, AMAZON_SP, f"Atzr|sp-{name}", frozenset({region}), **details)  # type: ignore[arg-type]


def _ads(name: str, **details: object) -> Grant:
    return Grant(name, AMAZON_ADS, f"Atzr|ads-{name}", _EVERYWHERE, **details)  # type: ignore[arg-type]


GRANTS: tuple[Grant, ...] = (
    _sp("na", "na"),
    _sp("eu", "eu"),
    _sp("fe", "fe"),
    _sp("na-revoked", "na", revoked=True),
    _sp("na-without-brand-analytics", "na", roles=ALL_ROLES - {"brand_analytics"}),
    # A seller whose application may not see what business customers do.
    _sp("na-without-business", "na", roles=ALL_ROLES - {"amazon_business"}),
    _sp("na-without-orders", "na", roles=ALL_ROLES - {"orders"}),
    _sp("na-without-finance", "na", roles=ALL_ROLES - {"finance"}),
    _ads("all"),
    _ads("revoked", revoked=True),
    _ads("view-only", profiles="view_only"),
    _ads("agency-only", profiles="agency_only"),
    _ads("no-profiles", profiles="none"),
    # A user whose profiles are all in one region: the other hosts answer with an empty list.
    Grant("eu-only", AMAZON_ADS, "Atzr|ads-eu-only", frozenset({"eu"})),
)
BY_REFRESH_TOKEN: dict[str, Grant] = {grant.refresh_token: grant for grant in GRANTS}


def grant(api: str, name: str) -> Grant:
    """A grant by its API and name; SP-API grants are named by region, the Ads one is ``all``."""
    return next(g for g in GRANTS if g.api == api and g.name == name)


def sp_refresh_token(region: str) -> str:
    """The seller account's refresh token for a region."""
    return grant(AMAZON_SP, region).refresh_token


def ads_refresh_token() -> str:
    """The refresh token of a user who sees every profile."""
    return grant(AMAZON_ADS, "all").refresh_token


SHOPIFY_SCOPES = frozenset(
    {"read_orders", "read_all_orders", "read_products", "read_inventory", "read_locations"}
)


@dataclass(frozen=True)
class ShopifyToken:
    """The access token of a custom app in the shop, and what it may read."""

    name: str
    access_token: str
    scopes: frozenset[str] = SHOPIFY_SCOPES


def _shopify(name: str, *without: str) -> ShopifyToken:
    return ShopifyToken(name, f"shpat_simulated_{name}", SHOPIFY_SCOPES - set(without))


SHOPIFY_CLIENT = Client(SHOPIFY, "simulated-shopify-client", "simulated-shopify-secret")
"""An app of the Dev Dashboard: it gets the token `all` with these."""
SHOPIFY_TOKENS: dict[str, ShopifyToken] = {
    token.access_token: token
    for token in (
        _shopify("all"),
        # Most shops: nobody asked Shopify for orders that are older than 60 days.
        _shopify("recent_orders", "read_all_orders"),
        _shopify("no_orders", "read_orders", "read_all_orders"),
        _shopify("no_inventory", "read_inventory"),
    )
}


def shopify_access_token(name: str = "all") -> str:
    """The access token of an app by its name."""
    return next(t.access_token for t in SHOPIFY_TOKENS.values() if t.name == name)
