"""Rows of `report_runs` until their target has them.

A row says that a report's records are there, so it must neither be lost when a run dies between a
stream and `report_runs`, which comes last, nor be told before the records themselves are safe. It
therefore waits here until a state that a target sent back covers first its records (`proven`), then
itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.sql import ColumnElement

from amazon_client.extraction.journal import Journal
from amazon_client.extraction.journal_tables import report_journal
from amazon_client.extraction.journal_tables import report_runs_outbox as outbox
from amazon_client.extraction.windows import instant

Proof = Callable[[str, str, str, int], bool]
"""Whether the received state covers (stream, account key, plan, position)."""


class Outbox:
    """The rows of one store's API, for the accounts of one run."""

    def __init__(
        self, journal: Journal, *, store_id: str, api: str, accounts: Iterable[str], run_id: str
    ) -> None:
        """Open the outbox.

        Args:
            journal: the database it lives in.
            store_id: whose rows.
            api: `amazon_sp` or `amazon_ads`.
            accounts: keys of the run's accounts; rows of others are another run's business.
            run_id: what this run's state will say it has emitted.
        """
        self._journal = journal
        self._store_id = store_id
        self._api = api
        self._accounts = sorted(set(accounts))
        self.run_id = run_id
        self._mine: dict[tuple[str, str, str], Mapping[str, Any]] = {}

    def reconcile(self, proof: Proof, emitted: str | None) -> None:
        """Compare with the received state: drop rows it has, and rows whose records it lacks.

        The latter's windows are handed over again, under the same report ids or under new ones.

        Args:
            proof: whether the state covers a row's records.
            emitted: the run whose rows the state says have arrived.
        """
        columns = outbox.c
        with self._journal.begin() as connection:
            connection.execute(
                outbox.delete().where(*self._scope(), columns.emitted_by == (emitted or ""))
            )
            unproven = outbox.select().where(*self._scope(), columns.proven.is_(False))
            for row in connection.execute(unproven).all():
                place = [
                    *self._scope(),
                    columns.account == row.account,
                    columns.stream == row.stream,
                    columns.report_id == row.report_id,
                ]
                if proof(row.stream, row.account, row.plan, row.position):
                    connection.execute(outbox.update().where(*place).values(proven=True))
                else:
                    connection.execute(outbox.delete().where(*place))

    def note(
        self,
        record: Mapping[str, Any],
        *,
        stream: str,
        account: str,
        plan: str | None,
        position: int = 0,
    ) -> None:
        """Add a row.

        Args:
            record: the record of `report_runs`, in values that JSON has.
            stream: whose delivery it is about.
            account: key of the account.
            plan: the plan that the delivery belongs to; None for a row without records, such as
                a failure's, which needs no proof.
            position: the delivery's place in the plan.
        """
        columns, report_id = outbox.c, record["report_id"]
        self._mine[account, stream, report_id] = record
        with self._journal.begin() as connection:
            connection.execute(
                outbox.delete().where(
                    *self._scope(),
                    columns.account == account,
                    columns.stream == stream,
                    columns.report_id == report_id,
                )
            )
            connection.execute(
                outbox.insert().values(
                    store_id=self._store_id,
                    api=self._api,
                    account=account,
                    stream=stream,
                    report_id=report_id,
                    plan=plan or "",
                    position=position,
                    proven=plan is None,
                    record=json.dumps(record),
                )
            )

    def take(self) -> list[Mapping[str, Any]]:
        """Return the rows to emit now: this run's, and proven ones that no state covers yet."""
        columns = outbox.c
        mine = [columns.report_id == report_id for _, _, report_id in self._mine]
        with self._journal.begin() as connection:
            proven = outbox.select().where(*self._scope(), columns.proven)
            rows = {
                (row.account, row.stream, row.report_id): json.loads(row.record)
                for row in connection.execute(proven)
            }
            connection.execute(
                outbox.update()
                .where(*self._scope(), or_(columns.proven, *mine))
                .values(emitted_by=self.run_id)
            )
        rows.update(self._mine)
        return [rows[key] for key in sorted(rows)]

    def _scope(self) -> list[ColumnElement[bool]]:
        columns = outbox.c
        return [
            columns.store_id == self._store_id,
            columns.api == self._api,
            columns.account.in_(self._accounts),
        ]


def latest_instant(journal: Journal, store_id: str, api: str) -> datetime | None:
    """The latest instant that earlier runs have written down, None if there were none."""
    columns, rows = report_journal.c, outbox.c
    with journal.begin() as connection:
        planned = select(func.max(columns.planned_at), func.max(columns.requested_at)).where(
            columns.store_id == store_id, columns.api == api
        )
        noted = select(rows.record).where(rows.store_id == store_id, rows.api == api)
        instants = [moment for moment in connection.execute(planned).one() if moment]
        for record in connection.execute(noted).scalars():
            instants.append(instant(json.loads(record)["extracted_at"]))
    return max(instants, default=None)
