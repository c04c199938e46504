"""Taking fields out of a query of Data Kiosk: what an application's roles do not open."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d[\w.]*|\S')
_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
Path = tuple[str, ...]


def selected(query: str) -> list[Path]:
    """Paths of the values that a query selects, from the queried list on."""
    return [path for path, is_value in _fields(query) if is_value]


def without(query: str, refused: Collection[Path]) -> str:
    """The query without fields; an object of which nothing is left goes, too."""
    kept = [path for path in selected(query) if path not in set(refused)]
    head, depth = _head(query)
    return head + _braces(kept) + "}" * depth


def named_in(message: str, query: str) -> list[Path]:
    """The selected fields that Amazon's refusal names, by their path or the end of it."""
    # Amazon may put a type or the queried list in front: a field's own name is what counts.
    names = {found.rpartition(".")[2] for found in _PATH.findall(message)}
    return [path for path in selected(query) if not names.isdisjoint(path)]


def _fields(query: str) -> Iterator[tuple[Path, bool]]:
    """Each selected field below the queried list: its path, and whether it is a value."""
    head, _ = _head(query)
    path: list[str] = []
    tokens = list(_TOKEN.finditer(query, len(head)))
    for index, token in enumerate(tokens):
        text = token.group()
        if text == "}":
            if not path:
                return
            path.pop()
        elif text != "{":
            opens = index + 1 < len(tokens) and tokens[index + 1].group() == "{"
            yield (*path, text), not opens
            if opens:
                path.append(text)


def _head(query: str) -> tuple[str, int]:
    """The query up to the selection of the queried list, and how many braces are open there."""
    depth = brackets = 0
    for token in _TOKEN.finditer(query):
        text = token.group()
        if text in "([":
            brackets += 1
        elif text in ")]":
            brackets -= 1
        elif text == "{" and not brackets:
            depth += 1
            if depth == 3:
                return query[: token.start()], 2
    raise ValueError("no query of a list of Data Kiosk")


def _braces(paths: Collection[Path]) -> str:
    below: dict[str, list[Path]] = {}
    for first, *rest in paths:
        below.setdefault(first, []).extend([tuple(rest)] if rest else [])
    return "{" + " ".join(n + (_braces(p) if p else "") for n, p in below.items()) + "}"
