"""dbt, told where the database is and which instant counts as now.

dbt's profile wants an address in parts: this script splits TANDEM_DATABASE_URL (or finds the
embedded server) into the TANDEM_PG… variables that transform/profiles.yml reads, hands
TANDEM_AS_OF on as the variable `as_of`, and becomes dbt.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import yaml

from tandem.database import Database
from tandem.errors import TandemError
from tandem.paths import Project


def with_as_of(words: Sequence[str], as_of: str | None) -> list[str]:
    """A dbt command line with the variable `as_of` added, unless it says one itself.

    >>> with_as_of(["build"], "2026-11-24T18:00:00Z")
    ['build', '--vars', '{"as_of": "2026-11-24T18:00:00Z"}']
    """
    words = list(words)
    if not as_of or not words or words[0].startswith("-"):
        return words
    given: dict[str, object] = {}
    if "--vars" in words[:-1]:
        at = words.index("--vars")
        given = yaml.safe_load(words[at + 1]) or {}
        del words[at : at + 2]
    # YAML reads an unquoted instant as one, which JSON does not know
    return [*words, "--vars", json.dumps({"as_of": as_of} | given, default=datetime.isoformat)]


def main() -> None:
    """The console script `tandem-dbt`."""
    try:
        address = Database(Project.find()).address
    except TandemError as error:
        error.show()
        sys.exit(error.exit_code)
    os.environ |= address.environment()
    dbt = str(Path(sys.executable).with_name("dbt"))
    os.execv(dbt, [dbt, *with_as_of(sys.argv[1:], os.environ.get("TANDEM_AS_OF"))])
