"""What Reporting v3 offers of the sponsored ads: every report type by its id."""

from __future__ import annotations

from simulator.amazon_ads import report_types_sb, report_types_sd, report_types_sp
from simulator.amazon_ads.report_declarations import ReportType

REPORT_TYPES: dict[str, ReportType] = {
    report_type.report_type_id: report_type
    for report_type in (
        *report_types_sp.REPORTS,
        *report_types_sb.REPORTS,
        *report_types_sd.REPORTS,
    )
}


def allowed_columns(report_type: ReportType, group_by: list[str], time_unit: str) -> list[str]:
    """The columns of a combination, in Amazon's order of base and groupings."""
    columns = dict.fromkeys(report_type.columns)
    for grouping in group_by:
        columns |= dict.fromkeys(report_type.group_by[grouping].columns)
    absent = {"date"} if time_unit == "SUMMARY" else {"startDate", "endDate"}
    return [column for column in columns if column not in absent]
