from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from tandem_dashboard import control, database, page
from tandem_dashboard.pages import integrations


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A command that prints its words, one a line, and ends as its first word says."""
    path = tmp_path / "tandem"
    path.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\ntest "$1" != fails\n')
    path.chmod(0o755)
    monkeypatch.setenv(control.COMMAND, str(path))
    return path


@pytest.mark.usefixtures("command")
def test_a_command_gets_its_words_as_they_are() -> None:
    outcome = control.tandem("refresh", "--store", "a; rm -rf / $(id)")
    assert outcome == control.Outcome(True, "refresh\n--store\na; rm -rf / $(id)")
    assert not control.tandem("fails").succeeded


@pytest.mark.usefixtures("command")
def test_a_viewer_may_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "signs_in", lambda: True)
    monkeypatch.setattr(control.st, "user", {"email": "v@example.com", "email_verified": True})
    monkeypatch.setenv(control.ADMINS, "a@example.com, b@example.com")
    assert control.tandem("refresh") == control.Outcome(False, "Only an admin may do this.")
    monkeypatch.setattr(control.st, "user", {"email": "B@example.com", "email_verified": True})
    assert control.tandem("refresh").succeeded
    monkeypatch.setattr(control.st, "user", {"email": "B@example.com", "email_verified": False})
    assert not control.tandem("refresh").succeeded


@pytest.mark.parametrize("sql", ["select * from ops.credentials", "select * from amazon_sp.orders"])
def test_the_dashboard_sees_the_marts_alone(sql: str) -> None:
    with pytest.raises(database.NoAnswer):
        database.query(sql)


def test_the_dashboard_cannot_write() -> None:
    with (
        psycopg.connect(os.environ[database.URL], options=database.READER) as connection,
        pytest.raises(psycopg.errors.ReadOnlySqlTransaction),
    ):
        connection.execute("create table marts.mine (a int)")


def test_every_state_has_words() -> None:
    states = {
        *("connected", "syncing", "needs_reauth", "no_ads_profile", "partial", "error"),
        *("disconnected", "deleted"),
    }
    assert integrations.STATES.keys() == states


def test_a_change_that_cannot_be_told_is_not() -> None:
    assert page.change(110, 100) == "+10.0 %"
    assert page.change(-90, -100) == "+10.0 %"
    assert page.change(1, 0) is page.change(None, 1) is page.change(1, float("nan")) is None
    assert page.number(None) == page.number(float("nan")) == "-"
