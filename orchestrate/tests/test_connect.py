"""Connecting, refreshing and disconnecting, against the simulator and a server of our own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import requests

from simulator import credentials
from simulator.testing import Running, running
from tandem import refresh
from tandem.connect import callback
from tandem.connect.consent import WrongState
from tandem.connect.flow import Connector
from tandem.connect.granted import ChoiceNeeded, NotConnected, OtherAccount, UnsupportedMarketplace
from tandem.connect.saving import Request
from tandem.database import Address, Database
from tandem.disconnect import disconnect
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project
from tandem.vault import VARIABLE, Vault, new_key

ROOT = Path(__file__).parents[2]
SP = Request("acme", "amazon_sp", "na")
ADS = Request("acme", "amazon_ads", "na")


@pytest.fixture(scope="module")
def amazon() -> Iterator[Running]:
    with running() as simulator:
        yield simulator


@pytest.fixture
def connector(
    amazon: Running, address: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Connector:
    (tmp_path / "meltano.yml").write_text((ROOT / "meltano.yml").read_text())
    monkeypatch.setenv("TANDEM_DATABASE_URL", address.url())
    monkeypatch.setenv("TANDEM_SIMULATOR_URL", amazon.url)
    monkeypatch.setenv(VARIABLE, new_key())
    amazon.simulation.limits.refill()
    amazon.simulation.login.at_consent.clear()
    project = Project(tmp_path)
    return Connector(MeltanoProject.open(project, "demo"), Database(project))


def test_a_token_is_verified_and_kept_encrypted(connector: Connector, address: Address) -> None:
    made = connector.amazon_sp(SP, "Atzr|sp-na\n", None).connection
    assert (made.state, made.account_id) == ("connected", "A1NORTHWINDNA7")
    assert made.expires_at is not None
    assert made.authorised_at is not None
    assert (made.expires_at - made.authorised_at).days == 365
    vault = Vault.open(connector.meltano.project)
    assert connector.registry.secret(vault, made)["refresh_token"] == "Atzr|sp-na"
    dump = subprocess.check_output(
        [sys.executable, "-c", "import psycopg,sys,os\n"
         "c=psycopg.connect(os.environ['TANDEM_DATABASE_URL'])\n"
         "print(c.execute('select ciphertext from ops.credentials').fetchall())\n"
         "print(c.execute('select * from ops.connections').fetchall())"],
        text=True,
    )  # fmt: skip
    assert "Atzr" not in dump
    with psycopg.connect(address.url(), autocommit=True) as connection:
        for role in ("tandem_reader", "tandem_transformer", "tandem_loader"):
            connection.execute(f"set role {role}")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("select * from ops.credentials")


def test_missing_roles_are_named(connector: Connector) -> None:
    made = connector.amazon_sp(
        SP, credentials.sp_refresh_token("na-without-finance"), "A1NORTHWINDNA7"
    ).connection
    assert (made.state, made.missing_roles) == ("partial", ["Finance and Accounting"])
    other = connector.amazon_sp(
        SP, credentials.sp_refresh_token("na-without-brand-analytics"), None
    ).connection
    assert other.missing_roles == ["Brand Analytics"]


@pytest.mark.parametrize(
    ("token", "seller", "said"),
    [
        ("Atzr|sp-na-revoked", None, "Authorise the application again"),
        ("Atzr|sp-na", "A9SOMEBODYELSE", "is seller A1NORTHWINDNA7's"),
        ("Atza|access", None, "no refresh token"),
        ("", None, "No token was given"),
    ],
)
def test_what_is_wrong_with_a_token_is_said_without_it(
    connector: Connector, token: str, seller: str | None, said: str
) -> None:
    with pytest.raises(NotConnected, match=said) as caught:
        connector.amazon_sp(SP, token, seller)
    assert not token or token not in str(caught.value)
    assert connector.registry.connections() == []


def test_profiles_are_offered_or_picked_by_the_primary_marketplace(connector: Connector) -> None:
    with pytest.raises(ChoiceNeeded, match="1482036455912007"):
        connector.amazon_ads(ADS, "Atzr|ads-all")
    picked = connector.amazon_ads(replace(ADS, primary="US"), "Atzr|ads-all").connection
    assert picked.profile_ids == ["1482036455912007"]
    store = connector.registry.store("acme")
    assert store is not None
    assert store.primary_marketplace_id == "ATVPDKIKX0DER"
    with pytest.raises(UnsupportedMarketplace, match="Mexico"):
        connector.amazon_ads(replace(ADS, primary="MX"), "Atzr|ads-all")


def test_no_advertising_profile_is_a_state_with_its_remedy(connector: Connector) -> None:
    made = connector.amazon_ads(ADS, "Atzr|ads-no-profiles").connection
    assert made.state == "no_ads_profile"
    assert made.remedy is not None
    assert "User Permissions" in made.remedy
    with pytest.raises(NotConnected, match="Region eu has profiles"):
        connector.amazon_ads(replace(ADS, store_id="other"), "Atzr|ads-eu-only")


def test_another_account_is_refused_unless_it_is_meant(connector: Connector) -> None:
    made = connector.amazon_sp(SP, "Atzr|sp-na", None).connection
    with connector.registry.changing() as database:
        database.execute("update ops.connections set account_id = 'A0FORMER'")
    with pytest.raises(OtherAccount, match="A0FORMER"):
        connector.amazon_sp(SP, "Atzr|sp-na", None)
    again = connector.amazon_sp(replace(SP, replace=True), "Atzr|sp-na", None).connection
    assert again.account_id == made.account_id


def test_a_consent_comes_back_once_and_only_with_its_state(
    connector: Connector, amazon: Running
) -> None:
    application = connector.application("amazon_sp")
    made = []

    def take(answer: dict[str, str]) -> str:
        made.append(connector.finish(SP, connector.consents.finish(application, dict(answer))))
        return "ok <b>"

    with callback.page(0, take) as page:  # type: ignore[arg-type]
        for wrong in ("", "?spapi_oauth_code=x", "?state=guessed&spapi_oauth_code=x"):
            refused = requests.get(page.url + wrong, timeout=10)
            assert (refused.status_code, page.done.is_set()) == (400, False)
        consent = connector.consents.begin(application, "acme", "amazon_sp", "na", page.url)
        back = requests.get(consent.url, timeout=60)
        assert back.status_code == 200, back.text
        assert "ok &lt;b&gt;" in back.text
        assert back.headers["Referrer-Policy"] == "no-referrer"
        assert requests.get(back.url, timeout=10).status_code == 400, "a state is taken once"
    assert [one.connection.account_id for one in made] == ["A1NORTHWINDNA7"]
    with pytest.raises(WrongState):
        connector.consents.finish(application, {"state": "x"})


def test_a_declined_consent_names_the_admin(connector: Connector, amazon: Running) -> None:
    application = connector.application("amazon_ads")
    amazon.simulation.login.at_consent["amazon_ads"] = "declines"

    def take(answer: dict[str, str]) -> str:
        connector.consents.finish(application, dict(answer))
        return "ok"

    with callback.page(0, take) as page:  # type: ignore[arg-type]
        consent = connector.consents.begin(application, "acme", "amazon_ads", "na", page.url)
        assert "admin user" in requests.get(consent.url, timeout=60).text
        assert page.failure is not None


def test_nothing_that_connecting_does_writes_to_amazon(
    connector: Connector, amazon: Running
) -> None:
    amazon.calls.reset()
    connector.amazon_sp(SP, "Atzr|sp-na", None)
    asked = set(amazon.calls.summary())
    assert asked <= {
        "lwa.token",
        "getMarketplaceParticipations",
        "searchOrders",
        "listTransactions",
        "getInventorySummaries",
        "getOrderMetrics",
        "createQuery",  # a document to download
    }


def test_a_shop_is_verified_and_its_missing_permissions_named(connector: Connector) -> None:
    shop = Request("acme", "shopify", "global")
    made = connector.shopify(shop, credentials.shopify_access_token(), "Northwind-Home").connection
    assert made.state == "connected"
    assert made.account_id == "northwind-home.myshopify.com"
    with pytest.raises(NotConnected, match="refuses this token"):
        connector.shopify(shop, "shpat_wrong", "northwind-home")


def test_of_many_who_ask_for_a_refresh_at_once_one_is_granted_it(connector: Connector) -> None:
    database = connector.registry.database

    def ask(number: int) -> str | None:
        try:
            refresh.grant(database, "acme", f"asker {number}")
        except refresh.NotYet as refusal:
            return refusal.message
        return None

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, range(8)))
    assert answers.count(None) == 1
    assert all("next refresh is possible" in answer for answer in answers if answer)
    refresh.grant(database, "other")


def test_what_a_disconnected_connection_left_can_be_read_but_not_written(
    connector: Connector, address: Address
) -> None:
    made = connector.amazon_sp(SP, "Atzr|sp-na", None).connection
    with psycopg.connect(address.url(), autocommit=True) as connection:
        connection.execute("set role tandem_loader")
        connection.execute("create table amazon_sp.orders (store_id text, region text, n int)")
        rows = "insert into amazon_sp.orders values ('acme', 'na', 1), ('other', 'na', 2)"
        connection.execute(rows)
        disconnect(connector.registry, made)
        for words in (
            rows,
            "update amazon_sp.orders set n = 3",
            "delete from amazon_sp.orders",
        ):
            with pytest.raises(psycopg.errors.ReadOnlySqlTransaction, match="acme na"):
                connection.execute(words)
        connection.execute("insert into amazon_sp.orders values ('other', 'na', 4)")
        counts = connection.execute("select count(*) from amazon_sp.orders").fetchone()
        assert counts == (3,)
        connection.execute("reset role")
        assert connection.execute("select count(*) from ops.credentials").fetchone() == (0,)
    ended = connector.registry.connection(*made.place)
    assert ended is not None
    assert (ended.state, ended.is_active) == ("disconnected", False)
    connector.amazon_sp(SP, "Atzr|sp-na", None)
    with psycopg.connect(address.url(), autocommit=True) as connection:
        connection.execute("insert into amazon_sp.orders values ('acme', 'na', 5)")


def test_the_command_takes_no_token_as_a_word(connector: Connector) -> None:
    folder = connector.meltano.project.root
    done = subprocess.run(
        [
            Path(sys.executable).parent / "tandem",
            *("connect", "amazon-sp", "--region", "na", "--store", "cli", "--no-sync"),
        ],
        input="Atzr|sp-na\n",
        env=dict(os.environ, MELTANO_PROJECT_ROOT=str(folder)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Connected: Amazon Selling Partner na of store cli" in done.stdout
    assert "Atzr" not in done.stdout + done.stderr
