"""The dashboard's pages over the demo store's marts: its own tests, in its own environment."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline import Pipeline


def test_the_pages_show_what_the_marts_say(loaded: Pipeline) -> None:
    folder = loaded.root / "orchestrate" / "dashboard"
    python = folder / ".venv" / "bin" / "python"
    assert python.exists(), "the dashboard is not installed: run `make test` or `make dashboard`"
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "--rootdir", folder, "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env=dict(os.environ, TANDEM_DATABASE_URL=loaded.address.url()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
