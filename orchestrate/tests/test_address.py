from __future__ import annotations

import psycopg
import pytest
import sqlalchemy
from psycopg.conninfo import conninfo_to_dict

from tandem.database import Address
from tandem.errors import TandemError

GIVEN = "postgresql://us%40er:p%3A%2F%24w@db.example:6543/shop?sslmode=require"


def test_an_address_survives_reading_and_writing() -> None:
    assert Address.parse(GIVEN).url() == GIVEN


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_common_scheme_is_understood(scheme: str) -> None:
    address = Address.parse(f"{scheme}://u:p@h/d")
    assert (address.host, address.port, address.user, address.database) == ("h", 5432, "u", "d")
    assert address.url(scheme="postgresql+psycopg") == "postgresql+psycopg://u:p@h:5432/d"


def test_the_database_defaults_to_the_user_as_libpq_has_it() -> None:
    assert Address.parse("postgresql://u:p@h").database == "u"


def test_libpq_and_sqlalchemy_read_the_options_that_were_added() -> None:
    url = Address.parse(GIVEN).url(options="-c search_path=meltano")
    assert conninfo_to_dict(url)["options"] == "-c search_path=meltano"
    assert conninfo_to_dict(url)["sslmode"] == "require"
    assert sqlalchemy.make_url(url).query["options"] == "-c search_path=meltano"
    assert sqlalchemy.make_url(url).password == "p:/$w"


def test_the_parts_for_dbt_are_decoded() -> None:
    variables = Address.parse(GIVEN).environment()
    assert variables["TANDEM_PGUSER"] == "us@er"
    assert variables["TANDEM_PGPASSWORD"] == "p:/$w"
    assert variables["TANDEM_PGPORT"] == "6543"
    assert variables["TANDEM_PGDATABASE"] == "shop"


def test_the_password_shows_neither_in_text_nor_in_a_repr() -> None:
    address = Address.parse(GIVEN)
    assert "p:/$w" not in f"{address} {address!r}"
    assert "p%3A" not in f"{address} {address!r}"


@pytest.mark.parametrize(
    "text", ["mysql://u:hush@h/d", "hush", "postgresql://", "postgresql://u:hush@h:port/d"]
)
def test_what_is_no_address_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(TandemError, match="TANDEM_DATABASE_URL") as refused:
        Address.parse(text)
    assert "hush" not in str(refused.value.message)


def test_an_ipv6_host_keeps_its_brackets() -> None:
    address = Address.parse("postgresql://u:p@[::1]:5433/d")
    assert address.host == "::1"
    assert address.url() == "postgresql://u:p@[::1]:5433/d"


def test_the_derived_addresses_open_the_same_database(address: Address) -> None:
    for url in (address.url(), address.environment()["MELTANO_DATABASE_URI"]):
        with psycopg.connect(url) as connection:
            row = connection.execute("select current_database()").fetchone()
            assert row == (address.database,)
