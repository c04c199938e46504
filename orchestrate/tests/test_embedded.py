from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tandem import testing
from tandem.database import EmbeddedPostgres
from tandem.database.binaries import Account, wheel
from tandem.errors import NotOurDatabase, TandemError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can take another user's place")

START = """
import sys
from pathlib import Path
import psycopg
from tandem.database import EmbeddedPostgres
postgres = EmbeddedPostgres(Path(sys.argv[1]))
try:
    with psycopg.connect(postgres.start().url()) as connection:
        print(connection.execute("show data_directory").fetchone()[0])
        print(postgres.process().username())
        print(postgres.process().exe())
finally:
    postgres.remove()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with testing.open_folder() as fresh:
        yield fresh


@pytest.fixture
def server(folder: Path) -> Iterator[EmbeddedPostgres]:
    postgres = EmbeddedPostgres(folder / "postgres")
    try:
        yield postgres
    finally:
        postgres.remove()


def note(server: EmbeddedPostgres, text: str | None = None) -> str:
    """Write a row and read it back, or only read it."""
    with psycopg.connect(server.address.url()) as connection:
        if text:
            connection.execute("create table note (text text)")
            connection.execute("insert into note values (%s)", [text])
        row = connection.execute("select text from note").fetchone()
        assert row is not None
        return str(row[0])


def test_starting_twice_is_starting_once(server: EmbeddedPostgres) -> None:
    first = server.start()
    process = server.process()
    assert server.start() == first
    assert server.process() == process


def test_the_data_and_the_port_outlive_a_stop(server: EmbeddedPostgres) -> None:
    address = server.start()
    note(server, "kept")
    assert server.stop()
    assert server.process() is None
    assert not server.stop()
    assert server.start() == address
    assert note(server) == "kept"


def test_a_taken_port_is_left_to_its_holder_and_the_data_are_kept(server: EmbeddedPostgres) -> None:
    before = server.start()
    note(server, "kept")
    server.stop()
    with socket.create_server(("127.0.0.1", before.port)):
        after = server.start()
        assert after.port != before.port
        assert note(server) == "kept"


def test_a_login_needs_the_generated_password(server: EmbeddedPostgres) -> None:
    address = server.start()
    wrong = address.url().replace(address.password, "guess")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
    assert (server.home / "password").stat().st_mode & 0o777 == 0o600
    assert not (server.home / "password.initdb").exists()


def test_it_listens_on_the_loopback_interface_alone(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.start().url()) as connection:
        for setting, value in (("listen_addresses", "127.0.0.1"), ("unix_socket_directories", "")):
            row = connection.execute(
                "select setting from pg_settings where name = %s", [setting]
            ).fetchone()
            assert row == (value,)


def test_another_server_answering_in_its_place_is_refused(
    server: EmbeddedPostgres, postgres: EmbeddedPostgres
) -> None:
    """Both servers are real; the pid file is bent so that ours seems to hold the other's port."""
    server.start()
    pid_file = server.data / "postmaster.pid"
    true_lines = pid_file.read_text()
    lines = true_lines.splitlines()
    lines[3] = str(postgres.address.port)
    pid_file.write_text("\n".join(lines) + "\n")
    try:
        with pytest.raises(NotOurDatabase, match="does not take our password"):
            server.verify()
        mine = (server.home / "password").read_text()
        (server.home / "password").write_text(postgres.address.password)
        with pytest.raises(NotOurDatabase, match="nothing was written"):
            server.verify()
        (server.home / "password").write_text(mine)
    finally:
        pid_file.write_text(true_lines)


def test_a_stopped_server_is_never_taken_for_a_running_one(server: EmbeddedPostgres) -> None:
    server.start()
    server.stop()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n1\n")
    assert server.process() is None
    assert not server.stop()
    with pytest.raises(TandemError, match="tandem database start"):
        server.verify()
    (server.data / "postmaster.pid").unlink()


def test_a_killed_creation_is_begun_again(server: EmbeddedPostgres) -> None:
    (server.home / "data.new").mkdir(parents=True)
    (server.home / "data.new" / "PG_VERSION").write_text("half")
    server.start()
    assert note(server, "whole") == "whole"


def test_removing_leaves_nothing(server: EmbeddedPostgres) -> None:
    server.start()
    server.remove()
    assert not server.home.exists()
    with pytest.raises(TandemError, match="no embedded database yet"):
        _ = server.address


@as_root
def test_root_runs_it_as_nobody(server: EmbeddedPostgres) -> None:
    server.start()
    process = server.process()
    assert process is not None
    assert process.username() == "nobody"


def forked_as(user: pwd.struct_passwd, work: Callable[[], str]) -> str:
    """What `work` returns in a child that is another user; a fork, since that user may not be
    allowed to read the interpreter's own files."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.write(writer, work().encode())
        except BaseException as error:
            os.write(writer, f"{type(error).__name__}: {error}".encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        text = answer.read()
    os.waitpid(child, 0)
    return text


@as_root
def test_an_ordinary_user_runs_it_as_himself(folder: Path, postgres: EmbeddedPostgres) -> None:
    nobody = pwd.getpwnam("nobody")
    if not Account.current().reaches(wheel()):
        pytest.skip("the environment lies where no ordinary user can run its programs")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)

    def work() -> str:
        server = EmbeddedPostgres(folder / "as-a-user" / "postgres")
        try:
            server.start()
            process = server.process()
            assert process is not None
            return f"{note(server, 'kept')} by {process.username()} in {server.home}"
        finally:
            server.remove()

    assert forked_as(nobody, work) == f"kept by nobody in {folder / 'as-a-user' / 'postgres'}"


@as_root
def test_programs_and_data_behind_a_closed_door_are_put_where_nobody_reaches(
    folder: Path,
) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = wheel()
    for name in (package.name, f"{package.name}.libs"):
        if (package.parent / name).exists():
            shutil.copytree(package.parent / name, closed / name)
    done = subprocess.run(
        [sys.executable, "-c", START, str(closed / "project" / "postgres")],
        cwd="/",
        env={"PATH": os.environ["PATH"], "HOME": "/", "PYTHONPATH": str(closed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    data, user, program = done.stdout.splitlines()
    assert data.startswith("/var/lib/tandem-")
    assert user == "nobody"
    assert program.startswith("/var/lib/tandem-")
    assert not Path(data).parent.exists()
