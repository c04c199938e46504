"""`tandem sync`, `refresh`, `status`, `disconnect`, `store` and `keys`: the commands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click
from rich.console import Console
from rich.table import Table

from amazon_client.marketplaces import REGIONS
from tandem import refresh as refreshes
from tandem import status as status_module
from tandem.apis import APIS
from tandem.database import Database
from tandem.disconnect import Ended, delete_history, disconnect
from tandem.errors import TandemError
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project
from tandem.registry import Connection, Registry, put_store
from tandem.sources import DEFAULT_STORE
from tandem.sync import CADENCES, DUE, Sync, sync_all
from tandem.vault import VARIABLE, new_key, rotate

_console = Console(highlight=False, markup=False, soft_wrap=True)
_ENVIRONMENT = click.option(
    "--environment", help="Meltano's environment; by default meltano.yml's."
)
_STORE = click.option("--store", default=DEFAULT_STORE, show_default=True, help="The store.")


@click.command()
@click.option("--store", "stores", multiple=True, help="A store; several may be named.")
@click.option("--all", "all_stores", is_flag=True, help="Every store with a connection.")
@click.option(
    "--cadence",
    type=click.Choice([*CADENCES, DUE]),
    default="daily",
    show_default=True,
    help="What it is for; due: the widest that each store's own clock asks for.",
)
@_ENVIRONMENT
@click.option("--as-of", help="Run as if at this instant (UTC), such as 2026-11-24T18:00:00Z.")
@click.option("--again", is_flag=True, help="Repeat what succeeded for the same fixed instant.")
def sync(
    stores: tuple[str, ...],
    all_stores: bool,
    cadence: str,
    environment: str | None,
    as_of: str | None,
    again: bool,
) -> None:
    """Read the connections of a store side by side, then build the models."""
    project = Project.find()
    db = Database(project)
    db.check()
    meltano = MeltanoProject.open(project, environment)
    named = list(dict.fromkeys(stores))
    if all_stores:
        named = every_store(meltano, db)
        if not named:
            raise TandemError("No store has a connection: begin with `tandem connect`.")
    syncs = [
        Sync(meltano, db, store, cadence, _console, as_of or meltano.as_of, again)
        for store in named or [DEFAULT_STORE]
    ]
    if len(syncs) == 1:
        syncs[0].run()
    else:
        sync_all(syncs, _console)


def every_store(meltano: MeltanoProject, db: Database) -> list[str]:
    """The stores that have something to read: connected ones, and that of the environment."""
    registry = Registry(db)
    found = {one.store_id for one in registry.connections(active=True)}
    known = {(one.store_id, one.api) for one in registry.connections()}
    for tap in meltano.taps:
        api = next((api for api in APIS.values() if tap in api.taps), None)
        is_new = api is not None and (DEFAULT_STORE, api.name) not in known
        if is_new and meltano.connected(tap):
            found.add(DEFAULT_STORE)
    return sorted(found)


@click.command()
@_STORE
@_ENVIRONMENT
def refresh(store: str, environment: str | None) -> None:
    """Read today's figures now: at most once in 15 minutes per store, whoever asks."""
    project = Project.find()
    db = Database(project)
    db.check()
    meltano = MeltanoProject.open(project, environment)
    granted = refreshes.grant(db, store)
    _console.print(f"Refreshing; the next one is possible at {granted.next_at:%H:%M:%S} UTC.")
    Sync(meltano, db, store, "hourly", _console, meltano.as_of, again=True).run()


@click.command()
@click.option("--store", help="One store; by default all.")
def status(store: str | None) -> None:
    """Say how the connections are, how fresh the figures, and what to do."""
    project = Project.find()
    db = Database(project)
    status_module.show(db, store, _console)


@click.command("disconnect")
@_STORE
@click.option(
    "--api", "word", type=click.Choice([api.word for api in APIS.values()]), required=True
)
@click.option("--region", type=click.Choice(list(REGIONS)), help="Where there are several.")
@click.option("--delete-history", "deleting", is_flag=True, help="Delete all that it brought, too.")
@click.option("--confirm", help="The store's name, instead of being asked for it.")
@_ENVIRONMENT
def disconnect_(
    store: str,
    word: str,
    region: str | None,
    deleting: bool,
    confirm: str | None,
    environment: str | None,
) -> None:
    """End a connection: syncs stop at once, credentials are destroyed, history stays read-only."""
    project = Project.find()
    db = Database(project)
    db.check()
    registry = Registry(db)
    connection = _the_one(registry, store, word, region)
    if not deleting:
        _tell(disconnect(registry, connection))
        return
    if confirm is None and sys.stdin.isatty():
        _console.print(
            f"This deletes everything that {connection} ever brought: raw rows, history and what "
            "the models made of them. It cannot be undone."
        )
        confirm = click.prompt("Type the store's name to go on", default="", show_default=False)
    if confirm not in (connection.store_id, connection.store_name):
        raise TandemError(
            f"Nothing was deleted: the store's name is {connection.store_id!r}, give it when asked "
            "or with --confirm."
        )
    meltano = MeltanoProject.open(project, environment)
    _tell(delete_history(registry, meltano, connection, _console))


def _the_one(registry: Registry, store: str, word: str, region: str | None) -> Connection:
    api = word.replace("-", "_")
    found = registry.connections(store, api)
    found = [one for one in found if region in (None, one.region)]
    if len(found) != 1:
        found = [one for one in found if one.is_active] or found
    if not found:
        raise TandemError(f"Store {store} has no connection to {APIS[api].title}.")
    if len(found) > 1:
        regions: Sequence[str] = [one.region for one in found]
        raise TandemError(f"Which one? Name it with --region: {', '.join(regions)}.")
    return found[0]


def _tell(ended: Ended) -> None:
    if ended.was_running:
        _console.print("The sync that was under way has been ended.")
    _console.print(f"Disconnected: {ended.connection}. Its credentials are destroyed.")
    if ended.connection.credential_source == "environment":
        _console.print("Take its credentials out of .env too; syncs do not use them any more.")
    if not ended.counts:
        _console.print("Its history stays in the marts, read-only.")
        return
    table = Table(title="Deleted", title_justify="left", box=None, pad_edge=False)
    table.add_column("Table")
    table.add_column("Rows", justify="right")
    for name, count in sorted(ended.counts.items()):
        table.add_row(name, f"{count:,}")
    _console.print(table)


@click.command()
@click.argument("store_id")
@click.option("--name", help="The store's name, as people say it.")
@click.option("--primary-marketplace", help="A country code such as US or UK, or an id.")
@click.option("--reporting-currency", help="Such as EUR; by default the shop's.")
def store(
    store_id: str,
    name: str | None,
    primary_marketplace: str | None,
    reporting_currency: str | None,
) -> None:
    """Change what is known of a store."""
    from tandem.connect.granted import supported

    registry = Registry(Database(Project.find()))
    if registry.store(store_id) is None:
        raise TandemError(f"There is no store {store_id}: connect it first.")
    place = supported(primary_marketplace) if primary_marketplace else None
    with registry.changing() as database:
        put_store(
            database,
            store_id,
            name=name,
            primary_marketplace_id=place.marketplace_id if place else None,
            reason="chosen by the merchant" if place else None,
            reporting_currency=reporting_currency.upper() if reporting_currency else None,
        )
    _console.print(f"Store {store_id} is changed; the next build of the models shows it.")


@click.group()
def keys() -> None:
    """The key that encrypts stored credentials."""


@keys.command("new")
def keys_new() -> None:
    """Print a fresh key, for a secret store; it is kept nowhere here."""
    click.echo(new_key())


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt all stored credentials with a new key.

    Where the key is in .env a new one is made and put there. Where the environment gives it, give
    two first, `new,old`: afterwards the old one can go.
    """
    project = Project.find()
    count, made = rotate(project, Registry(Database(project)))
    what = f"with a new key, which .env now has in {VARIABLE}" if made else "with the first key"
    _console.print(f"{count} credentials are encrypted {what}. ({datetime.now(UTC):%F %T} UTC)")
