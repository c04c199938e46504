"""The tap's schemas made exact: nothing here is a float, and nothing personal slips in.

tap-shopify declares money as JSON numbers, which its transformer turns into floats, and targets
into double precision. As ``singer.decimal`` the same values pass as text, digit for digit.
"""

from __future__ import annotations

from typing import Any

Schema = dict[str, Any]

PERSONAL = frozenset({"accountNumber", "customAttributes", "note", "phone", "staffNote"})
"""Parts of objects that hold a customer's data or own words, wherever they are."""
_WHOLE = ("quantity", "count", "number", "position", "index", "height", "width")
_DECIMAL = {"type": ["null", "string"], "format": "singer.decimal"}
_INTEGER = {"type": ["null", "integer"]}


def exact(schema: Schema, *, with_personal_data: bool = False) -> Schema:
    """A stream's schema with numbers exact, and without what is personal inside its objects."""
    properties = {
        name: _exact(name, part, with_personal_data) for name, part in schema["properties"].items()
    }
    return {**schema, "properties": properties}


def _exact(name: str, schema: Schema, with_personal_data: bool) -> Schema:
    kinds = _kinds(schema)
    if "number" in kinds:
        return dict(_INTEGER if name.lower().endswith(_WHOLE) else _DECIMAL)
    changed = dict(schema)
    if "properties" in schema:
        changed["properties"] = {
            key: _exact(key, part, with_personal_data)
            for key, part in schema["properties"].items()
            if with_personal_data or key not in PERSONAL
        }
    if isinstance(schema.get("items"), dict):
        changed["items"] = _exact(name, schema["items"], with_personal_data)
    return changed


def landed(schema: Schema, *, is_key: bool = False) -> Schema:
    """How a column of the tap's schema is declared to the target.

    Objects and lists are one JSON column each: declared as they are, a list of objects would
    become an array of JSON values. Decimals are ``numeric``.
    """
    kinds = _kinds(schema)
    if is_key:
        return {"type": ["string"]}
    if kinds & {"object", "array"} or not kinds:
        return {"type": ["object", "array", "null"]}
    if schema.get("format") == "singer.decimal" or "number" in kinds:
        return {"type": ["string", "null"], "format": "x-singer.decimal"}
    told = {"type": [*sorted(kinds), "null"]}
    return {**told, "format": schema["format"]} if "format" in schema else told


def _kinds(schema: Schema) -> set[str]:
    kinds = schema.get("type", [])
    return set([kinds] if isinstance(kinds, str) else kinds) - {"null"}
