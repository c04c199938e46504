"""Shopify: whether an access token is good for a shop, and which permissions it lacks.

Source: Admin GraphQL API 2025-07, `shop` and `currentAppInstallation.accessScopes`.
"""

from __future__ import annotations

import re
from typing import Any

import requests

from amazon_client.transport import TransportFailure, send
from tandem.connect.granted import Granted, Login, NotConnected
from tandem.meltano_project import MeltanoProject

TAP = "tap-shopify"
_QUERY = """{
  shop { name myshopifyDomain currencyCode ianaTimezone billingAddress { countryCodeV2 } }
  currentAppInstallation { accessScopes { handle } }
}"""
_SCOPES = {
    "read_orders": "orders, refunds, transactions",
    "read_products": "products and variants",
    "read_inventory": "stock and unit costs",
    "read_locations": "locations",
}
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


def shop_name(text: str) -> str:
    """A shop's name, of its name or its address.

    >>> shop_name("https://Northwind.myshopify.com/admin")
    'northwind'

    Raises:
        NotConnected: it is neither.
    """
    name = text.strip().lower().removeprefix("https://").partition("/")[0]
    name = name.removesuffix(".myshopify.com")
    if not _NAME.fullmatch(name):
        raise NotConnected(f"{text!r} is no shop: use its name, as in name.myshopify.com.")
    return name


def verify(meltano: MeltanoProject, login: Login, shop: str) -> Granted:
    """Find out whose token this is and what it may read.

    Raises:
        NotConnected: the token is not good for the shop.
    """
    answer = _ask(meltano, login, shop)
    facts = answer["shop"]
    scopes = {one["handle"] for one in answer["currentAppInstallation"]["accessScopes"]}
    scopes |= {scope.replace("write_", "read_", 1) for scope in scopes}
    missing = [scope for scope in _SCOPES if scope not in scopes]
    notes = []
    if "read_all_orders" not in scopes:
        notes.append("Without the permission read_all_orders Shopify shows 60 days of orders.")
    return Granted(
        account_id=facts["myshopifyDomain"],
        account_name=facts["name"],
        missing=missing,
        notes=notes,
        state="partial" if missing else "connected",
        reason=f"Permissions are missing: {', '.join(missing)}." if missing else None,
        remedy="Add them in Shopify (Settings, Apps, Develop apps, Configuration), install the "
        "app again and reconnect."
        if missing
        else None,
        country_code=(facts.get("billingAddress") or {}).get("countryCodeV2"),
        currency_code=facts.get("currencyCode"),
    )


def _ask(meltano: MeltanoProject, login: Login, shop: str) -> Any:
    base = meltano.setting(TAP, "api_url") or f"https://{shop}.myshopify.com"
    address = f"{base.replace('{shop}', shop).rstrip('/')}/admin/api/2025-07/graphql.json"
    session = requests.Session()
    session.trust_env = True
    try:
        answer = send(
            session,
            "POST",
            address,
            json={"query": _QUERY},
            headers={"X-Shopify-Access-Token": login.token},
        )
    except TransportFailure as failure:
        raise NotConnected(f"Shopify could not be asked: {failure}.") from None
    if answer.status_code in (401, 403):
        raise NotConnected(
            f"Shopify refuses this token for {shop}.myshopify.com: copy the Admin API access token "
            "anew (Settings, Apps, Develop apps); only the shop's owner or staff with that "
            "permission can make one."
        )
    if answer.status_code == 404:
        raise NotConnected(f"There is no shop {shop}.myshopify.com.")
    try:
        document = answer.json()
    except ValueError:
        document = None
    if not answer.ok or not isinstance(document, dict) or not document.get("data"):
        raise NotConnected(
            f"Shopify answered {answer.status_code} and nothing that can be read: try again later."
        )
    return document["data"]
