"""Tab-separated reports: read by the names of their columns, whatever language they are in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from amazon_client.charsets import open_text
from amazon_client.documents import read_tsv
from amazon_client.downloads import Document
from amazon_client.errors import MalformedResponse
from amazon_client.extraction import Account, Delivery
from amazon_client.marketplaces import by_id
from amazon_client.singer.streams import AmazonStream
from tap_amazon_sp.headers import english

JAPAN = "JP"
Row = dict[str, Any]


def charset_of(account: Account) -> str:
    """The charset of a table that neither says its own nor is UTF-8."""
    places = (by_id(marketplace_id) for marketplace_id in account.marketplace_ids or ())
    return "cp932" if any(place and place.country_code == JAPAN for place in places) else "cp1252"


def read_table(
    document: Document, account: Account, needed: tuple[str, ...], *, quoted: bool = False
) -> Iterator[Row]:
    """Yield the rows of a table by the English names of its columns, without empty cells.

    Raises:
        MalformedResponse: a column that is needed is not there, or see `read_tsv`.
    """
    with open_text(document, fallback=charset_of(account)) as text:
        names: dict[str, str] = {}
        for row in read_tsv(text, quoted=quoted):
            if not names:
                names = {name: english(name) for name in row}
                missing = [name for name in needed if name not in names.values()]
                if missing:
                    raise MalformedResponse(
                        f"The table has no column {', '.join(missing)}: its header is "
                        f"{', '.join(row)}",
                        remedy="Amazon has renamed a column, or the header is in a language that "
                        "the tap does not know: report it with the header.",
                    )
            yield {names[name]: value for name, value in row.items() if value is not None}


class TableStream(AmazonStream):
    """A stream of a tab-separated report. Its columns' paths are the report's column names."""

    quoted: ClassVar[bool] = False
    """Whether cells are quoted: only those of the ledger are."""

    needed: ClassVar[tuple[str, ...]]
    """Columns without which the document is not the report that was asked for."""

    def rows(self, delivery: Delivery) -> Iterator[Mapping[str, Any]]:
        """Yield the rows of the report."""
        for document in delivery.documents:
            for row in read_table(
                document, delivery.request.account, self.needed, quoted=self.quoted
            ):
                yield self.row(row)

    def row(self, row: Row) -> Row:
        """Return a row as the columns want it; override to complete its key."""
        return row
