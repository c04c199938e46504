"""A PostgreSQL server of our own, for a machine that has none.

Everything lies in one folder (`home`): `data/`, `password`, `port`, `server.log`. The server
listens on the loopback interface only, asks for a password, and keeps its port from start to
start unless another program has taken it.
"""

from __future__ import annotations

import fcntl
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import psycopg

from tandem.database.address import Address
from tandem.database.binaries import Account, home_for, programs
from tandem.errors import NotOurDatabase, TandemError

_OWNER = _DATABASE = "tandem"
_OPTIONS = (
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
    "max_wal_size=2GB",  # a first sync writes more than the default between two checkpoints
    "jit=off",  # compiling costs more than it saves on the demo's row counts
)


class EmbeddedPostgres:
    """The server whose files lie under `folder`."""

    def __init__(self, folder: Path) -> None:
        self.account = Account.current()
        self.home = home_for(folder.absolute(), self.account)
        self.data = self.home / "data"
        self.log = self.home / "server.log"

    @property
    def exists(self) -> bool:
        """Whether this server has ever been started."""
        return (self.data / "PG_VERSION").exists()

    @property
    def address(self) -> Address:
        """Where it listens.

        Raises:
            TandemError: it has never been started.
        """
        if not self.exists:
            raise TandemError(
                "There is no embedded database yet: start it with `tandem database start`."
            )
        return self._address(self._port_in_use() or int((self.home / "port").read_text()))

    def start(self) -> Address:
        """Start the server, creating it first when need be; nothing happens when it runs.

        Raises:
            TandemError: it did not start; the message names its log.
        """
        with self._lock():
            if not self.exists:
                self._create()
            if self.process() is None:
                self._launch()
        self.verify()
        return self.address

    def stop(self) -> bool:
        """Stop the server; False when it was not running."""
        if not self.home.exists():
            return False
        with self._lock():
            if self.process() is None:
                return False
            self._pg_ctl("-m", "fast", "stop")
        return True

    def remove(self) -> None:
        """Stop the server and delete all its files."""
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)

    def process(self) -> psutil.Process | None:
        """The running server, found by its own pid file and proved by its command line.

        A pid file outlives a crash, and its number may by now be another program's.
        """
        try:
            process = psutil.Process(int(self._pid_file()[0]))
            if str(self.data) in process.cmdline():
                return process
        except (OSError, ValueError, IndexError, psutil.Error):
            pass
        return None

    def verify(self) -> None:
        """Make sure that the server answering at our address is this one.

        Raises:
            NotOurDatabase: another server holds the port.
            TandemError: nobody answers.
        """
        if self.process() is None:
            raise TandemError(
                "The embedded database is not running: start it with `tandem database start`."
            )
        try:
            with psycopg.connect(self.address.url(), connect_timeout=10) as connection:
                row = connection.execute("show data_directory").fetchone()
        except psycopg.OperationalError as error:
            raise NotOurDatabase(
                f"Port {self.address.port} is held by a server that does not take our password; "
                "nothing was written to it. Run `tandem database stop`, then "
                "`tandem database start`: the embedded database moves to a free port."
            ) from error
        answered = Path(str(row[0] if row else ""))
        if answered != self.data:
            raise NotOurDatabase(
                f"The server at port {self.address.port} keeps its data in {answered}, "
                f"ours is in {self.data}: nothing was written to it. "
                "Run `tandem database start`: the embedded database moves to a free port."
            )

    def _create(self) -> None:
        """initdb into a folder beside the final one, so that a killed start leaves no half."""
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir()
        self.account.own(fresh, 0o700)
        password = secrets.token_urlsafe(24)
        self._private("password", password)
        for_initdb = self._private("password.initdb", password)
        self.account.own(for_initdb, 0o600)
        try:
            self.account.run(
                self._program("initdb"),
                *("-D", fresh, "-U", _OWNER, "-E", "UTF8", "--auth=scram-sha-256"),
                *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                *(f"--pwfile={for_initdb}", "--no-instructions"),
            )
        finally:
            for_initdb.unlink()
        fresh.rename(self.data)

    def _launch(self) -> None:
        """Start the server on its remembered port, or on a free one when that is taken."""
        port_file = self.home / "port"
        remembered = int(port_file.read_text()) if port_file.exists() else 0
        port = remembered if remembered and _is_free(remembered) else _free_port()
        self.log.touch()
        self.account.own(self.log, 0o600)
        settings = " ".join(f"-c {option}" for option in (f"port={port}", *_OPTIONS))
        try:
            self._pg_ctl("-l", str(self.log), "-t", "60", "-o", settings, "start")
        except TandemError as error:
            raise TandemError(
                f"The embedded database did not start; its log is {self.log}."
            ) from error
        port_file.write_text(str(port))
        with psycopg.connect(self._address(port, "postgres").url(), autocommit=True) as connection:
            known = "select 1 from pg_database where datname = %s"
            if connection.execute(known, [_DATABASE]).fetchone() is None:
                connection.execute(f"create database {_DATABASE}")

    def _pid_file(self) -> list[str]:
        """postmaster.pid: process, data folder, start time, port, …, one a line."""
        return (self.data / "postmaster.pid").read_text().splitlines()

    def _port_in_use(self) -> int | None:
        """The port of the running server, by its own word."""
        return int(self._pid_file()[3]) if self.process() else None

    def _pg_ctl(self, *words: str) -> str:
        return self.account.run(self._program("pg_ctl"), "-D", self.data, "-w", *words)

    def _program(self, name: str) -> Path:
        return programs(self.home, self.account) / name

    def _address(self, port: int, database: str = _DATABASE) -> Address:
        password = (self.home / "password").read_text()
        return Address("127.0.0.1", port, _OWNER, password, database)

    def _private(self, name: str, text: str) -> Path:
        """Write a file that only its owner can read."""
        path = self.home / name
        path.touch(mode=0o600)
        path.chmod(0o600)
        path.write_text(text)
        return path

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One start or stop at a time, among all processes."""
        for folder in (*reversed(self.home.parents), self.home):
            if not folder.exists():
                folder.mkdir()
                folder.chmod(0o755)  # whatever the umask: the server's account walks through it
        with (self.home / "lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
