"""Reads a report request as strictly as Amazon does, refusing it in Amazon's words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simulator.amazon_ads.checks import json_object, known_fields
from simulator.amazon_ads.report_declarations import ReportType
from simulator.amazon_ads.report_types import REPORT_TYPES, allowed_columns
from simulator.gateway import Refusal
from simulator.world.ads.entities import Profile

_FIELDS = ("name", "startDate", "endDate", "configuration")
_CONFIGURATION = (
    "adProduct",
    "groupBy",
    "columns",
    "reportTypeId",
    "timeUnit",
    "format",
    "filters",
)
_TIME_UNITS = ("DAILY", "SUMMARY")


@dataclass(frozen=True)
class ReportRequest:
    """One accepted request."""

    profile: Profile
    report_type: ReportType
    name: str | None
    start: date
    end: date
    group_by: tuple[str, ...]
    columns: tuple[str, ...]
    time_unit: str
    filters: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def fingerprint(self) -> str:
        """Equal for requests that Amazon takes for the same; the name is part of a request."""
        return f"{self.profile.profile_id} {json.dumps(self.told())}"

    def told(self) -> dict[str, Any]:
        """The request as every answer about the report repeats it."""
        return {
            "name": self.name,
            "startDate": self.start.isoformat(),
            "endDate": self.end.isoformat(),
            "configuration": {
                "adProduct": self.report_type.ad_product.value,
                "groupBy": list(self.group_by),
                "columns": list(self.columns),
                "filters": [{"field": f, "values": list(v)} for f, v in self.filters] or None,
                "reportTypeId": self.report_type.report_type_id,
                "timeUnit": self.time_unit,
                "format": "GZIP_JSON",
            },
        }


def read(profile: Profile, today: date) -> ReportRequest:
    """The current request, checked; ``today`` is the profile's. Raises ``Refusal`` with 400."""
    body = json_object(_FIELDS)
    if not isinstance(body.get("configuration"), dict):
        raise _missing("configuration")
    configuration = known_fields(body["configuration"], _CONFIGURATION, "configuration")
    report_type = _report_type(configuration)
    time_unit = configuration.get("timeUnit")
    if not isinstance(time_unit, str):
        raise _missing("configuration timeUnit")
    if time_unit not in _TIME_UNITS:
        raise _refused("configuration timeUnit is not supported for this report type")
    if configuration.get("format") != "GZIP_JSON":
        raise _missing("configuration format")
    group_by = _strings(configuration, "groupBy")
    _check(group_by, list(report_type.group_by), "groupBy")
    columns = _strings(configuration, "columns")
    _check(columns, allowed_columns(report_type, group_by, time_unit), "columns")
    start, end = _range(body, report_type, today)
    name = body.get("name")
    if name is not None and not isinstance(name, str):
        raise _missing("name")
    filters = _filters(configuration.get("filters", []), report_type, group_by)
    return ReportRequest(
        profile, report_type, name, start, end, tuple(group_by), tuple(columns), time_unit, filters
    )


def _report_type(configuration: dict[str, Any]) -> ReportType:
    report_type = REPORT_TYPES.get(str(configuration.get("reportTypeId")))
    if report_type is None:
        raise _refused(
            f"configuration reportTypeId includes invalid values: "
            f"({configuration.get('reportTypeId')}). Allowed values: ({', '.join(REPORT_TYPES)})"
        )
    if configuration.get("adProduct") != report_type.ad_product:
        raise _missing("configuration adProduct")
    return report_type


def _range(body: dict[str, Any], report_type: ReportType, today: date) -> tuple[date, date]:
    start, end = _date(body, "startDate"), _date(body, "endDate")
    if end < start:
        raise _refused("endDate must not be before startDate")
    if end > today:
        raise _refused("endDate must not be in the future")
    if (end - start).days >= report_type.max_days:
        raise _refused(
            f"The date range must not exceed {report_type.max_days} days for this report type"
        )
    if start < today - timedelta(days=report_type.retention_days):
        raise _refused("Report date is too far in the past")
    return start, end


def _filters(
    given: Any, report_type: ReportType, group_by: list[str]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    if not isinstance(given, list) or not all(isinstance(entry, dict) for entry in given):
        raise _missing("configuration filters")
    filters = [known_fields(entry, ("field", "values"), "configuration filters") for entry in given]
    # A filter has to be valid for every grouping at once.
    for grouping in group_by:
        offered = report_type.group_by[grouping].filters
        wrong = [
            str(entry.get("field"))
            for entry in filters
            if not set(_strings(entry, "values")) <= set(offered.get(str(entry.get("field")), ()))
        ]
        if wrong:
            allowed = ", ".join(f"field: {f}, values: {', '.join(v)}" for f, v in offered.items())
            raise _refused(
                f"configuration filters includes fields: ({', '.join(wrong)}) which are invalid "
                f"for groupBys: {grouping}. Allowed filters for groupBy {grouping}: ({allowed})"
            )
    return tuple((entry["field"], tuple(entry["values"])) for entry in filters)


def _check(values: list[str], allowed: list[str], name: str) -> None:
    invalid = [value for value in dict.fromkeys(values) if value not in allowed]
    if invalid:
        raise _refused(
            f"configuration {name} includes invalid values: ({', '.join(invalid)}). "
            f"Allowed values: ({', '.join(allowed)})"
        )


def _strings(parent: dict[str, Any], name: str) -> list[str]:
    values = parent.get(name)
    if not isinstance(values, list) or not values or not all(isinstance(v, str) for v in values):
        raise _missing(f"configuration {name}")
    return values


def _date(body: dict[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(body[name]) if len(body[name]) == 10 else _unreadable(name)
    except (KeyError, TypeError, ValueError):
        raise _missing(name) from None


def _unreadable(name: str) -> date:
    raise _missing(name)


def _missing(what: str) -> Refusal:
    return _refused(f"Required fields are invalid or missing: {what}")


def _refused(detail: str) -> Refusal:
    return Refusal(400, message=detail)
