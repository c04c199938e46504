"""The command `tandem`."""

from __future__ import annotations

import os
import shutil

import click
from rich.console import Console

from tandem import cli_connect, cli_store, rates, summary
from tandem import demo as demo_store
from tandem.database import Database
from tandem.database.binaries import wheel
from tandem.database.migrations import migrate, migrations
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project

_console = Console(highlight=False, markup=False, soft_wrap=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Amazon beside Shopify, in your own Postgres: the control plane."""


for _command in (
    cli_connect.connect,
    cli_store.sync,
    cli_store.refresh,
    cli_store.status,
    cli_store.disconnect_,
    cli_store.store,
    cli_store.keys,
):
    main.add_command(_command)


@main.group()
def database() -> None:
    """The database: TANDEM_DATABASE_URL, else an embedded PostgreSQL."""


@database.command()
def start() -> None:
    """Start the embedded server; a server named by TANDEM_DATABASE_URL is only tried."""
    db = Database(Project.find())
    address = db.start()
    kind = "in use" if db.named else "embedded, running"
    _console.print(f"Database: {address} ({kind})")


@database.command()
def stop() -> None:
    """Stop the embedded server; its data stay."""
    stopped = Database(Project.find()).embedded.stop()
    _console.print("Database stopped." if stopped else "The embedded database was not running.")


@database.command()
def url() -> None:
    """Print the address in use, its password included."""
    click.echo(Database(Project.find()).address.url())


@database.command()
def env() -> None:
    """Print the address as shell exports, for running dbt by hand."""
    for name, value in Database(Project.find()).address.environment().items():
        quoted = value.replace("'", "'\\''")
        click.echo(f"export {name}='{quoted}'")


@database.command(context_settings={"ignore_unknown_options": True})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def shell(words: tuple[str, ...]) -> None:
    """Open psql on the database in use; further words are psql's."""
    db = Database(Project.find())
    db.check()
    address = db.address
    os.environ |= {
        "PGHOST": address.host,
        "PGPORT": str(address.port),
        "PGUSER": address.user,
        "PGPASSWORD": address.password,  # not on the command line, where everybody could read it
        "PGDATABASE": address.database,
        "PGSSLMODE": dict(address.query).get("sslmode", "prefer"),
    }
    program = shutil.which("psql") or str(wheel() / "pginstall" / "bin" / "psql")
    os.execv(program, [program, *words])


@database.command()
def status() -> None:
    """Say which database is in use and how far it is migrated."""
    db = Database(Project.find())
    with db.connect() as connection:
        known = connection.execute("select to_regclass('ops.schema_migrations')").fetchone()
        applied = 0
        if known and known[0]:
            row = connection.execute("select count(*) from ops.schema_migrations").fetchone()
            applied = int(row[0]) if row else 0
    kind = "TANDEM_DATABASE_URL" if db.named else "embedded"
    _console.print(f"Database: {db.address} ({kind}), {applied} of {len(migrations())} migrations")


@database.command("migrate")
def migrate_() -> None:
    """Create or update roles, schemas and the control plane's tables."""
    with Database(Project.find()).connect() as connection:
        applied = migrate(connection)
    names = ", ".join(f"{m.version:04}_{m.name}" for m in applied)
    _console.print(f"Applied {names}." if applied else "Nothing to migrate.")


@main.command("rates")
@click.option("--environment", help="Meltano's environment; by default meltano.yml's.")
def rates_(environment: str | None) -> None:
    """Read the ECB's exchange rates now; a sync does it once a day by itself."""
    project = Project.find()
    url = MeltanoProject.open(project, environment).variable("TANDEM_ECB_URL")
    with Database(project).connect() as connection:
        outcome = rates.refresh(connection, url)
    if outcome.warning:
        click.echo(f"Warning: {outcome.warning}", err=True)
    _console.print(f"Exchange rates until {outcome.last_date}: {outcome.changed:,} new or changed.")


@main.group()
def demo() -> None:
    """The demo store."""


@demo.command("start")
def demo_start() -> None:
    """Start the simulator."""
    _console.print(f"Simulator: {demo_store.Simulator(Project.find()).start()}")


@demo.command("stop")
def demo_stop() -> None:
    """Stop the simulator."""
    stopped = demo_store.Simulator(Project.find()).stop()
    _console.print("Simulator stopped." if stopped else "The simulator was not running.")


@demo.command("summary")
def demo_summary() -> None:
    """Say what is loaded and where to look."""
    project = Project.find()
    summary.show(project, Database(project), _console)


@demo.command("forget")
def demo_forget() -> None:
    """Stop everything and delete what the demo left: data, addresses in .env."""
    project = Project.find()
    demo_store.Simulator(project).forget()
    Database(project).forget()
