"""Tab-separated reports: how Amazon writes them, and how they go wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from simulator.amazon_sp.report_types import Asked
from simulator.faults import Kind

Row = Mapping[str, object]
_RAGGED_EVERY = 3


def table(
    asked: Asked,
    columns: Sequence[str],
    rows: Sequence[Row],
    *,
    encoding: str = "utf-8",
    quoted: bool = False,
    translated: Mapping[str, str] | None = None,
) -> bytes | None:
    """The document; None for no rows. What the encoding lacks becomes a question mark."""
    if not rows:
        return None
    if asked.suffers(Kind.REPORT_HALVED):
        rows = rows[: len(rows) // 2]
    names = [(translated or {}).get(name, name) for name in columns]
    lines = [names, *([_cell(row.get(name)) for name in columns] for row in rows)]
    if asked.suffers(Kind.REPORT_RAGGED):
        lines = [lines[0], *(_ragged(n, line) for n, line in enumerate(lines[1:]))]
    if quoted:
        lines = [['"' + cell.replace('"', '""') + '"' for cell in line] for line in lines]
    text = "".join("\t".join(line) + "\r\n" for line in lines)
    return text.encode(encoding, "replace")


def encoding(asked: Asked) -> str:
    """The charset of a region's tables."""
    return "cp932" if asked.region == "fe" else "cp1252"


def plain_text(asked: Asked) -> str:
    """The media type of a region's tables, with Amazon's names of the charsets."""
    charset = "windows-31j" if asked.region == "fe" else "Cp1252"
    return f"text/plain;charset={charset}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    # A report without quoting cannot hold the characters that structure it.
    return " ".join(str(value).split())


def _ragged(number: int, line: list[str]) -> list[str]:
    if number % _RAGGED_EVERY == 1:
        while line and not line[-1]:
            line.pop()
    elif number % _RAGGED_EVERY == 2:
        line = [*line, ""]
    return line
