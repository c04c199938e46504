"""Stores and their connections: `ops.stores`, `ops.connections`, `ops.credentials`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import class_row

from tandem.apis import APIS, Api
from tandem.database import Database
from tandem.errors import TandemError
from tandem.vault import Vault

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
ENDED = ("disconnected", "deleted")
"""States of a connection that is read no more."""


@dataclass(frozen=True)
class Store:
    """One merchant."""

    store_id: str
    store_name: str
    primary_marketplace_id: str | None
    primary_marketplace_reason: str | None
    reporting_currency_code: str | None


@dataclass(frozen=True)
class Connection:
    """One authorisation of a store, as `ops.connection_states` tells it: no secret is in it."""

    store_id: str
    store_name: str
    primary_marketplace_id: str | None
    api: str
    region: str
    state: str
    reason: str | None
    remedy: str | None
    credential_source: str
    app_kind: str
    account_id: str | None
    account_name: str | None
    profile_ids: Sequence[str]
    missing_roles: Sequence[str]
    connected_at: datetime
    authorised_at: datetime | None
    expires_at: datetime | None
    last_attempt_at: datetime | None
    last_success_at: datetime | None
    disconnected_at: datetime | None
    deleted_at: datetime | None
    next_refresh_at: datetime | None

    @property
    def place(self) -> tuple[str, str, str]:
        """Its key."""
        return self.store_id, self.api, self.region

    @property
    def is_active(self) -> bool:
        """Whether syncs read it."""
        return self.state not in ENDED

    @property
    def of(self) -> Api:
        """Its API."""
        return APIS[self.api]

    def __str__(self) -> str:
        region = "" if self.region == "global" else f" {self.region}"
        return f"{self.of.title}{region} of store {self.store_id}"


class Registry:
    """The stores and connections of a database."""

    def __init__(self, database: Database) -> None:
        """Use a migrated database."""
        self.database = database

    def stores(self) -> list[Store]:
        """Every store, by id."""
        with self.database.connect() as connection:
            return self._rows(
                connection,
                Store,
                "select store_id, store_name, primary_marketplace_id, "
                "primary_marketplace_reason, reporting_currency_code "
                "from ops.stores order by store_id",
            )

    def store(self, store_id: str) -> Store | None:
        """One store, None where nothing was ever connected under that name."""
        return next((store for store in self.stores() if store.store_id == store_id), None)

    def connections(
        self, store_id: str | None = None, api: str | None = None, *, active: bool = False
    ) -> list[Connection]:
        """Connections, of one store or API where they are named, by key."""
        with self.database.connect() as connection:
            found = self._rows(
                connection,
                Connection,
                "select * from ops.connection_states "
                "where coalesce(%(store_id)s, store_id) = store_id "
                "and coalesce(%(api)s, api) = api order by store_id, api desc, region desc",
                store_id=store_id,
                api=api,
            )
        return [one for one in found if one.is_active or not active]

    def connection(self, store_id: str, api: str, region: str) -> Connection | None:
        """One connection, whatever its state."""
        found = self.connections(store_id, api)
        return next((one for one in found if one.region == region), None)

    def secret(self, vault: Vault, connection: Connection) -> dict[str, str]:
        """The credentials of a connection.

        Raises:
            VaultError: they cannot be read with the key at hand.
            TandemError: there are none.
        """
        with self.database.connect() as database:
            row = database.execute(
                "select ciphertext from ops.credentials "
                "where (store_id, api, region) = (%s, %s, %s)",
                connection.place,
            ).fetchone()
        if row is None:
            raise TandemError(f"There are no credentials of {connection}: connect it again.")
        return vault.decrypt(connection.place, row[0])

    def rotate(self, vault: Vault) -> int:
        """Encrypt every secret with the vault's first key; returns how many there are.

        Raises:
            VaultError: one cannot be read; none has been changed then.
        """
        with self.database.connect() as connection, connection.transaction():
            rows = connection.execute(
                "select store_id, api, region, ciphertext from ops.credentials for update"
            ).fetchall()
            for *place, ciphertext in rows:
                connection.execute(
                    "update ops.credentials set ciphertext = %s, updated_at = now() "
                    "where (store_id, api, region) = (%s, %s, %s)",
                    [vault.rotate(ciphertext), *place],
                )
        return len(rows)

    @contextmanager
    def changing(self) -> Iterator[psycopg.Connection[Any]]:
        """A transaction on the registry's tables."""
        with self.database.connect() as connection, connection.transaction():
            yield connection

    @staticmethod
    def _rows(
        connection: psycopg.Connection[Any], kind: type[Any], query: Any, **values: Any
    ) -> list[Any]:
        with connection.cursor(row_factory=class_row(kind)) as cursor:
            return cursor.execute(query, values).fetchall()


def checked_store_id(store_id: str) -> str:
    """The id, if it is one.

    Raises:
        TandemError: it is no short slug.
    """
    if not _SLUG.fullmatch(store_id):
        raise TandemError(
            f"{store_id!r} is no store id: use lower-case letters, digits, - and _, "
            "such as `acme` or `acme-eu`."
        )
    return store_id


def put_store(
    connection: psycopg.Connection[Any],
    store_id: str,
    *,
    name: str | None = None,
    primary_marketplace_id: str | None = None,
    reason: str | None = None,
    reporting_currency: str | None = None,
) -> None:
    """Make a store, or change what is given; None leaves a fact as it is."""
    connection.execute(
        """
        insert into ops.stores (
            store_id, store_name, primary_marketplace_id, primary_marketplace_reason,
            reporting_currency_code
        )
        values (%(store_id)s, coalesce(%(name)s, %(store_id)s), %(place)s, %(reason)s, %(currency)s)
        on conflict (store_id) do update set
            store_name = coalesce(%(name)s, stores.store_name),
            primary_marketplace_id = coalesce(%(place)s, stores.primary_marketplace_id),
            primary_marketplace_reason = coalesce(%(reason)s, stores.primary_marketplace_reason),
            reporting_currency_code = coalesce(%(currency)s, stores.reporting_currency_code)
        """,
        {
            "store_id": checked_store_id(store_id),
            "name": name,
            "place": primary_marketplace_id,
            "reason": reason,
            "currency": reporting_currency,
        },
    )


def put_connection(
    connection: psycopg.Connection[Any], place: tuple[str, str, str], **facts: Any
) -> None:
    """Make a connection, or change the facts that are given, by their columns' names."""
    store_id, api, region = place
    values = {"store_id": store_id, "api": api, "region": region, **facts}
    columns = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, values))
    given = psycopg.sql.SQL(", ").join(map(psycopg.sql.Placeholder, values))
    changes = psycopg.sql.SQL(", ").join(
        psycopg.sql.SQL("{0} = excluded.{0}").format(psycopg.sql.Identifier(name)) for name in facts
    )
    connection.execute(
        psycopg.sql.SQL(
            "insert into ops.connections ({}) values ({}) "
            "on conflict (store_id, api, region) do update set {}, updated_at = now()"
        ).format(columns, given, changes),
        values,
    )


def put_secret(
    connection: psycopg.Connection[Any], place: tuple[str, str, str], ciphertext: bytes
) -> None:
    """Keep the encrypted credentials of a connection, in the place of those before."""
    connection.execute(
        "insert into ops.credentials (store_id, api, region, ciphertext) values (%s, %s, %s, %s) "
        "on conflict (store_id, api, region) do update "
        "set ciphertext = excluded.ciphertext, updated_at = now()",
        [*place, ciphertext],
    )
