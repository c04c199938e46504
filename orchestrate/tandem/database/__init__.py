"""The database of a project: the one named by TANDEM_DATABASE_URL, else the embedded server."""

from __future__ import annotations

import psycopg
from psycopg.sql import SQL, Identifier

from tandem import envfile
from tandem.database.address import Address
from tandem.database.embedded import EmbeddedPostgres
from tandem.errors import TandemError
from tandem.paths import Project

__all__ = ["Address", "Database", "EmbeddedPostgres"]

_VARIABLE = "TANDEM_DATABASE_URL"


class Database:
    """The database that a project's runs read and write.

    `make run` writes the embedded server's address to `.env`, so that a plain `meltano run` finds
    it. Such a line is recognised by the password it carries: any other address is a server of the
    user's own, which is used as it is and never started or stopped here.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.embedded = EmbeddedPostgres(project.state / "postgres")

    @property
    def named(self) -> Address | None:
        """The user's own server, or None when the embedded one is in use."""
        text = envfile.value(self.project.env_file, _VARIABLE)
        if not text:
            return None
        address = Address.parse(text)
        ours = self.embedded.exists and address.password == self.embedded.address.password
        return None if ours else address

    @property
    def address(self) -> Address:
        """The address in use.

        Raises:
            TandemError: none is named and the embedded server was never started.
        """
        return self.named or self.embedded.address

    def start(self) -> Address:
        """Start the embedded server and note its address in `.env`; a named server is only tried.

        Raises:
            TandemError: the server did not start or does not answer.
        """
        if self.named:
            self.check()
            return self.named
        address = self.embedded.start()
        envfile.put(self.project.env_file, _VARIABLE, address.url())
        return address

    def check(self) -> None:
        """Make sure, before anything is written, that the right server answers.

        Raises:
            NotOurDatabase: another server holds the embedded one's port.
            TandemError: nobody answers, or the login is refused.
        """
        if not self.named:
            return self.embedded.verify()
        with self.connect():
            return None

    def connect(self, role: str | None = None) -> psycopg.Connection:
        """A connection, to the right server, as the owner or as one of the `tandem_` roles.

        Raises:
            NotOurDatabase: another server holds the embedded one's port.
            TandemError: nobody answers, or the login is refused.
        """
        if not self.named:
            self.embedded.verify()
        try:
            connection = psycopg.connect(
                self.address.url(), connect_timeout=10, application_name="tandem"
            )
        except psycopg.OperationalError as error:
            reason = str(error).strip().splitlines()[-1]
            raise TandemError(
                f"The database at {self.address} cannot be used: {reason}. Its address is in "
                f"{_VARIABLE}: correct it, or take it out of .env to use the embedded database."
            ) from None
        if role:
            connection.execute(SQL("set role {}").format(Identifier(role)))
            connection.commit()
        return connection

    def forget(self) -> None:
        """Delete the embedded server with its data, and its address from `.env`."""
        ours = self.named is None
        self.embedded.remove()
        if ours:
            envfile.drop(self.project.env_file, _VARIABLE)
