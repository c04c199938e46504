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
      - {name: tap-amazon-sp, config: {client_id: literal}}
- name: prod
  config:
    plugins:
      extractors:
      - {name: tap-amazon-sp, config: {client_id: $TEST_SP_CLIENT}}
      - {name: tap-amazon-ads, config: {client_id: "${TEST_ADS_CLIENT}"}}
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


def test_a_tap_is_connected_where_its_client_id_has_a_value(project: Project) -> None:
    (project.root / ".env").write_text("TEST_SP_CLIENT=mine\nTEST_ADS_CLIENT=\n")
    demo, prod = MeltanoProject.open(project, "demo"), MeltanoProject.open(project, "prod")
    assert demo.connected("tap-amazon-sp")
    assert not demo.connected("tap-amazon-ads")
    assert prod.setting("tap-amazon-sp", "client_id") == "mine"
    assert not prod.connected("tap-amazon-ads")


def test_a_taps_own_variable_goes_first(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAP_AMAZON_ADS_CLIENT_ID", "by-variable")
    assert MeltanoProject.open(project, "prod").setting("tap-amazon-ads", "client_id") == (
        "by-variable"
    )


def test_an_unknown_environment_is_refused(project: Project) -> None:
    with pytest.raises(TandemError, match="it has demo, prod"):
        MeltanoProject.open(project, "staging")
