"""What answers by product tell together: which products there are, and what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from amazon_client.documents import read_json_lines
from amazon_client.extraction import Answer
from tap_amazon_sp.asin_queries import ACTIVE, ROWS, TOTALS


@dataclass
class Told:
    """A digest of a window's answers, by marketplace.

    Attributes:
        active: products with sales or visits.
        rows: what the rows told of each product, units and page views added up.
        days: days with rows.
        totals: days of which the account's totals have data.
        parents: ASINs that are parents of others.
        asked_again: whether anything has been asked for a second time.
    """

    active: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: dict[str, dict[str, int]] = field(default_factory=dict)
    days: dict[str, set[date]] = field(default_factory=dict)
    totals: dict[str, set[date]] = field(default_factory=dict)
    parents: set[str] = field(default_factory=set)
    asked_again: bool = False

    def lost_products(self) -> dict[str, list[str]]:
        """Products with data of which no row tells."""
        lost = {
            place: sorted(
                asin
                for asin, weight in asins.items()
                if weight and asin not in self.rows.get(place, {})
            )
            for place, asins in self.active.items()
        }
        return {place: asins for place, asins in lost.items() if asins}

    def missing_days(self, settled: Set[date]) -> dict[str, set[date]]:
        """Days without any row of which the account's totals have data."""
        missing = {
            place: (days & settled) - self.days.get(place, set())
            for place, days in self.totals.items()
        }
        return {place: days for place, days in missing.items() if days}

    def doubtful_days(self, settled: Set[date]) -> dict[str, set[date]]:
        """Those, and days without any row where the rows tell less than the window as a whole."""
        missing = self.missing_days(settled)
        for place, asins in self.active.items():
            told = sum(self.rows.get(place, {}).values())
            if place not in missing and told < sum(asins.values()):
                missing[place] = set(settled) - self.days.get(place, set())
        return {place: days for place, days in missing.items() if days}


def digest(answers: Sequence[Answer]) -> Told:
    """Read the answers to a window's questions."""
    told = Told(asked_again=any(answer.body["again"] for answer in answers))
    for answer in answers:
        asks = answer.body["asks"]
        for row in _lines(answer):
            place, weight = row["marketplaceId"], _weight(row)
            if asks == TOTALS:
                if weight:
                    told.totals.setdefault(place, set()).add(_day(row))
                continue
            child = row.get("childAsin") or row["parentAsin"]
            if child != row["parentAsin"]:
                told.parents.add(row["parentAsin"])
            products = told.active if asks == ACTIVE else told.rows
            of_place = products.setdefault(place, defaultdict(int))
            of_place[child] += weight
            if asks == ROWS:
                told.days.setdefault(place, set()).add(_day(row))
    return told


def rows_of(answers: Sequence[Answer]) -> Iterator[Mapping[str, Any]]:
    """The rows of the answers that have rows."""
    for answer in answers:
        if answer.body["asks"] == ROWS:
            yield from _lines(answer)


def _lines(answer: Answer) -> Iterator[Mapping[str, Any]]:
    for document in answer.documents:
        yield from read_json_lines(document.path)


def _day(row: Mapping[str, Any]) -> date:
    return date.fromisoformat(row["startDate"])


def _weight(row: Mapping[str, Any]) -> int:
    """Units and page views of a row: 0 for one that says nothing."""
    sales, traffic = row.get("sales") or {}, row.get("traffic") or {}
    return int(sales.get("unitsOrdered") or 0) + int(traffic.get("pageViews") or 0)
