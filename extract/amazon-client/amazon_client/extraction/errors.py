"""What can go wrong with extraction beyond a single call to Amazon."""

from __future__ import annotations

from amazon_client.errors import AmazonError


class ReportLate(AmazonError):
    """Amazon has not finished a report by the deadline."""

    default_remedy = (
        "Run again later: within four hours the same report is taken up under its id, not asked "
        "for anew. If it stays late, raise report_deadline_minutes."
    )
