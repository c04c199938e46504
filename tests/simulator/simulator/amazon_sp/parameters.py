"""Query parameters read as strictly as Amazon reads them: nothing unknown, nothing malformed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import request

from simulator.amazon_sp.dialect import invalid
from simulator.gateway import Refusal

_UNPARSABLE = "Request has missing or invalid parameters and cannot be parsed."


@dataclass(frozen=True)
class Parameter:
    """One documented query parameter."""

    kind: str = "text"
    """``text``, ``list`` (comma-joined), ``instant``, ``integer`` or ``boolean``."""
    required: bool = False
    choices: frozenset[str] | None = None
    most: int | None = None
    """Greatest number of values of a list, or greatest integer."""


def read(parameters: Mapping[str, Parameter]) -> dict[str, Any]:
    """The request's parameters by name; absent ones are left out. Raises 400 InvalidInput."""
    unknown = request.args.keys() - parameters.keys()
    if unknown:
        raise invalid(_UNPARSABLE, f"Unknown parameter: {', '.join(sorted(unknown))}")
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.required and not request.args.get(name)
    ]
    if missing:
        raise invalid(_UNPARSABLE, f"Missing required parameter: {', '.join(missing)}")
    return {name: _value(name, parameters[name]) for name in request.args}


def _value(name: str, parameter: Parameter) -> Any:
    values = request.args.getlist(name)
    if parameter.kind == "list":
        return _list(name, parameter, ",".join(values).split(","))
    if len(values) > 1:
        raise invalid(_UNPARSABLE, f"Parameter {name} is repeated.")
    match parameter.kind:
        case "instant":
            return instant(name, values[0])
        case "integer":
            return _integer(name, parameter, values[0])
        case "boolean":
            return _boolean(name, values[0])
    _check_choices(name, parameter, values)
    return values[0]


def _list(name: str, parameter: Parameter, values: list[str]) -> list[str]:
    _check_choices(name, parameter, values)
    if parameter.most is not None and len(values) > parameter.most:
        raise invalid(_UNPARSABLE, f"{name} takes at most {parameter.most} values.")
    return values


def _check_choices(name: str, parameter: Parameter, values: list[str]) -> None:
    wrong = [value for value in values if parameter.choices and value not in parameter.choices]
    if wrong or not all(values):
        raise invalid(
            f"1 validation error detected: Value '{wrong}' at '{name}' failed to satisfy "
            f"constraint: Member must satisfy enum value set: {sorted(parameter.choices or ())}"
        )


def instant(name: str, text: str) -> datetime:
    """An ISO 8601 instant with a zone."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise invalid(_UNPARSABLE, f"{name} is not an ISO 8601 time: {text}") from None
    if parsed.tzinfo is None:
        raise invalid(_UNPARSABLE, f"{name} names no time zone: {text}")
    return parsed.astimezone(UTC)


def _integer(name: str, parameter: Parameter, text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= (parameter.most or 10**9):
        raise invalid(_UNPARSABLE, f"{name} must be between 1 and {parameter.most}.")
    return int(text)


def _boolean(name: str, text: str) -> bool:
    if text not in ("true", "false"):
        raise invalid(_UNPARSABLE, f"{name} must be true or false.")
    return text == "true"


def json_body(allowed: frozenset[str], required: frozenset[str]) -> dict[str, Any]:
    """The JSON body of a POST. Raises 415 for another media type, 400 for a wrong member."""
    if request.mimetype != "application/json":
        raise Refusal(415, "UnsupportedMediaType", "The entity of the request is in a format "
                      "not supported by the requested resource.")  # fmt: skip
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise invalid(_UNPARSABLE, "The body is not a JSON object.")
    if unknown := body.keys() - allowed:
        raise invalid(_UNPARSABLE, f"Unknown member: {', '.join(sorted(unknown))}")
    if missing := required - body.keys():
        raise invalid(_UNPARSABLE, f"Missing member: {', '.join(sorted(missing))}")
    return body


def iso(moment: datetime) -> str:
    """An instant as SP-API's JSON writes it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
