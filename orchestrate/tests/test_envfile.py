from __future__ import annotations

from pathlib import Path

import pytest
from dotenv import dotenv_values

from tandem import envfile

URL = "postgresql://tandem:p%40'$x@127.0.0.1:5432/tandem"


def test_a_new_file_is_its_owners_alone_and_gives_back_what_was_put(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    envfile.put(path, "TANDEM_TEST_URL", URL)
    assert path.stat().st_mode & 0o777 == 0o600
    assert dotenv_values(path) == {"TANDEM_TEST_URL": URL}


def test_a_persons_lines_and_remarks_are_kept(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("# mine\nSECRET='a b'\nTANDEM_TEST_URL=old\n")
    envfile.put(path, "TANDEM_TEST_URL", URL)
    assert path.read_text().startswith("# mine\nSECRET='a b'\n")
    assert envfile.value(path, "TANDEM_TEST_URL") == URL
    envfile.drop(path, "TANDEM_TEST_URL")
    assert path.read_text() == "# mine\nSECRET='a b'\n"


def test_a_file_with_nothing_left_in_it_goes(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    envfile.put(path, "TANDEM_TEST_URL", URL)
    envfile.put(path, "TANDEM_TEST_OTHER", "1")
    envfile.drop(path, "TANDEM_TEST_URL")
    assert path.exists()
    envfile.drop(path, "TANDEM_TEST_OTHER")
    assert not path.exists()


def test_putting_what_is_there_already_does_not_write(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    envfile.put(path, "TANDEM_TEST_URL", URL)
    before = path.stat().st_mtime_ns
    envfile.put(path, "TANDEM_TEST_URL", URL)
    assert path.stat().st_mtime_ns == before


def test_the_environment_goes_before_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    envfile.put(path, "TANDEM_TEST_URL", "file")
    monkeypatch.setenv("TANDEM_TEST_URL", "environment")
    assert envfile.value(path, "TANDEM_TEST_URL") == "environment"
    assert envfile.values(path)["TANDEM_TEST_URL"] == "environment"
    assert envfile.value(tmp_path / "none", "TANDEM_TEST_NONE") is None
