"""One database address, in the forms that its readers want.

`TANDEM_DATABASE_URL` is an ordinary libpq address (`postgresql://user:password@host:port/name?…`).
psycopg takes it as it is; SQLAlchemy wants a driver in the scheme, dbt the parts one by one, and
Meltano a search path of its own. All of that is derived here and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from tandem.errors import TandemError

_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg", "postgresql+psycopg2")


@dataclass(frozen=True)
class Address:
    """Where a database is and who logs in there; the password never shows in a repr."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    query: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read an address.

        Raises:
            TandemError: it is no PostgreSQL address; the message never quotes it.
        """
        try:
            parts = urlsplit(url.strip())
            port = parts.port or 5432
        except ValueError:
            parts = None
        if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
            raise TandemError(
                "TANDEM_DATABASE_URL is not an address of the form "
                "postgresql://user:password@host:5432/database "
                "(special characters in the password are written as %XX)."
            )
        user = unquote(parts.username or "")
        return cls(
            host=parts.hostname,
            port=port,
            user=user,
            password=unquote(parts.password or ""),
            database=unquote(parts.path.lstrip("/")) or user,
            query=tuple(parse_qsl(parts.query)),
        )

    def url(self, *, scheme: str = "postgresql", **query: str) -> str:
        """The address as text, the password included; `query` is added to its own.

        >>> Address("h", 5432, "u", "p@", "d").url(options="-c search_path=meltano")
        'postgresql://u:p%40@h:5432/d?options=-c%20search_path%3Dmeltano'
        """
        login = quote(self.user, safe="")
        if self.password:
            login += ":" + quote(self.password, safe="")
        host = f"[{self.host}]" if ":" in self.host else self.host
        pairs = (*self.query, *query.items())
        tail = "?" + urlencode(pairs, quote_via=quote) if pairs else ""
        return f"{scheme}://{login}@{host}:{self.port}/{quote(self.database, safe='')}{tail}"

    def __str__(self) -> str:
        """The address without its password, for messages."""
        return f"postgresql://{self.user}@{self.host}:{self.port}/{self.database}"

    def environment(self) -> dict[str, str]:
        """The variables by which Meltano, the taps, the target and dbt find this database."""
        given = dict(self.query)
        return {
            "TANDEM_DATABASE_URL": self.url(),
            "MELTANO_DATABASE_URI": self.url(options="-c search_path=meltano"),
            "TANDEM_PGHOST": self.host,
            "TANDEM_PGPORT": str(self.port),
            "TANDEM_PGUSER": self.user,
            "TANDEM_PGPASSWORD": self.password,
            "TANDEM_PGDATABASE": self.database,
            "TANDEM_PGSSLMODE": given.get("sslmode", "prefer"),
        }
