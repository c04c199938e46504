from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from tandem.paths import Project
from tandem.vault import VARIABLE, Vault, VaultError, new_key

PLACE = ("acme", "amazon_sp", "na")
SECRET = {"refresh_token": "Atzr|very-secret"}


def test_what_was_encrypted_is_read_again_and_never_shown() -> None:
    vault = Vault((new_key(),))
    hidden = vault.encrypt(PLACE, SECRET)
    assert b"very-secret" not in hidden
    assert vault.decrypt(PLACE, hidden) == SECRET
    assert vault.keys[0] not in repr(vault)


def test_a_secret_of_another_connection_is_refused() -> None:
    vault = Vault((new_key(),))
    with pytest.raises(VaultError, match="cannot be read"):
        vault.decrypt(("other", "amazon_sp", "na"), vault.encrypt(PLACE, SECRET))


def test_another_key_is_named_as_the_cause() -> None:
    hidden = Vault((new_key(),)).encrypt(PLACE, SECRET)
    with pytest.raises(VaultError, match=VARIABLE):
        Vault((new_key(),)).decrypt(PLACE, hidden)


def test_after_a_rotation_the_old_key_can_go() -> None:
    old, new = new_key(), new_key()
    hidden = Vault((old,)).encrypt(PLACE, SECRET)
    turned = Vault((new, old)).rotate(hidden)
    assert Vault((new,)).decrypt(PLACE, turned) == SECRET
    with pytest.raises(VaultError):
        Vault((Fernet.generate_key().decode(),)).rotate(hidden)


def test_a_key_is_made_where_there_is_none_for_the_owner_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    project = Project(tmp_path)
    with pytest.raises(VaultError, match="is not set"):
        Vault.open(project)
    made = Vault.open(project, create=True)
    assert Vault.open(project).keys == made.keys
    assert project.env_file.stat().st_mode & 0o077 == 0


def test_what_is_no_key_is_refused_without_being_quoted() -> None:
    with pytest.raises(VaultError) as caught:
        Vault(("not-a-key",))
    assert "not-a-key" not in str(caught.value)
