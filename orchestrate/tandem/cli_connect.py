"""`tandem connect`: the commands."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click
from rich.console import Console

from amazon_client.marketplaces import REGIONS
from tandem import registry as registry_module
from tandem.apis import AMAZON_ADS, AMAZON_SP, SHOPIFY
from tandem.connect import callback
from tandem.connect.consent import VALID, Authorised
from tandem.connect.flow import (
    TOKEN_VARIABLE,
    Connected,
    Connector,
    token_of_environment,
)
from tandem.connect.granted import ChoiceNeeded, NotConnected, supported
from tandem.connect.saving import Request, candidates, primary_of
from tandem.database import Database
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project
from tandem.sync import Sync

_console = Console(highlight=False, markup=False, soft_wrap=True)

_COMMON: tuple[Callable[[Any], Any], ...] = (
    click.option("--store", default="default", show_default=True, help="The store's short name."),
    click.option("--name", help="The store's name, as people say it."),
    click.option("--primary-marketplace", help="A country code such as US or UK, or an id."),
    click.option("--replace", is_flag=True, help="Take another account than the one connected."),
    click.option("--no-sync", is_flag=True, help="Do not start the first sync."),
    click.option("--environment", help="Meltano's environment; by default meltano.yml's."),
)
_CONSENT: tuple[Callable[[Any], Any], ...] = (
    click.option("--consent", is_flag=True, help="Authorise in the browser (public applications)."),
    click.option("--no-browser", is_flag=True, help="Print the address, open nothing."),
)


def _with(*options: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def add(command: Any) -> Any:
        for option in reversed(options):
            command = option(command)
        return command

    return add


@click.group()
def connect() -> None:
    """Connect a store: a token on standard input, or a consent in the browser.

    A token is read from standard input, from TANDEM_REFRESH_TOKEN, or asked for; never from the
    command line.
    """


@connect.command("amazon-sp")
@click.option("--region", type=click.Choice(list(REGIONS)), help="na, eu or fe.")
@click.option("--selling-partner-id", help="The seller's Merchant Token.")
@_with(*_CONSENT, *_COMMON)
def amazon_sp(
    region: str | None,
    selling_partner_id: str | None,
    consent: bool,
    no_browser: bool,
    no_sync: bool,
    environment: str | None,
    **given: Any,
) -> None:
    """The Selling Partner API of one region."""
    connector = _connector(environment)
    request = _request(connector, AMAZON_SP, region, consent, given)
    if consent:
        connected = _by_consent(connector, request, no_browser)
    else:
        connected = connector.amazon_sp(request, _token(connector.meltano), selling_partner_id)
    _conclude(connector, connected, no_sync)


@connect.command("amazon-ads")
@click.option("--region", type=click.Choice(list(REGIONS)), help="na, eu or fe.")
@click.option("--profile", "profiles", multiple=True, help="A profile's id, or all.")
@_with(*_CONSENT, *_COMMON)
def amazon_ads(
    region: str | None,
    profiles: tuple[str, ...],
    consent: bool,
    no_browser: bool,
    no_sync: bool,
    environment: str | None,
    **given: Any,
) -> None:
    """The Ads API of one region."""
    connector = _connector(environment)
    request = _request(connector, AMAZON_ADS, region, consent, given)
    if consent:
        connected = _by_consent(connector, request, no_browser, profiles)
    else:
        token = _token(connector.meltano)
        connected = _choosing(lambda chosen: connector.amazon_ads(request, token, chosen), profiles)
    _conclude(connector, connected, no_sync)


@connect.command("shopify")
@click.option("--shop", required=True, help="The shop's name, as in name.myshopify.com.")
@_with(*_COMMON)
def shopify(shop: str, no_sync: bool, environment: str | None, **given: Any) -> None:
    """A Shopify shop, by its Admin API access token."""
    connector = _connector(environment)
    request = _request(connector, SHOPIFY, "global", False, given)
    _conclude(connector, connector.shopify(request, _token(connector.meltano), shop), no_sync)


def _connector(environment: str | None) -> Connector:
    project = Project.find()
    database = Database(project)
    database.check()
    return Connector(MeltanoProject.open(project, environment), database)


def _request(
    connector: Connector, api: str, region: str | None, consent: bool, given: Mapping[str, Any]
) -> Request:
    primary = given["primary_marketplace"]
    if region is None:
        place = supported(primary) if primary else primary_of(connector.registry, given["store"])
        if place is None:
            raise NotConnected(
                "Which region? Name it with --region (na, eu or fe), or the store's marketplace "
                "with --primary-marketplace."
            )
        region = place.region
    return Request(
        registry_module.checked_store_id(given["store"]),
        api,
        region,
        name=given["name"],
        primary=primary,
        replace=given["replace"],
        app_kind="public" if consent else "private",
    )


def _token(meltano: MeltanoProject) -> str:
    """The token, from standard input, the environment, or asked for."""
    if token := token_of_environment(meltano):
        return token
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    answer: str = click.prompt(f"Token (or set {TOKEN_VARIABLE})", hide_input=True)
    return answer


def _choosing(attempt: Callable[[Sequence[str]], Connected], chosen: Sequence[str]) -> Connected:
    """Connect, and let the person at the terminal choose where several profiles fit."""
    try:
        return attempt(chosen)
    except ChoiceNeeded as question:
        if not sys.stdin.isatty() or not sys.stdout.isatty():
            raise
        _console.print(question.message)
        answer = click.prompt("Profile (an id, or all)").strip()
        return attempt([answer])


def _by_consent(
    connector: Connector, request: Request, no_browser: bool, profiles: Sequence[str] = ()
) -> Connected:
    application = connector.application(request.api)
    given: list[Authorised] = []
    made: list[Connected] = []

    def take(answer: Mapping[str, str]) -> str:
        given.append(connector.consents.finish(application, answer))
        try:
            made.append(connector.finish(request, given[0], profiles))
        except ChoiceNeeded:
            return "Go back to the terminal: there is a choice to make."
        return f"{made[0].connection} is connected."

    with callback.page(connector.port(), take) as page:
        consent = connector.consents.begin(
            application,
            request.store_id,
            request.api,
            request.region,
            connector.redirect_uri(page.url),
            connector.primary(request),
        )
        _console.print(f"Open this address and sign in as an admin of the account:\n{consent.url}")
        if not no_browser:
            webbrowser.open(consent.url)
        if not page.done.wait(VALID.total_seconds()):
            raise NotConnected("Nobody came back from Amazon within ten minutes: start again.")
        if page.failure:
            raise page.failure
    if made:
        return made[0]
    return _choosing(lambda chosen: connector.finish(request, given[0], chosen), profiles)


def _conclude(connector: Connector, connected: Connected, no_sync: bool) -> None:
    """Say what was connected and what is missing, settle the marketplace, start the first sync."""
    connection, granted = connected.connection, connected.granted
    who = (connection.account_name, connection.account_id and f"({connection.account_id})")
    _console.print(f"Connected: {connection} {' '.join(filter(None, who))}".rstrip() + ".")
    for note in granted.notes:
        _console.print(f"  {note}")
    if granted.marketplaces:
        countries = ", ".join(place.country_code for place in granted.marketplaces)
        _console.print(f"  Marketplaces: {countries}.")
    if connection.reason and connection.state != "no_ads_profile":
        _console.print(f"  {connection.reason} {connection.remedy or ''}".rstrip())
    _settle_primary(connector, connected)
    if connection.state == "no_ads_profile":
        raise NotConnected(f"{connection.reason} {connection.remedy or ''}".rstrip())
    if no_sync:
        _console.print(f"Start with: tandem sync --store {connection.store_id}")
        return
    meltano = connector.meltano
    Sync(
        meltano,
        connector.registry.database,
        connection.store_id,
        "first_sync",
        _console,
        meltano.as_of,
        only=[connection.api],
    ).run()


def _settle_primary(connector: Connector, connected: Connected) -> None:
    store = connector.registry.store(connected.connection.store_id)
    assert store is not None
    if place := primary_of(connector.registry, store.store_id):
        why = f" ({store.primary_marketplace_reason})" if store.primary_marketplace_reason else ""
        _console.print(f"  Primary marketplace: {place.country_code}{why}.")
        return
    offered = [place.country_code for place in candidates(connected.granted)]
    if not offered:
        return
    if sys.stdin.isatty() and sys.stdout.isatty():
        answer = click.prompt("Primary marketplace", type=click.Choice(offered))
        place = supported(answer)
        with connector.registry.changing() as database:
            registry_module.put_store(
                database,
                store.store_id,
                primary_marketplace_id=place.marketplace_id,
                reason="chosen by the merchant",
            )
        return
    _console.print(
        f"  Primary marketplace: open; the account sells in {', '.join(offered)}. Choose with "
        f"`tandem store {store.store_id} --primary-marketplace {offered[0]}`."
    )
