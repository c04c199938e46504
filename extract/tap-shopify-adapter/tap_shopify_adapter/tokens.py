"""An access token for a day, from the client id and secret of an app of the Dev Dashboard."""

from __future__ import annotations

from typing import Any

import requests


class TokenRefused(Exception):
    """Shopify gives no token; the message says why."""


def access_token(base: str, client_id: str, client_secret: str) -> str:
    """Ask the shop for a token.

    Args:
        base: the shop's address, such as ``https://my-shop.myshopify.com``.
        client_id: the app's.
        client_secret: the app's.

    Raises:
        TokenRefused: the credentials are wrong, or the app is not installed in the shop.
        requests.RequestException: the shop cannot be reached.
    """
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
    }
    answer = requests.post(f"{base}/admin/oauth/access_token", data=form, timeout=60)
    try:
        body: dict[str, Any] = answer.json()
    except ValueError:
        body = {}
    token = body.get("access_token")
    if answer.status_code != 200 or not token:
        why = body.get("error_description") or body.get("error") or "no reason given"
        raise TokenRefused(
            f"401 Unauthorized: the shop gave no token for the client id ({why}); "
            "is the app installed in it?"
        )
    return str(token)
