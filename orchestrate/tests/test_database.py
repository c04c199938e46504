from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from click.testing import CliRunner

from tandem import testing
from tandem.cli import main
from tandem.database import Address, Database
from tandem.database.migrations import migrations
from tandem.errors import TandemError
from tandem.paths import Project


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    """A project folder of its own, without a database in the environment."""
    monkeypatch.delenv("TANDEM_DATABASE_URL", raising=False)
    with testing.open_folder() as folder:
        (folder / "meltano.yml").write_text("default_environment: demo\n")
        monkeypatch.setenv("MELTANO_PROJECT_ROOT", str(folder))
        project = Project.find()
        try:
            yield project
        finally:
            Database(project).embedded.remove()


def run(*words: str) -> str:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return result.output


def test_the_embedded_database_is_started_noted_migrated_and_forgotten(project: Project) -> None:
    assert "embedded, running" in run("database", "start")
    url = run("database", "url").strip()
    assert f"TANDEM_DATABASE_URL='{url}'" in project.env_file.read_text()
    assert "0001_roles" in run("database", "migrate")
    assert run("database", "migrate") == "Nothing to migrate.\n"
    count = len(migrations())
    assert f"{count} of {count} migrations" in run("database", "status")
    assert "stopped" in run("database", "stop")
    run("demo", "forget")
    assert not project.env_file.exists()
    assert not (project.state / "postgres").exists()


def test_its_own_line_in_the_env_file_does_not_make_it_a_foreign_server(project: Project) -> None:
    run("database", "start")
    run("database", "stop")
    assert "embedded, running" in run("database", "start")
    assert Database(project).named is None


def test_a_named_server_replaces_the_embedded_one(project: Project, address: Address) -> None:
    project.env_file.write_text(f"TANDEM_DATABASE_URL={address.url()}\n")
    assert "in use" in run("database", "start")
    assert run("database", "url").strip() == address.url()
    assert not (project.state / "postgres").exists()
    run("demo", "forget")
    assert project.env_file.read_text() == f"TANDEM_DATABASE_URL={address.url()}\n"


def test_a_named_server_that_does_not_answer_is_named_without_its_password(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_DATABASE_URL", "postgresql://me:hush-hush@127.0.0.1:1/d")
    result = CliRunner().invoke(main, ["database", "migrate"])
    assert result.exit_code == 1
    assert "postgresql://me@127.0.0.1:1/d cannot be used" in result.output
    assert "hush" not in result.output


def test_nothing_is_written_while_the_embedded_server_is_down(project: Project) -> None:
    run("database", "start")
    run("database", "stop")
    with pytest.raises(TandemError, match="not running"):
        Database(project).connect()


def test_a_connection_takes_on_a_role(project: Project) -> None:
    run("database", "start")
    run("database", "migrate")
    database = Database(project)
    with database.connect("tandem_reader") as connection:
        assert connection.execute("select current_role").fetchone() == ("tandem_reader",)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("select * from ops.sync_runs")


def test_the_exports_can_be_read_by_a_shell(project: Project) -> None:
    run("database", "start")
    lines = run("database", "env").splitlines()
    assert f"export TANDEM_PGPORT='{Database(project).address.port}'" in lines
