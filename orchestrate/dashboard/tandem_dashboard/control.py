"""What the dashboard may have done: by the command `tandem`, in a process of its own.

Roles: without sign-in configured, whoever reaches the loopback address is an admin; with it, those
whose address TANDEM_DASHBOARD_ADMINS names (comma-separated) are, the rest may look.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

ADMINS = "TANDEM_DASHBOARD_ADMINS"
COMMAND = "TANDEM_COMMAND"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_STORE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_LONGEST_SECONDS = 3600


@dataclass(frozen=True)
class Outcome:
    """What a command said, and whether it went well."""

    succeeded: bool
    said: str


def signs_in() -> bool:
    """Whether sign-in is configured."""
    try:
        return "auth" in st.secrets
    except FileNotFoundError:
        return False


def is_admin() -> bool:
    """Whether whoever looks may change something."""
    if not signs_in():
        return True
    email = str(st.user.get("email") or "").lower() if st.user.get("email_verified") else ""
    admins = {word.strip().lower() for word in os.environ.get(ADMINS, "").split(",")}
    return bool(email) and email in admins


def tandem(*words: str) -> Outcome:
    """Run a command of the control plane; refused unless an admin asks.

    Args:
        words: its words; a store's name among them has a slug's form.
    """
    if not is_admin():
        return Outcome(False, "Only an admin may do this.")
    command = os.environ.get(COMMAND) or str(Path(sys.executable).with_name("tandem"))
    try:
        done = subprocess.run(
            [command, *words],
            capture_output=True, text=True, check=False, timeout=_LONGEST_SECONDS,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return Outcome(False, f"The command could not be run: {type(error).__name__}.")
    said = done.stdout if done.returncode == 0 else done.stderr or done.stdout
    return Outcome(done.returncode == 0, _COLOURS.sub("", said).strip()[-2000:])


def is_store(name: str) -> bool:
    """Whether a text has the form of a store's name."""
    return bool(_STORE.fullmatch(name))
