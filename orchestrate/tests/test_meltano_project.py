from __future__ import annotations

from pathlib import Path

import pytest

from tandem.errors import TandemError
from tandem.meltano_project import MeltanoProject
from tandem.paths import Project

MELTANO = """
default_environment: demo
environments:
- name: demo
  env: {TANDEM_AS_OF: "2026-11-24T18:00:00Z"}
  config:
    plugins:
      extractors:
      - name: tap-amazon-sp
        config: {client_id: literal, accounts: [{region: na, refresh_token: "${TEST_TOKEN}"}]}
- name: prod
  config:
    plugins:
      extractors:
      - {name: tap-amazon-sp, config: {client_id: $TEST_SP_CLIENT, accounts: $TEST_ACCOUNTS}}
      - {name: tap-amazon-ads, config: {client_id: "${TEST_ADS_CLIENT}", refresh_token: x}}
plugins:
  extractors:
  - {name: tap-amazon-sp}
  - {name: tap-amazon-ads}
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "meltano.yml").write_text(MELTANO)
    return Project(tmp_path)


def test_the_default_environment_is_meltanos(project: Project) -> None:
    meltano = MeltanoProject.open(project)
    assert meltano.environment == "demo"
    assert meltano.as_of == "2026-11-24T18:00:00Z"
    assert meltano.taps == ["tap-amazon-sp", "tap-amazon-ads"]


def test_the_environment_can_be_named_by_the_variable_that_meltano_reads(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MELTANO_ENVIRONMENT", "prod")
    assert MeltanoProject.open(project).environment == "prod"
    assert MeltanoProject.open(project).as_of is None
    assert MeltanoProject.open(project, "demo").environment == "demo"


def test_a_tap_is_connected_where_client_and_account_have_values(project: Project) -> None:
    (project.root / ".env").write_text("TEST_SP_CLIENT=mine\nTEST_ADS_CLIENT=\nTEST_TOKEN=a\n")
    demo, prod = MeltanoProject.open(project, "demo"), MeltanoProject.open(project, "prod")
    assert demo.connected("tap-amazon-sp")
    assert not demo.connected("tap-amazon-ads")
    assert prod.setting("tap-amazon-sp", "client_id") == "mine"
    assert not prod.connected("tap-amazon-sp"), "an application alone is no connection"
    assert not prod.connected("tap-amazon-ads")


def test_accounts_are_read_wherever_they_are_given(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / ".env").write_text('TEST_ACCOUNTS=\'[{"region": "eu"}]\'\nTEST_TOKEN=a\n')
    demo, prod = MeltanoProject.open(project, "demo"), MeltanoProject.open(project, "prod")
    assert demo.accounts("tap-amazon-sp") == [{"region": "na", "refresh_token": "a"}]
    assert prod.accounts("tap-amazon-sp") == [{"region": "eu"}]
    assert prod.accounts("tap-amazon-ads") == [{"refresh_token": "x"}]
    monkeypatch.setenv("TEST_ACCOUNTS", '[{"refresh_token": "Atzr|secret"')
    with pytest.raises(TandemError) as caught:
        MeltanoProject.open(project, "prod").accounts("tap-amazon-sp")
    assert "secret" not in str(caught.value)


def test_a_taps_own_variable_goes_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAP_AMAZON_ADS_CLIENT_ID", "by-variable")
    assert MeltanoProject.open(project, "prod").setting("tap-amazon-ads", "client_id") == (
        "by-variable"
    )


def test_an_unknown_environment_is_refused(project: Project) -> None:
    with pytest.raises(TandemError, match="it has demo, prod"):
        MeltanoProject.open(project, "staging")
