"""Readers of documents on disk: one record after another in constant memory, decimals exact.

Each raises `MalformedResponse` for a document that is cut or is not what it claims to be; what
was yielded before must not be taken for the whole.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, TextIO, TypeVar, overload

import msgspec
from lxml import etree

from amazon_client.errors import MalformedResponse

logger = logging.getLogger(__name__)

T = TypeVar("T")

CHUNK = 1 << 18
"""Bytes decoded at once: large enough for speed, small beside a tap's 200 MB."""
_BOM = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_ESCAPED = re.compile(rb"\\.", re.DOTALL)
MAX_ROW = 1 << 26
"""Bytes of one element or line beyond which a document is given up rather than held in memory."""
_any_json = msgspec.json.Decoder(float_hook=Decimal)


def decode_json(body: bytes) -> Any:
    """One JSON value; numbers with a fraction or exponent become `Decimal`.

    Raises:
        ValueError: not one JSON value.
    """
    try:
        return _any_json.decode(body.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None


@overload
def read_json_array(path: Path) -> Iterator[Any]: ...
@overload
def read_json_array(path: Path, row_type: type[T]) -> Iterator[T]: ...
def read_json_array(path: Path, row_type: Any = Any) -> Iterator[Any]:
    """The elements of a document that is one JSON array of objects (Ads reports).

    Numbers with a fraction or exponent become `Decimal`, others `int`, however long.

    Args:
        path: the document, UTF-8.
        row_type: what an element is decoded into: any type that msgspec decodes, such as a
            Struct (faster) or `dict[str, Any]`; whatever the JSON says by default.

    Raises:
        MalformedResponse: not one whole JSON array, or an element does not fit `row_type`.
    """
    decoder = msgspec.json.Decoder(list[row_type], float_hook=Decimal)
    with path.open("rb") as file:
        rest = file.read(len(_BOM) + CHUNK).removeprefix(_BOM).lstrip(_SPACE)
        if not rest.startswith(b"["):
            raise MalformedResponse(f"{path.name} is not a JSON array")
        rest, separator = rest[1:], b""
        while more := file.read(max(CHUNK, len(rest))):
            rest += more
            rows, end = _whole_rows(rest, separator, decoder, path.name)
            yield from rows
            if end:
                rest, separator = rest[end:], b","
        yield from _final_rows(rest, separator, decoder, path.name)


def _whole_rows(
    text: bytes, separator: bytes, decoder: msgspec.json.Decoder[list[Any]], name: str
) -> tuple[list[Any], int]:
    """The elements that are whole in `text`, and where the last of them ends (0: none is).

    The last closing brace usually ends an element. That the text up to it decodes as an array
    proves it: inside a string or an object it could not. Else the braces are counted.
    """
    guess = text.rfind(b"}") + 1
    if not guess:
        return [], _check_size(text, name)
    try:
        return decoder.decode(_enclosed(text[:guess], separator, name)), guess
    except msgspec.ValidationError as error:
        failure = str(error)
    except (msgspec.DecodeError, UnicodeDecodeError):
        end = _end_of_last_row(text)
        if not end:
            return [], _check_size(text, name)
        return _decode(_enclosed(text[:end], separator, name), decoder, name), end
    raise MalformedResponse(f"{name}: {failure}")


def _final_rows(
    text: bytes, separator: bytes, decoder: msgspec.json.Decoder[list[Any]], name: str
) -> list[Any]:
    text = text.rstrip(_SPACE)
    if not text.endswith(b"]"):
        raise MalformedResponse(f"{name} is cut short: its JSON array does not end")
    text = text[:-1]
    if not text.strip(_SPACE):
        return []
    rows = _decode(_enclosed(text, separator, name), decoder, name)
    if not rows:
        raise MalformedResponse(f"{name}: JSON is malformed: trailing comma in array")
    return rows


def _enclosed(text: bytes, separator: bytes, name: str) -> bytes:
    """`text` as an array of its own, without the comma that separates it from what came before."""
    text = text.lstrip(_SPACE)
    if not text.startswith(separator):
        raise MalformedResponse(f"{name}: JSON is malformed: no comma between elements")
    return b"[" + text[len(separator) :] + b"]"


def _decode(text: bytes, decoder: msgspec.json.Decoder[list[Any]], name: str) -> list[Any]:
    try:
        return decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        failure = str(error)
    raise MalformedResponse(f"{name}: {failure}")


def _end_of_last_row(text: bytes) -> int:
    """Where the last whole element of `text` ends (0: nowhere), by brackets outside strings.

    The brackets are counted in bulk; only the unfinished element at the end is walked through.
    """
    # Escaped characters are replaced one for one, so that positions stay; then each second
    # part between quotes is a string.
    parts = _ESCAPED.sub(b"..", text).split(b'"')
    outside = b"".join(parts[::2])
    depth = sum(outside.count(b) for b in b"{[") - sum(outside.count(b) for b in b"}]")
    position = len(text)
    for index in range(len(parts) - 1, -1, -1):
        start = position - len(parts[index])
        for char in b"" if index % 2 else reversed(parts[index]):
            if depth == 0 and char in b"}":
                return position
            depth += (char in b"}]") - (char in b"{[")
            position -= 1
        position = start - 1  # before the quote
    return 0


def _check_size(text: bytes, name: str) -> int:
    if len(text) > MAX_ROW:
        raise MalformedResponse(f"{name}: one element exceeds {MAX_ROW} bytes")
    return 0


@overload
def read_json_lines(path: Path) -> Iterator[Any]: ...
@overload
def read_json_lines(path: Path, row_type: type[T]) -> Iterator[T]: ...
def read_json_lines(path: Path, row_type: Any = Any) -> Iterator[Any]:
    """The values of a document with one JSON value per line (Data Kiosk, spooled API pages).

    Empty lines are skipped. Numbers and `row_type` as in `read_json_array`.

    Raises:
        MalformedResponse: a line is not JSON or does not fit `row_type`.
    """
    decoder = msgspec.json.Decoder(row_type, float_hook=Decimal)

    def decoded(lines: bytes) -> list[Any]:
        try:
            return decoder.decode_lines(lines)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            failure = str(error)
        raise MalformedResponse(f"{path.name}: {failure}")

    with path.open("rb") as file:
        rest = file.read(len(_BOM) + CHUNK).removeprefix(_BOM)
        while more := file.read(max(CHUNK, len(rest))):
            rest += more
            end = rest.rfind(b"\n") + 1 or _check_size(rest, path.name)
            yield from decoded(rest[:end])
            rest = rest[end:]
        yield from decoded(rest)


def read_tsv(text: TextIO, *, quoted: bool = False) -> Iterator[dict[str, str | None]]:
    """The rows of a tab-separated document by header name, as text; an empty cell is None.

    Cells that a row lacks are None; cells beyond the header are dropped, with a warning.

    Args:
        text: from `open_text`.
        quoted: cells may be quoted (GET_LEDGER_*); other reports use quotes as plain characters.

    Raises:
        MalformedResponse: no header, two columns of one name, or broken quoting.
    """
    rows = csv.reader(
        text, delimiter="\t", quoting=csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE, strict=quoted
    )
    header = [name.strip() for name in next(rows, [])]
    if not any(header) or len(set(header)) < len(header):
        raise MalformedResponse(f"A table without a proper header: {header[:50]}")
    surplus = 0
    try:
        for cells in rows:
            if not cells:
                continue
            surplus += any(cells[len(header) :])
            filled = (cell or None for cell in cells)
            yield dict(zip_longest(header, islice(filled, len(header))))
    except csv.Error as error:
        raise MalformedResponse(f"Line {rows.line_num} of a table: {error}") from None
    if surplus:
        logger.warning("%d rows of a table have more cells than its header: dropped", surplus)


def read_xml(path: Path, tag: str) -> Iterator[etree._Element]:
    """Each element called `tag` of an XML document, whole; it is emptied when the next is asked.

    The document's own encoding declaration counts. Entities are not resolved and nothing is
    fetched from elsewhere.

    Raises:
        MalformedResponse: not well-formed, or cut short.
    """
    try:
        for _, element in etree.iterparse(
            path, events=("end",), tag=f"{{*}}{tag}", resolve_entities=False, no_network=True
        ):
            yield element
            element.clear()
            # What was read before it would stay in memory as empty shells.
            for node in (element, *element.iterancestors()):
                parent = node.getparent()
                while parent is not None and node.getprevious() is not None:
                    del parent[0]
    except etree.XMLSyntaxError as error:
        raise MalformedResponse(f"{path.name} is not whole XML: {error}") from None
