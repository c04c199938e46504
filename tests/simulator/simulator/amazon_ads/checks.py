"""What every Ads API checks of a request: media types, JSON, and that nothing is in it unasked."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask import request

from simulator.gateway import Refusal

JSON = "application/json"


def require_accept(*offered: str) -> None:
    """Refuse (406) a client that names none of the offered types; classic APIs offer ``*/*``."""
    wanted = [part.split(";")[0].strip() for part in request.headers.get("Accept", "").split(",")]
    if not {part.lower() for part in wanted} & {part.lower() for part in offered}:
        raise Refusal(406, message=f"Not acceptable. Supported: {', '.join(offered)}")


def require_content_type(*taken: str) -> None:
    """Refuse (415) a body of another media type."""
    if request.mimetype.lower() not in {media.lower() for media in taken}:
        raise Refusal(415, message=f"Unsupported media type. Supported: {', '.join(taken)}")


def json_object(fields: Collection[str]) -> dict[str, Any]:
    """The request's JSON object; unknown fields are refused, null ones are as if absent."""
    body = request.get_json(silent=True, force=True)
    if not isinstance(body, dict):
        raise Refusal(400, message="Could not parse the request body as a JSON object")
    return known_fields(body, fields, "request")


def known_fields(body: dict[str, Any], fields: Collection[str], place: str) -> dict[str, Any]:
    """An object's fields that are not null; one that the contract does not know is refused."""
    unknown = sorted(set(body) - set(fields))
    if unknown:
        raise Refusal(400, message=f"Unknown fields in {place}: {', '.join(unknown)}")
    return {name: value for name, value in body.items() if value is not None}


def known_parameters(names: Collection[str]) -> dict[str, str]:
    """The query parameters; unknown ones are refused."""
    unknown = sorted(set(request.args) - set(names))
    if unknown:
        raise Refusal(400, message=f"Unknown query parameters: {', '.join(unknown)}")
    return request.args.to_dict()


def whole_number(value: object, name: str, low: int, high: int) -> int:
    """A JSON integer of a range."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refusal(400, message=f"{name} must be an integer")
    if not low <= value <= high:
        raise Refusal(400, message=f"{name} must be between {low} and {high}")
    return value


def whole_parameter(text: str | None, default: int, name: str, low: int, high: int) -> int:
    """A query parameter with an integer of a range."""
    if text is None:
        return default
    is_digits = text.isascii() and text.isdigit()
    return whole_number(int(text) if is_digits else text, name, low, high)
