"""Amazon's published models, as the contract tests read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

CONTRACTS = Path(__file__).parents[5] / "shared" / "contracts" / "sp-api"
"""Amazon's published models, beside the project where they are at hand; never part of it."""


@dataclass(frozen=True)
class Leaf:
    """A value of a model: its path with `[]` for lists, and what it is."""

    path: str
    kind: str
    """string, date-time, integer, number or boolean."""


@dataclass(frozen=True)
class Swagger:
    """One of Amazon's Swagger 2.0 models."""

    document: Mapping[str, Any]

    def resolve(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self.document["definitions"][schema["$ref"].rsplit("/", 1)[-1]]
        return schema

    def leaves(self, definition: str) -> list[Leaf]:
        """Every value below a definition; where one contains itself, its inside counts once."""
        return list(self._leaves(self.document["definitions"][definition], "", ()))

    def _leaves(
        self, schema: Mapping[str, Any], path: str, above: tuple[int, ...]
    ) -> Iterator[Leaf]:
        schema = self.resolve(schema)
        if id(schema) in above:
            return
        inside = (*above, id(schema))
        if "properties" in schema:
            for name, below in schema["properties"].items():
                yield from self._leaves(below, f"{path}.{name}" if path else name, inside)
        elif schema.get("type") == "array":
            yield from self._leaves(schema["items"], f"{path}[]", inside)
        else:
            yield Leaf(path, schema.get("format") or schema.get("type", "object"))

    @cached_property
    def operations(self) -> dict[str, tuple[str, str, Mapping[str, Any]]]:
        """By operation id: method, path and the operation."""
        return {
            operation["operationId"]: (method.upper(), path, operation)
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
            if isinstance(operation, dict) and "operationId" in operation
        }

    def examples(self, operation_id: str, status: str = "200") -> list[dict[str, Any]]:
        """The static sandbox's answers, each `{"request": …, "response": …}`."""
        response = self.operations[operation_id][2]["responses"][status]
        static: list[dict[str, Any]] = response.get("x-amzn-api-sandbox", {}).get("static", [])
        return static


def graphql_leaves(schema: str, root: str) -> list[Leaf]:
    """Every value below a type of a GraphQL schema text."""
    plain = re.sub(r'"""[\s\S]*?"""|"[^"\n]*"', "", schema)
    types = {
        name: dict(re.findall(r"^\s+(\w+): \[?(\w+)", body, re.MULTILINE))
        for name, body in re.findall(r"type (\w+) \{([\s\S]*?)\n\}", plain)
    }
    scalars = {"String": "string", "Long": "integer", "Float": "number", "Date": "date"}

    def below(name: str, path: str) -> Iterator[Leaf]:
        for member, kind in types[name].items():
            here = f"{path}.{member}" if path else member
            if kind in types:
                yield from below(kind, here)
            else:
                yield Leaf(here, scalars.get(kind, "string"))  # else an enum

    return list(below(root, ""))


class Contracts:
    """The models, read as they are asked for."""

    def swagger(self, name: str) -> Swagger:
        return Swagger(json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8")))

    def text(self, name: str) -> str:
        return (CONTRACTS / name).read_text(encoding="utf-8")

    def path(self, name: str) -> Path:
        return CONTRACTS / name

    def graphql_leaves(self, name: str, root: str) -> list[Leaf]:
        return graphql_leaves(self.text(f"schemas/data-kiosk/{name}.graphql"), root)


@pytest.fixture(scope="session")
def contracts() -> Contracts:
    if not CONTRACTS.is_dir():
        pytest.skip(f"Amazon's models are not at hand ({CONTRACTS})")
    return Contracts()
