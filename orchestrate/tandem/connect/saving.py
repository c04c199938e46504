"""Keeping a connection that was verified, and choosing the store's primary marketplace."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from amazon_client.marketplaces import Marketplace, by_country, by_id
from tandem.apis import APIS
from tandem.connect.granted import Granted, Login, NotConnected, OtherAccount, supported
from tandem.meltano_project import MeltanoProject
from tandem.read_only import release
from tandem.registry import (
    Connection,
    Registry,
    checked_store_id,
    put_connection,
    put_secret,
    put_store,
)
from tandem.vault import Vault

DAYS_VARIABLE = {"amazon_sp": "TANDEM_SP_TOKEN_DAYS", "amazon_ads": "TANDEM_ADS_TOKEN_DAYS"}


@dataclass(frozen=True)
class Request:
    """What a person asks for when connecting.

    Attributes:
        replace: Take another account than the one that is connected.
        primary: The primary marketplace, as a country code or id; None leaves it to the choice.
        app_kind: `private` (self-authorised) or `public` (by consent).
    """

    store_id: str
    api: str
    region: str
    name: str | None = None
    primary: str | None = None
    replace: bool = False
    app_kind: str = "private"

    @property
    def place(self) -> tuple[str, str, str]:
        """The connection's key."""
        return checked_store_id(self.store_id), self.api, self.region


def save(
    registry: Registry, meltano: MeltanoProject, request: Request, login: Login, granted: Granted
) -> Connection:
    """Keep a connection and its secret; returns it as it is known from now on.

    Raises:
        OtherAccount: the store is connected to another account, and that was not meant.
        UnsupportedMarketplace: the primary marketplace asked for is none.
        VaultError: there is no key to encrypt with.
    """
    known = registry.connection(*request.place)
    _refuse_other(known, granted, request)
    vault = Vault.open(meltano.project, create=True)
    place, why = primary_marketplace(registry, request, granted)
    now = datetime.now(UTC)
    days = token_days(meltano, request.api)
    secret = {"refresh_token": login.token}
    if request.api == "shopify":
        secret = {"access_token": login.token, "shop": (granted.account_id or "").split(".")[0]}
    else:
        secret |= {"client_id": login.client_id, "client_secret": login.client_secret}
    with registry.changing() as database:
        put_store(
            database,
            request.store_id,
            name=request.name or (None if known else granted.account_name),
            primary_marketplace_id=place.marketplace_id if place else None,
            reason=why,
        )
        put_connection(
            database,
            request.place,
            state=granted.state,
            reason=granted.reason,
            remedy=granted.remedy,
            credential_source="stored",
            app_kind=request.app_kind,
            account_id=granted.account_id,
            account_name=granted.account_name,
            profile_ids=list(granted.profile_ids),
            missing_roles=list(granted.missing),
            connected_at=now,
            authorised_at=now,
            expires_at=now + timedelta(days=days) if days else None,
            disconnected_at=None,
            deleted_at=None,
        )
        put_secret(database, request.place, vault.encrypt(request.place, secret))
        release(database, request.api)
    saved = registry.connection(*request.place)
    assert saved is not None
    return saved


def token_days(meltano: MeltanoProject, api: str) -> int | None:
    """For how many days an authorisation is expected to hold: a setting, else the usual.

    Raises:
        NotConnected: the setting is no number.
    """
    text = meltano.variable(DAYS_VARIABLE.get(api, ""))
    if text is None:
        return APIS[api].token_days
    if not text.isdigit():
        raise NotConnected(f"{DAYS_VARIABLE[api]} is no number of days.")
    return int(text)


def primary_marketplace(
    registry: Registry, request: Request, granted: Granted
) -> tuple[Marketplace | None, str | None]:
    """The store's primary marketplace and why; None where it stays as it is or open."""
    if request.primary:
        return supported(request.primary), "chosen by the merchant"
    store = registry.store(request.store_id)
    if store and store.primary_marketplace_id:
        return None, None
    if granted.country_code and (place := by_country(granted.country_code)) and place.is_supported:
        return place, f"the shop is in {place.country_name}"
    candidates = [place for place in granted.marketplaces if place.is_supported]
    if len(candidates) == 1:
        return candidates[0], "the only supported marketplace that the account sells in"
    return None, None


def primary_of(registry: Registry, store_id: str) -> Marketplace | None:
    """The store's primary marketplace as it is saved."""
    store = registry.store(store_id)
    return by_id(store.primary_marketplace_id or "") if store else None


def candidates(granted: Granted) -> Sequence[Marketplace]:
    """The marketplaces that may be offered as the primary one."""
    return [place for place in granted.marketplaces if place.is_supported]


def _refuse_other(known: Connection | None, granted: Granted, request: Request) -> None:
    if known is None or request.replace or known.state == "deleted":
        return
    if not known.account_id or not granted.account_id or known.account_id == granted.account_id:
        return
    raise OtherAccount(
        f"Store {known.store_id} is connected to {known.of.title} account {known.account_id}; this "
        f"authorisation is {granted.account_id}'s. Its figures would be mixed with those that are "
        "there. Name another store with --store, or repeat with --replace if this is meant."
    )
