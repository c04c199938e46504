"""Secrets at rest: encrypted with a key from the environment, never printed.

TANDEM_ENCRYPTION_KEY holds one Fernet key, or several with commas between them while they are being
changed: the first encrypts, all of them decrypt.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from tandem import envfile
from tandem.errors import TandemError
from tandem.paths import Project

VARIABLE = "TANDEM_ENCRYPTION_KEY"


class VaultError(TandemError):
    """A secret cannot be encrypted or read: the key is missing, malformed or another one."""


class Rotating(Protocol):
    """Where the secrets lie."""

    def rotate(self, vault: Vault) -> int:
        """Encrypt every secret with the vault's first key; returns how many there are."""


@dataclass(frozen=True)
class Vault:
    """Encrypts and decrypts the secrets of connections."""

    keys: tuple[str, ...] = field(repr=False)

    @classmethod
    def open(cls, project: Project, *, create: bool = False) -> Vault:
        """The vault whose key the environment or `.env` gives.

        Args:
            project: whose `.env` is meant.
            create: make a key and note it in `.env` where there is none.

        Raises:
            VaultError: there is no key, or it is none.
        """
        text = envfile.value(project.env_file, VARIABLE)
        if not text and create:
            text = new_key()
            envfile.put(project.env_file, VARIABLE, text)
        if not text:
            raise VaultError(
                f"{VARIABLE} is not set: without it the stored credentials cannot be read. "
                "Set it to the key with which they were stored (`tandem keys new` makes one)."
            )
        return cls(tuple(part.strip() for part in text.split(",") if part.strip()))

    def __post_init__(self) -> None:
        """Refuse what is no key, without quoting it."""
        try:
            fernets = [Fernet(key) for key in self.keys]
        except ValueError:
            fernets = []
        if not fernets:
            raise VaultError(
                f"{VARIABLE} is no key: it must be 32 random bytes in URL-safe base64, "
                "as `tandem keys new` makes them."
            )
        object.__setattr__(self, "_fernet", MultiFernet(fernets))

    def encrypt(self, place: Sequence[str], secret: dict[str, str]) -> bytes:
        """Encrypt a secret for its place (store, API, region), where alone it can be read."""
        text = json.dumps({"place": list(place), "secret": secret})
        return self._multi.encrypt(text.encode())

    def decrypt(self, place: Sequence[str], ciphertext: bytes) -> dict[str, str]:
        """Read what was encrypted for this place.

        Raises:
            VaultError: it was encrypted with another key, for another place, or was tampered with.
        """
        try:
            document = json.loads(self._multi.decrypt(ciphertext))
        except InvalidToken:
            document = {}
        if document.get("place") != list(place):
            raise VaultError(
                f"The stored credentials of {' '.join(place)} cannot be read with the key in "
                f"{VARIABLE}: set the key with which they were stored, or connect again."
            )
        secret: dict[str, str] = document["secret"]
        return secret

    def rotate(self, ciphertext: bytes) -> bytes:
        """The same secret, encrypted with the first key.

        Raises:
            VaultError: none of the keys decrypts it.
        """
        try:
            return self._multi.rotate(ciphertext)
        except InvalidToken:
            raise VaultError(
                f"A stored credential was encrypted with a key that {VARIABLE} does not hold: "
                "add that key behind the others, with a comma between them."
            ) from None

    @property
    def _multi(self) -> MultiFernet:
        fernet: MultiFernet = self._fernet  # type: ignore[attr-defined]
        return fernet


def rotate(project: Project, registry: Rotating) -> tuple[int, bool]:
    """Encrypt everything with the first key; make a new one where `.env` holds the only one.

    Returns:
        How many secrets there are, and whether a key was made.

    Raises:
        VaultError: a secret cannot be read with the keys at hand; nothing was changed.
    """
    vault = Vault.open(project)
    if os.environ.get(VARIABLE) or len(vault.keys) > 1:
        return registry.rotate(vault), False
    # Both keys stand in .env before anything is encrypted anew: a kill leaves nothing unreadable.
    keys = new_key(), *vault.keys
    envfile.put(project.env_file, VARIABLE, ",".join(keys))
    count = registry.rotate(Vault(keys))
    envfile.put(project.env_file, VARIABLE, keys[0])
    return count, True


def new_key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()
