"""Data Kiosk's answers in pages: each further page is a query of its own, with a token."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from typing import Any

from simulator.amazon_sp.dialect import invalid, not_found
from simulator.amazon_sp.parameters import iso
from simulator.amazon_sp.tasks import Task, Tasks
from simulator.simulation import Simulation

Render = Callable[[], bytes | None]


class Pages:
    """Cuts what a query found into documents of ``simulation.kiosk_page`` lines."""

    def __init__(self, tasks: Tasks, simulation: Simulation) -> None:
        self._tasks, self._simulation = tasks, simulation
        self._rests: dict[str, tuple[str, str, bytes]] = {}
        """By token: the account, the text of the query, and the lines that are left."""
        self._tokens: dict[str, str] = {}
        """By query id, once it is known that there is more."""

    def continued(self, body: dict[str, Any], account: str) -> Render | None:
        """What the token of a request stands for. Raises 400 for one of another query."""
        if "paginationToken" not in body:
            return None
        of, text, rest = self._rests.get(body["paginationToken"], ("", "", b""))
        if (of, text) != (account, body["query"]):
            raise invalid("Invalid input", "The pagination token is not known.")
        return lambda: rest

    def query(self, task: Task) -> dict[str, Any]:
        """How a query stands."""
        status = self._tasks.status(task)
        body: dict[str, Any] = {
            "queryId": task.task_id,
            "query": task.what,
            "createdTime": iso(task.created_at),
            "processingStatus": status,
            **{name: iso(moment) for name, moment in self._tasks.times(task, status).items()},
        }
        kind = self._tasks.document_of(task, status)
        if kind:
            body[f"{kind}DocumentId"] = task.document_id
        if kind == "data" and (token := self._token(task)):
            body["pagination"] = {"nextToken": token}
        return body

    def document(self, task: Task) -> tuple[bytes, str]:
        """A query's document and its media type."""
        if self._tasks.document_of(task, self._tasks.status(task)) == "error":
            error = {"errors": [{"message": "Internal error while processing the query."}]}
            return json.dumps(error).encode(), "application/json"
        if self._tasks.content(task) is None:
            raise not_found("The document does not exist.")
        return self._cut(task)[0], "application/jsonl"

    def _cut(self, task: Task) -> tuple[bytes, bytes]:
        """The lines of a query's own page, and those that are left."""
        lines = (self._tasks.content(task) or b"").splitlines(keepends=True)
        size = self._simulation.kiosk_page
        return b"".join(lines[:size]), b"".join(lines[size:])

    def _token(self, task: Task) -> str | None:
        with task.lock:
            if task.task_id not in self._tokens and (rest := self._cut(task)[1]):
                token = secrets.token_urlsafe(24)
                self._rests[token] = (task.account, task.what, rest)
                self._tokens[task.task_id] = token
            return self._tokens.get(task.task_id)
