"""What a store's sync reads: each tap with the settings that its connections give it.

Credentials come from the registry, where they lie encrypted, or for a store that was never
connected from the environment's own settings (`.env`). They reach a tap as variables, never as
words of a command line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from tandem.apis import AMAZON_ADS, GLOBAL, SHOPIFY, api_of
from tandem.errors import TandemError
from tandem.meltano_project import MeltanoProject
from tandem.registry import Connection, Registry, put_connection, put_store
from tandem.vault import Vault

DEFAULT_STORE = "default"


@dataclass(frozen=True)
class Source:
    """One tap of a store.

    Attributes:
        connections: Those it reads; none for a tap of which the registry knows nothing.
        variables: The settings that differ from the environment's own.
        problem: Why it cannot be read, in words; None when it can.
    """

    tap: str
    connections: Sequence[Connection] = ()
    variables: dict[str, str] = field(default_factory=dict, repr=False)
    problem: str | None = None


def sources(meltano: MeltanoProject, registry: Registry, store_id: str) -> list[Source]:
    """Every tap that the store has a connection for, in the order of meltano.yml."""
    known = registry.connections(store_id)
    has_stored = any(one.credential_source == "stored" for one in known)
    found = []
    for tap in meltano.taps:
        api = api_of(tap)
        of_api = [one for one in known if api and one.api == api.name]
        stored = [one for one in of_api if one.is_active and one.credential_source == "stored"]
        if stored:
            found.append(_stored(meltano, registry, tap, stored))
        elif meltano.connected(tap) and (store_id == DEFAULT_STORE or not has_stored):
            if api is None:
                found.append(Source(tap))
            elif any(one.credential_source == "stored" for one in of_api):
                continue  # disconnected: what .env has is another connection's
            elif environment := _environment(meltano, registry, store_id, tap, of_api):
                found.append(environment)
    return found


def _stored(
    meltano: MeltanoProject, registry: Registry, tap: str, stored: Sequence[Connection]
) -> Source:
    try:
        vault = Vault.open(meltano.project)
        secrets = [registry.secret(vault, connection) for connection in stored]
    except TandemError as error:
        return Source(tap, stored, problem=error.message)
    if stored[0].api == SHOPIFY:
        settings = dict(secrets[0])
    else:
        settings = _amazon(meltano, tap, stored, secrets)
    return Source(tap, stored, {_variable(tap, name): text for name, text in settings.items()})


def _amazon(
    meltano: MeltanoProject,
    tap: str,
    stored: Sequence[Connection],
    secrets: Sequence[dict[str, str]],
) -> dict[str, str]:
    """An Amazon tap's settings: one entry per region, each with its own application."""
    current = meltano.setting(tap, "client_id"), meltano.setting(tap, "client_secret")
    accounts = []
    for connection, secret in zip(stored, secrets, strict=True):
        account = {"region": connection.region, **secret}
        if secret["client_id"] == current[0] and current[1]:
            account["client_secret"] = current[1]  # it may have been rotated since
        if connection.account_id:
            account["selling_partner_id"] = connection.account_id
        accounts.append(account)
    settings = {
        "client_id": accounts[0]["client_id"],
        "client_secret": accounts[0]["client_secret"],
        "accounts": json.dumps(accounts),
    }
    if stored[0].api == AMAZON_ADS:
        profiles = [profile for connection in stored for profile in connection.profile_ids]
        settings |= {"profile_ids": json.dumps(profiles), "primary_marketplace": ""}
    return settings


def _environment(
    meltano: MeltanoProject,
    registry: Registry,
    store_id: str,
    tap: str,
    known: Sequence[Connection],
) -> Source | None:
    """The connections that `.env` makes, noted in the registry; None when all are ended."""
    api = api_of(tap)
    assert api is not None
    if api.name == SHOPIFY:
        accounts = [{"region": GLOBAL, "selling_partner_id": meltano.setting(tap, "shop") or ""}]
    else:
        accounts = meltano.accounts(tap)
    ended = {one.region for one in known if not one.is_active}
    new = [account for account in accounts if account.get("region") not in ended]
    if not new:
        return None
    with registry.changing() as connection:
        put_store(connection, store_id)
        for account in new:
            if account["region"] not in {one.region for one in known}:
                facts = {"state": "connected", "credential_source": "environment"}
                account_id = account.get("selling_partner_id") or None
                place = store_id, api.name, account["region"]
                put_connection(connection, place, **facts, account_id=account_id)
    variables = {}
    if ended:
        variables = {_variable(tap, "accounts"): json.dumps(new)}
    return Source(tap, registry.connections(store_id, api.name, active=True), variables)


def _variable(tap: str, name: str) -> str:
    return f"{tap}_{name}".upper().replace("-", "_")
