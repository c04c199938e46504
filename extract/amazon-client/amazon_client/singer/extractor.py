"""A stream's columns compiled into one function from Amazon's row object to a record.

A loop over the columns would cost more than everything else the tap does with a row; the function
is therefore written out once per stream, as it would be by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from amazon_client.errors import MalformedResponse
from amazon_client.singer.schema import INTEGER, LEFTOVERS, TEXT, Column
from amazon_client.singer.values import CONVERSIONS

Row = Mapping[str, Any]
Record = dict[str, Any]

_NOTHING: Row = {}
_AT_ONCE = {TEXT: "str", INTEGER: "int"}
"""Kinds whose values mostly need no conversion: a look at the class spares the call."""


class Extractor:
    """Makes records of rows, for one stream's columns."""

    def __init__(self, columns: Sequence[Column], keys: Collection[str] = ()) -> None:
        """Compile the columns.

        Args:
            columns: of the stream.
            keys: names of those that must have a value.
        """
        self._columns = tuple(columns)
        self._keys = frozenset(keys)
        names = [column.name for column in self._columns]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"two columns are called {', '.join(sorted(twice))}")
        self._stamped = [
            column.name for column in columns if not column.path and column.kind != LEFTOVERS
        ]
        self._bind = self._compile()

    def bind(self, stamps: Mapping[str, Any]) -> Callable[[Row], Record]:
        """Return the function for rows that share the values of the stamped columns.

        It raises `AttributeError`, `TypeError` or `ValueError` for a row whose values do not fit;
        `explain` says which.

        Raises:
            KeyError: a stamped column has no value.
        """
        bound: Callable[[Row], Record] = self._bind({name: stamps[name] for name in self._stamped})
        return bound

    def explain(self, row: Row, failure: Exception) -> MalformedResponse:
        """Return the error that names the column whose value does not fit, without the value."""
        for column in self._columns:
            try:
                value: Any = row
                for step in column.path:
                    value = (value.get(step)) or (_NOTHING if step != column.path[-1] else None)
                if not column.path:
                    continue
                value = CONVERSIONS[column.kind](value)
                if column.name in self._keys:
                    _present(value)
            except (AttributeError, TypeError, ValueError):
                path = ".".join(column.path)
                return MalformedResponse(f"{path} is no {column.kind}: {type(value).__name__}")
        return MalformedResponse(f"a row does not have the expected shape: {failure}")

    def _compile(self) -> Callable[[Mapping[str, Any]], Callable[[Row], Record]]:
        groups: dict[tuple[str, ...], str] = {(): "get"}
        opened: list[str] = []

        def group(path: tuple[str, ...]) -> str:
            """The name of the `get` of the object at a path."""
            if path not in groups:
                outer = group(path[:-1])
                groups[path] = name = f"get_{len(groups)}"
                opened.append(f"        {name} = ({outer}({path[-1]!r}) or NOTHING).get")
            return groups[path]

        fields = [
            f"            {column.name!r}: {self._value(column, group)},"
            for column in self._columns
        ]
        source = "\n".join(
            [
                "def bind(stamps):",
                *(f"    stamp_{name} = stamps[{name!r}]" for name in self._stamped),
                "    def extract(row):",
                "        get = row.get",
                *opened,
                "        return {",
                *fields,
                "        }",
                "    return extract",
            ]
        )
        used = _tree(column.path for column in self._columns if column.path)
        scope: dict[str, Any] = {
            "NOTHING": _NOTHING,
            "present": _present,
            "leftovers": lambda row: _rest(row, used),
            **{f"as_{kind}": convert for kind, convert in CONVERSIONS.items()},
        }
        exec(source, scope)
        bind: Callable[[Mapping[str, Any]], Callable[[Row], Record]] = scope["bind"]
        return bind

    def _value(self, column: Column, group: Callable[[tuple[str, ...]], str]) -> str:
        """The expression for a column's value."""
        if column.kind == LEFTOVERS:
            return "leftovers(row)"
        if not column.path:
            return f"stamp_{column.name}"
        found = f"{group(column.path[:-1])}({column.path[-1]!r})"
        convert = f"as_{column.kind}"
        is_key = column.name in self._keys
        if at_once := _AT_ONCE.get(column.kind):
            test = f"(value := {found}).__class__ is {at_once}"
            if is_key:
                return f"value if {test} else present({convert}(value))"
            return f"value if {test} or value is None else {convert}(value)"
        if is_key:
            return f"present({convert}({found}))"
        return f"None if (value := {found}) is None else {convert}(value)"


def _present(value: Any) -> Any:
    if value is None:
        raise ValueError("a key column without a value")
    return value


def _tree(paths: Iterable[tuple[str, ...]]) -> dict[str, Any]:
    """The paths as nested dicts; an empty one takes everything below it."""
    root: dict[str, Any] = {}
    for path in paths:
        node = root
        for step in path:
            node = node.setdefault(step, {})
    return root


def _rest(row: Row, used: Mapping[str, Any]) -> Record:
    """What of a row no column takes, down through objects of which columns take a part."""
    rest = {}
    for name, value in row.items():
        if name not in used:
            rest[name] = value
        elif used[name] and isinstance(value, dict) and (below := _rest(value, used[name])):
            rest[name] = below
    return rest
