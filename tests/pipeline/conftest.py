"""Whole runs: a real PostgreSQL, the simulator over HTTP, the real taps, target and dbt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from simulator import credentials
from simulator.testing import Running, running
from simulator.world.sellers import SELLER_IDS
from tandem import testing
from tandem.database import Address, EmbeddedPostgres

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SCHEMAS = {"tap-amazon-sp": "amazon_sp", "tap-amazon-ads": "amazon_ads"}


@dataclass
class Pipeline:
    """One store's way from a simulator to the marts of a database of its own.

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

    @property
    def as_of(self) -> str:
        """The simulator's present, as the settings want it."""
        return self.simulator.world.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def settings(self, tap: str, **more: Any) -> dict[str, Any]:
        """A tap's configuration: the store's accounts in all regions, at the simulator."""
        is_sp = tap == "tap-amazon-sp"
        client = credentials.SP_CLIENT if is_sp else credentials.ADS_CLIENT
        accounts = [
            {"region": region, "refresh_token": credentials.sp_refresh_token(region)}
            | {"selling_partner_id": seller_id}
            if is_sp
            else {"region": region, "refresh_token": credentials.ads_refresh_token()}
            for region, seller_id in SELLER_IDS.items()
        ]
        return {
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "accounts": accounts,
            "api_url": self.simulator.sp_url if is_sp else self.simulator.ads_url,
            "auth_url": self.simulator.auth_url,
            "as_of": self.as_of,
            "cadence": "first_sync",
            "journal_url": self.address.url(),
            "report_poll_seconds": 0.2,
        } | more

    def start(self, tap: str, **more: Any) -> tuple[subprocess.Popen[bytes], subprocess.Popen[str]]:
        """Start a tap and the target that reads from it; logs go to `<folder>/<name>.log`."""
        tap_words = ["--config", self._write(f"{tap}.json", self.settings(tap, **more))]
        if state := self.states.get(tap):
            tap_words += ["--state", self._write(f"{tap}.state.json", state)]
        target_settings = {
            "sqlalchemy_url": self.address.url(),
            "default_target_schema": SCHEMAS[tap],
            "load_method": "upsert",
            "use_copy": True,
            "validate_records": False,
            "batch_size_rows": 50_000,
        }
        source = subprocess.Popen(
            [BIN / tap, *tap_words],
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{tap}.log").open("ab"),
            env=self._environment(),
            cwd=self.folder,
        )
        sink = subprocess.Popen(
            [
                BIN / "tandem-target-postgres",
                "--config",
                self._write(f"{tap}.target.json", target_settings),
            ],
            stdin=source.stdout,
            stdout=subprocess.PIPE,
            stderr=(self.folder / f"{tap}.target.log").open("ab"),
            env=self._environment(),
            cwd=self.folder,
            text=True,
        )
        assert source.stdout is not None
        source.stdout.close()  # the target's alone now: it ends when the tap does
        return source, sink

    def load(self, *taps: str, **more: Any) -> None:
        """Run taps side by side into the database; both ends must end well."""
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

    def build(self) -> None:
        """Build the models and test their rows, as of the simulator's present."""
        self.dbt("build", "--exclude-resource-type", "unit_test")

    def dbt(self, *words: str) -> None:
        """Run dbt on this database."""
        done = subprocess.run(
            [BIN / "tandem-dbt", *words],
            env=self._environment() | {"TANDEM_AS_OF": self.as_of},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """What a query gives, a dictionary per row."""
        with psycopg.connect(self.address.url(), row_factory=dict_row) as connection:
            return connection.execute(query).fetchall()

    def _write(self, name: str, content: Mapping[str, Any]) -> str:
        path = self.folder / name
        path.write_text(json.dumps(content))
        return str(path)

    def _environment(self) -> dict[str, str]:
        given = dict(os.environ) | self.address.environment()
        given.pop("PYTHONUNBUFFERED", None)
        return given | {
            "PGOPTIONS": "-c role=tandem_loader",
            "MELTANO_PROJECT_ROOT": str(ROOT),
            "DBT_PROJECT_DIR": str(ROOT / "transform"),
            "DBT_PROFILES_DIR": str(ROOT / "transform"),
            "DBT_TARGET_PATH": str(self.folder / "target"),
            "DBT_LOG_PATH": str(self.folder / "dbt-logs"),
            "DBT_USE_COLORS": "false",
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    with testing.server() as server:
        yield server


@pytest.fixture(scope="session")
def new_pipeline(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Pipeline]]:
    """Makes pipelines, each with a simulator, a database and a folder of its own."""
    with ExitStack() as stack:

        def make(now: datetime | None = None, **simulator: Any) -> Pipeline:
            if now is not None:
                simulator["now"] = now
            return Pipeline(
                stack.enter_context(running(**simulator)),
                stack.enter_context(testing.new_database(postgres)),
                tmp_path_factory.mktemp("pipeline"),
            )

        yield make


@pytest.fixture(scope="session")
def loaded(new_pipeline: Callable[..., Pipeline]) -> Pipeline:
    """The demo store after its first sync, modelled; tests only read from it."""
    pipeline = new_pipeline()
    pipeline.load()
    pipeline.build()
    return pipeline
