"""`.env`, read and carefully written: a person's own lines are never touched."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values, set_key, unset_key

_HEADER = """\
# Written by `make run` for the demo. Every variable is explained in .env.example;
# add your own below, they are kept. This file is read by Meltano and by tandem, never committed.
"""


def value(path: Path, name: str) -> str | None:
    """A variable's value: the environment's, else the file's; None when neither has one."""
    return os.environ.get(name) or (dotenv_values(path).get(name) if path.exists() else None)


def values(path: Path) -> dict[str, str]:
    """The file's variables with the environment's laid over them."""
    of_file = {k: v for k, v in dotenv_values(path).items() if v} if path.exists() else {}
    return of_file | dict(os.environ)


def put(path: Path, name: str, text: str) -> None:
    """Set one variable in the file, which is made readable by its owner alone."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(_HEADER)
    if dotenv_values(path).get(name) != text:
        set_key(path, name, text, quote_mode="auto")
    path.chmod(0o600)


def drop(path: Path, *names: str) -> None:
    """Take variables out of the file, and the file away when nothing of a person's is left."""
    if not path.exists():
        return
    for name in names:
        if name in dotenv_values(path):
            unset_key(path, name)
    if path.read_text().replace(_HEADER, "").strip() == "":
        path.unlink()
