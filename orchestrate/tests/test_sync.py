"""Whole syncs in a Meltano project of their own: real Meltano, taps, target and server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from tandem.database import Address
from tandem.rates import OFFLINE
from tandem.testing import open_folder

BIN = Path(sys.executable).parent
TAP = Path(__file__).with_name("counting_tap.py")
SINGLE = ("--environment", "single")
AS_OF = "2026-11-24T18:00:00Z"
MELTANO = """
default_environment: demo
project_id: 1b0c3f0e-0d5f-4a8b-9f3a-2f2b8a0c9f11
send_anonymous_usage_stats: false
environments:
- name: demo
  env: {{TANDEM_AS_OF: "{as_of}"}}
  config:
    plugins:
      extractors:
      - {{name: tap-one, config: {{client_id: a-b}}}}
      - {{name: tap-two, config: {{client_id: c}}}}
      - {{name: tap-unused, config: {{client_id: $NOT_SET}}}}
- name: single
  config: {{plugins: {{extractors: [{{name: tap-one, config: {{client_id: a-b}}}}]}}}}
- name: empty
plugins:
  extractors:
  - {{name: tap-one, namespace: tap_one, executable: ./tap, load_schema: amazon_sp, {tap}}}
  - {{name: tap-two, namespace: tap_two, executable: ./tap, load_schema: amazon_ads, {tap}}}
  - {{name: tap-unused, namespace: tap_unused, executable: ./tap, {tap}}}
  loaders:
  - name: target-postgres
    namespace: target_postgres
    executable: {bin}/tandem-target-postgres
    capabilities: [structured-logging]
    env: {{PGOPTIONS: -c role=tandem_loader}}
    settings:
    - {{name: sqlalchemy_url, value: $TANDEM_DATABASE_URL}}
    - {{name: default_target_schema, value: $MELTANO_EXTRACT__LOAD_SCHEMA}}
    - {{name: load_method, value: upsert}}
    - {{name: use_copy, kind: boolean, value: true}}
  utilities:
  - name: dbt-postgres
    namespace: dbt_postgres
    executable: ./models
    commands: {{build: {{args: build}}}}
"""
SETTINGS = (
    "capabilities: [catalog, discover, state, structured-logging], "
    "settings: [{name: client_id}, {name: cadence}, {name: store_id}]"
)


class Store:
    """A project folder, its database, and `tandem sync` run in it."""

    def __init__(self, folder: Path, address: Address) -> None:
        self.folder = folder
        self.address = address

    def sync(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        says = "Done. PASS=3 WARN=0 TOTAL=3"
        given = dict(os.environ, FOLDER=str(self.folder), SAYS=says) | variables
        given |= {"TANDEM_DATABASE_URL": self.address.url()}
        given |= {"MELTANO_PROJECT_ROOT": str(self.folder), "TANDEM_ECB_URL": OFFLINE}
        return subprocess.Popen(
            [BIN / "tandem", "sync", *words],
            cwd=self.folder,
            env=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **variables: str) -> tuple[int, str]:
        process = self.sync(*words, **variables)
        out, _ = process.communicate(timeout=120)
        return process.returncode, out

    def query(self, text: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.address.url()) as connection:
            return connection.execute(text).fetchall()

    @property
    def models_were_built(self) -> bool:
        return (self.folder / "built").exists()


@pytest.fixture
def store(address: Address) -> Iterator[Store]:
    with open_folder() as folder:
        (folder / "meltano.yml").write_text(MELTANO.format(as_of=AS_OF, tap=SETTINGS, bin=BIN))
        scripts = {
            "tap": f'exec {sys.executable} {TAP} "$@"',
            "models": f'touch {folder}/built; echo "$SAYS"; exit "${{MODELS:-0}}"',
        }
        for name, text in scripts.items():
            (folder / name).write_text(f"#!/bin/sh\n{text}\n")
            (folder / name).chmod(0o755)
        yield Store(folder, address)


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not what():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)


def test_all_connected_taps_are_loaded_and_then_modelled(store: Store) -> None:
    code, out = store.run("--cadence", "first_sync")
    assert code == 0, out
    assert "tap-unused: not connected" in out
    assert "dbt build: PASS=3" in out
    counts = "select (select count(*) from amazon_sp.a), (select count(*) from amazon_sp.b)"
    assert store.query(counts) == [(5, 5)]
    assert store.query("select count(*) from amazon_ads.c") == [(5,)]
    runs = store.query(
        "select tap, cadence, store_id, status, reason from ops.sync_runs order by tap"
    )
    assert runs == [
        ("tap-one", "first_sync", "default", "done", None),
        ("tap-two", "first_sync", "default", "done", None),
    ]

    code, out = store.run("--cadence", "first_sync", FAIL="a")
    assert code == 0, "the same fixed instant is not asked for twice"
    assert f"tap-one: complete as of {AS_OF}" in out

    code, out = store.run("--cadence", "first_sync", "--again", FAIL="a")
    assert code == 1, "unless it is wanted"


def test_a_failing_tap_is_named_while_the_other_is_loaded_and_modelled(store: Store) -> None:
    code, out = store.run(FAIL="b")
    assert code == 1
    assert "b may not be read: ask for the role" in out
    assert f"log: {store.folder}/.tandem/logs/tap-one.log" in out
    assert "tap-two:" not in out.split("incomplete")[1]
    assert store.query("select count(*) from amazon_ads.c") == [(5,)]
    assert store.models_were_built
    statuses = store.query("select tap, status from ops.sync_runs order by tap")
    assert statuses == [("tap-one", "failed"), ("tap-two", "done")]


def test_failing_models_fail_the_sync(store: Store) -> None:
    says = "Failure in test unique_orders (models/orders.yml)"
    code, out = store.run(*SINGLE, MODELS="3", SAYS=says)
    assert code == 1
    assert f"dbt build: unique_orders (log: {store.folder}/.tandem/logs/dbt-build.log)" in out


def test_without_any_connection_it_says_where_credentials_go(store: Store) -> None:
    code, out = store.run("--environment", "empty")
    assert code == 1
    assert ".env" in out


def test_an_environment_that_does_not_exist_is_named(store: Store) -> None:
    code, out = store.run("--environment", "production")
    assert code == 1
    assert "no environment 'production'" in out


def test_a_target_that_is_killed_fails_the_run_though_the_tap_is_well(store: Store) -> None:
    process = store.sync(*SINGLE, PAUSE="60")
    wait_for(lambda: any(targets_of(process)))
    for target in targets_of(process):
        target.terminate()
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 1, out
    assert store.query("select distinct status from ops.sync_runs") == [("failed",)], out
    saved = store.query("select count(*) from meltano.state where completed_state like '%bookm%'")
    assert saved == [(0,)]


@pytest.mark.parametrize(
    ("number", "whole_group"),
    [(signal.SIGTERM, True), (signal.SIGINT, True), (signal.SIGTERM, False)],
)
def test_a_signal_ends_everything_and_non_zero(
    store: Store, number: signal.Signals, whole_group: bool
) -> None:
    process = store.sync(*SINGLE, PAUSE="60")
    wait_for(lambda: (store.folder / "a-b.pid").exists())
    family = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, number) if whole_group else process.send_signal(number)
    out, _ = process.communicate(timeout=120)
    assert process.returncode == 128 + number, out
    assert f"Stopped by {number.name}" in out
    _, alive = psutil.wait_procs(family, timeout=30)
    assert alive == []
    assert store.query("select distinct status from ops.sync_runs") == [("failed",)], out


def test_after_a_kill_the_next_sync_goes_on_at_once(store: Store) -> None:
    process = store.sync(*SINGLE, PAUSE="60")
    wait_for(lambda: (store.folder / "a-b.pid").exists())
    second = store.run(*SINGLE)
    assert second[0] == 1
    assert "Another sync of store default is under way" in second[1]
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    code, out = store.run(*SINGLE)
    assert code == 0, out
    assert store.query("select count(*) from amazon_sp.a") == [(5,)]
    runs = store.query("select status, reason from ops.sync_runs order by sync_run_id")
    assert runs == [("failed", "it was cut off"), ("done", None)]


def targets_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The target processes of a sync that are up and reading."""
    family = psutil.Process(process.pid).children(recursive=True)
    return [p for p in family if any("tandem-target-postgres" in word for word in words_of(p))]


def words_of(process: psutil.Process) -> list[str]:
    """A process's command line; none where it has ended meanwhile."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:  # a zombie is one too
        return []
