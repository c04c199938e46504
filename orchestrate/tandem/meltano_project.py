"""meltano.yml, read: what is configured for an environment, and how to call Meltano for it."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from tandem import envfile
from tandem.apis import api_of
from tandem.database import Database
from tandem.errors import TandemError
from tandem.paths import Project

_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")


@dataclass(frozen=True)
class MeltanoProject:
    """A project as one Meltano environment (`demo`, `prod`) sees it."""

    project: Project
    environment: str

    @classmethod
    def open(cls, project: Project, environment: str | None = None) -> MeltanoProject:
        """The project in the environment named, else MELTANO_ENVIRONMENT, else the default.

        Raises:
            TandemError: there is no such environment.
        """
        document = _read(project)
        name = environment or os.environ.get("MELTANO_ENVIRONMENT")
        name = name or str(document.get("default_environment"))
        known = [entry["name"] for entry in document["environments"]]
        if name not in known:
            raise TandemError(
                f"meltano.yml has no environment {name!r}; it has {', '.join(known)}."
            )
        return cls(project, name)

    @cached_property
    def _document(self) -> dict[str, Any]:
        return _read(self.project)

    @cached_property
    def _environment(self) -> Mapping[str, Any]:
        return _named(self._document["environments"], self.environment)

    @cached_property
    def variables(self) -> dict[str, str]:
        """The variables as Meltano lays them: meltano.yml's over the process's own over .env's."""
        of_environment = {k: str(v) for k, v in self._environment.get("env", {}).items()}
        return envfile.values(self.project.env_file) | of_environment

    @property
    def as_of(self) -> str | None:
        """The instant that stands for now (ISO 8601, UTC), or None for the clock."""
        return self.variables.get("TANDEM_AS_OF") or None

    def variable(self, name: str) -> str | None:
        """A variable with those that it names filled in, None when it is unset or empty."""
        return self._expand(self.variables.get(name, "")) or None

    @property
    def taps(self) -> list[str]:
        """The extractors, in the file's order."""
        return [tap["name"] for tap in self._document["plugins"]["extractors"]]

    def connected(self, tap: str) -> bool:
        """Whether this environment has credentials for the tap: without them, no connection."""
        api = api_of(tap)
        needs = api.needs if api else (("client_id",),)
        return all(any(self.setting(tap, name) for name in group) for group in needs)

    def accounts(self, tap: str) -> list[dict[str, str]]:
        """The accounts that this environment's settings name for an Amazon tap; may be none.

        Raises:
            TandemError: they are no JSON list of objects.
        """
        given = self._given(tap, "accounts")
        if isinstance(given, str):
            text = self._expand(given)
            try:
                given = json.loads(text) if text else None
            except ValueError:
                given = text  # not quoted in the message: it holds tokens
        if given:
            if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
                raise TandemError(
                    f"The accounts of {tap} are no JSON list: .env.example shows how it looks."
                )
            return [{k: self._expand(str(v)) for k, v in one.items()} for one in given]
        names = ("region", "refresh_token", "selling_partner_id")
        single = {name: self.setting(tap, name) for name in names}
        found = {name: value for name, value in single.items() if value}
        return [found] if "refresh_token" in found else []

    def setting(self, tap: str, name: str) -> str | None:
        """A tap's setting as Meltano resolves it, None when it is unset or empty."""
        value = self._given(tap, name)
        return None if value is None else self._expand(str(value)) or None

    def command(self, *words: str) -> list[str]:
        """A Meltano command line for this environment."""
        return [str(_executable()), f"--environment={self.environment}", *words]

    def process_environment(self, database: Database, **more: str) -> dict[str, str]:
        """The variables of a Meltano process: ours, the database's, and `more`."""
        given = dict(os.environ) | database.address.environment() | more
        given["MELTANO_PROJECT_ROOT"] = str(self.project.root)
        given["MELTANO_CLI_DISABLE_VERSION_CHECK"] = "true"
        given.pop("PYTHONUNBUFFERED", None)  # an unbuffered pipe halves the speed
        return given

    def _given(self, tap: str, name: str) -> Any:
        """A setting as it is written, None when it is nowhere."""
        variable = f"{tap}_{name}".upper().replace("-", "_")
        if variable in self.variables:
            return self.variables[variable] or None
        plugins = self._environment.get("config", {}).get("plugins", {}).get("extractors", [])
        return _named(plugins, tap).get("config", {}).get(name)

    def _expand(self, text: str) -> str:
        return _VARIABLE.sub(lambda match: self.variables.get(match[1] or match[2], ""), text)


def _read(project: Project) -> dict[str, Any]:
    document = yaml.safe_load((project.root / "meltano.yml").read_text())
    assert isinstance(document, dict)
    return document


def _named(entries: list[dict[str, Any]], name: str) -> Mapping[str, Any]:
    return next((entry for entry in entries if entry["name"] == name), {})


def _executable() -> Path:
    """Meltano beside this program, else on the path.

    Raises:
        TandemError: it is nowhere.
    """
    beside = Path(sys.executable).with_name("meltano")
    found = beside if beside.exists() else shutil.which("meltano")
    if found is None:
        raise TandemError("Meltano is not installed beside tandem: run `make setup`.")
    return Path(found)
