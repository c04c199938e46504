"""Where things lie: the project's root, and the folder of everything that a run leaves behind."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tandem.errors import TandemError


@dataclass(frozen=True)
class Project:
    """A checkout of the project, found by its meltano.yml."""

    root: Path

    @classmethod
    def find(cls) -> Project:
        """The project meant: MELTANO_PROJECT_ROOT, else the nearest meltano.yml above here.

        Raises:
            TandemError: there is none.
        """
        named = os.environ.get("MELTANO_PROJECT_ROOT")
        start = Path(named) if named else Path.cwd()
        for folder in (start, *start.parents):
            if (folder / "meltano.yml").is_file():
                return cls(folder.resolve())
        raise TandemError(
            f"No meltano.yml in {start} or above it: run this inside the project's folder."
        )

    @property
    def state(self) -> Path:
        """`.tandem`: the embedded database, logs and process files; `make clean` deletes it."""
        return self.root / ".tandem"

    @property
    def logs(self) -> Path:
        """The folder of the steps' logs, made when missing."""
        folder = self.state / "logs"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    @property
    def env_file(self) -> Path:
        """`.env`: what a person sets, and the addresses that `make run` fills in."""
        return self.root / ".env"
