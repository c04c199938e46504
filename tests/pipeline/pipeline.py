"""One store's way from a simulator to marts: the real taps, target and dbt, each a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from sys import intern
from tempfile import NamedTemporaryFile
from typing import Any, ClassVar
from unittest.mock import patch

import psycopg
import yaml
from psycopg.rows import dict_row

from simulator import credentials
from simulator.shopify import SHOP_NAME
from simulator.testing import Running
from simulator.world.sellers import SELLER_IDS
from tandem import rates
from tandem.database import Address

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SP, ADS = "tap-amazon-sp", "tap-amazon-ads"
SHOPIFY, JOURNEYS = "tap-shopify", "tap-shopify-journeys"
SCHEMAS = {SP: "amazon_sp", ADS: "amazon_ads"}
SHOP_SCHEMA = "shopify"
AT_READING = {"extracted_at", "fetched_at", "snapshot_at", "report_id", "built_at"} | {
    *("read_at", "expires_at"),
    *("url", "url_expires_at", "processed_urls"),  # signed anew at every look
    "url_hash",  # of an address with the port of one simulator among several
}
"""Columns that say when and in which answer something was read, or when it was modelled."""

TRANSFORM = ROOT / "transform"

Row = dict[str, Any]
Contents = dict[str, list[Row]]
"""The rows of relations, by the relation's name."""


def as_of(simulator: Running) -> str:
    """The simulator's present, as the settings want it."""
    return simulator.world.now.strftime("%Y-%m-%dT%H:%M:%SZ")


def settings(simulator: Running, tap: str, **more: Any) -> dict[str, Any]:
    """A tap's configuration: the store's accounts in all regions, or its shop, at the simulator."""
    if tap in (SHOPIFY, JOURNEYS):
        return {
            "shop": SHOP_NAME,
            "access_token": credentials.shopify_access_token(),
            "api_url": simulator.shopify_url,
            "as_of": as_of(simulator),
        } | more
    client = credentials.SP_CLIENT if tap == SP else credentials.ADS_CLIENT
    accounts = [
        {"region": region, "refresh_token": credentials.sp_refresh_token(region)}
        | {"selling_partner_id": seller_id}
        if tap == SP
        else {"region": region, "refresh_token": credentials.ads_refresh_token()}
        for region, seller_id in SELLER_IDS.items()
    ]
    own = {"time_scale": simulator.simulation.clock.time_scale} if tap == ADS else {}
    return {
        "client_id": client.client_id,
        "client_secret": client.client_secret,
        "accounts": accounts,
        "api_url": simulator.sp_url if tap == SP else simulator.ads_url,
        "auth_url": simulator.auth_url,
        "as_of": as_of(simulator),
        "cadence": "first_sync",
        "report_poll_seconds": 0.2,
        **own,
        **more,
    }


def executable(tap: str) -> Path:
    """Where a tap's command lies: beside this Python, or tap-shopify's in the venv of its plugin.

    Raises:
        AssertionError: the plugin is not installed.
    """
    if tap != SHOPIFY:
        return BIN / tap
    path = ROOT / ".meltano" / "extractors" / tap / "venv" / "bin" / "tandem-tap-shopify"
    assert path.exists(), f"{path} is missing: run `make plugins`"
    return path


@cache
def shop_catalog(config_path: str) -> str:
    """What tap-shopify discovers, with what meltano.yml selects.

    Args:
        config_path: with any simulator's address: the tap asks the shop before it answers.
    """
    document = yaml.safe_load((ROOT / "meltano.yml").read_text())
    plugin = next(p for p in document["plugins"]["extractors"] if p["name"] == SHOPIFY)
    wanted = {tuple(pattern.split(".")) for pattern in plugin["select"]}
    command = [executable(SHOPIFY), "--config", config_path, "--discover"]
    entries = json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL))["streams"]
    for entry in entries:
        name = entry["tap_stream_id"]
        for part in entry["metadata"]:
            field = part["breadcrumb"][1:]
            is_wanted = (name, *field) in wanted if field else name in {s for s, _ in wanted}
            part["metadata"]["selected"] = is_wanted
    return json.dumps({"streams": entries})


@cache
def modelled_streams(tap: str) -> frozenset[str]:
    """The streams that some model reads, as the sources of the dbt project name them."""
    documents = [yaml.safe_load(p.read_text()) for p in TRANSFORM.glob("models/staging/*/*.yml")]
    return frozenset(
        table["name"]
        for document in documents
        for source in document.get("sources", [])
        if source["name"] == SCHEMAS[tap]
        for table in source["tables"]
    )


@cache
def catalog(tap: str, streams: frozenset[str]) -> str:
    """A catalog in which just these streams are selected; `report_runs` always is."""
    entries = json.loads(_discovered(tap))["streams"]
    names = {entry["tap_stream_id"] for entry in entries}
    assert streams <= names, streams - names
    for entry in entries:
        for part in entry["metadata"]:
            if not part["breadcrumb"]:
                is_wanted = entry["tap_stream_id"] in streams | {"report_runs"}
                part["metadata"]["selected"] = is_wanted
    return json.dumps({"streams": entries})


@cache
def _discovered(tap: str) -> bytes:
    """All streams, which a tap tells without any account."""
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump({"client_id": "none", "client_secret": "none", "accounts": []}, file)
        file.flush()
        return subprocess.check_output([BIN / tap, "--config", file.name, "--discover"])


def write_project(folder: Path, select: Mapping[str, Iterable[str]] | None = None) -> None:
    """Make a Meltano project like this one whose plugins are those of this environment.

    Args:
        folder: an empty one.
        select: the streams of each tap; None for all.
    """
    document = yaml.safe_load((ROOT / "meltano.yml").read_text())
    for plugin in chain.from_iterable(document["plugins"].values()):
        plugin.pop("pip_url", None)
        if plugin.get("name") == SHOPIFY:
            plugin["executable"] = str(executable(SHOPIFY))
        elif (BIN / plugin["executable"]).exists():
            plugin["executable"] = str(BIN / plugin["executable"])
        if select and plugin["name"] in select:
            plugin["select"] = [f"{stream}.*" for stream in select[plugin["name"]]]
    (folder / "meltano.yml").write_text(yaml.safe_dump(document, sort_keys=False))
    (folder / "transform").symlink_to(TRANSFORM)


def differences(found: Contents, expected: Contents) -> dict[str, dict[str, list[Any]]]:
    """What two contents do not share: the first rows of each side by relation; empty if equal.

    A row that is there twice differs from one that is there once.
    """

    def count(rows: list[Row]) -> Counter[tuple[tuple[str, str], ...]]:
        return Counter(tuple((name, str(value)) for name, value in row.items()) for row in rows)

    differing = {}
    for relation in found.keys() | expected.keys():
        here, there = count(found.get(relation, [])), count(expected.get(relation, []))
        if here != there:
            differing[relation] = {
                "found": [dict(row) for row in (here - there).elements()][:3],
                "expected": [dict(row) for row in (there - here).elements()][:3],
            }
    return differing


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    """Wait until something is true.

    Raises:
        AssertionError: it never was.
    """
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.01)


@dataclass
class Pipeline:
    """A simulator, a database, and what runs between them: of the streams those that models read.

    Attributes:
        simulator: What stands in for Amazon; `now` of its world is the `as_of` of every run.
        address: The database, migrated.
        folder: For configuration files and logs.
        states: The Singer state of each tap, as the target last gave it back.
    """

    simulator: Running
    address: Address
    folder: Path
    states: dict[str, dict[str, Any]] = field(default_factory=dict)
    _project: Any = None

    root: ClassVar[Path] = ROOT
    bin: ClassVar[Path] = BIN

    @property
    def as_of(self) -> str:
        """The simulator's present, as the settings want it."""
        return as_of(self.simulator)

    def start(self, tap: str, **more: Any) -> tuple[subprocess.Popen[bytes], subprocess.Popen[str]]:
        """Start a tap and the target that reads from it; logs go to `<folder>/<name>.log`.

        Both are a process group of their own, as a shell's pipe is: the tap's number is its.
        """
        if tap in SCHEMAS:
            more = {"journal_url": self.address.url(), **more}
        given = settings(self.simulator, tap, **more)
        tap_words = ["--config", self._write(f"{tap}.json", json.dumps(given))]
        if tap in SCHEMAS:
            selected = catalog(tap, modelled_streams(tap))
            tap_words += ["--catalog", self._write(f"{tap}.catalog.json", selected)]
        elif tap == SHOPIFY:
            selected = shop_catalog(tap_words[1])
            tap_words += ["--catalog", self._write(f"{tap}.catalog.json", selected)]
        if state := self.states.get(tap):
            tap_words += ["--state", self._write(f"{tap}.state.json", json.dumps(state))]
        target_settings = {
            "sqlalchemy_url": self.address.url(),
            "default_target_schema": SCHEMAS.get(tap, SHOP_SCHEMA),
            "load_method": "upsert",
            "use_copy": True,
            "validate_records": False,
            "batch_size_rows": 50_000,
        }
        target_path = self._write(f"{tap}.target.json", json.dumps(target_settings))
        source = subprocess.Popen(
            [executable(tap), *tap_words],
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{tap}.log").open("ab"),
            env=self._environment(),
            cwd=self.folder,
            process_group=0,
        )
        sink = subprocess.Popen(
            [BIN / "tandem-target-postgres", "--config", target_path],
            stdin=source.stdout,
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{tap}.target.log").open("ab"),
            env=self._environment(),
            cwd=self.folder,
            text=True,
            process_group=source.pid,
        )
        assert source.stdout is not None
        source.stdout.close()  # the target's alone now: it ends when the tap does
        return source, sink

    def load(self, *taps: str, **more: Any) -> None:
        """Run taps side by side into the database, Amazon's unless named; all must end well."""
        self.simulator.set_now(self.simulator.world.now)  # its time has run on since
        started = {tap: self.start(tap, **more) for tap in taps or SCHEMAS}
        for tap, (source, sink) in started.items():
            out, _ = sink.communicate(timeout=300)
            codes = (source.wait(60), sink.returncode)
            self.keep_state(tap, out)
            log = (self.folder / f"{tap}.log").read_text()
            assert codes == (0, 0), f"{tap} ended with {codes}:\n{log[-3000:]}"

    def keep_state(self, tap: str, target_output: str) -> None:
        """Remember the last state that a target gave back, for the tap's next run."""
        if lines := target_output.splitlines():
            self.states[tap] = json.loads(lines[-1])

    def read_rates(self) -> None:
        """Read the exchange rates that the simulator tells, as a sync does."""
        feed = f"{self.simulator.url}/ecb/eurofxref-hist.zip"
        with psycopg.connect(self.address.url()) as connection:
            assert rates.refresh(connection, feed).warning is None

    def build(self, *, tested: bool = True) -> None:
        """Build the models and test their rows, as of the simulator's present.

        dbt runs inside this process, on a project that is parsed once: the tests of whole commands
        start it as users do.
        """
        self.read_rates()
        if self._project is None:
            self._project = self._invoke_dbt("parse").result
        left_out = ["unit_test"] if tested else ["unit_test", "test"]
        words = ["build", *(f"--exclude-resource-type={kind}" for kind in left_out)]
        done = self._invoke_dbt(*words, "--vars", json.dumps({"as_of": self.as_of}))
        failed = [
            f"{result.node.name}: {result.message}"
            for result in getattr(done.result, "results", [])
            if str(result.status) in ("error", "fail", "runtime error")
        ]
        assert done.success, failed or done.exception

    def _invoke_dbt(self, *words: str) -> Any:
        from dbt.cli.main import dbtRunner  # takes seconds, and not every test needs it

        folders = {"project-dir": TRANSFORM, "profiles-dir": TRANSFORM}
        options = [part for name, path in folders.items() for part in (f"--{name}", str(path))]
        options += ["--target-path", str(self.folder / "target")]
        quiet = ["--quiet", "--no-partial-parse", "--log-level-file", "none"]
        with patch.dict(os.environ, self.address.environment()):
            return dbtRunner(manifest=self._project).invoke([*quiet, *words, *options])

    def dbt(self, *words: str) -> None:
        """Run dbt's command on this database."""
        done = subprocess.run(
            [BIN / "tandem-dbt", *words],
            env=self._environment() | {"TANDEM_AS_OF": self.as_of},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

    def rows(self, query: str) -> list[Row]:
        """What a query gives, a dictionary per row."""
        with psycopg.connect(self.address.url(), row_factory=dict_row) as connection:
            return connection.execute(query).fetchall()

    def contents(self, *schemas: str) -> Contents:
        """Every row of every relation of some schemas, less what tells of its reading alone.

        Views over raw tables alone (base_) are left out. A text that many rows have is kept once:
        whole stores fit into memory several times.
        """
        relations = self.rows(
            "select table_schema || '.' || table_name as name from information_schema.tables "
            f"where table_schema = any('{{{','.join(schemas)}}}') "
            "and table_name not like 'base\\_%' order by 1"
        )
        return {
            relation["name"]: [
                {
                    column: intern(value) if isinstance(value, str) else value
                    for column, value in row.items()
                    if column not in AT_READING and not column.startswith("_sdc_")
                }
                for row in self.rows(f"select * from {relation['name']}")
            ]
            for relation in relations
        }

    def _write(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content)
        return str(path)

    def _environment(self) -> dict[str, str]:
        given = dict(os.environ) | self.address.environment()
        given.pop("PYTHONUNBUFFERED", None)
        return given | {
            "PGOPTIONS": "-c role=tandem_loader",
            "MELTANO_PROJECT_ROOT": str(ROOT),
            "DBT_PROJECT_DIR": str(TRANSFORM),
            "DBT_PROFILES_DIR": str(TRANSFORM),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "dbt-logs"),
            "DBT_USE_COLORS": "false",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
